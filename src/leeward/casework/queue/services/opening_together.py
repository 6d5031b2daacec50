"""From several reports to cases at once: each costs less than alone."""

from collections.abc import Sequence

from leeward.audit.services import hotline_transaction, record_all
from leeward.casework import timing
from leeward.casework.acting.services.reporter_updates import tell_reporters_of_new
from leeward.casework.models import Case, CaseItem
from leeward.casework.money import services as money_services
from leeward.casework.queue.services.apart import is_shared_by_many, own_place, place_apart
from leeward.casework.queue.services.opening import PREPARE, new_case
from leeward.casework.queue.services.references import next_references
from leeward.casework.steps import now_utc
from leeward.clocks import queries as clocks_queries
from leeward.foundation.actor import SYSTEM
from leeward.hosting import services as hosting_services
from leeward.hosting.services import NamedPlace
from leeward.intake import queries as intake_queries
from leeward.intake.queries import ItemRow, ReportRow
from leeward.intake.rules.standing import CLOSED
from leeward.intake.services import PEER
from leeward.jobs.services import schedule_all
from leeward.people.queries import PortalRow, portals_by_id

type Simple = tuple[ReportRow, ItemRow, PortalRow]


def open_together(report_ids: Sequence[int]) -> set[int]:
    """Open the cases of simple ones among these reports of a hotline, in one transaction; return which. Simple is one that is not
    urgent and names one place, nothing else, which nobody named before. The others are left as they are: they are opened alone.
    """
    quiet = _without_payee(report_ids)
    if not quiet:
        return set()
    with hotline_transaction():
        simple = _simple(quiet)
        named = [_place_of(*one) for one in simple]
        if not named:
            return set()
        hotline_id = simple[0][0].hotline_id
        location_ids = hosting_services.open_new_locations(hotline_id, named)
        new = [(*one, place) for one, place in zip(simple, location_ids, strict=True) if place is not None]
        if new:
            _open(new, hotline_id)
    return {report.id for report, _item, _home, _place in new}


def _without_payee(report_ids: Sequence[int]) -> list[int]:
    """Return those of these reports that may be simple and ask no money for anybody. Long words take long to be looked through, and
    nobody has to wait with a transaction of theirs meanwhile: what is added to them later is looked through by itself."""
    found = intake_queries.reports_by_id(report_ids)
    homes = portals_by_id({report.portal_id for report, _items in found})
    return [
        report.id
        for report, items in found
        if _may_be_simple(report, items) and not money_services.traces_in(report, items, homes[report.portal_id])
    ]


def _simple(report_ids: Sequence[int]) -> list[Simple]:
    found = intake_queries.reports_by_id(report_ids)
    homes = portals_by_id({report.portal_id for report, _items in found})
    named = [item.id for _report, items in found for item in items]
    opened = set(CaseItem.objects.filter(item_id__in=named).values_list("item_id", flat=True))
    return [
        (report, items[0], homes[report.portal_id])
        for report, items in found
        if _may_be_simple(report, items) and items[0].id not in opened and items[0].state != CLOSED
    ]


def _may_be_simple(report: ReportRow, items: Sequence[ItemRow]) -> bool:
    """Return whether a report asks for nothing but one case, payees apart: nobody to be told at once, no way to be stored, nothing to be
    closed again."""
    if len(items) != 1 or report.urgent or report.source == PEER or report.withdrawn_at is not None:
        return False
    return not (report.password or report.referrer)


def _place_of(report: ReportRow, item: ItemRow, home: PortalRow) -> NamedPlace:
    alone = (
        own_place(report.id, item.id)
        if is_shared_by_many(item, report, urgent=False)
        else place_apart(item, report, home)
    )
    return NamedPlace(item.kind, item.display, item.comparable, item.service, alone)


def _open(new: Sequence[tuple[ReportRow, ItemRow, PortalRow, int]], hotline_id: int) -> None:
    """Open a case for each of these, at a location that was just stored."""
    rules = clocks_queries.rules_of_portals({home.id for _report, _item, home, _place in new})
    at = {home.id: timing.PortalRules(home, rules[home.id]) for _report, _item, home, _place in new}
    references = next_references(hotline_id, now_utc().year, len(new))
    cases = [
        new_case(report, place, reference, at[home.id], urgent=False)
        for (report, _item, home, place), reference in zip(new, references, strict=True)
    ]
    Case.objects.bulk_create(cases)
    opened = [(case, report, item) for case, (report, item, _home, _place) in zip(cases, new, strict=True)]
    CaseItem.objects.bulk_create(
        CaseItem(hotline_id=hotline_id, case=case, item_id=item.id) for case, _report, item in opened
    )
    for case, report, item in opened:
        tell_reporters_of_new(case, report, item)
    acts = [(f"case:{case.pk}", {"report": report.id, "item": item.id}) for case, report, item in opened]
    record_all("case.opened", acts, actor=SYSTEM, hotline_id=hotline_id)
    timing.keep_new((case, at[case.portal_id]) for case in cases)
    schedule_all(PREPARE, dict.fromkeys(case.pk for case in cases), hotline_id=hotline_id)
