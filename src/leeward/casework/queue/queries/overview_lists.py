"""The lists behind the numbers of the supervisor's page: each holds exactly what its number counts."""

from datetime import datetime

from django.db.models import QuerySet

from leeward.casework.models import Assessment, Case
from leeward.casework.queries import ending_holds

CASE_LISTS = ("held", "ending_holds", "received", "removed")
LISTS = (*CASE_LISTS, "assessed")


def cases_behind(name: str, *, midnight: datetime, now: datetime, who: int | None) -> QuerySet[Case]:
    """Return the cases behind one number: those that a person (or anybody) holds, whose hold ends within a day, that
    came in today, or whose content was removed today.
    """
    found: QuerySet[Case] = Case.objects.all()
    if name == "held":
        found = found.filter(claimed_by__isnull=False, claimed_until__gte=now).order_by("priority", "id")
        return found.filter(claimed_by=who) if who else found
    if name == "ending_holds":
        return found.filter(pk__in=ending_holds(now)).order_by("held_until", "id")
    column = "received_at" if name == "received" else "removed_at"
    return found.filter(**{f"{column}__gte": midnight, f"{column}__lt": now}).order_by(f"-{column}", "-id")


def recent_assessments(*, midnight: datetime, who: int | None) -> QuerySet[Assessment]:
    """Return the assessments that a person (or anybody) made today, newest first."""
    found: QuerySet[Assessment] = Assessment.objects.select_related("case").filter(at__gte=midnight)
    return (found.filter(by=who) if who else found).order_by("-at", "-id")
