"""Read publications of lists, newest first."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from django.conf import settings
from django.db import DatabaseError
from django.db.models import OuterRef, Q, QuerySet, Subquery, Sum

from leeward.blocklist.models import BlockList, Entry
from leeward.blocklist.publishing.models import Hold, Publication, StopCount
from leeward.blocklist.publishing.rules.alarms import SILENT_AFTER
from leeward.blocklist.queries import block_lists


@dataclass(frozen=True, slots=True)
class FailureRow:
    """A gate that stopped an attempt: how many problems, the first of them, and for sizes what was allowed."""

    gate: str
    count: int
    examples: tuple[str, ...]
    allowed: int | None


@dataclass(frozen=True, slots=True)
class PublicationRow:
    """A publication, or a stopped attempt: its `serial` is None and `failures` says why."""

    id: int
    list_id: int
    state: str
    serial: int | None
    at: datetime
    why: str
    back_to: int | None
    only_removals: bool
    entries: int
    by_scope: dict[str, int]
    added: int
    removed: int
    failures: tuple[FailureRow, ...]
    accepted: tuple[str, ...]
    sha256: str
    signature: str

    @property
    def is_published(self) -> bool:
        """Whether it was published."""
        return self.state == "published"


@dataclass(frozen=True, slots=True)
class HoldRow:
    """Why and since when a list takes no additions."""

    reason: str
    then_sha256: str
    at: datetime


def publication_row(found: Publication) -> PublicationRow:
    """Convert a publication for use outside this module."""
    failures = tuple(
        FailureRow(one["gate"], one["count"], tuple(one["examples"]), one["allowed"]) for one in found.failures
    )
    return PublicationRow(
        id=found.pk,
        list_id=found.list_id,
        state=found.state,
        serial=found.serial,
        at=found.at,
        why=found.why,
        back_to=found.back_to_id,
        only_removals=found.only_removals,
        entries=found.entries,
        by_scope=dict(found.by_scope),
        added=found.added,
        removed=found.removed,
        failures=failures,
        accepted=tuple(found.accepted),
        sha256=found.sha256,
        signature=found.signature,
    )


def publications(list_id: int) -> QuerySet[Publication]:
    """Return every publication and stopped attempt of a list, newest first."""
    found: QuerySet[Publication] = Publication.objects.filter(list_id=list_id).order_by("-id")
    return found


def newest(list_id: int) -> PublicationRow | None:
    """Return the current publication of a list."""
    found = Publication.objects.filter(list_id=list_id, state="published").order_by("-id").first()
    return publication_row(found) if found else None


def newest_of_each(list_ids: list[int]) -> dict[int, tuple[PublicationRow | None, PublicationRow | None]]:
    """For each list, return the current publication and the attempt stopped since, if any. Two queries for all lists."""
    mine = Publication.objects.filter(list_id=OuterRef("pk")).order_by("-id").values("pk")
    found = BlockList.objects.filter(pk__in=list_ids).annotate(
        given_out=Subquery(mine.filter(state="published")[:1]), last=Subquery(mine[:1]), before=Subquery(mine[1:2])
    )
    numbers = {row[0]: row[1:] for row in found.values_list("pk", "given_out", "last", "before")}
    made = Publication.objects.in_bulk({one for row in numbers.values() for one in row if one})
    rows = {number: publication_row(one) for number, one in made.items()}
    each = {}
    for list_id in list_ids:
        given_out, *last = (rows.get(one) for one in numbers.get(list_id, (None, None, None)))
        each[list_id] = given_out, _stopped_since([row for row in last if row])
    return each


def _stopped_since(last: list[PublicationRow]) -> PublicationRow | None:
    """Return the attempt that was stopped since the last complete publication; `last` are the last two, newest first."""
    stopped = [row for row in last if not row.is_published]
    if not stopped or (last[0].is_published and not last[0].only_removals):
        return None
    return stopped[0]


def publication(publication_id: int) -> PublicationRow | None:
    """Return a publication by id, or None."""
    found = Publication.objects.filter(pk=publication_id).first()
    return publication_row(found) if found else None


def last_attempt(list_id: int) -> PublicationRow | None:
    """Return the latest publication or stopped attempt of a list."""
    found = Publication.objects.filter(list_id=list_id).order_by("-id").first()
    return publication_row(found) if found else None


def last_whole(list_id: int, *, before: int) -> int:
    """Return the id of the last complete publication before an attempt, ignoring those that only removed entries; 0 for
    none.
    """
    found = Publication.objects.filter(list_id=list_id, state="published", only_removals=False, pk__lt=before)
    return int(found.order_by("-id").values_list("pk", flat=True).first() or 0)


def with_serial(list_id: int, serial: int) -> PublicationRow | None:
    """Return the publication of a list with this serial, or None."""
    found = Publication.objects.filter(list_id=list_id, serial=serial).first()
    return publication_row(found) if found else None


def hold_of(list_id: int) -> HoldRow | None:
    """Return the hold of a list, or None."""
    return holds([list_id]).get(list_id)


def holds(list_ids: list[int]) -> dict[int, HoldRow]:
    """Return the holds of those lists that have one."""
    found = Hold.objects.filter(list_id__in=list_ids)
    return {one.list_id: HoldRow(one.reason, one.then_sha256, one.at) for one in found}


def lifted_entries(list_id: int) -> set[tuple[str, str]]:
    """Return scope and comparable form of entries that are suspended or were removed by an appeal, a person, their case
    or our checks, and not listed again.

    Entries that a partner's file dropped are not included: a bad file is a reason to roll back.
    """
    found = Entry.objects.filter(list_id=list_id)
    lifted = found.filter(Q(state="suspended") | Q(state="removed", ending__in=("appeal", "withdrawn", "case", "gone")))
    live = found.filter(state="approved", comparable__in=lifted.values("comparable"))
    columns = ("scope", "comparable")
    return set(lifted.values_list(*columns)) - set(live.values_list(*columns))


def published_at(list_id: int) -> list[datetime]:
    """Return when a list was published, at most one time for each month."""
    months = Publication.objects.filter(list_id=list_id, state="published").order_by().dates("at", "month")
    return [datetime(day.year, day.month, 1, tzinfo=UTC) for day in months]


def stops_shown(today: date, *, days: int = 30) -> int:
    """Return how often the stop page was shown in the last days."""
    total = 0
    for alias in settings.DATABASES:  # a public face with a file of its own counts there
        found = StopCount.objects.using(alias).filter(day__gt=today - timedelta(days=days))
        try:
            total += int(found.aggregate(shown=Sum("shown"))["shown"] or 0)
        except DatabaseError:
            if alias == "default":
                raise
    return total


def overdue(now: datetime) -> list[tuple[int, datetime]]:
    """Return each open list of the hotline that was published before and whose publication is overdue, with its last attempt. One
    stopped by a gate is not overdue."""
    late = []
    for row in block_lists():
        found = last_attempt(row.id) if row.is_open else None
        if found and newest(row.id) and now - found.at > SILENT_AFTER:
            late.append((row.id, found.at))
    return late
