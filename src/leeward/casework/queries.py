"""Every read of the desk. All of it within a hotline's scope."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import cast

from django.db import connection
from django.db.models import DurationField, ExpressionWrapper, F, Q, QuerySet

from leeward.casework.models import Appeal, Assessment, Case, CaseItem, DeskDay, Note
from leeward.casework.rules.exposure import NEAR, Day, Limits
from leeward.casework.rules.priority import band_of, first_look_due_of, late_bounds
from leeward.ground.errors import NotFound
from leeward.hosting import queries as places
from leeward.hosting.rules.address import canonical_url, recognise
from leeward.intake.queries import ReportRow, reports_of_items

REFERENCE = re.compile(r"^\d{4}-\d{1,9}$")
MOST_COUNTED = 1000
MOST_FOUND = 500
# The views of the queue that walk along one lane, most pressing first.
LANE_VIEWS = {"waiting": "waiting", "second": "second", "decided": "decided", "up": "up"}
VIEWS = ("waiting", "mine", "second", "decided", "up", "held", "news", "all")


@dataclass(frozen=True, slots=True)
class CaseRow:
    """A case as lists show it."""

    id: int
    reference: str
    state: str
    band: int
    urgent: bool
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
    first_look_due: datetime | None
    claimed_by: int | None
    is_barred: bool


@dataclass(frozen=True, slots=True)
class Filters:
    """What narrows a view: where the thing is and whether it is known; the view of all cases only by state, along its index."""

    place: str = ""
    known: str = ""
    state: str = ""


def case_by_reference(reference: str) -> Case:
    """The case with its draft, its holder and its portal; raises NotFound."""
    case = Case.objects.select_related("draft", "claimed_by", "portal").filter(reference=reference).first()
    if case is None:
        raise NotFound(what="case")
    return case


def view_of(view: str, person_id: int, filters: Filters) -> QuerySet[Case]:
    """The cases of one view of the queue, in its order."""
    cases: QuerySet[Case] = Case.objects.all()
    if view in LANE_VIEWS:
        cases = cases.filter(lane=LANE_VIEWS[view]).order_by("priority", "id")
    elif view == "mine":
        cases = cases.filter(claimed_by=person_id).order_by("priority", "id")
    elif view == "held":
        cases = cases.filter(held_until__isnull=False).order_by("held_until")
    elif view == "news":
        cases = cases.filter(news_at__isnull=False).order_by("-news_at")
    else:
        cases = cases.order_by("-id")
        return cases.filter(state=filters.state) if filters.state else cases
    if filters.place:
        cases = cases.filter(place=filters.place)
    if filters.known:
        cases = cases.filter(known=filters.known == "yes")
    return cases


def found(text: str) -> QuerySet[Case]:
    """The cases that a reference, an address or a host names; the newest first."""
    text = text.strip()
    newest: QuerySet[Case] = Case.objects.order_by("-id")
    if REFERENCE.match(text):
        return newest.filter(reference=text)
    return newest.filter(location_id__in=places.locations_matching(text, most=MOST_FOUND) or _on_same_host(text))


def _on_same_host(text: str) -> list[int]:
    """The places on the host of an address that is none of ours itself."""
    for named in recognise(text)[:1]:
        if named.kind in ("url", "onion"):
            return places.locations_on_host(canonical_url(named.display).host, most=MOST_FOUND)
    return []


def rows_of(cases: Iterable[Case], person_id: int) -> list[CaseRow]:
    """Cases as rows, with their addresses: one query more."""
    cases = list(cases)
    at = places.locations_by_id([case.location_id for case in cases])
    return [
        CaseRow(
            id=case.pk,
            reference=case.reference,
            state=case.state,
            band=band_of(case.priority),
            urgent=case.urgent,
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
            first_look_due=first_look_due_of(case.priority) if case.first_looked_at is None else None,
            claimed_by=case.claimed_by_id,
            is_barred=case.state == "second_look" and person_id in (case.first_look_by_id, case.second_look_by_id),
        )
        for case in cases
    ]


def counts(hotline_id: int, person_id: int, now: datetime) -> dict[str, int]:
    """How many cases each view has, in one query that never counts further than MOST_COUNTED.

    `late` are the waiting ones whose first look is over its time, `urgent` the waiting urgent ones.
    """
    cases, appeals = Case._meta.db_table, Appeal._meta.db_table
    asked: dict[str, tuple[str, str, list[str | int]]] = {
        view: (cases, "lane = %s", [lane]) for view, lane in LANE_VIEWS.items()
    }
    asked["preparing"] = (cases, "lane = %s", ["preparing"])
    asked["mine"] = (cases, "claimed_by_id = %s", [person_id])
    asked["held"] = (cases, "held_until IS NOT NULL", [])
    asked["news"] = (cases, "news_at IS NOT NULL", [])
    asked["appeals"] = (appeals, "state = %s", ["open"])
    urgent, known, other = late_bounds(now)
    asked["urgent"] = (cases, "lane = %s AND priority < %s", ["waiting", known[0]])
    for name, (start, end) in (("late_urgent", urgent), ("late_known", known), ("late_other", other)):
        asked[name] = (cases, "lane = %s AND priority >= %s AND priority < %s", ["waiting", start, end])
    columns: list[str] = []
    values: list[str | int] = []
    for table, condition, given in asked.values():
        inner = f"SELECT 1 FROM {table} WHERE hotline_id = %s AND {condition} LIMIT {MOST_COUNTED}"  # noqa: S608 - our own names only
        columns.append(f"(SELECT COUNT(*) FROM ({inner}) AS found)")  # noqa: S608 - the line above
        values += [hotline_id, *given]
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {', '.join(columns)}", values)
        found = dict(zip(asked, cursor.fetchone(), strict=True))
    found["late"] = sum(found.pop(name) for name in ("late_urgent", "late_known", "late_other"))
    return found


def reports_of(case_id: int) -> list[ReportRow]:
    """The reports that stand behind a case, oldest first; the items are looked up within the same query."""
    items = CaseItem.objects.filter(case_id=case_id).values_list("item_id", flat=True)
    return reports_of_items(cast(Sequence[int], items))


def looks_of(case_id: int) -> list[Assessment]:
    """Every look at a case with whoever looked, oldest first."""
    return list(Assessment.objects.select_related("by").filter(case_id=case_id).order_by("id"))


def notes_of(case_id: int) -> list[Note]:
    """Every note on a case, oldest first."""
    return list(Note.objects.filter(case_id=case_id).order_by("id"))


def appeals_of(case_id: int) -> list[Appeal]:
    """Every request for review of a case, oldest first."""
    return list(Appeal.objects.filter(case_id=case_id).order_by("id"))


def appeal(appeal_id: int) -> Appeal:
    """The request for review with its case; raises NotFound."""
    row = Appeal.objects.select_related("case").filter(pk=appeal_id).first()
    if row is None:
        raise NotFound(what="appeal")
    return row


def appeals(state: str) -> QuerySet[Appeal]:
    """Requests for review in one state, the one due soonest first."""
    return Appeal.objects.select_related("case").filter(state=state).order_by("due_at")


@dataclass(frozen=True, slots=True)
class ListedCase:
    """A case as the command lists it; `id` is its reference."""

    id: str
    state: str
    location: str
    urgent: bool
    received_at: datetime


def listed(state: str, most: int) -> list[ListedCase]:
    """The newest cases, of one state or of all."""
    cases = Case.objects.order_by("-id")
    rows = list(cases.filter(state=state)[:most] if state else cases[:most])
    at = places.locations_by_id([case.location_id for case in rows])
    return [
        ListedCase(case.reference, case.state, at[case.location_id].display, case.urgent, case.received_at)
        for case in rows
    ]


def shown(reference: str) -> dict[str, object]:
    """One case as the command shows it; raises NotFound."""
    case = case_by_reference(reference)
    at = places.locations_by_id([case.location_id])[case.location_id]
    times = (
        "received_at",
        "first_looked_at",
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
        "looks": Assessment.objects.filter(case_id=case.pk).count(),
        **{name: _iso(getattr(case, name)) for name in times},
    }


def _iso(moment: datetime | None) -> str | None:
    return moment.isoformat(timespec="seconds") if moment else None


def as_day(row: DeskDay) -> Day:
    """A kept day as the rules take it."""
    return Day(row.spent, row.worked, row.stretch_from, row.last_at, row.is_off)


def days_near_limit(day: date, limits: Limits) -> QuerySet[DeskDay]:
    """The days of those who have used most of their budget or have stopped for today, those who have used most first."""
    minutes = timedelta(minutes=limits.desk_minutes * NEAR)
    at_desk = F("worked") + F("last_at") - F("stretch_from")
    rows = DeskDay.objects.filter(day=day).annotate(at_desk=ExpressionWrapper(at_desk, output_field=DurationField()))
    near = Q(is_off=True) | Q(spent__gte=limits.previews * NEAR) | Q(at_desk__gte=minutes)
    return rows.filter(near).order_by("-spent", "pk")
