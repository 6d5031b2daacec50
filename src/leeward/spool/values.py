"""What the columns of a row hold that somebody else may have written: SQLite keeps any value in any column."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.db import DatabaseError
from django.db.models import BigIntegerField, Func, QuerySet

from leeward.spool import where
from leeward.spool.models import Arrival, Card

MOST_NUMBER = 2**63 - 1
MOST_SIZE = 2_000_000  # letters of an arrival, which no form of ours reaches
MOST_CLEAR = 1_000  # of what finds and orders it
_NOT_READ = "shows"  # by the desk
EVERY = tuple(column.name for column in Arrival._meta.concrete_fields if column.name != "id")
MOST_ROW = 32_000_000  # bytes of a row that can be written again: the desk's connection takes no value above 64 million
WIDE = tuple(column.name for column in Arrival._meta.concrete_fields if column.name not in ("id", _NOT_READ))
_OF_A_CARD = tuple(column.name for column in Card._meta.concrete_fields)
MOST_LANGUAGE, MOST_NAME = 20, 32  # letters


class Bytes(Func):
    """How much room a value takes, asked without reading it. SQLite keeps any value in any column, and its `length` reads all of it."""

    template, output_field = "octet_length(CAST(%(expressions)s AS text))", BigIntegerField()

    def as_sqlite(self, compiler: Any, connection: Any, **more: Any) -> Any:
        return self.as_sql(compiler, connection, template="octet_length(%(expressions)s)", **more)


def size_of(columns: Sequence[str] = WIDE) -> Any:
    """Return how much room these columns of an arrival take together."""
    return sum((Bytes(name) for name in columns[1:]), start=Bytes(columns[0]))


def changeable() -> QuerySet[Arrival]:
    """Return the arrivals that the desk can write to: one whose values are too large for its connection would stop it for all others."""
    return Arrival.objects.using(where.alias()).alias(room=size_of(EVERY)).filter(room__lte=MOST_ROW)


def changeable_cards() -> QuerySet[Card]:
    """Return the cards that the desk can write to, as `changeable`."""
    return Card.objects.using(where.alias()).alias(room=size_of(_OF_A_CARD)).filter(room__lte=MOST_ROW)


def too_large_cards(receipts: Sequence[str]) -> set[str]:
    """Return those of these receipts whose cards the desk can neither write nor delete: somebody else wrote them."""
    rows = Card.objects.using(where.alias()).filter(receipt__in=receipts).alias(room=size_of(_OF_A_CARD))
    return set(rows.filter(room__gt=MOST_ROW).values_list("receipt", flat=True))


def is_of_a_value(error: Exception) -> bool:
    """Return whether this is about what one row holds, and not about the database."""
    return not isinstance(error, DatabaseError) or "Could not decode" in str(error)


def is_sound(row: Arrival) -> bool:
    """Return whether the clear columns are of the kinds that they should be."""
    numbers, texts = (
        (row.hotline_number, row.portal_number),
        (row.name, row.kind, row.language, row.receipt, row.sealed),
    )
    are_numbers = all(isinstance(one, int) and abs(one) <= MOST_NUMBER for one in numbers)
    if not are_numbers or not all(isinstance(one, str) for one in texts) or not isinstance(row.received_at, datetime):
        return False
    return len(row.language) <= MOST_LANGUAGE and len(row.name) <= MOST_NAME
