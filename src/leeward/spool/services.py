"""Every write of this slice. `put` is the public face's; all others are the desk's."""

import logging
import secrets
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import DatabaseError, IntegrityError, connections, transaction
from django.db.models import F, QuerySet
from django_scopes import scope

from leeward.foundation.together import Together
from leeward.people.queries import hotlines
from leeward.sealing import keys
from leeward.sealing.services import note_older_needed
from leeward.spool import envelope, owner, where
from leeward.spool.alone import alone
from leeward.spool.errors import (
    ELSEWHERE,
    FAILED,
    TOO_BIG,
    UNKNOWN,
    UNOPENED,
    UNREADABLE,
    WAITS,
)
from leeward.spool.models import Arrival, Card, Mark, Taken
from leeward.spool.queries.kept import names_of
from leeward.spool.registry import TELLERS, Shown
from leeward.spool.taking import take_all
from leeward.spool.values import (
    EVERY,
    MOST_SIZE,
    Bytes,
    changeable,
    changeable_cards,
    is_of_a_value,
    size_of,
    too_large_cards,
)
from leeward.tables import insert_all
from leeward.web_security.services import note_used

__all__ = [
    "Sending",
    "compare",
    "drop_given_up",
    "drop_waiting",
    "forget_taken",
    "let_in_again",
    "mark",
    "note_given_up",
    "pull",
    "push",
    "put",
    "try_again",
]
log = logging.getLogger(__name__)
BATCH, MOST_MARKS, MOST_BYTES = 200, 1000, 4_000_000
AGAIN = (UNKNOWN, UNOPENED, WAITS, FAILED, UNREADABLE, ELSEWHERE)  # a new version, or the right key, may take these in
MOST_AGAIN = 1000  # at once: whoever took the face over may have written a million
TAKEN_DAYS = 400  # for so long nobody can have the desk take in a copy
TURN_SECONDS = 0.1
_NAME_BYTES = 16


@dataclass(frozen=True, slots=True)
class Sending:
    """What the face writes down of one act: `content` is sealed, all else is in clear. `uses` is a digest that is noted as used with it."""

    kind: str
    hotline_id: int
    portal_id: int
    language: str
    at: datetime
    digest: str
    content: Mapping[str, Any]
    once: str = ""
    receipt: str = ""
    is_urgent: bool = False
    shows: Mapping[str, Any] | None = None
    uses: str = ""


def put(sending: Sending) -> bool:
    """Store an act of a stranger until the desk pulls it; return False where the same one waits already. What waits for the same
    receipt becomes urgent with it, for nothing may overtake what it belongs to."""
    arrival = Arrival(
        name=secrets.token_hex(_NAME_BYTES),
        digest=sending.digest,
        once=sending.once,
        kind=sending.kind,
        hotline_number=sending.hotline_id,
        portal_number=sending.portal_id,
        language=sending.language,
        received_at=sending.at,
        is_urgent=sending.is_urgent,
        receipt=sending.receipt,
        shows=sending.shows or {},
    )
    arrival.sealed = envelope.sealed(arrival, sending.content)
    is_open = connections[where.alias()].in_atomic_block
    try:
        (_line.do_alone if is_open else _line.do)((arrival, sending.uses))
    except IntegrityError:
        note_used(sending.uses)
        return False
    return True


def _transaction() -> AbstractContextManager[None]:
    return transaction.atomic(using=where.alias())


def _put(together: Sequence[tuple[Arrival, str]]) -> None:
    insert_all((arrival for arrival, _ in together), using=where.alias())
    note_used(*(uses for _, uses in together))
    urgent = [arrival.receipt for arrival, _ in together if arrival.is_urgent and arrival.receipt]
    if urgent:
        rows = Arrival.objects.using(where.alias())
        rows.filter(receipt__in=urgent, is_urgent=False).update(is_urgent=True)


_line = Together(_transaction, _put)


def mark(kind: str, number: int, hotline_id: int) -> None:
    """Note, in the caller's transaction, that what the receipt of this shows has changed."""
    if where.is_apart():
        Mark.objects.create(kind=kind, number=number, hotline_number=hotline_id)


def pull(now: datetime) -> int:
    """Take in what waits, urgent first, then oldest first, as much as one transaction should hold; return how many were looked at.
    Then write the cards that changed. Nothing is done twice, wherever this process is killed."""
    with alone() as is_ours:
        if not is_ours:
            return 0
        where.leave_replaced()
        rows = _next()
        if any(envelope.needs_older_key(row) for row in rows):
            note_older_needed(now)
        _push(take_all(rows, now) if rows else [])
        return len(rows)


def push() -> int:
    """Write the cards that changed; return how many marks that were."""
    with alone() as is_ours:
        where.leave_replaced()
        return _push([]) if is_ours else 0


def try_again(*, urgent_alone: bool = False) -> int:
    """Let what could not be taken in be tried once more, the newest of it; return how many."""
    rows = changeable()
    some = rows.filter(problem__in=AGAIN).order_by("-pk")
    some = some.filter(is_urgent=True) if urgent_alone else some
    return rows.filter(pk__in=list(some.values_list("pk", flat=True)[:MOST_AGAIN])).update(problem="")


def drop_waiting(receipt: str, hotline_id: int) -> int:
    """Delete what waits with a problem for a receipt that was taken back; return how much that was."""
    rows = Arrival.objects.using(where.alias()).filter(receipt=receipt, hotline_number=hotline_id).exclude(problem="")
    return rows.delete()[0]


def let_in_again(numbers: Sequence[int]) -> int:
    """Let these arrivals that could not be taken in be tried once more, soon; return how many are still there. Raises
    PublicFileOfAnother."""
    owner.need_ours()
    return changeable().filter(pk__in=numbers).exclude(problem="").update(problem="")


def settled(names: Iterable[str]) -> set[str]:
    """Return those of these names whose arrivals were taken in or given up."""
    return set(Taken.objects.filter(name__in=list(names)).values_list("name", flat=True))


def note_given_up(names: Iterable[str], now: datetime) -> None:
    """Write down, in the caller's transaction, that the arrivals of these names are never to be taken in: `drop_given_up` deletes them
    after it."""
    Taken.objects.bulk_create((Taken(name=name, at=now) for name in sorted(set(names))), ignore_conflicts=True)


def drop_given_up(numbers: Sequence[int]) -> int:
    """Delete for good those of these arrivals that were given up; return how many that were. Safe to run twice, and where another
    file was put in the place of the face's meanwhile: then a number is another arrival's, but its name isn't. Raises PublicFileOfAnother."""
    owner.need_ours()
    names = names_of(numbers)
    known = settled(names.values())
    # What has no name of ours is nobody's report.
    gone = [number for number in numbers if number not in names or names[number] in known]
    return changeable().filter(pk__in=gone).exclude(problem="").delete()[0]


def forget_taken(now: datetime) -> None:
    """Forget the names of arrivals that are gone from the spool for long."""
    old = Taken.objects.filter(at__lt=now - timedelta(days=TAKEN_DAYS)).order_by("name")
    for some in _some(old.values_list("name", flat=True)):
        there = set(Arrival.objects.using(where.alias()).filter(name__in=some).values_list("name", flat=True))
        Taken.objects.filter(name__in=set(some) - there).delete()


def compare() -> int:
    """Compare every card with what it should show, and mend it; return how many were mended. What came in is pulled meanwhile."""
    return sum(_compare(kind, hotline.id) for hotline in hotlines() for kind in TELLERS)


def _compare(kind: str, hotline_id: int) -> int:
    number: int | None = 0
    mended = 0
    while number is not None:
        with alone() as is_ours:
            if is_ours:
                where.leave_replaced()
                wrong, number = _compare_some(kind, hotline_id, number)
                mended += wrong
        if not is_ours:
            time.sleep(TURN_SECONDS)
    return mended


def _compare_some(kind: str, hotline_id: int, after: int) -> tuple[int, int | None]:
    """Mend the next cards; return how many were wrong, and after which number to go on (None: there are no more)."""
    teller = TELLERS[kind]
    with scope(hotline=hotline_id):
        numbers = teller.numbers_after(after, BATCH)
        shown = teller.shown(numbers)
    last = numbers[-1] if len(numbers) == BATCH else None
    part = changeable_cards().filter(kind=kind, hotline_number=hotline_id, number__gt=after)
    part = part if last is None else part.filter(number__lte=last)
    kept = _as_written(part)
    wrong = [
        one
        for one in {*shown, *(kept or ())}
        if not kept or one not in kept or one not in shown or _differs(kept[one], shown[one])
    ]
    if wrong or kept is None:
        with transaction.atomic(using=where.alias()):
            if kept is None:
                part.delete()
            _write_cards(kind, hotline_id, wrong, shown)
    return len(wrong), last


def _as_written(cards: QuerySet[Card]) -> dict[int, Card] | None:
    """Return cards by their numbers; None where they are more than there can be, or hold what no card holds: others wrote there."""
    size = sum((Bytes(name) for name in ("receipt", "once", "number")), start=Bytes("shows"))
    if cards.annotate(letters=size).filter(letters__gt=MOST_SIZE).exists():
        return None
    try:
        rows = list(cards[: 2 * BATCH])
    except (ValueError, TypeError, DatabaseError) as error:
        if not is_of_a_value(error):
            raise
        return None
    kept = {row.number: row for row in rows}
    is_ours = len(kept) == len(rows) < 2 * BATCH and all(type(number) is int for number in kept)
    return kept if is_ours else None


def _differs(card: Card, shown: Shown) -> bool:
    return (card.receipt, card.once, card.shows) != (shown.receipt, shown.once, shown.shows)


def _next() -> list[Arrival]:
    """Return the next arrivals, as many as fit into the memory that a batch may take; what is too big is put aside unread."""
    if not keys.may_open():
        return []
    rows = Arrival.objects.using(where.alias())
    waiting = changeable().filter(problem="").order_by(F("is_urgent").desc(), "id")
    total = 0
    chosen: list[int] = []
    too_big: list[int] = []
    for number, letters in waiting.annotate(letters=size_of(EVERY)).values_list("pk", "letters")[:BATCH]:
        if letters > MOST_SIZE:
            too_big.append(number)
            continue
        total += letters
        if chosen and total > MOST_BYTES:
            break
        chosen.append(number)
    if too_big:
        rows.filter(pk__in=too_big).update(problem=TOO_BIG)
    return _loaded(rows.defer("shows"), chosen)


def _loaded(rows: QuerySet[Arrival], numbers: Sequence[int]) -> list[Arrival]:
    """Return these arrivals in this order; one that can't even be read is put aside."""
    try:
        found = rows.filter(pk__in=numbers).in_bulk()
    except (ValueError, TypeError, DatabaseError) as error:  # SQLite keeps any bytes in any column
        if not is_of_a_value(error):
            raise
        found = {}
        for number in numbers:
            try:
                found |= rows.filter(pk=number).in_bulk()
            except (ValueError, TypeError, DatabaseError) as error:
                if not is_of_a_value(error):
                    raise
                rows.filter(pk=number).update(problem=UNREADABLE)
    return [found[number] for number in numbers if number in found]


def _push(settled: Sequence[int]) -> int:
    """Write the cards that are marked, and in the same transaction delete arrivals: none is gone before its card is there."""
    marks = list(Mark.objects.order_by("pk")[:MOST_MARKS])
    wanted: dict[tuple[str, int], set[int]] = {}
    for row in marks:
        wanted.setdefault((row.kind, row.hotline_number), set()).add(row.number)
    shown = {}
    for (kind, hotline_id), numbers in wanted.items():
        if kind in TELLERS:
            with scope(hotline=hotline_id):
                shown[kind, hotline_id] = TELLERS[kind].shown(sorted(numbers))
    if not (marks or settled):
        return 0
    with transaction.atomic(using=where.alias()), where.impatient():
        arrivals = Arrival.objects.using(where.alias())
        _delete_cards((kind, wanted[kind, hotline_id]) for kind, hotline_id in shown)
        for (kind, hotline_id), ones in shown.items():
            _write_cards(kind, hotline_id, wanted[kind, hotline_id], ones)
        if len(marks) < MOST_MARKS:  # otherwise those of what is settled may come later, and it is settled then
            arrivals.filter(pk__in=settled).delete()
    Mark.objects.filter(pk__in=[row.pk for row in marks]).delete()
    return len(marks)


def _delete_cards(kinds: Iterable[tuple[str, Iterable[int]]]) -> None:
    for kind, numbers in kinds:
        changeable_cards().filter(kind=kind, number__in=list(numbers)).delete()


def _write_cards(kind: str, hotline_id: int, numbers: Iterable[int], shown: Mapping[int, Shown]) -> None:
    """Write these cards anew. One that somebody else made too large to be written stays as it is, and stops no other."""
    numbers = set(numbers)
    _delete_cards([(kind, numbers)])
    too_large = too_large_cards([one.receipt for number, one in shown.items() if number in numbers])
    for number, one in shown.items():
        if one.receipt in too_large:
            log.warning("card.too_large", extra={"card": f"{kind} {number}", "hotline_id": hotline_id})
    Card.objects.using(where.alias()).bulk_create(
        (
            Card(
                receipt=one.receipt,
                once=one.once,
                hotline_number=hotline_id,
                kind=kind,
                number=number,
                shows=dict(one.shows),
            )
            for number, one in shown.items()
            if number in numbers and one.receipt not in too_large
        ),
        update_conflicts=True,
        unique_fields=["receipt"],
        update_fields=["once", "hotline_number", "kind", "number", "shows"],
    )


def _some(names: Iterable[str]) -> Iterator[list[str]]:
    part: list[str] = []
    for name in names:
        part.append(name)
        if len(part) == BATCH:
            yield part
            part = []
    if part:
        yield part
