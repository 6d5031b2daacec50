"""Queries of the desk, all within a hotline's scope."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from django.db import connection
from django.db.models import Min, Q, QuerySet
from django.utils.translation import gettext as _

from leeward.casework.models import Appeal, Assessment, Case, CaseItem, Note
from leeward.casework.queue.rules.filters import AGES, Filters
from leeward.casework.queue.rules.priority import COMMERCIAL, band_of, first_assessment_due_of, late_bounds
from leeward.casework.queue.rules.views import VIEWS
from leeward.casework.rules.states import PREPARING, WAITING
from leeward.foundation.errors import NotFound
from leeward.hosting import queries as hosting_queries
from leeward.intake.queries import ReportRow, newest_items, reports_of_items
from leeward.jobs.queries import waiting_subjects
from leeward.notices import queries as notices_queries
from leeward.sealing.fields import opened_rows
from leeward.web_security.paging import Page, page_of, page_of_list

MOST_COUNTED = 1000
TAKE_IN, TAKE_IN_MORE = "casework.take_in", "casework.take_in_more"  # the jobs that open the cases of a report
REFETCH = "casework.refetch"
MOST_ON_HOST = 2000
SOON, ENDS_SOON = timedelta(hours=2), timedelta(hours=24)

_FLAGGED: dict[str, dict[str, Any]] = {
    "urgent": {"urgent": True},
    "known": {"known": True},
    "held": {"held_until__isnull": False},
    "appealed": {"appealed": True},
    "returned": {"returned": True},
    "news": {"news_at__isnull": False},
}


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as lists show it."""

    id: int
    reference: str
    state: str
    band: int
    urgent: bool
    is_named: bool
    known: bool
    returned: bool
    appealed: bool
    news: bool
    held_until: datetime | None
    place: str
    country: str
    kind: str
    display: str
    report_count: int
    first_assessment_due: datetime | None
    claimed_by: int | None
    is_barred: bool

    @property
    def is_commercial(self) -> bool:
        """Return whether it goes before others because its page asks for money."""
        return self.band == COMMERCIAL


def case_by_reference(reference: str) -> Case:
    """Return the case of this reference; raises NotFound. For a page, use `opened.opened`, which reads more along with
    it.
    """
    case = Case.objects.filter(reference=reference).first()
    if case is None:
        raise NotFound(what=_("case"))
    return case


def case_of(case_id: int) -> Case:
    """Return the case of this number; raises NotFound."""
    case = Case.objects.filter(pk=case_id).first()
    if case is None:
        raise NotFound(what=_("case"))
    return case


def cases_held(person_id: int) -> int:
    """Return how many cases of the current hotline a person holds."""
    return Case.objects.filter(claimed_by_id=person_id).count()


def came_before(report_ids: Collection[int]) -> set[int]:
    """Return which of some reports are only about what was here before them, or about a known picture."""
    rows = CaseItem.objects.filter(item__report_id__in=report_ids).values_list(
        "item__report_id", "item__report__received_at", "case__received_at", "case__known"
    )
    before: dict[int, bool] = {}
    for report_id, came_at, since, is_known in rows:
        before[report_id] = before.get(report_id, True) and (is_known or since < came_at)
    return {report_id for report_id, is_before in before.items() if is_before}


def view_of(view: str, person_id: int, filters: Filters) -> QuerySet[Case]:
    """Return the cases of one view of the queue, in its order."""
    cases: QuerySet[Case] = Case.objects.all()
    if lane := VIEWS[view].lane:
        cases = cases.filter(lane=lane).order_by("priority", "id")
    elif view in ("urgent", "late", "soon"):
        cases = cases.filter(_pressing(view), lane=WAITING.name).order_by("priority", "id")
    elif view == "mine":
        cases = cases.filter(claimed_by=person_id).order_by("priority", "id")
    elif view == "held":
        cases = cases.filter(held_until__isnull=False).order_by("held_until")
    elif view == "news":
        cases = cases.filter(news_at__isnull=False).order_by("-news_at")
    else:
        cases = cases.order_by("-id")
    return narrowed(cases, filters, person_id, datetime.now(UTC))


def narrowed(cases: QuerySet[Case], filters: Filters, person_id: int, now: datetime) -> QuerySet[Case]:
    """Return the cases that pass the filters, keeping their order."""
    alike = {name: getattr(filters, name) for name in ("state", "place", "country", "source")}
    cases = cases.filter(**{name: value for name, value in alike.items() if value})
    if filters.known:
        cases = cases.filter(known=filters.known == "yes")
    if filters.host:
        # By number: in a single query the database would rather walk through all cases in order.
        there = hosting_queries.locations_on_host(filters.host, most=MOST_ON_HOST)
        cases = cases.filter(pk__in=list(Case.objects.filter(location_id__in=there).values_list("pk", flat=True)))
    least, most = AGES.get(filters.age, (None, None))
    if least is not None:
        cases = cases.filter(received_at__lt=now - timedelta(days=least))
    if most is not None:
        cases = cases.filter(received_at__gte=now - timedelta(days=most))
    if filters.holder == "me":
        cases = cases.filter(claimed_by=person_id)
    elif filters.holder:
        cases = cases.filter(claimed_by__isnull=filters.holder == "nobody")
    for flag in filters.flags:
        cases = cases.filter(**_FLAGGED[flag])
    return cases


def page_of_cases(cases: QuerySet[Case] | list[int], number: str | int | None, *, per_page: int) -> Page[Case]:
    """Return a page of cases: their numbers come from an index alone (or are known already), and only then are the rows
    read. Three queries.
    """
    if isinstance(cases, list):
        page = page_of_list(cases, number, per_page=per_page)
    else:
        page = page_of(cast("QuerySet[Case]", cases.values_list("pk", flat=True)), number, per_page=per_page)
    found = Case.objects.in_bulk(page.rows)
    rows = [found[case_id] for case_id in page.rows if case_id in found]
    return Page(rows, page.number, page.per_page, page.total, page.total_is_exact)


def _pressing(view: str) -> Q:
    """Return the condition for waiting cases that are urgent, overdue, or due within SOON, as ranges of the queue's
    order.
    """
    now = datetime.now(UTC)
    if view == "urgent":
        return Q(priority__lt=late_bounds(now)[1][0])
    return due_between(None if view == "late" else now, now + (timedelta() if view == "late" else SOON))


def due_between(start: datetime | None, end: datetime) -> Q:
    """Return the condition for waiting cases whose first assessment falls due in this period, as ranges of the queue's
    order; a start of None means no lower bound.
    """
    found = Q()
    for band, (floor, last) in enumerate(late_bounds(end)):
        found |= Q(priority__gte=late_bounds(start)[band][1] if start else floor, priority__lt=last)
    return found


def rows_of(cases: Iterable[Case], person_id: int) -> list[CaseRow]:
    """Return cases as rows, with their addresses: one more query."""
    cases = list(cases)
    at = hosting_queries.locations_by_id([case.location_id for case in cases])
    return [
        CaseRow(
            id=case.pk,
            reference=case.reference,
            state=case.state,
            band=band_of(case.priority),
            urgent=case.urgent,
            is_named=case.named_with_id is not None,
            known=case.known,
            returned=case.returned,
            appealed=case.appealed,
            news=case.news,
            held_until=case.held_until,
            place=case.place,
            country=case.country,
            kind=at[case.location_id].kind,
            display=at[case.location_id].display,
            report_count=case.report_count,
            first_assessment_due=first_assessment_due_of(case.priority) if case.first_assessed_at is None else None,
            claimed_by=case.claimed_by_id,
            is_barred=case.bars(person_id),
        )
        for case in cases
    ]


type Counted = tuple[str, str, list[Any]]  # a table, a condition and its values


def counts(
    hotline_id: int,
    person_id: int,
    now: datetime,
    *,
    ahead: bool = False,
    also: Mapping[str, Counted] | None = None,
) -> dict[str, int]:
    """Return how many cases each view has, never beyond MOST_COUNTED; one query, and three more for what
    is `ahead` where the police hold any.

    `late` counts the waiting cases whose first assessment is overdue, `urgent` the waiting urgent ones. `ahead` adds
    what will be late soon: `soon`, `ending_holds` and the `late_appeals`; `also` adds counts of other slices.
    """
    cases, appeals = Case._meta.db_table, Appeal._meta.db_table
    conditions: dict[str, Counted] = {
        view.name: (cases, "lane = %s", [view.lane]) for view in VIEWS.values() if view.lane
    }
    conditions |= also or {}
    conditions["preparing"] = (cases, "lane = %s", [PREPARING.name])
    conditions["mine"] = (cases, "claimed_by_id = %s", [person_id])
    conditions["held"] = (cases, "held_until IS NOT NULL", [])
    conditions["news"] = (cases, "news_at IS NOT NULL", [])
    conditions["appeals"] = (appeals, "state = %s", ["open"])
    conditions["urgent"] = (cases, "lane = %s AND priority < %s", [WAITING.name, late_bounds(now)[1][0]])
    over = late_bounds(now)
    conditions |= {f"late_{band}": _in_order(*bounds) for band, bounds in enumerate(over)}
    if ahead:
        soon = [(late, until) for (_, late), (_, until) in zip(over, late_bounds(now + SOON), strict=True)]
        conditions |= {f"soon_{band}": _in_order(*bounds) for band, bounds in enumerate(soon)}
        conditions["late_appeals"] = (appeals, "state = %s AND due_at < %s", ["open", _moment(now)])
    found = _counted(hotline_id, conditions)
    found["late"] = sum(found.pop(f"late_{band}") for band in range(len(over)))
    if ahead:
        found["ending_holds"] = min(len(ending_holds(now)), MOST_COUNTED) if found["held"] else 0
        found["soon"] = sum(found.pop(f"soon_{band}") for band in range(len(over)))
    return found


def ending_holds(now: datetime) -> set[int]:
    """Return the numbers of the cases whose hold ends by itself within a day; three queries."""
    soon = Case.objects.filter(held_until__lte=now + ENDS_SOON)
    return notices_queries.holds_that_end(list(soon.values_list("pk", flat=True)))


def _in_order(start: int, end: int) -> Counted:
    """Return the waiting cases in a range of the queue's order."""
    return Case._meta.db_table, "lane = %s AND priority >= %s AND priority < %s", [WAITING.name, start, end]


def _moment(moment: datetime) -> Any:
    return connection.ops.adapt_datetimefield_value(moment)


def counts_between(hotline_id: int, moments: Mapping[str, tuple[datetime, datetime]]) -> dict[str, dict[str, int]]:
    """Return how many cases were received and removed, and how many assessments made, in each period; one query."""
    columns = {"received": (Case, "received_at"), "assessed": (Assessment, "at"), "removed": (Case, "removed_at")}
    conditions = {
        f"{what} {name}": (model._meta.db_table, f"{column} >= %s AND {column} < %s", [_moment(start), _moment(end)])
        for what, (model, column) in columns.items()
        for name, (start, end) in moments.items()
    }
    found = _counted(hotline_id, conditions, most=10**9)
    return {what: {name: found[f"{what} {name}"] for name in moments} for what in columns}


def _counted(hotline_id: int, conditions: Mapping[str, Counted], *, most: int = MOST_COUNTED) -> dict[str, int]:
    """Return how many rows of each table meet each condition, in one query, none counted beyond `most`."""
    columns: list[str] = []
    values: list[Any] = []
    for table, condition, given in conditions.values():
        inner = f"SELECT 1 FROM {table} WHERE hotline_id = %s AND {condition} LIMIT {most}"  # noqa: S608 - our own names only
        columns.append(f"(SELECT COUNT(*) FROM ({inner}) AS found)")  # noqa: S608 - the line above
        values += [hotline_id, *given]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}", values)
        return dict(zip(conditions, cursor.fetchone(), strict=True))


def reports_of(case_id: int) -> list[ReportRow]:
    """Return the reports of a case, oldest first; the items are looked up in the same query."""
    items = CaseItem.objects.filter(case_id=case_id).values_list("item_id", flat=True)
    return reports_of_items(cast(Sequence[int], items))


def assessments_of(case_id: int) -> list[Assessment]:
    """Return every assessment of a case with its author, oldest first."""
    return opened_rows(Assessment.objects.select_related("by").filter(case_id=case_id).order_by("id"))


def notes_of(case_id: int) -> list[Note]:
    """Return every note on a case, oldest first."""
    return opened_rows(Note.objects.filter(case_id=case_id).order_by("id"))


def appeals_of(case_id: int) -> list[Appeal]:
    """Return every request for review of a case, oldest first."""
    return list(Appeal.objects.filter(case_id=case_id).order_by("id"))


def appeal(appeal_id: int) -> Appeal:
    """Return the request for review with its case; raises NotFound."""
    row = Appeal.objects.select_related("case", "portal").filter(pk=appeal_id).first()
    if row is None:
        raise NotFound(what=_("appeal"))
    return row


def appeals(state: str) -> QuerySet[Appeal]:
    """Return requests for review in one state, the one due soonest first."""
    return Appeal.objects.select_related("case").filter(state=state).order_by("due_at")


@dataclass(frozen=True, slots=True)
class ListedCase:
    """A case as the command line lists it; `id` is its reference."""

    id: str
    state: str
    location: str
    urgent: bool
    received_at: datetime


def listed(state: str, most: int) -> list[ListedCase]:
    """Return the newest cases, of one state or of all."""
    cases = Case.objects.order_by("-id")
    rows = list(cases.filter(state=state)[:most] if state else cases[:most])
    at = hosting_queries.locations_by_id([case.location_id for case in rows])
    return [
        ListedCase(case.reference, case.state, at[case.location_id].display, case.urgent, case.received_at)
        for case in rows
    ]


def shown(reference: str) -> dict[str, object]:
    """Return one case as the command line shows it; raises NotFound."""
    case = case_by_reference(reference)
    at = hosting_queries.locations_by_id([case.location_id])[case.location_id]
    times = (
        "received_at",
        "first_assessed_at",
        "decided_at",
        "police_told_at",
        "host_told_at",
        "removed_at",
        "closed_at",
    )
    return {
        "id": case.reference,
        "state": case.state,
        "location": at.display,
        "kind": at.kind,
        "place": case.place,
        "country": case.country,
        "reports": case.report_count,
        "urgent": case.urgent,
        "held_until": _iso(case.held_until),
        "appealed": case.appealed,
        "outcome": case.outcome,
        "close_reason": case.close_reason,
        "assessments": Assessment.objects.filter(case_id=case.pk).count(),
        **{name: _iso(getattr(case, name)) for name in times},
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def reports_without_case(received_before: datetime, most: int = 500) -> list[int]:
    """Return recent reports whose items are in no case and have no pending job that opens one. There should be none."""
    items = newest_items(received_before, most)
    opened = set(CaseItem.objects.filter(item_id__in=[item for item, _ in items]).values_list("item_id", flat=True))
    missing = sorted({report for item, report in items if item not in opened})
    waiting = waiting_subjects(TAKE_IN, missing) | waiting_subjects(TAKE_IN_MORE, missing) if missing else set()
    return [number for number in missing if number not in waiting]


def cases_first_informed_since(moment: datetime) -> set[int]:
    """Return the cases of which nobody had told us before a moment."""
    times = CaseItem.objects.values("case_id").annotate(first=Min("item__report__received_at"))
    return set(times.filter(first__gte=moment).values_list("case_id", flat=True))
