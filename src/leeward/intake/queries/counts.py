"""Counts of reports."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import cast

from django.db.models import Count, Q
from django.db.models.functions import TruncMonth

from leeward.intake.models import Report, SmsTalk


def counts_by_portal(start: datetime, end: datetime) -> dict[int, tuple[int, int]]:
    """Return how many reports came in between two times and how many of them were urgent, by portal; test reports don't
    count, and one that came with a portal from another hotline counts where it was received."""
    found = Report.objects.filter(received_at__gte=start, received_at__lt=end, formerly=None).exclude(
        source="rehearsal"
    )
    rows = found.order_by().values("portal_id").annotate(n=Count("id"), urgent=Count("id", filter=~Q(urgency="")))
    return {row["portal_id"]: (row["n"], row["urgent"]) for row in rows}


def texts_unanswered(since: datetime) -> dict[str, int]:
    """Return how many people wrote a text message since then and got no answer, by the portal's name; one query."""
    found = SmsTalk.objects.filter(unanswered_at__gte=since).order_by()
    return dict(found.values_list("portal__name").annotate(n=Count("id")))


def monthly_counts() -> Iterator[tuple[int, datetime, str, str, str, int]]:
    """Return how many reports came in by portal, month (UTC), channel, kind and language; as for `counts_by_portal`."""
    found = Report.objects.filter(formerly=None).exclude(source="rehearsal").order_by()
    by_month = found.annotate(month=TruncMonth("received_at", tzinfo=UTC))
    rows = by_month.values_list("portal_id", "month", "source", "kind", "language").annotate(n=Count("id"))
    return cast("Iterator[tuple[int, datetime, str, str, str, int]]", iter(rows))
