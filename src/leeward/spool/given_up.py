"""What a person gave up of what could not be taken in: written down in the desk's database, then deleted from the public one."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from django.db import DatabaseError

from leeward.spool import where
from leeward.spool.models import Arrival, Taken
from leeward.spool.values import MOST_NAME, is_of_a_value, size_of


def note_given_up(numbers: Sequence[int], now: datetime) -> None:
    """Write down, in the caller's transaction, that these are never to be taken in: `drop_given_up` deletes them after it."""
    names = {name for name in map(_name_of, numbers) if name}
    Taken.objects.bulk_create((Taken(name=name, at=now) for name in sorted(names)), ignore_conflicts=True)


def drop_given_up(numbers: Iterable[int]) -> int:
    """Delete for good those of these arrivals that were given up; return how many that were. Safe to run twice, and where another
    file was put in the place of the face's meanwhile: then a number is another arrival's, but its name isn't."""
    dropped = 0
    for number in numbers:
        name = _name_of(number)
        if not name or Taken.objects.filter(name=name).exists():  # what has no name of ours is nobody's report
            rows = Arrival.objects.using(where.alias()).filter(pk=number).exclude(problem="")
            dropped += rows.delete()[0]
    return dropped


def _name_of(number: int) -> str:
    """Return the name of an arrival; "" where that is none of ours."""
    rows = Arrival.objects.using(where.alias()).annotate(size=size_of(("name",)))
    try:
        name: object = rows.filter(pk=number, size__lte=MOST_NAME).values_list("name", flat=True).first()
    except (ValueError, TypeError, DatabaseError) as error:
        if not is_of_a_value(error):
            raise
        return ""
    return name if isinstance(name, str) else ""
