"""Keys of the API."""

from dataclasses import dataclass
from datetime import date, datetime

from leeward.people.models import ApiToken
from leeward.people.rules.tokens import digest_of


@dataclass(frozen=True, slots=True)
class TokenRow:
    """A key of the API as other slices see it: never the key itself. `is_vouched`: two people say that its holder is
    who it says.
    """

    id: int
    hotline_id: int
    name: str
    agency: str
    scopes: tuple[str, ...]
    made_at: datetime
    expires_on: date | None
    revoked_at: datetime | None
    last_used_on: date | None
    made_by: int | None = None
    is_vouched: bool = False

    @property
    def holder(self) -> str:
        """The organisation that holds it, as far as the key says."""
        return self.agency or self.name

    def is_good(self, today: date) -> bool:
        """Return whether the key is valid on this day."""
        return self.revoked_at is None and (self.expires_on is None or today < self.expires_on)


def _token_row(token: ApiToken) -> TokenRow:
    return TokenRow(
        id=token.pk,
        hotline_id=token.hotline_id,
        name=token.name,
        agency=token.agency,
        scopes=tuple(token.scopes),
        made_at=token.made_at,
        expires_on=token.expires_on,
        revoked_at=token.revoked_at,
        last_used_on=token.last_used_on,
        made_by=token.made_by_id,
        is_vouched=token.vouched_at is not None,
    )


def token_of(key: str) -> TokenRow | None:
    """Return the row of a key, valid or not, or None."""
    digest = digest_of(key)
    found = ApiToken.objects.filter(digest=digest).first() if digest else None
    return _token_row(found) if found else None


def token(token_id: int) -> TokenRow | None:
    """Return the key of this number, or None."""
    found = ApiToken.objects.filter(pk=token_id).first()
    return _token_row(found) if found else None


def tokens_of(hotline_id: int) -> list[TokenRow]:
    """Return every key of a hotline, valid ones first, newest first."""
    found = ApiToken.objects.filter(hotline_id=hotline_id).order_by("-pk")
    return sorted((_token_row(row) for row in found), key=lambda row: row.revoked_at is not None)
