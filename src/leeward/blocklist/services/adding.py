"""Insert very many entries within the caller's transaction: a partner's list may have a million lines."""

from collections.abc import Iterable, Sequence
from itertools import islice

from django.db import connection

from leeward.blocklist.models import Entry

AT_ONCE = 10_000


def add_alike(first: Entry, columns: Sequence[str], rows: Iterable[Sequence[str]]) -> None:
    """Insert entries that equal `first`, which is not inserted itself, except for some text columns.

    They go in as plain SQL: creating an object for each line would take longer than the database does.
    """
    same = [field for field in Entry._meta.concrete_fields if not field.primary_key and field.attname not in columns]
    tail = tuple(field.get_db_prep_save(getattr(first, field.attname), connection) for field in same)
    names = ", ".join(map(connection.ops.quote_name, [*columns, *(str(field.column) for field in same)]))
    marks = ", ".join(["%s"] * (len(columns) + len(same)))
    table = connection.ops.quote_name(Entry._meta.db_table)
    statement = f"INSERT INTO {table} ({names}) VALUES ({marks})"  # noqa: S608 - our own names only
    waiting = iter(rows)
    with connection.cursor() as cursor:
        while batch := [(*row, *tail) for row in islice(waiting, AT_ONCE)]:  # Django keeps all its parameters in memory
            cursor.executemany(statement, batch)
