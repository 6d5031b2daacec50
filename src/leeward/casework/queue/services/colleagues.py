"""Who works on cases now, as input to fair distribution. Five queries, however many cases there are."""

from datetime import datetime

from django.db.models import Count

from leeward.casework.exposure.queries import as_day
from leeward.casework.exposure.rules.budget import Day, share_used, stop_of
from leeward.casework.exposure.services.budget import limits_of, local_now
from leeward.casework.models import Case, DeskDay
from leeward.casework.queue.rules.fair import Colleague
from leeward.people.queries import staff_of

WORKS = frozenset({"analyst", "supervisor"})


def colleagues_of(hotline_id: int, now: datetime) -> list[Colleague]:
    """Return everybody with an open account who works on cases."""
    local, limits = local_now(hotline_id, now), limits_of(hotline_id)
    held = Case.objects.filter(claimed_by__isnull=False, claimed_until__gte=now)
    holds = dict(held.order_by().values_list("claimed_by").annotate(n=Count("pk")))
    days = {row.by_id: as_day(row) for row in DeskDay.objects.filter(day=local.date())}
    found = []
    for row in staff_of(hotline_id):
        if not (row.is_active and row.roles & WORKS):
            continue
        day = days.get(row.id, Day())
        stop = stop_of(day, local, limits)
        found.append(
            Colleague(
                id=row.id,
                languages=row.languages,
                countries=row.countries,
                held=holds.get(row.id, 0),
                used=share_used(day, limits),
                is_away=row.is_away(local.date()),
                is_stopped=stop is not None and stop.why != "rest",  # a rest is over in minutes
            )
        )
    return found
