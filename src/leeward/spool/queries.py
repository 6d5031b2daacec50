"""What the public face reads of the spool, and how it stands."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import DatabaseError
from django.db.models import Count, Q

from leeward.sealing import keys
from leeward.spool import envelope, where
from leeward.spool.errors import FAILED, UNREADABLE, WAITS, NotAcceptable
from leeward.spool.models import Arrival, Card, Mark
from leeward.spool.values import MOST_CLEAR, MOST_SIZE, is_of_a_value, is_sound, size_of
from leeward.web_security.paging import Page, page_of

PER_PAGE = 50


@dataclass(frozen=True, slots=True)
class Waiting:
    """An act that the desk hasn't pulled yet, as far as its sender may see it."""

    kind: str
    at: datetime
    shows: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Held:
    """What is there for a receipt: its card, if the desk wrote one, what waits, oldest first, and the digests of the forms that it all
    came with, in whatever hotline."""

    shows: Mapping[str, Any] | None
    waiting: Sequence[Waiting]
    forms: frozenset[str]

    def is_of_another(self, once: str) -> bool:
        """Return whether the receipt belongs to what came with another form."""
        return bool(self.forms - {once})


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


def held_for(receipt: str, hotline_id: int) -> Held:
    """Return what is there for the hash of a receipt, in a hotline; two look-ups, whatever is found."""
    arrivals = Arrival.objects.using(where.alias()).filter(receipt=receipt).order_by("id")
    cards = Card.objects.using(where.alias()).filter(receipt=receipt)
    card = cards.values_list("hotline_number", "once", "shows").first()
    shows = card[2] if card is not None and card[0] == hotline_id else None
    waiting, forms = [], {card[1]} if card is not None else set()
    for number, once, problem, *row in arrivals.values_list(
        "hotline_number", "once", "problem", "kind", "received_at", "shows"
    ):
        forms.add(once)
        is_forged = shows is not None and problem == UNREADABLE  # that changes nothing of what the desk wrote
        if number == hotline_id and not is_forged:
            waiting.append(Waiting(*row))
    return Held(shows, waiting, frozenset(forms - {""}))


def came_with(once: str) -> bool:
    """Return whether something came with the form of this digest."""
    return any(rows.using(where.alias()).filter(once=once).exists() for rows in (Arrival.objects, Card.objects))


def is_kept_back(receipt: str, hotline_id: int) -> bool:
    """Return whether something that came with this receipt could not be taken in."""
    rows = Arrival.objects.using(where.alias()).filter(receipt=receipt, hotline_number=hotline_id)
    return rows.exclude(problem="").exists()


def oldest_waiting() -> datetime | None:
    """Return since when the oldest arrival waits that can be taken in, or that is urgent and was put aside; None if there is none."""
    rows = Arrival.objects.using(where.alias()).filter(Q(problem="") | Q(is_urgent=True, problem=FAILED)).order_by("id")
    try:
        return rows.values_list("received_at", flat=True).first()
    except (ValueError, TypeError):  # no time at all: the next pull puts it aside
        return None


def waiting_outside() -> datetime | None:
    """Return since when the oldest arrival waits in a database of the public face's own, which no backup has; None if none does, or
    the database can't be read now."""
    try:
        return oldest_waiting() if where.is_apart() else None
    except DatabaseError:
        return None


def kept_back() -> dict[int, int]:
    """Return how many arrivals of each hotline could not be taken in."""
    rows = Arrival.objects.using(where.alias()).exclude(problem="").order_by().values_list("hotline_number")
    return dict(rows.annotate(Count("pk")))


def kept_back_page(hotline_id: int, number: str | int | None) -> Page[KeptBack]:
    """Return a page of what of a hotline could not be taken in, newest first."""
    rows = Arrival.objects.using(where.alias()).filter(hotline_number=hotline_id).exclude(problem="").order_by("-id")
    page = page_of(rows.only("pk"), number, per_page=PER_PAGE)
    found = _kept([row.pk for row in page.rows], hotline_id)
    return Page(found, page.number, page.per_page, page.total, page.total_is_exact)


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


def waiting_for(row: KeptBack) -> list[KeptBack]:
    """Return what waits for this alone: what was said with the same receipt, where nothing else that it may belong to has a problem."""
    if not row.receipt or row.problem == WAITS:
        return []
    rows = Arrival.objects.using(where.alias()).filter(receipt=row.receipt, hotline_number=row.hotline_id)
    others = rows.exclude(problem="").exclude(pk=row.number).order_by("id")
    if others.exclude(problem=WAITS).exists():
        return []
    return _kept(list(others.values_list("pk", flat=True)[:PER_PAGE]))


def words_of(row: KeptBack) -> Mapping[str, Any] | None:
    """Return what an arrival holds; None where it can't be opened here, or is not what it says it is."""
    rows = Arrival.objects.using(where.alias()).annotate(size=size_of()).filter(pk=row.number, size__lte=MOST_SIZE)
    try:
        found = rows.defer("shows").first() if keys.may_open() else None
        return envelope.opened(found) if found is not None and is_sound(found) else None
    except NotAcceptable:
        return None
    except (ValueError, TypeError, DatabaseError) as error:
        if not is_of_a_value(error):
            raise
        return None


def _kept(numbers: Sequence[int], hotline_id: int = 0) -> list[KeptBack]:
    """Return these, known to be this hotline's, as far as they can be read, in this order: SQLite keeps any bytes in any column."""
    try:
        found = _read(numbers)
    except (ValueError, TypeError, DatabaseError) as error:
        if not is_of_a_value(error):
            raise
        found = {}
        for number in numbers:
            try:
                found |= _read([number])
            except (ValueError, TypeError, DatabaseError) as error:
                if not is_of_a_value(error):
                    raise
    return [found.get(number, KeptBack(number, hotline_id)) for number in numbers]


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


def has_work() -> bool:
    """Return whether there is something to pull or to push."""
    return Arrival.objects.using(where.alias()).filter(problem="").exists() or Mark.objects.exists()
