"""Content that has moved: a new case for the new address, cross-referenced with the old one."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction
from leeward.casework.models import Case, Note
from leeward.casework.queue.services.opening import PREPARE
from leeward.casework.queue.services.references import next_reference
from leeward.casework.steps import locked_case, note_act, now_utc, reprioritise
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput
from leeward.hosting import queries as hosting_queries
from leeward.hosting import services as hosting_services
from leeward.hosting.queries import FetchRow
from leeward.hosting.rules.address import BadAddress, Recognised, canonical_url, recognise
from leeward.jobs.services import schedule
from leeward.notices import queries as notices_queries
from leeward.people.services import authorize, staff_id

MOST = 10
_KINDS = ("url", "onion")


@dataclass(frozen=True, slots=True)
class NewAddress:
    """An address to which the content is said to have moved: who says so (`host` or `assessment`), and the reference of
    a case that already covers it.
    """

    address: str
    source: str
    reference: str = ""


def may_have_moved(case: Case, own: str, fetched: FetchRow | None) -> bool:
    """Return whether anything could name a new address; no query."""
    return case.host_told_at is not None or _is_elsewhere(own, fetched)


def new_addresses(case: Case) -> list[NewAddress]:
    """Return the other addresses that hosts named in their answers, or the other host that the last fetch was
    redirected to; each once.
    """
    named = _things(case)
    there = hosting_queries.find_locations([(thing.kind, thing.comparable) for thing, _by in named])
    cases = dict(Case.objects.filter(location_id__in=there.values()).values_list("location_id", "reference"))
    return [
        NewAddress(thing.display, by, cases.get(there.get((thing.kind, thing.comparable), 0), ""))
        for thing, by in named
    ]


def _things(case: Case) -> list[tuple[Recognised, str]]:
    own = hosting_queries.locations_by_id([case.location_id])[case.location_id].display
    fetched = hosting_queries.latest_fetch(case.location_id)
    addresses: list[tuple[str, str]] = []
    if case.host_told_at is not None:
        addresses += [(item.moved_to, "host") for item in notices_queries.items_of(case.pk) if item.answer == "moved"]
    if fetched is not None and _is_elsewhere(own, fetched):
        addresses.append((fetched.final_url, "fetch"))
    known = {thing.comparable for thing in recognise(own)} if addresses else set()
    found: dict[str, tuple[Recognised, str]] = {}
    for text, by in addresses:
        for thing in recognise(text):
            if thing.kind in _KINDS and thing.problem is None and thing.comparable not in known:
                found.setdefault(thing.comparable, (thing, by))
    return list(found.values())[:MOST]


def _is_elsewhere(own: str, fetched: FetchRow | None) -> bool:
    led_to = fetched.final_url if fetched is not None and fetched.outcome == "answered" else ""
    return _host(led_to) not in ("", _host(own))


def _host(address: str) -> str:
    try:
        return canonical_url(address).host if address else ""
    except BadAddress:
        return ""


def open_moved(case_id: int, address: str, *, actor: Actor) -> str:
    """Open a case for a new address of a case's content and return its reference; an existing case is only
    cross-referenced.

    The address must be one of `new_addresses`. Nobody outside is told, and the decision about the old address says
    nothing about the new one: the new case waits for a first assessment of its own.
    """
    with hotline_transaction():
        case = locked_case(case_id)
        authorize(actor, "case.claim", case.hotline_id)
        thing = next((thing for thing, _by in _things(case) if thing.display == address), None)
        if thing is None:
            raise BadInput(what=_("The address"), why=_("nobody has reported that it moved there"))
        location_id = hosting_services.open_location(
            hotline_id=case.hotline_id,
            kind=thing.kind,
            display=thing.display,
            comparable=thing.comparable,
            service=thing.service,
        )
        there = Case.objects.filter(location_id=location_id).first() or _opened(case, location_id, actor)
        _note(case, _("It moved. The new address is case %(reference)s.") % {"reference": there.reference}, actor)
        _note(there, _("It moved here. The old address is case %(reference)s.") % {"reference": case.reference}, actor)
        note_act("case.moved", case, actor=actor, facts={"to": there.pk})
    return there.reference


def _opened(old: Case, location_id: int, actor: Actor) -> Case:
    made = Case(
        hotline_id=old.hotline_id,
        portal_id=old.portal_id,
        location_id=location_id,
        urgent=old.urgent,
        language=old.language,
        received_at=now_utc(),
    )
    reprioritise(made)
    made.reference = next_reference(old.hotline_id, now_utc().year)
    made.save(force_insert=True)
    schedule(PREPARE, subject_id=made.pk, hotline_id=made.hotline_id)
    note_act("case.opened", made, actor=actor, facts={"moved_from": old.pk})
    return made


def _note(case: Case, text: str, actor: Actor) -> None:
    Note.objects.create(hotline_id=case.hotline_id, case=case, by_id=staff_id(actor), text=text, at=now_utc())
