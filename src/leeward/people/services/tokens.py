"""Keys of the API: issued, used, revoked."""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotAllowed, NotFound
from leeward.foundation.whole_text import whole
from leeward.jobs.services import publish_event
from leeward.people.errors import FieldIsWrong
from leeward.people.models import ApiToken
from leeward.people.rules.names import tidy_name
from leeward.people.rules.tokens import SCOPES, digest_of, new_key
from leeward.people.services.checking import authorize
from leeward.people.services.roles import demand_second


def issue_token(
    *,
    name: str,
    scopes: Sequence[str],
    actor: Actor,
    agency: str = "",
    expires_on: date | None = None,
    hotline_id: int | None = None,
) -> str:
    """Make a key for an outside program and return it: it is shown this once, and only its digest is stored.

    A key with the scope `police` names the agency that holds it. Raises FieldIsWrong, NotAllowed.
    """
    hotline = hotline_id or actor.hotline_id or 0
    authorize(actor, "token.edit", hotline)
    name, agency = whole(tidy_name(name), 80), whole(tidy_name(agency), 120)
    wanted = [scope for scope in SCOPES if scope in scopes]
    if not name:
        raise FieldIsWrong(field="name", why=_("Enter whose key it is."))
    if not wanted or set(scopes) - set(SCOPES):
        raise FieldIsWrong(field="scopes", why=_("Choose at least one from the list."))
    if "police" in wanted and not agency:
        raise FieldIsWrong(field="agency", why=_("A police key names the agency."))
    if expires_on and expires_on <= datetime.now(UTC).date():
        raise FieldIsWrong(field="expires_on", why=_("This day is in the past. Choose a later one, or none."))
    key = new_key()
    with hotline_transaction(hotline):
        token = ApiToken.objects.create(
            hotline_id=hotline,
            name=name,
            agency=agency,
            scopes=wanted,
            digest=digest_of(key) or "",
            made_by_id=actor.id if actor.kind == "staff" else None,
            expires_on=expires_on,
        )
        record("token.issued", actor=actor, hotline_id=hotline, subject=f"token:{token.pk}", facts={"scopes": wanted})
    return key


def vouch_for_token(token_id: int, *, actor: Actor) -> None:
    """Confirm, as the second person after whoever made it, that a key's holder is who it says; only then does the holder
    count as somebody of its own. Repeating it changes nothing. Raises NotFound, NotAllowed, NotSecondPerson.
    """
    made_in = ApiToken.objects.filter(pk=token_id).values_list("hotline_id", flat=True).first()
    with hotline_transaction(made_in):
        found = ApiToken.objects.filter(pk=token_id, revoked_at=None)
        token = (found if actor.kind == "command" else found.filter(hotline_id=actor.hotline_id or 0)).first()
        if token is None:
            raise NotFound(what=_("key"))
        authorize(actor, "token.edit", token.hotline_id)
        if token.vouched_at is None:
            if actor.kind == "staff" and token.made_by_id == actor.id:
                raise NotAllowed(reason=_("it needs a second person"))
            demand_second(actor, {token.made_by_id}, act="token.edit")
            token.vouched_by_id = actor.id if actor.kind == "staff" else None
            token.vouched_at = datetime.now(UTC)
            token.save(update_fields=["vouched_by", "vouched_at"])
            record("token.vouched", actor=actor, hotline_id=token.hotline_id, subject=f"token:{token.pk}")
            publish_event("token.vouched", subject_id=token.pk, hotline_id=token.hotline_id)


def revoke_token(token_id: int, *, actor: Actor) -> None:
    """Revoke a key: it stops working at once. Repeating it changes nothing. Raises NotFound, NotAllowed."""
    made_in = ApiToken.objects.filter(pk=token_id).values_list("hotline_id", flat=True).first()
    with hotline_transaction(made_in):
        found = ApiToken.objects.filter(pk=token_id)
        if actor.kind != "command":
            found = found.filter(hotline_id=actor.hotline_id or 0)
        token = found.first()
        if token is None:
            raise NotFound(what=_("key"))
        authorize(actor, "token.edit", token.hotline_id)
        if token.revoked_at is None:
            token.revoked_at = datetime.now(UTC)
            token.save(update_fields=["revoked_at"])
            record("token.revoked", actor=actor, hotline_id=token.hotline_id, subject=f"token:{token.pk}")


def replace_token(token_id: int, *, actor: Actor) -> str:
    """Replace a key by a new one for the same program; the old one stops working. Raises NotFound, NotAllowed."""
    with hotline_transaction(actor.hotline_id):
        token = ApiToken.objects.filter(pk=token_id, hotline_id=actor.hotline_id or 0, revoked_at=None).first()
        if token is None:
            raise NotFound(what=_("key"))
        authorize(actor, "token.edit", token.hotline_id)
        revoke_token(token_id, actor=actor)
        return issue_token(
            name=token.name,
            scopes=token.scopes,
            agency=token.agency,
            expires_on=token.expires_on,
            actor=actor,
            hotline_id=token.hotline_id,
        )


def revoke_tokens_of(account_id: int) -> list[int]:
    """Revoke every key made by somebody who may no longer make any, in the caller's transaction; return their numbers."""
    found = ApiToken.objects.filter(made_by_id=account_id, revoked_at=None)
    numbers = sorted(found.values_list("pk", flat=True))
    found.update(revoked_at=datetime.now(UTC))
    return numbers


def note_use(token_id: int, today: date) -> None:
    """Record the day on which a key was last used; no more than the day."""
    ApiToken.objects.filter(pk=token_id).exclude(last_used_on=today).update(last_used_on=today)
