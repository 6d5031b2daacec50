"""Who is asked to be paid in a case, and in which other cases. What only reports say is for those who may read reports."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from leeward.casework.models import Case, CaseItem
from leeward.casework.queries import CaseRow, rows_of
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.intake import queries as intake_queries
from leeward.notices import queries as notices_queries
from leeward.notices.queries import PaymentAlertRow
from leeward.payments import queries as payments_queries
from leeward.payments.queries import MOST_FOLLOWED, DemandRow, PayeeRow, Where
from leeward.payments.rules.records import LOCATION, REPORT
from leeward.people.rules.permissions import may
from leeward.web_security.paging import Page, page_of


@dataclass(frozen=True, slots=True)
class Paid:
    """A payee with what the viewer may read: each demand with the references of its cases, all of the cases, and the alerts
    about it, newest first. `places`: at how many it was seen. `is_whole`: these are all; one that very many name has none of them in lists.
    """

    payee: PayeeRow
    asked: list[tuple[DemandRow, list[str]]]
    cases: list[CaseRow]
    alerts: list[PaymentAlertRow]
    places: int
    is_whole: bool = True

    @property
    def countries(self) -> list[str]:
        """Return the countries in which its cases are hosted, as far as known."""
        return sorted({row.country for row in self.cases if row.country})

    @property
    def open_alerts(self) -> list[PaymentAlertRow]:
        """Return the alerts that ask for an answer: those that take one back don't."""
        return [one for one in self.alerts if not one.is_withdrawal]


def where_of(case: Case, actor: Actor) -> list[Where]:
    """Return the places of a case where money can be asked for: its location, and its reports if the viewer may read
    them.
    """
    reports: list[Where] = []
    if may(actor, "report.read", case.hotline_id):
        items = CaseItem.objects.filter(case_id=case.pk).values_list("item_id", flat=True)
        reports = [(REPORT, number) for number in sorted(set(intake_queries.report_ids_of(list(items)).values()))]
    return [(LOCATION, case.location_id), *reports]


def paid_in(case: Case, actor: Actor) -> list[Paid]:
    """Return who is asked to be paid in a case, each with every case that names the same."""
    return _paid(payments_queries.payees_at(where_of(case, actor)), actor, case.hotline_id)


def facts_in(location_id: int, report_ids: Iterable[int]) -> list[str]:
    """Return the kinds of payment that were found at a place and in reports, as an assessment names them; one query."""
    return payments_queries.facts_at([(LOCATION, location_id), *((REPORT, number) for number in report_ids)])


def listed(actor: Actor, *, view: str, kind: str, search: str, number: str | None) -> Page[Paid]:
    """Return one page of the list of payees, with what came of the alerts about each."""
    hotline_id = actor.hotline_id or 0
    only_pages = not may(actor, "report.read", hotline_id)
    page = page_of(payments_queries.payees(view=view, kind=kind, search=search, only_pages=only_pages), number)
    rows = _paid(payments_queries.rows_of(page.rows), actor, hotline_id)
    return Page(rows, page.number, page.per_page, page.total, page.total_is_exact)


def paid(number: int, actor: Actor) -> Paid:
    """Return one payee with its cases; raises NotFound if there is none here that the viewer may read."""
    row = payments_queries.payee(number)
    found = _paid([row] if row else [], actor, actor.hotline_id or 0)
    if not found:
        raise NotFound(what=_("account"))
    return found[0]


def mark_of_alerts(alerts: Iterable[PaymentAlertRow]) -> str:
    """Return what tells whether somebody has seen all of a payee's alerts: the newest."""
    return str(max((alert.id for alert in alerts), default=0))


def _paid(payees: Iterable[PayeeRow], actor: Actor, hotline_id: int) -> list[Paid]:
    reads_reports = may(actor, "report.read", hotline_id)
    readable = [
        replace(one, demands=[demand for demand in one.demands if demand.place == LOCATION or reads_reports])
        for one in payees
        if reads_reports or one.pages
    ]
    at = cases_at({(demand.place, demand.number) for one in readable for demand in one.demands})
    cases = {case.pk: case for found in at.values() for case in found}
    rows = {row.id: row for row in rows_of(cases.values(), actor.id or 0)} if cases else {}
    alerts = notices_queries.alerts_of([one.id for one in readable]) if readable else {}
    made = [_with_cases(one, at, rows, alerts.get(one.id, [])) for one in readable]
    return made if reads_reports else [replace(one, places=one.payee.pages) for one in made]


def _with_cases(
    one: PayeeRow, at: dict[Where, list[Case]], rows: dict[int, CaseRow], alerts: list[PaymentAlertRow]
) -> Paid:
    by_demand = [(demand, at.get((demand.place, demand.number), [])) for demand in one.demands]
    numbers = {case.pk for _demand, cases in by_demand for case in cases}
    asked = [(demand, [case.reference for case in cases]) for demand, cases in by_demand]
    is_whole = one.places <= max(MOST_FOLLOWED, len(one.demands))
    return Paid(one, asked, [rows[number] for number in sorted(numbers, reverse=True)], alerts, one.places, is_whole)


def cases_at(where: set[Where]) -> dict[Where, list[Case]]:
    """Return the cases of places and reports; three queries, however many there are."""
    found: dict[Where, list[Case]] = defaultdict(list)
    locations = [number for place, number in where if place == LOCATION]
    for case in Case.objects.filter(location_id__in=locations):
        found[LOCATION, case.location_id].append(case)
    items = intake_queries.items_in([number for place, number in where if place == REPORT])
    for joined in CaseItem.objects.select_related("case").filter(item_id__in=items):
        found[REPORT, items[joined.item_id]].append(joined.case)
    return found
