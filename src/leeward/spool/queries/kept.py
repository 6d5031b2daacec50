"""What could not be taken in, as far as it can be read: SQLite keeps any bytes in any column, and others may have written them."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import DatabaseError
from django.db.models import Q

from leeward.sealing import keys
from leeward.sealing.errors import WordsLocked
from leeward.spool import envelope, where
from leeward.spool.errors import UNREADABLE, WAITS, NotAcceptable
from leeward.spool.models import Arrival
from leeward.spool.values import MOST_CLEAR, MOST_NAME, MOST_NUMBER, MOST_SIZE, is_of_a_value, is_sound, size_of
from leeward.web_security.paging import Page, page_of

PER_PAGE = 50
MOST_REST = 1000  # of what has the same receipts: where it is more, others wrote there, and nothing belongs to anything


@dataclass(frozen=True, slots=True)
class KeptBack:
    """An arrival that could not be taken in, as far as it can be read unopened. Where others wrote what none of our forms writes,
    `hotline_id` and `portal_id` are 0, `kind` and `receipt` "", `at` is None."""

    number: int
    hotline_id: int = 0
    portal_id: int = 0
    kind: str = ""
    at: datetime | None = None
    problem: str = UNREADABLE
    is_urgent: bool = False
    receipt: str = ""


@dataclass(frozen=True, slots=True)
class WithRest:
    """One of them, the numbers of what waits for it alone, and the names of all these, as far as they are ours."""

    row: KeptBack
    rest: Sequence[int]
    names: Sequence[str]

    @property
    def numbers(self) -> list[int]:
        """Return its number and those of what waits for it."""
        return [self.row.number, *self.rest]


def kept_back_page(hotline_id: int, number: str | int | None) -> Page[KeptBack]:
    """Return a page of what of a hotline could not be taken in, newest first."""
    rows = Arrival.objects.using(where.alias()).filter(hotline_number=hotline_id).exclude(problem="").order_by("-id")
    page = page_of(rows.only("pk"), number, per_page=PER_PAGE)
    found = _kept([row.pk for row in page.rows], hotline_id)
    return Page(found, page.number, page.per_page, page.total, page.total_is_exact)


def numbers_kept_back(hotline_id: int, problem: str, most: int, *, up_to: int = MOST_NUMBER) -> list[int]:
    """Return the numbers of what could not be taken in of a hotline for one reason, newest first."""
    rows = Arrival.objects.using(where.alias()).filter(hotline_number=hotline_id, pk__lte=up_to).exclude(problem="")
    return list(rows.filter(problem=problem).order_by("-id").values_list("pk", flat=True)[:most])


def these_kept_back(numbers: Sequence[int], hotline_id: int) -> list[KeptBack]:
    """Return these of a hotline, in this order."""
    return _kept(numbers, hotline_id)


def all_kept_back() -> Iterator[KeptBack]:
    """Give what could not be taken in of every hotline, newest first, a part at a time."""
    rows = Arrival.objects.using(where.alias()).exclude(problem="").order_by("-id")
    numbers = list(rows.values_list("pk", flat=True)[:PER_PAGE])
    while numbers:
        yield from _kept(numbers)
        numbers = list(rows.filter(pk__lt=numbers[-1]).values_list("pk", flat=True)[:PER_PAGE])


def one_kept_back(number: int, hotline_id: int | None) -> KeptBack | None:
    """Return one arrival of a hotline that could not be taken in; of any, or of none, if that is None."""
    rows = Arrival.objects.using(where.alias()).filter(pk=number).exclude(problem="")
    rows = rows if hotline_id is None else rows.filter(hotline_number=hotline_id)
    return _kept([number], hotline_id or 0)[0] if rows.exists() else None


def kept_back_of(receipt: str, hotline_id: int) -> dict[int, str]:
    """Return what came with a receipt and could not be taken in, by its numbers: its name, "" where it has none of ours."""
    rows = Arrival.objects.using(where.alias()).filter(receipt=receipt, hotline_number=hotline_id).exclude(problem="")
    numbers = list(rows.values_list("pk", flat=True)[:MOST_REST])
    return dict.fromkeys(numbers, "") | names_of(numbers)


def waiting_for(row: KeptBack) -> list[KeptBack]:
    """Return what waits for this alone: what was said with the same receipt, where nothing else that it may belong to has a problem."""
    return _kept(_rest([row]).get(row.number, []))


def with_rest(numbers: Sequence[int], hotline_id: int | None) -> list[WithRest]:
    """Return those of these arrivals of a hotline that could not be taken in, each with what waits for it alone; of any hotline, or of
    none, if that is None."""
    rows = Arrival.objects.using(where.alias()).filter(pk__in=numbers).exclude(problem="")
    rows = rows if hotline_id is None else rows.filter(hotline_number=hotline_id)
    still = set(rows.values_list("pk", flat=True))
    found = _kept([number for number in numbers if number in still], hotline_id or 0)
    rest = _rest(found)
    names = names_of([*still, *(one for some in rest.values() for one in some)])
    made = [WithRest(row, rest.get(row.number, ()), ()) for row in found]
    return [WithRest(one.row, one.rest, [names[number] for number in one.numbers if number in names]) for one in made]


def _rest(rows: Sequence[KeptBack]) -> dict[int, list[int]]:
    of_receipt = {(row.receipt, row.hotline_id): row.number for row in rows if row.receipt and row.problem != WAITS}
    found: dict[int, list[int]] = {}
    has_others: set[int] = set()
    receipts, hotlines = ({key[which] for key in of_receipt} for which in (0, 1))
    same = Arrival.objects.using(where.alias()).filter(receipt__in=receipts, hotline_number__in=hotlines)
    same = same.exclude(problem="").annotate(waits=Q(problem=WAITS)).order_by("id")
    some = list(same.values_list("pk", "receipt", "hotline_number", "waits")[: MOST_REST + 1])
    for pk, receipt, hotline_id, waits in some if len(some) <= MOST_REST else ():
        number = of_receipt.get((receipt, hotline_id))
        if number is not None and waits:
            found.setdefault(number, []).append(pk)
        elif number not in (None, pk):
            has_others.add(number)
    return {number: rest[:PER_PAGE] for number, rest in found.items() if number not in has_others}


def names_of(numbers: Sequence[int]) -> dict[int, str]:
    """Return the names of arrivals by their numbers, without those that have no name of ours."""
    rows = Arrival.objects.using(where.alias()).annotate(size=size_of(("name",))).filter(size__lte=MOST_NAME)

    def read(some: Sequence[int]) -> dict[int, str]:
        named = rows.filter(pk__in=some).values_list("pk", "name")
        return {number: name for number, name in named if isinstance(name, str) and name}

    return _each(numbers, read)


def words_of(row: KeptBack) -> Mapping[str, Any] | None:
    """Return what an arrival holds; None where it can't be opened here, or is not what it says it is."""
    rows = Arrival.objects.using(where.alias()).annotate(size=size_of()).filter(pk=row.number, size__lte=MOST_SIZE)
    try:
        found = rows.defer("shows").first() if keys.may_open() else None
        return envelope.opened(found) if found is not None and is_sound(found) else None
    except (NotAcceptable, WordsLocked):
        return None
    except (ValueError, TypeError, DatabaseError) as error:
        if not is_of_a_value(error):
            raise
        return None


def _kept(numbers: Sequence[int], hotline_id: int = 0) -> list[KeptBack]:
    """Return these, known to be this hotline's, as far as they can be read, in this order."""
    found = _each(numbers, _read)
    return [found.get(number, KeptBack(number, hotline_id)) for number in numbers]


def _each[Found](numbers: Sequence[int], read: Callable[[Sequence[int]], dict[int, Found]]) -> dict[int, Found]:
    """Read all of them at once; where one can't be read, one by one without it."""
    try:
        return read(numbers)
    except (ValueError, TypeError, DatabaseError) as error:
        if not is_of_a_value(error):
            raise
        return (
            _each(numbers[: len(numbers) // 2], read) | _each(numbers[len(numbers) // 2 :], read) if numbers[1:] else {}
        )


def _read(numbers: Sequence[int]) -> dict[int, KeptBack]:
    columns = ("hotline_number", "portal_number", "kind", "received_at", "problem", "is_urgent", "receipt")
    rows = Arrival.objects.using(where.alias()).annotate(size=size_of(columns))
    values = rows.filter(pk__in=numbers, size__lte=MOST_CLEAR).values_list("pk", *columns)
    return {
        pk: KeptBack(
            pk,
            hotline if isinstance(hotline, int) else 0,
            portal if isinstance(portal, int) else 0,
            kind if isinstance(kind, str) else "",
            _moment(at),
            str(problem),
            bool(is_urgent),
            receipt if isinstance(receipt, str) else "",
        )
        for pk, hotline, portal, kind, at, problem, is_urgent, receipt in values
    }


def _moment(at: object) -> datetime | None:
    try:
        return at.astimezone(UTC) if isinstance(at, datetime) else None
    except (OverflowError, ValueError):
        return None
