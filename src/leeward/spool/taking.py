"""Taking in what waits: each hotline's in a transaction of its own, which first locks whoever else may have what it belongs to."""

import logging
import time
from collections.abc import Collection, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta

from django.db import InterfaceError, OperationalError, connection, transaction
from django_scopes import scope

from leeward.audit.services import hotline_transaction
from leeward.people.queries import former_portals, later_portals, portals_by_id
from leeward.sealing.errors import WordsKeyUnusable, WordsLocked
from leeward.spool import envelope, where
from leeward.spool.errors import ELSEWHERE, FAILED, UNKNOWN, UNREADABLE, WAITS, NotAcceptable, NotYet
from leeward.spool.models import Arrival, Emptied, Taken
from leeward.spool.registry import TAKERS, Opened
from leeward.spool.values import is_sound

log = logging.getLogger(__name__)
MOST_SECONDS = 2.0
NOTED_EVERY = timedelta(minutes=1)
CLOCKS_DIFFER = timedelta(minutes=5)  # the face's from the desk's; and for so long it may have waited to write


def take_all(rows: Sequence[Arrival], now: datetime) -> list[int]:
    """Take in these arrivals, in one transaction a hotline; return which are done with. Others are put aside at once, so that what
    belongs to them waits too."""
    portals = portals_by_id({row.portal_number for row in rows if is_sound(row)})
    parts: list[tuple[int, list[Arrival]]] = []
    open_parts: dict[int, list[Arrival]] = {}
    hotline_of: dict[str, int] = {}
    for row in rows:
        if not is_sound(row):
            _put_aside(row, UNREADABLE)
        elif row.portal_number in portals and portals[row.portal_number].hotline_id == row.hotline_number:
            if row.receipt and hotline_of.setdefault(row.receipt, row.hotline_number) != row.hotline_number:
                open_parts, hotline_of = (
                    {},
                    {row.receipt: row.hotline_number},
                )  # its portal was handed over: one after the other
            if row.hotline_number not in open_parts:
                parts.append((row.hotline_number, open_parts.setdefault(row.hotline_number, [])))
            open_parts[row.hotline_number].append(row)
        else:
            _put_aside(row, ELSEWHERE)
    settled: list[int] = []
    since = not_before(now)
    for hotline_id, some in parts:
        homes = {row.portal_number for row in some}
        with scope(hotline=hotline_id), _with_all_homes(hotline_id, homes), where.impatient():
            known = set(Taken.objects.filter(name__in=[row.name for row in some]).values_list("name", flat=True))
            done, left = _take_some(some, known, since, now)
            Taken.objects.bulk_create(Taken(name=row.name, at=now) for row in done if row.name not in known)
        settled += [row.pk for row in done]
        if left:  # what comes after it may belong to it
            break
    return settled


def _take_some(
    rows: Sequence[Arrival], known: Collection[str], since: datetime | None, now: datetime
) -> tuple[list[Arrival], int]:
    """Take in these, for as long as a transaction should keep others of the desk from writing; return which are done with, and how
    many were not looked at. Whoever has taken the face over can make each of them slow: by what it holds, or by locking the file."""
    ends = time.monotonic() + MOST_SECONDS
    done = []
    for count, row in enumerate(rows, 1):
        if row.name in known or _is_taken(row, since, now):
            done.append(row)
        if time.monotonic() > ends:
            return done, len(rows) - count
    return done, 0


@contextmanager
def _with_all_homes(hotline_id: int, portal_ids: Collection[int]) -> Iterator[None]:
    """Open a transaction that locks, beside this hotline, those that had its portals before or have them since, by number as whoever
    accepts a portal does: what came to one of them may belong to a report that another one has."""
    held = {hotline_id} | _homes(portal_ids)
    while True:
        with ExitStack() as locks:
            for one in sorted(held):
                locks.enter_context(hotline_transaction(one))
            new = _homes(portal_ids) - held if connection.features.has_select_for_update else set()
            if not new:
                yield
                return
        held |= new  # one was handed over while we waited


def _homes(portal_ids: Collection[int]) -> set[int]:
    return {
        one.hotline_id
        for home in portals_by_id(portal_ids).values()
        for one in (*former_portals(home), *(later_portals(home.id) if home.handed_over_at else ()))
    }


def _is_taken(row: Arrival, since: datetime | None, now: datetime) -> bool:
    problem = _take(row, since, now)
    if problem:
        _put_aside(row, problem)
    return not problem


def _put_aside(row: Arrival, problem: str) -> None:
    Arrival.objects.using(where.alias()).filter(pk=row.pk).update(problem=problem)


def _take(row: Arrival, since: datetime | None, now: datetime) -> str:
    """Take in one arrival, in its hotline's transaction, as of when the face says that it came, if that is after `since` and not
    after now; return "" or why that can't be done."""
    taker = TAKERS.get(row.kind)
    if taker is None:
        return UNKNOWN
    try:
        content = envelope.opened(row)
        opened = Opened(
            row.kind,
            row.hotline_number,
            row.portal_number,
            row.language,
            min(max(row.received_at, since or row.received_at), now),
            row.receipt,
            content,
        )
        with transaction.atomic():
            taker.take(opened)
    except NotAcceptable as refused:
        return refused.problem
    except NotYet:
        return WAITS
    except taker.silent:
        return ""
    except (OperationalError, InterfaceError, OSError, WordsKeyUnusable, WordsLocked):
        # Ours to mend: all of it is tried again soon.
        raise
    except Exception as error:  # nothing that a stranger sent may stop what others sent
        log.warning("spool.failed", extra={"kind": row.kind, "why": type(error).__name__})  # its text may hold words
        return FAILED
    return ""


def note_empty(now: datetime) -> None:
    """Note, once a minute, that nothing was in the spool at this moment, nor anything that could not be taken in."""
    known = Emptied.objects.values_list("at", flat=True).first()
    if known is not None and timedelta(0) <= now - known < NOTED_EVERY:
        return
    if not Arrival.objects.using(where.alias()).exists():
        Emptied.objects.bulk_create(
            [Emptied(pk=1, at=now)], update_conflicts=True, unique_fields=["id"], update_fields=["at"]
        )


def not_before(now: datetime) -> datetime | None:
    """Return before which moment nothing can have come in that waits now; None if that isn't known, or a clock was put back."""
    known = Emptied.objects.values_list("at", flat=True).first()
    return None if known is None or known > now else known - CLOCKS_DIFFER
