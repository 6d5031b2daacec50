"""What would happen if a portal went to another hotline: the plan that both sides read before."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from django.db.models import Q
from django_scopes import scope

from leeward.administration.models import PortalHandOver
from leeward.administration.rules.handing import in_the_way
from leeward.casework.queue.services.leaving import counts_before_leaving
from leeward.intake.queries.handed import appeals_open_of, sources_of_portal
from leeward.intake.services import PEER, TIP
from leeward.oncall import queries as oncall_queries
from leeward.people import queries as people_queries
from leeward.people.queries import HotlineRow, PortalRow, TokenRow
from leeward.people.rules.desk_parts import BANK
from leeward.people.rules.handing import KEY_SCOPES

ELSEWHERE = frozenset({PEER, TIP})
MOST_REPORTS = 100_000
MOST_OFFERS = 200


@dataclass(frozen=True, slots=True)
class Plan:
    """What goes along when a portal is handed over, and what has to be settled before. `like`: the portal there whose
    people would be on call for it too, one of `choices`.
    """

    portal: PortalRow
    to: HotlineRow | None
    counts: dict[str, int]
    in_the_way: tuple[str, ...]
    keys: tuple[TokenRow, ...]
    like: PortalRow | None
    choices: tuple[PortalRow, ...] = ()


@dataclass(frozen=True, slots=True)
class OfferRow:
    """An offer of a portal to another hotline, as both sides see it; of one that was accepted, how many reports still follow
    (`left`).
    """

    id: int
    hotline_id: int
    portal_id: int
    portal_name: str
    by: str
    to_id: int | None
    to: str
    asked_by_id: int | None
    asked_by: str
    asked_at: datetime
    outcome: str
    settled_by: str
    settled_at: datetime | None
    keys: Sequence[int] = field(default_factory=list)
    reports: int = 0
    cases: int = 0
    became: int | None = None
    left: int = 0

    @property
    def brought(self) -> int:
        """Return how many of its reports are there by now."""
        return max(self.reports - self.left, 0)


def plan_of(portal: PortalRow, to_hotline_id: int | None, *, like: int | None = None) -> Plan:
    """Return what would happen if a portal went to this hotline now, in the scope of its own hotline."""
    others = {row.id: row for row in people_queries.hotlines() if row.id != portal.hotline_id}
    to = others.get(to_hotline_id or 0)
    sources = list(sources_of_portal(portal.id, most=MOST_REPORTS).values())
    counts = counts_before_leaving(portal.id)
    counts |= {
        "reports": sum(source not in ELSEWHERE for source in sources),
        "from_peers": sum(source == PEER for source in sources),
        "from_abroad": sum(source == TIP for source in sources),
        "paging": oncall_queries.open_urgent_pages(portal.id),
        "changes": sum(row.portal_id == portal.id for row in people_queries.portal_changes_waiting(portal.hotline_id)),
        "partners": sum(one.is_agreed for one in oncall_queries.agreements_of(portal.id).wishes),
        "no_bank": int(to is not None and portal.offers_own_picture and BANK in to.unused_parts),
    }
    counts["appealed"] += appeals_open_of(portal.id)
    choices = tuple(people_queries.portals_of(to.id, with_records=False)) if to else ()
    same = next((row for row in choices if row.id == like), choices[0] if choices and like is None else None)
    counts["nobody"] = int(to is None or oncall_queries.people_paged(to.id) == 0)
    keys = tuple(
        row
        for row in people_queries.tokens_of(portal.hotline_id)
        if row.revoked_at is None and set(row.scopes) <= KEY_SCOPES
    )
    return Plan(portal, to, counts, in_the_way(counts), keys, same, choices)


def offers_for(hotline_id: int) -> list[OfferRow]:
    """Return the open offers that a hotline has made or got, oldest first; one query."""
    rows = PortalHandOver.of_every_hotline.select_related("portal", "hotline", "to", "asked_by", "settled_by")
    found = rows.filter(Q(hotline_id=hotline_id) | Q(to_id=hotline_id), outcome="").order_by("pk")
    return [_row(row) for row in found[:MOST_OFFERS]]


def offer(offer_id: int, hotline_id: int) -> OfferRow | None:
    """Return an offer that this hotline has made or got, or None."""
    row = offer_of(offer_id)
    if row is None or hotline_id not in (row.hotline_id, row.to_id):
        return None
    return _with_rest(row)


def newest_done(portal_id: int, hotline_id: int) -> OfferRow | None:
    """Return the offer by which this hotline handed a portal over, with how far it has got; or None."""
    found = PortalHandOver.of_every_hotline.filter(portal_id=portal_id, hotline_id=hotline_id, outcome="done")
    number = found.order_by("-pk").values_list("pk", flat=True).first()
    row = offer_of(number) if number is not None else None
    return _with_rest(row) if row is not None else None


def going_of(portal_id: int) -> list[int]:
    """Return the reports of a portal that go along, the oldest first, in the scope of its hotline; what another organisation
    sent stays, for it is told what came of it from here.
    """
    sources = sources_of_portal(portal_id, most=MOST_REPORTS)
    return [number for number, source in sources.items() if source not in ELSEWHERE]


def _with_rest(row: OfferRow) -> OfferRow:
    if row.outcome != "done":
        return row
    with scope(hotline=row.hotline_id):
        return replace(row, left=len(going_of(row.portal_id)))


def offer_of(offer_id: int) -> OfferRow | None:
    """Return an offer, whoever made or got it: for letters about it."""
    rows = PortalHandOver.of_every_hotline.select_related("portal", "hotline", "to", "asked_by", "settled_by")
    row = rows.filter(pk=offer_id).first()
    return _row(row) if row is not None else None


def _row(row: PortalHandOver) -> OfferRow:
    return OfferRow(
        row.pk,
        row.hotline_id,
        row.portal_id,
        row.portal.name,
        row.hotline.name,
        row.to_id,
        row.to.name if row.to else "",
        row.asked_by_id,
        row.asked_by.name if row.asked_by else "",
        row.asked_at,
        row.outcome,
        row.settled_by.name if row.settled_by else "",
        row.settled_at,
        row.keys,
        row.reports,
        row.cases,
        row.became,
    )
