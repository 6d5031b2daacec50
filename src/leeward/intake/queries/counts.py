"""Counts of reports."""

from datetime import datetime

from django.db.models import Count, Q

from leeward.intake.models import Report


def counts_by_portal(start: datetime, end: datetime) -> dict[int, tuple[int, int]]:
    """Return how many reports came in between two times and how many of them were urgent, by portal; test reports don't
    count."""
    found = Report.objects.filter(received_at__gte=start, received_at__lt=end).exclude(source="rehearsal")
    rows = found.order_by().values("portal_id").annotate(n=Count("id"), urgent=Count("id", filter=~Q(urgency="")))
    return {row["portal_id"]: (row["n"], row["urgent"]) for row in rows}
