"""Reading people's days at the desk: the figures of the exposure budget."""

from datetime import date, datetime, timedelta

from django.db.models import Count, DurationField, ExpressionWrapper, F, IntegerField, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce

from leeward.casework.exposure.rules.budget import NEAR, Day, Limits
from leeward.casework.models import Assessment, DeskDay


def as_day(row: DeskDay) -> Day:
    """Return a stored day as the rules expect it."""
    return Day(row.spent, row.worked, row.stretch_from, row.last_at, row.is_off)


def days_near_limit(day: date, limits: Limits) -> QuerySet[DeskDay]:
    """Return the days of people who used most of their budget or stopped for today, highest use first."""
    minutes = timedelta(minutes=limits.desk_minutes * NEAR)
    at_desk = F("worked") + F("last_at") - F("stretch_from")
    rows = DeskDay.objects.filter(day=day).annotate(at_desk=ExpressionWrapper(at_desk, output_field=DurationField()))
    near = Q(is_off=True) | Q(spent__gte=limits.previews * NEAR) | Q(at_desk__gte=minutes)
    return rows.filter(near).order_by("-spent", "pk")


def days_with_assessments(day: date, midnight: datetime) -> dict[int, tuple[Day, int]]:
    """Return, by account, the day and the number of assessments made in it; everybody who assessed has a day."""
    assessments = Assessment.objects.filter(by=OuterRef("by"), at__gte=midnight).order_by().values("by")
    counted = Subquery(assessments.annotate(n=Count("pk")).values("n"), output_field=IntegerField())
    rows = DeskDay.objects.filter(day=day).annotate(assessments=Coalesce(counted, 0))
    return {row.by_id: (as_day(row), row.assessments) for row in rows}
