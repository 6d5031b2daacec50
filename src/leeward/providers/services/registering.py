"""Providers come in, are approved by a person, and get keys and a page of their own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound
from leeward.foundation.whole_text import whole
from leeward.jobs.services import erased
from leeward.people.errors import FieldIsWrong
from leeward.people.queries import portals_of, token_of
from leeward.people.services import authorize, demand_read, demand_second
from leeward.people.services.checking import check_countries, staff_id
from leeward.people.services.tokens import issue_token
from leeward.providers.errors import DecisionTooLate, NotProposed
from leeward.providers.models import Provider, ProviderKey, ProviderPerson
from leeward.providers.queries.providers import first_of_two, mark_of_provider
from leeward.providers.rules.words import DECISIONS, KINDS, OUTSIDE, PERSONS

SCOPE = "provider"
MOST_PERSONS = 50
MOST_REASON = 500


@dataclass(frozen=True, slots=True)
class Asking:
    """What a provider says of itself. `persons`: name, e-mail address and role of each."""

    legal_name: str
    kind: str
    countries: tuple[str, ...]
    security_email: str
    security_phone: str
    persons: tuple[tuple[str, str, str], ...]


def register(asking: Asking, *, portal_id: int, actor: Actor, now: datetime | None = None) -> int:
    """Keep a provider that asks to report, or that staff enter; it can do nothing before it is approved. Returns its number.
    Raises FieldIsWrong."""
    now = now or datetime.now(UTC)
    portal = next((row for row in portals_of(_hotline(portal_id, actor)) if row.id == portal_id), None)
    if portal is None:
        raise NotFound(what=_("portal"))
    if actor.kind != "provider":
        authorize(actor, "provider.edit", portal.hotline_id)
    _check(asking)
    with hotline_transaction():
        row = Provider.objects.create(
            hotline_id=portal.hotline_id,
            portal_id=portal_id,
            legal_name=asking.legal_name,
            kind=asking.kind,
            countries=list(asking.countries),
            security_email=asking.security_email,
            security_phone=asking.security_phone,
            asked_at=now,
            asked_by_id=actor.id if actor.kind == "staff" else None,
        )
        ProviderPerson.objects.bulk_create(
            ProviderPerson(hotline_id=portal.hotline_id, provider=row, name=name, email=mail, role=role, added_at=now)
            for name, mail, role in asking.persons
        )
        _record(row, "provider.registered", actor, kind=row.kind, persons=len(asking.persons))
    return int(row.pk)


def _hotline(portal_id: int, actor: Actor) -> int:
    if actor.hotline_id is None:
        raise NotFound(what=_("portal"))
    return actor.hotline_id


def _check(asking: Asking) -> None:
    if not asking.legal_name:
        raise FieldIsWrong(field="legal_name", why=_("Enter the legal name."))
    if asking.kind not in KINDS:
        raise FieldIsWrong(field="kind", why=_("Choose one from the list."))
    try:
        check_countries(asking.countries or ("",))
    except FieldIsWrong as error:
        raise FieldIsWrong(field="countries", why=error.values["why"]) from None
    roles = [role for _name, _mail, role in asking.persons]
    if "administrator" not in roles or set(roles) - set(PERSONS):
        raise FieldIsWrong(field="administrator_name", why=_("Name the person who is responsible for reports."))


def propose(provider_id: int, *, seen: str, actor: Actor, now: datetime | None = None) -> None:
    """Propose, as the first of two, to let in a provider that registered itself or was suspended. `seen`, here and below: the mark of the
    provider's page that was read (`mark_of_provider`). Raises EnteredSince, DecisionTooLate."""
    with hotline_transaction():
        row = as_read(provider_id, "provider.edit", seen=seen, actor=actor)
        if row.state not in OUTSIDE or first_of_two(row) is not None:
            raise DecisionTooLate
        row.proposed_at, row.proposed_by_id = now or datetime.now(UTC), staff_id(actor)
        row.save(update_fields=["proposed_at", "proposed_by"])
        _record(row, "provider.proposed", actor)


def drop_proposal(provider_id: int, *, seen: str, actor: Actor) -> None:
    """Withdraw a proposal that nobody has followed, one's own or another's. Raises EnteredSince, DecisionTooLate."""
    with hotline_transaction():
        row = as_read(provider_id, "provider.edit", seen=seen, actor=actor)
        if row.state not in OUTSIDE or row.proposed_by_id is None:
            raise DecisionTooLate
        proposed_by = row.proposed_by_id
        row.proposed_at = row.proposed_by_id = None
        row.save(update_fields=["proposed_at", "proposed_by"])
        _record(row, "provider.proposal_withdrawn", actor, proposed_by=proposed_by)


def decide(
    provider_id: int, decision: str, *, reason: str, seen: str, actor: Actor, now: datetime | None = None
) -> None:
    """Approve, refuse, suspend or end a provider. Suspending and refusing need a reason. Nobody alone lets one in, also not after it was
    suspended: who approves it is another than who entered or proposed it (`first_of_two`); for whoever runs the server one is enough.
    A suspended one keeps what it filed: its waiting lines wait for a person, urgent ones go on. Raises EnteredSince, DecisionTooLate,
    NotProposed, NotSecondPerson."""
    if decision not in DECISIONS:
        raise BadInput(what=_("the decision"), why=_("it is not in the list"))
    reason = whole(" ".join(reason.split()), MOST_REASON)
    if decision in ("refuse", "suspend") and not reason:
        raise FieldIsWrong(field="reason", why=_("Say why: the log names who decided, and the next person reads this."))
    with hotline_transaction():
        row = as_read(provider_id, "provider.edit", seen=seen, actor=actor)
        states, becomes = DECISIONS[decision]
        if row.state not in states:
            raise DecisionTooLate
        if decision == "approve" and actor.kind != "command":
            if (first := first_of_two(row)) is None:
                raise NotProposed
            demand_second(actor, {first}, act="provider.edit")
        row.state, row.reason, row.decided_at = becomes, reason, now or datetime.now(UTC)
        row.decided_by_id = actor.id if actor.kind == "staff" else None
        if becomes == "suspended":
            row.proposed_at = row.proposed_by_id = None
        if becomes in ("suspended", "ended"):
            row.page_is_open = False
        row.save()
        _record(row, f"provider.{becomes}", actor)


def add_person(provider_id: int, *, name: str, email: str, role: str, seen: str, actor: Actor) -> None:
    """Name one more person who may act for a provider. Raises EnteredSince."""
    if role not in PERSONS or not name or not email:
        raise FieldIsWrong(field="name", why=_("Enter a name, an e-mail address and what the person does."))
    with hotline_transaction():
        row = as_read(provider_id, "provider.edit", seen=seen, actor=actor)
        if ProviderPerson.objects.filter(provider=row, ended_at=None).count() >= MOST_PERSONS:
            raise FieldIsWrong(field="name", why=_("There are too many: end somebody first."))
        person = ProviderPerson.objects.create(
            hotline_id=row.hotline_id,
            provider=row,
            name=whole(name, 100),
            email=whole(email, 254),
            role=role,
            added_at=datetime.now(UTC),
        )
        _record(row, "provider.person_added", actor, person=person.pk, role=role)


def end_person(provider_id: int, person_id: int, *, seen: str, actor: Actor) -> None:
    """End a person's part; the page's link is to be renewed then, which the page says. Raises EnteredSince."""
    with hotline_transaction():
        row = as_read(provider_id, "provider.edit", seen=seen, actor=actor)
        if ProviderPerson.objects.filter(pk=person_id, provider=row, ended_at=None).update(ended_at=datetime.now(UTC)):
            _record(row, "provider.person_ended", actor, person=person_id)


def erase_clerk(person_id: int) -> int:
    """Take the name and address of somebody whose part has ended out of the tables, in the caller's transaction, which logs it."""
    gone = ProviderPerson.objects.filter(pk=person_id).exclude(ended_at=None).update(name="", email="")
    erased(ProviderPerson)
    return int(gone)


def give_key(provider_id: int, *, is_sandbox: bool, seen: str, actor: Actor, now: datetime | None = None) -> str:
    """Make a key with which an approved provider's program reports, and return it: it is shown this once. One of the sandbox can
    be had before the approval. Raises EnteredSince, DecisionTooLate."""
    with hotline_transaction():
        row = as_read(provider_id, "token.edit", seen=seen, actor=actor)
        if row.state != "approved" and not (is_sandbox and row.state == "asked"):
            raise DecisionTooLate
        name = f"{row.legal_name[:60]} ({'sandbox' if is_sandbox else 'reports'})"
        key = issue_token(name=name, scopes=[SCOPE], actor=actor, hotline_id=row.hotline_id)
        token = token_of(key)
        assert token is not None
        ProviderKey.objects.create(
            hotline_id=row.hotline_id,
            provider=row,
            token_id=token.id,
            is_sandbox=is_sandbox,
            made_at=now or datetime.now(UTC),
        )
        _record(row, "provider.key_given", actor, token=token.id, sandbox=is_sandbox)
    return key


def stop_key(provider_id: int, key_id: int, *, seen: str, actor: Actor) -> None:
    """Stop a key at once; only a new one goes on. Raises EnteredSince."""
    with hotline_transaction():
        _stop(as_read(provider_id, "provider.edit", seen=seen, actor=actor), key_id, actor)


def stop_own_key(provider_id: int, key_id: int, *, actor: Actor) -> None:
    """Stop a key of one's own at once, by the provider itself. Doing it again changes nothing; no key comes back."""
    with hotline_transaction():
        _stop(locked(provider_id), key_id, actor)


def _stop(row: Provider, key_id: int, actor: Actor) -> None:
    if ProviderKey.objects.filter(pk=key_id, provider=row, stopped_at=None).update(stopped_at=datetime.now(UTC)):
        _record(row, "provider.key_stopped", actor, key=key_id)


def change_page(provider_id: int, act: str, *, seen: str, actor: Actor) -> None:
    """Give a provider's own page a new link, or close the page; an old link never opens again. Raises EnteredSince."""
    with hotline_transaction():
        row = as_read(provider_id, "provider.edit", seen=seen, actor=actor)
        if act not in ("open", "close"):
            raise BadInput(what=_("act"), why=_("it is not one of open and close"))
        if act == "open" and row.state != "approved":
            raise DecisionTooLate
        row.page_is_open = act == "open"
        row.page_serial += act == "open"
        row.save(update_fields=["page_is_open", "page_serial"])
        _record(row, "provider.page_opened" if act == "open" else "provider.page_closed", actor, serial=row.page_serial)


def locked(provider_id: int) -> Provider:
    """Return a provider of this hotline, locked until the transaction ends. Raises NotFound."""
    row = Provider.objects.select_for_update().filter(pk=provider_id).first()
    if row is None:
        raise NotFound(what=_("provider"))
    return row


def as_read(provider_id: int, act: str, *, seen: str, actor: Actor) -> Provider:
    """Return a provider, locked, to somebody who may do this and has read it as it is now. Raises NotFound, NotAllowed, EnteredSince."""
    row = locked(provider_id)
    authorize(actor, act, row.hotline_id)
    demand_read(mark_of_provider(row), seen=seen)
    return row


def _record(row: Provider, event: str, actor: Actor, **facts: object) -> None:
    record(event, actor=actor, hotline_id=row.hotline_id, subject=f"provider:{row.pk}", facts=facts)


def persons_of(lines: Sequence[tuple[str, str, str]]) -> tuple[tuple[str, str, str], ...]:
    """Return the persons that a form names, without empty rows."""
    return tuple((name, mail, role) for name, mail, role in lines if name and mail)
