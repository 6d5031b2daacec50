"""What many tests begin with, made once in each process by the code itself; in each further test its rows are put back, and the clock
goes on from when it was made. A test with transactions of its own makes its own."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache
from typing import Any

import time_machine
from django.db import connection

type Rows = set[tuple[Any, ...]]


@dataclass(frozen=True)
class _Kept:
    at: datetime
    rows: dict[str, Rows]
    changed: set[str]  # tables with a row that was another one before
    answer: Any


_KEPT: dict[object, _Kept] = {}


def kept[Answer](key: object, make: Callable[[], Answer]) -> tuple[Answer, datetime | None]:
    """What `make` answered, with all that it wrote; and when that was, if its rows were put back. It depends on the key and on what
    every test has at this point only."""
    if not connection.in_atomic_block:
        return make(), None
    if key not in _KEPT:
        before = _rows()
        answer = make()
        after = _rows()
        rows = {table: left for table, now in after.items() if (left := now - before[table])}
        changed = {table for table, now in after.items() if before[table] - now}
        _KEPT[key] = _Kept(datetime.now(UTC), rows, changed, answer)
        return answer, None
    found = _KEPT[key]
    with connection.cursor() as cursor:
        for table, rows in found.rows.items():
            _put_back(cursor, table, sorted(rows, key=_number), over_others=table in found.changed)
    return found.answer, found.at


class Beginnings:
    """What one test begins with; to be opened when the test's cast is there and nothing else was written."""

    def __init__(self) -> None:
        self._stack = ExitStack()
        self._written = _written()

    def __enter__(self) -> "Beginnings":
        return self

    def __exit__(self, *_: object) -> None:
        self._stack.close()

    def made[Answer](self, key: object, make: Callable[[], Answer]) -> Answer:
        """What `make` answers, with all that it writes; it depends on the cast and the key only, and answers something plain."""
        assert _written() == self._written, "something was written before: make it anew"
        answer, at = kept(key, make)
        if at is not None:
            self._stack.enter_context(time_machine.travel(at, tick=True))
        return answer


def _written() -> int:
    """How many rows this connection has written."""
    return connection.connection.total_changes if connection.vendor == "sqlite" else 0


def _rows() -> dict[str, Rows]:
    """Every row of every table; on PostgreSQL as the one text that it makes of a row."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True, include_views=False):
            name = connection.ops.quote_name(table)
            cursor.execute(f"SELECT {name}::text FROM {name}" if _is_postgres() else f"SELECT * FROM {name}")
            found[table] = set(cursor.fetchall())
    return found


def _put_back(cursor: Any, table: str, rows: list[tuple[Any, ...]], *, over_others: bool) -> None:
    """Write rows as they were, also over those that are there with the same key."""
    if not _is_postgres():
        cursor.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({', '.join(['%s'] * len(rows[0]))})", rows)
        return
    name = connection.ops.quote_name(table)
    put = f"INSERT INTO {name} SELECT (one).* FROM (SELECT unnest(%s::text[])::{name} AS one) AS given"
    if over_others:  # and nowhere else: where rows are only added, their table refuses to change any
        keys, columns = _columns(table)
        fresh = ", ".join(f"{column} = EXCLUDED.{column}" for column in columns if column not in keys)
        put += f" ON CONFLICT ({', '.join(keys)}) DO UPDATE SET {fresh}"
    cursor.execute(put, [[text for (text,) in rows]])


def _number(row: tuple[Any, ...]) -> Any:
    """What rows are sorted by: their first value, a number as such."""
    if not _is_postgres():
        return row[0]
    first = row[0][1:].partition(",")[0]
    return (int(first), "") if first.isdecimal() else (0, first)


@cache
def _columns(table: str) -> tuple[list[str], list[str]]:
    """The columns of a table's key, and all."""
    with connection.cursor() as cursor:
        keys = connection.introspection.get_primary_key_columns(cursor, table)
        columns = [column.name for column in connection.introspection.get_table_description(cursor, table)]
    quoted = connection.ops.quote_name
    return [quoted(key) for key in keys or ()], [quoted(column) for column in columns]


def _is_postgres() -> bool:
    return connection.vendor == "postgresql"
