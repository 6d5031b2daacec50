"""What the public face reads of the spool, and how it stands."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import DatabaseError, connection
from django.db.models import BigIntegerField, Count, Q
from django.db.models.functions import Cast

from leeward.backup.errors import BackupNotMade
from leeward.foundation.lazy_text import LazyText as _
from leeward.spool import where
from leeward.spool.errors import FAILED, LATE, UNREADABLE
from leeward.spool.models import Arrival, Card, Mark
from leeward.spool.owner import is_of_another
from leeward.spool.taking import CLOCKS_DIFFER, not_before

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
        changes_nothing = shows is not None and problem in (UNREADABLE, LATE)  # of what the desk wrote
        if number == hotline_id and not changes_nothing:
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


def waiting_outside(now: datetime) -> datetime | None:
    """Return since when the oldest arrival waits that no backup has, whether or not it can be taken in: those in a file of the public face's
    own, and all on PostgreSQL; None if none does. Whoever has taken the face over may write any time: none counts as of before the spool was
    last seen empty. Where they can't be looked at, or the file is another installation's, or one of them has no time, or all have one to come, it
    is since then. Raises BackupNotMade where nobody knows that: it would claim that nothing waits."""
    if not where.is_apart() and connection.vendor != "postgresql":
        return None
    why, since = "no time", not_before(now)
    try:
        if is_of_another():
            why = "another installation’s"
        elif (oldest := _oldest_claimed()) is None:
            return None
        elif oldest[0] is not None and oldest[0] <= now + CLOCKS_DIFFER:
            return min(max(oldest[0], since or oldest[0]), now)
    except (DatabaseError, ValueError, TypeError) as error:
        why = str(error) or type(error).__name__
    if since is None:
        raise BackupNotMade(why=_("what waits for the desk can’t be looked at ({problem})", problem=why))
    return since


def _oldest_claimed() -> tuple[datetime | None] | None:
    rows = Arrival.objects.using(where.alias()).order_by("received_at")
    return rows.values_list("received_at").first()


def kept_back() -> dict[int, int]:
    """Return how many arrivals of each hotline could not be taken in; what is no number counts as 0."""
    rows = Arrival.objects.using(where.alias()).exclude(problem="").order_by()
    homes = rows.annotate(home=Cast("hotline_number", BigIntegerField())).values_list("home")
    return dict(homes.annotate(Count("pk")))


def is_empty() -> bool:
    """Return whether nothing at all is in the spool, nor anything that could not be taken in. Raises DatabaseError where that can't
    be seen now, and ValueError where the database is damaged."""
    where.leave_replaced()
    return not Arrival.objects.using(where.alias()).exists()


def has_work() -> bool:
    """Return whether there is something to pull or to push."""
    return Arrival.objects.using(where.alias()).filter(problem="").exists() or Mark.objects.exists()
