"""Cases as figures count them, one after another: of a million of them, never more than a few thousand in memory."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any

from django.db.models import F

from leeward.casework.models import Assessment, Case
from leeward.intake.services.receiving import REHEARSAL

_AT_ONCE = 2_000
_COLUMNS = (
    *("id", "portal_id", "received_at", "outcome", "country", "known", "report_count"),
    *("first_assessed_at", "decided_at", "police_told_at", "host_told_at", "removed_at"),
)


@dataclass(frozen=True, slots=True)
class MeasuredCase:
    """What is counted of a case; `facts` are those of the last assessment of an illegal one, else empty."""

    portal_id: int
    received_at: datetime
    outcome: str
    country: str
    known: bool
    reports: int
    first_assessed_at: datetime | None
    decided_at: datetime | None
    police_told_at: datetime | None
    host_told_at: datetime | None
    removed_at: datetime | None
    facts: Mapping[str, Any]


def measured_cases() -> Iterator[MeasuredCase]:
    """Return every case of the hotline in scope; merged ones and those of test reports aren't counted."""
    rows = Case.objects.filter(merged_into=None).exclude(source=REHEARSAL).order_by("id").values_list(*_COLUMNS)
    after = 0
    while some := list(rows.filter(id__gt=after)[:_AT_ONCE]):
        after = some[-1][0]
        facts = _facts(some[0][0], after)
        for number, *values in some:
            yield MeasuredCase(*values, facts.get(number, {}))  # type: ignore[call-arg]


def _facts(first: int, last: int) -> dict[int, Mapping[str, Any]]:
    """Return what was last stated about each illegal case in a span of numbers, assessments of drawn cases left out."""
    span = Assessment.objects.filter(case_id__gte=first, case_id__lte=last)
    found = span.filter(cycle=F("case__cycle"), case__outcome="illegal")
    stated = found.exclude(round="sample").order_by("case_id", "id").values_list("case_id", "facts")
    return {case: list(rows)[-1][1] for case, rows in groupby(stated, key=itemgetter(0))}
