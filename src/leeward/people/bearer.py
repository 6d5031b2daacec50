"""The door of the API: which program asks, for which hotline, and whether its key opens this."""

from collections.abc import Callable
from datetime import UTC, datetime
from functools import wraps
from typing import Any, Concatenate, cast

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from django_scopes import scope
from ninja.security import HttpBearer

from leeward.foundation.actor import Actor
from leeward.foundation.errors import LeewardError
from leeward.people import queries
from leeward.people.queries import TokenRow
from leeward.people.services.tokens import note_use
from leeward.web_security.rules.bucket import Level, take

PER_MINUTE, BURST = 1200.0, 200
_levels: dict[tuple[int, float], Level] = {}  # per process: whoever holds a key is known, so nothing has to outlive it


class KeyIsWrong(LeewardError):
    """No key, or one that opens nothing any more."""

    code = "key_is_wrong"
    sentence = _("This key gives no access: it is unknown, revoked or expired.")
    hint = _("Send a valid key in the header: Authorization: Bearer KEY. The hotline issues them.")
    status = 401


class KeyTooNarrow(LeewardError):
    """A good key without the scope that this takes."""

    code = "key_too_narrow"
    sentence = _("This key does not give access: it needs the scope {scope}.")
    hint = _("Ask the hotline for a key with this scope.")
    status = 403


class TooFast(LeewardError):
    """More requests than one key may send."""

    code = "too_fast"
    sentence = _("That was too many requests in a short time.")
    hint = _("Wait a minute and continue more slowly.")
    status = 429


class Bearer(HttpBearer):
    """Lets a request in whose key has one of these scopes; `request.auth` is its TokenRow."""

    def __init__(self, scopes: tuple[str, ...], per_minute: float, burst: int) -> None:
        super().__init__()
        self.scopes, self.per_minute, self.burst = scopes, per_minute, burst

    def __call__(self, request: HttpRequest) -> Any:
        """As the library's, with our sentence where there is no key at all."""
        found = super().__call__(request)
        if found is None:
            raise KeyIsWrong
        return found

    def authenticate(self, request: HttpRequest, token: str) -> TokenRow:
        """The key's row. Raises KeyIsWrong, KeyTooNarrow, TooFast."""
        return open_with(token, self.scopes, per_minute=self.per_minute, burst=self.burst)


def bearer(*scopes: str, per_minute: float = PER_MINUTE, burst: int = BURST) -> Bearer:
    """The lock of a route: a key with any of the scopes opens it."""
    return Bearer(scopes, per_minute, burst)


def open_with(key: str, scopes: tuple[str, ...], *, per_minute: float = PER_MINUTE, burst: int = BURST) -> TokenRow:
    """The row of a key that opens one of the scopes today. Raises KeyIsWrong, KeyTooNarrow, TooFast."""
    today = datetime.now(UTC).date()
    row = queries.token_of(key)
    if row is None or not row.is_good(today):
        raise KeyIsWrong
    if not set(scopes) & set(row.scopes):
        raise KeyTooNarrow(scope=" or ".join(scopes))
    if not _has_room(row.id, per_minute, burst):
        raise TooFast
    if row.last_used_on != today:
        note_use(row.id, today)
    return row


def _has_room(token_id: int, per_minute: float, burst: int) -> bool:
    now, place = datetime.now(UTC), (token_id, per_minute)
    allowed, _levels[place] = take(
        _levels.get(place, Level(float(burst), now)), now, per_minute=per_minute, burst=burst
    )
    return allowed


def key_of(request: HttpRequest) -> TokenRow:
    """The row of the key that opened a route."""
    row: TokenRow = request.auth  # type: ignore[attr-defined]  # what `authenticate` returned
    return row


def token_actor(row: TokenRow) -> Actor:
    """A key as an actor: in the log it is `token:7`."""
    return Actor(kind="token", id=row.id, name=row.name, hotline_id=row.hotline_id, roles=frozenset(row.scopes))


def in_hotline[**P, R](view: Callable[Concatenate[HttpRequest, P], R]) -> Callable[Concatenate[HttpRequest, P], R]:
    """Run a route's function in the scope of its key's hotline; stands directly above the function."""

    @wraps(view)
    def scoped(request: HttpRequest, *args: P.args, **kwargs: P.kwargs) -> R:
        with scope(hotline=key_of(request).hotline_id):
            return view(request, *args, **kwargs)

    return cast("Callable[Concatenate[HttpRequest, P], R]", scoped)
