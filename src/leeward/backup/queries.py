"""Whether this installation was restored and is held, and what is known of its backups."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from django.db import connection
from django.db.migrations.recorder import MigrationRecorder
from django.db.models import Exists, QuerySet, Subquery
from django.db.models.functions import Coalesce

from leeward.backup.errors import StillHeld
from leeward.backup.models import LostTime, Restoration
from leeward.backup.noting import lacking, left_in, newest_of, remembered
from leeward.backup.places import Folder, Where, is_remote
from leeward.backup.rules.manifest import moment_of
from leeward.backup.rules.timing import is_made_by
from leeward.backup.store import Store

__all__ = [
    "RestorationRow",
    "began_at",
    "holds_back",
    "is_held",
    "lacking",
    "last_restoration",
    "left_in",
    "lost_alone",
    "lost_count",
    "newest_in",
    "require_free",
    "restored_at",
    "taken_up_at",
    "times_lost",
    "was_moved",
]
_TAKEN_UP = Coalesce("prepared_at", "restored_at")
ASKED_FOR = timedelta(days=400)
MOST_TIMES = 20


@dataclass(frozen=True, slots=True)
class RestorationRow:
    """One restoring: between these two moments nothing is known here. `confirmed_at` is None while it is held. `taken_up_at`: when its
    tables were first used, by the clock once that was right. `moved`: what was taken in is a hotline that moved here, and what happened
    between is where it was before."""

    backup_at: datetime
    restored_at: datetime
    confirmed_at: datetime | None
    taken_up_at: datetime
    moved: bool = False
    waiting_since: datetime | None = None
    checkpoint: int = 0

    @property
    def lost_since(self) -> datetime:
        """When the oldest report came in that may be lost: one that waited on the public face is in no backup."""
        return min(self.backup_at, self.waiting_since or self.backup_at)


def is_held() -> bool:
    """Return whether this installation was restored from a backup and nobody has confirmed that yet."""
    return Restoration.objects.filter(confirmed_at__isnull=True).exists()


def holds_back() -> Exists:
    """Return the same as an expression for a query that is asked anyway."""
    return Exists(Restoration.objects.filter(confirmed_at__isnull=True))


def require_free() -> None:
    """Raise StillHeld while nothing may go out."""
    if is_held():
        raise StillHeld


def last_restoration() -> RestorationRow | None:
    """Return the newest restoring, or None if there never was one."""
    found = Restoration.objects.order_by("-pk").first()
    return None if found is None else _row(found)


def restorations() -> QuerySet[Restoration, tuple[int]]:
    """Return the numbers of all restorings, to be asked for together with something else in one query."""
    return Restoration.objects.order_by().values_list("pk")


def taken_up_at() -> Subquery:
    """Return when the newest restoring was taken up, by the clock once that was right, as part of another query; NULL if there never was
    one. What is doubted since then lasts from here."""
    return Subquery(Restoration.objects.order_by("-pk").values(at=_TAKEN_UP)[:1])


def restored_at() -> Subquery:
    """Return the moment of the newest restoring as part of another query, NULL if there never was one."""
    return Subquery(Restoration.objects.order_by("-pk").values("restored_at")[:1])


def was_moved() -> bool:
    """Return whether the newest thing taken in is a hotline that moved here, and no backup."""
    found = last_restoration()
    return found is not None and found.moved


def times_lost(now: datetime) -> list[RestorationRow]:
    """Return the newest restorings, oldest first, by which a report was lost that somebody may still ask for: receipts open for a year.
    One whose time lies within that of another is left out."""
    rows = Restoration.objects.filter(restored_at__gt=now - ASKED_FOR).order_by("-pk")
    return _outermost([_row(found) for found in rows])[-MOST_TIMES:]


def lost_alone(now: datetime, hotline_id: int | None = None) -> list[RestorationRow]:
    """Return, of one hotline or of all, between which moments something was lost of it alone, as far as somebody may still ask for it."""
    rows = LostTime.objects.filter(until__gt=now - ASKED_FOR).order_by("until")
    if hotline_id is not None:
        rows = rows.filter(hotline_number=hotline_id)
    return [RestorationRow(row.since, row.until, row.until, row.until) for row in rows]


def lost_count(hotline_id: int) -> int:
    """Return how many rows of a hotline are known to be lost."""
    return sum(LostTime.objects.filter(hotline_number=hotline_id).values_list("matters", flat=True))


def newest_in(where: Where, now: datetime) -> tuple[datetime | None, datetime | None]:
    """Return when the newest backup in a place was made here, and when the newest that was verified was. A server is not asked: what is
    known is what it held when a backup was made or proved here. A folder that can't be read has none: nobody could restore from it."""
    if is_remote(where):
        made, proved = remembered(where)
        return _moment(made, now), _moment(proved, now)
    try:
        made, proved = newest_of(Store(Folder(Path(where))), now)
    except OSError:
        return None, None
    return _moment(made, now), _moment(proved, now)


def began_at() -> datetime | None:
    """Return when this installation began: the first step of its tables; None where none was taken, or a clock that was ahead dated it."""
    first = MigrationRecorder(connection).migration_qs.order_by("applied").first()
    return first.applied if first and first.applied <= datetime.now(UTC) else None


def _outermost(rows: list[RestorationRow]) -> list[RestorationRow]:
    """Return those whose time lost lies within that of no other, by when it ends. What moved here is one of its own."""
    kept: list[RestorationRow] = []
    for row in sorted(rows, key=lambda one: (one.restored_at, -one.lost_since.timestamp()), reverse=True):
        if not any(row.lost_since >= one.lost_since and row.moved == one.moved for one in kept):
            kept.append(row)
    return kept[::-1]


def _row(found: Restoration) -> RestorationRow:
    return RestorationRow(
        found.backup_at,
        found.restored_at,
        found.confirmed_at,
        found.prepared_at or found.restored_at,
        found.moved,
        found.waiting_since,
        found.checkpoint,
    )


def _moment(name: str, now: datetime) -> datetime | None:
    return moment_of(name) if is_made_by(name, now) else None
