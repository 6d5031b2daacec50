"""The supervisor's page: what is late, what is due soon, who holds how much, and today compared with the last four
weeks.
"""

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from django.db.models import Count

from leeward.blocklist.queries import entries as queries_entries
from leeward.casework import queries
from leeward.casework.exposure.queries import days_with_assessments
from leeward.casework.exposure.rules.budget import Day, share_used
from leeward.casework.exposure.services.budget import limits_of, local_now
from leeward.casework.models import Case
from leeward.clocks.queries import clock_counts
from leeward.notices import queries as notices_queries
from leeward.people.queries import staff_of

WEEKS_DAYS = 28
WORKS = frozenset({"analyst", "supervisor"})


@dataclass(frozen=True, slots=True)
class Load:
    """One person's current work: what they hold, how many assessments they made today, and whether they take cases."""

    id: int
    name: str
    languages: tuple[str, ...]
    held: int
    assessments: int
    percent: int
    is_off: bool
    is_away: bool


@dataclass(frozen=True, slots=True)
class Pace:
    """A figure of today beside the daily mean of the last four weeks."""

    name: str
    today: int
    usual: float


@dataclass(frozen=True, slots=True)
class Overview:
    """Everything on the page. Counts stop at `queries.MOST_COUNTED`."""

    counts: dict[str, int]
    clocks: dict[tuple[str, str], int]
    dead_letters: int
    bounced: int
    loads: list[Load]
    paces: list[Pace]


def overview_of(hotline_id: int, person_id: int, now: datetime) -> Overview:
    """Gather the page for one hotline. Its queries don't grow with the number of cases."""
    midnight = local_midnight(hotline_id, now)
    stuck, bounced = notices_queries.trouble_counts(hotline_id)
    return Overview(
        counts=queries.counts(
            hotline_id, person_id, now, ahead=True, also={"block_appeals": queries_entries.appeals_to_count()}
        ),
        clocks=clock_counts(hotline_id, now),
        dead_letters=stuck,
        bounced=bounced,
        loads=loads_of(hotline_id, now, midnight),
        paces=_paces(hotline_id, now, midnight),
    )


def local_midnight(hotline_id: int, now: datetime) -> datetime:
    """Return when the current day began in the time zone of the hotline's staff."""
    local = local_now(hotline_id, now)
    return datetime.combine(local.date(), time(), tzinfo=local.tzinfo)


def loads_of(hotline_id: int, now: datetime, midnight: datetime) -> list[Load]:
    """Return everybody who works on cases, whoever holds most first."""
    held = Case.objects.filter(claimed_by__isnull=False, claimed_until__gte=now)
    holds = dict(held.order_by().values_list("claimed_by").annotate(n=Count("pk")))
    limits = limits_of(hotline_id)
    days = days_with_assessments(midnight.date(), midnight)
    loads = []
    for person in staff_of(hotline_id):
        if not (person.is_active and person.roles & WORKS):
            continue
        day, assessments = days.get(person.id, (Day(), 0))
        loads.append(
            Load(
                id=person.id,
                name=person.name,
                languages=person.languages,
                held=holds.get(person.id, 0),
                assessments=assessments,
                percent=min(100, round(100 * share_used(day, limits))),
                is_off=day.is_off,
                is_away=person.is_away(midnight.date()),
            )
        )
    return sorted(loads, key=lambda load: (-load.held, load.name))


def _paces(hotline_id: int, now: datetime, midnight: datetime) -> list[Pace]:
    """Return today's figures so far, and the daily mean of the four weeks before."""
    spans = {"today": (midnight, now), "before": (midnight - timedelta(days=WEEKS_DAYS), midnight)}
    found = queries.counts_between(hotline_id, spans)
    return [Pace(name, counted["today"], counted["before"] / WEEKS_DAYS) for name, counted in found.items()]
