"""What came in and was decided in a span of time, for figures."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F

from leeward.casework.models import Assessment, Case, CaseItem


@dataclass(frozen=True, slots=True)
class Span:
    """How many reports came in and how many things they name, how many cases were opened, and the facts of each that was
    decided as illegal so far."""

    reports: int
    items: int
    cases: int
    illegal: tuple[Mapping[str, Any], ...]


def span_of(since: datetime, until: datetime) -> Span:
    """Return what came in in a span of time; cases merged into another are not counted."""
    items = CaseItem.objects.filter(item__report__received_at__gte=since, item__report__received_at__lt=until)
    cases = Case.objects.filter(received_at__gte=since, received_at__lt=until, merged_into__isnull=True)
    illegal = cases.filter(outcome="illegal").values("pk")
    rows = Assessment.objects.filter(case_id__in=illegal, cycle=F("case__cycle")).exclude(round="sample").order_by("pk")
    newest = dict(rows.values_list("case_id", "facts"))
    reports = items.values("item__report_id").distinct().count()
    return Span(reports, items.count(), cases.count(), tuple(newest.values()))
