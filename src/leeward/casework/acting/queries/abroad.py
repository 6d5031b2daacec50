"""A case as another hotline would be told of it: to whom it goes and why, and what is said."""

import uuid
from dataclasses import dataclass

from django.db.models import Q

from leeward.casework.acting.services.case_briefs import assessments_of_cycle, make_brief, quiet_among
from leeward.casework.models import Case, CaseItem
from leeward.casework.queries import reports_of
from leeward.casework.rules.states import STATES, Stage
from leeward.exchange import queries as exchange_queries
from leeward.exchange.queries import ExchangeRow
from leeward.exchange.rules.offers import Offer
from leeward.exchange.rules.routing import Place, Route, route_for
from leeward.exchange.rules.schema import MOST_HASHES
from leeward.exchange.rules.standing import HANDED_BACK
from leeward.exchange.rules.steps import BASELINE, NATIONAL
from leeward.hosting import queries as hosting_queries
from leeward.notices import queries as notices_queries


@dataclass(frozen=True, slots=True)
class Preview:
    """What would go to another hotline now: `peer_name` is empty where it goes to none, for the reason of `route`."""

    route: Route
    peer_name: str
    offer: Offer
    summary: tuple[str, ...]


def exchanges_about(case: Case) -> list[ExchangeRow]:
    """Return what was written between this hotline and others about a case and those merged into it, oldest first."""
    cases = Case.objects.filter(Q(pk=case.pk) | Q(merged_into=case)).order_by().values("pk")
    return exchange_queries.exchanges_of(cases, CaseItem.objects.filter(case_id__in=cases).values("item__report_id"))


def may_report(case: Case, known: list[ExchangeRow]) -> bool:
    """Return whether a case can be reported to another hotline: it was decided as illegal, and is with none."""
    is_decided = case.outcome == "illegal" and STATES[case.state].stage in (Stage.DECIDED, Stage.ACTED)
    is_there = any(row.case_id == case.pk and row.stage not in HANDED_BACK and not _is_withdrawn(row) for row in known)
    return is_decided and not is_there


def _is_withdrawn(row: ExchangeRow) -> bool:
    """Return whether we withdrew our report, also where the other hotline had acted on it."""
    return any(entry.is_ours and entry.kind == "withdrawal" for entry in row.entries)


def police_come_first(case: Case) -> bool:
    """Return whether another hotline may not be told of a case yet, since the police must have it first and let others be told. Where they
    are not to be told at all, nobody waits for them, unless they hold another case about its address."""
    waits = notices_queries.others_wait([case.pk]).get(case.pk)
    if waits is not None:
        return waits
    is_quiet = case.pk in quiet_among([case])
    return not is_quiet or notices_queries.is_address_held(case.location_id, case.portal.country)


def preview_of(case: Case) -> Preview:
    """Return what would go to which hotline, of a case that was decided as illegal."""
    where = hosting_queries.whereabouts(case.location_id)
    place = Place(where.kind, (where.country or "").upper(), is_shielded=bool(where.behind and not where.country))
    own = exchange_queries.own_card(case.hotline_id)
    route = route_for(place, own.countries, exchange_queries.candidates())
    brief = make_brief(case, where=where, is_shown=True)
    known = exchange_queries.offered_before(case.pk, [row.id for row in reports_of(case.pk)])
    item, path = known or (str(uuid.uuid4()), ())
    offer = Offer(
        item=item,
        path=path if own.identifier in path else (*path, own.identifier),
        kind=where.kind,
        address=where.display,
        grade=BASELINE if brief.meets_baseline else NATIONAL,
        country=place.country,
        facts=assessments_of_cycle(case)[0].facts,
        hashes=brief.file_hashes[:MOST_HASHES],
        is_urgent=case.urgent,
        received_at=case.received_at,
    )
    name = exchange_queries.active_peers().get(route.peer_id or 0, "")
    return Preview(route, name, offer, brief.summary)
