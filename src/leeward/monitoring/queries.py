"""Reading watches and checks."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from leeward.monitoring.models import Check, Watch


@dataclass(frozen=True, slots=True)
class WatchRow:
    """A watch as other slices see it. `removed_at` is the time of the first of the misses that established the removal."""

    id: int
    location_id: int
    state: str
    misses: int
    last_good_at: datetime | None
    first_miss_at: datetime | None
    removed_at: datetime | None
    unreachable_since: datetime | None
    checked_at: datetime | None
    next_at: datetime | None
    started_at: datetime


@dataclass(frozen=True, slots=True)
class CheckRow:
    """One check; `counted` is False if it came too soon after the last miss or while our own connection was down."""

    at: datetime
    outcome: str
    counted: bool
    status: int | None
    reason: str
    distance_bits: int | None


def _watch_row(watch: Watch) -> WatchRow:
    return WatchRow(
        id=watch.pk,
        location_id=watch.location_id,
        state=watch.state,
        misses=watch.misses,
        last_good_at=watch.last_good_at,
        first_miss_at=watch.first_miss_at,
        removed_at=watch.removed_at,
        unreachable_since=watch.unreachable_since,
        checked_at=watch.checked_at,
        next_at=watch.next_at,
        started_at=watch.created_at,
    )


def watch_of(location_id: int) -> WatchRow | None:
    """Return the watch on a location of this hotline, or None."""
    found = Watch.objects.filter(location_id=location_id).first()
    return _watch_row(found) if found else None


def watches_of(location_ids: Iterable[int]) -> dict[int, WatchRow]:
    """Return the watches on several locations by location; one query."""
    return {watch.location_id: _watch_row(watch) for watch in Watch.objects.filter(location_id__in=list(location_ids))}


def checks_of(location_id: int, limit: int = 20) -> list[CheckRow]:
    """Return the newest checks of a location, newest first."""
    rows = Check.objects.filter(watch__location_id=location_id).order_by("-at", "-pk")[:limit]
    return [CheckRow(row.at, row.outcome, row.counted, row.status, row.reason, row.distance_bits) for row in rows]
