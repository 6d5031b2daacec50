"""Counts of what providers reported."""

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import cast

from django.db.models import Count
from django.db.models.functions import TruncMonth

from leeward.providers.models import ProviderLine


def monthly_counts() -> Iterator[tuple[int, datetime, str, int]]:
    """Return how many first reports providers made by portal, month (UTC) and the priority that they gave; none of the sandbox,
    and none that was withdrawn."""
    found = ProviderLine.objects.filter(kind="first", is_sandbox=False).exclude(state="withdrawn").order_by()
    by_month = found.annotate(month=TruncMonth("received_at", tzinfo=UTC))
    rows = by_month.values_list("provider__portal_id", "month", "priority").annotate(n=Count("id"))
    return cast("Iterator[tuple[int, datetime, str, int]]", iter(rows))
