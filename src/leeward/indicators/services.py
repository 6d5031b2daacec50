"""All writes of the slice: what is counted, and what is typed in."""

from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime

from django.utils.translation import gettext as _

from leeward.audit.services import hotline_transaction, record
from leeward.blocklist.queries import entry_times
from leeward.casework.queue.queries.measured import MeasuredCase, measured_appeals, measured_cases
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.indicators.errors import FigureUnusable
from leeward.indicators.labels import FAULTS
from leeward.indicators.models import Counted, Tally, TypedFigure
from leeward.indicators.rules.marks import (
    CaseSeen,
    Mark,
    marks_of_appeal,
    marks_of_block,
    marks_of_case,
    marks_of_listed,
    marks_of_provider,
    marks_of_report,
)
from leeward.indicators.rules.typed import fault_of
from leeward.intake.queries.counts import monthly_counts
from leeward.people.queries import portals_of
from leeward.people.services import authorize
from leeward.providers.queries.counts import monthly_counts as provider_counts

ACT = "figure.edit"
SCOPE = "statistics"  # of a key
_AT_ONCE = 1000

type Month = tuple[int, int, int]  # portal, year, month
type Marked = dict[Month, Counter[Mark]]


def count_again(hotline_id: int, *, now: datetime) -> int:
    """Count everything of the hotline in scope from the start, and write the months that differ; return how many those are.

    Reading comes first and takes no turn; each month that differs is replaced in a transaction of its own.
    """
    counted, kept = _counted(hotline_id, now), _kept()
    changed = 0
    for month in sorted(counted.keys() | kept.keys()):
        marks: Mapping[tuple[str, str], int] = counted.get(month, {})
        if kept.get(month, {}) != marks:
            with hotline_transaction():
                _replace(hotline_id, month, marks)
            changed += 1
    with hotline_transaction():
        Counted.objects.update_or_create(hotline_id=hotline_id, defaults={"at": now})
    return changed


def _counted(hotline_id: int, now: datetime) -> Marked:
    found: Marked = {}
    for portal, month, source, kind, language, number in monthly_counts():
        _add(found, portal, month, dict.fromkeys(marks_of_report(source, kind, language), number))
    for portal, month, priority, number in provider_counts():
        _add(found, portal, month, dict.fromkeys(marks_of_provider(priority), number))
    for case in measured_cases():
        _add(found, case.portal_id, case.received_at, marks_of_case(_seen(case, now)))
    for one in measured_appeals():
        marks = marks_of_appeal(one.asked_at, one.state, one.decided_at)
        _add(found, one.portal_id, one.asked_at, dict.fromkeys(marks, 1))
    portals = sorted(portals_of(hotline_id), key=lambda row: -row.id)
    by_country = {row.country: row.id for row in portals}  # the oldest of a country
    for country, approved_at, state, ended_at in entry_times() if portals else ():
        portal = by_country.get(country, portals[-1].id)
        for at, listed in marks_of_listed(approved_at, ended_at, now):
            _add(found, portal, at, dict.fromkeys(listed, 1))
        _add(found, portal, approved_at, dict.fromkeys(marks_of_block(approved_at, state, ended_at), 1))
    return found


def _add(found: Marked, portal: int, at: datetime, marks: Mapping[Mark, int]) -> None:
    at = at.astimezone(UTC)
    found.setdefault((portal, at.year, at.month), Counter()).update(marks)


def _seen(case: MeasuredCase, now: datetime) -> CaseSeen:
    told_at, answered_at = case.peer or (None, None)
    return CaseSeen(
        case.received_at,
        case.outcome,
        case.country,
        case.known,
        case.reports,
        case.facts,
        case.first_assessed_at,
        case.decided_at,
        case.police_told_at,
        case.host_told_at,
        case.removed_at,
        case.ended_at or now,
        case.urgent_since,
        case.passed_at,
        told_at,
        answered_at,
        case.hosts,
    )


def _kept() -> dict[Month, dict[tuple[str, str], int]]:
    found: dict[Month, dict[tuple[str, str], int]] = {}
    rows = Tally.objects.order_by().values_list("portal_id", "year", "month", "series", "value", "number")
    for portal, year, month, series, value, number in rows.iterator(_AT_ONCE):
        found.setdefault((portal, year, month), {})[series, value] = number
    return found


def _replace(hotline_id: int, month: Month, marks: Mapping[tuple[str, str], int]) -> None:
    portal, year, number = month
    Tally.objects.filter(year=year, portal_id=portal, month=number).delete()
    rows = [
        Tally(hotline_id=hotline_id, portal_id=portal, year=year, month=number, series=series, value=value, number=n)
        for (series, value), n in sorted(marks.items())
    ]
    Tally.objects.bulk_create(rows, batch_size=_AT_ONCE)


def type_figure(
    series: str, *, portal_id: int, year: int, half: int, number: int, source: str, source_date: date, actor: Actor
) -> None:
    """Keep a figure that no system knows, in place of the one that was typed before. Raises FigureUnusable, NotFound."""
    hotline_id = actor.hotline_id or 0
    authorize(actor, ACT, hotline_id)
    now = datetime.now(UTC)
    fault = fault_of(
        series, year=year, half=half, number=number, source=source, source_date=source_date, today=now.date()
    )
    if fault:
        raise FigureUnusable(why=FAULTS[fault])
    if portal_id not in {row.id for row in portals_of(hotline_id)}:
        raise NotFound(what=_("portal"))
    with hotline_transaction():
        TypedFigure.objects.update_or_create(
            hotline_id=hotline_id,
            portal_id=portal_id,
            series=series,
            year=year,
            half=half,
            defaults={
                "number": number,
                "source": " ".join(source.split()),
                "source_date": source_date,
                "by_id": actor.id if actor.kind == "staff" else None,
                "at": now,
            },
        )
        record(
            "figure.typed",
            actor=actor,
            hotline_id=hotline_id,
            subject=f"portal:{portal_id}",
            facts={"series": series, "year": year, "half": half, "number": number},
        )


def note_export(portal: str, year: int, *, actor: Actor) -> None:
    """Record in the log that figures were downloaded, by staff or with a key for figures."""
    hotline_id = actor.hotline_id or 0
    if actor.kind != "token" or SCOPE not in actor.roles:
        authorize(actor, "figure.read", hotline_id)
    with hotline_transaction():
        record(
            "figures.exported",
            actor=actor,
            hotline_id=hotline_id,
            subject=f"hotline:{hotline_id}",
            facts={"portal": portal, "year": year},
        )
