"""What many tests begin with, made once in each process by the code itself; in each further test its rows are put back, and the clock
goes on from when it was made. On SQLite only: on PostgreSQL, and between transactions, each test makes its own."""

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import itemgetter
from typing import Any

import time_machine
from django.db import connection

type Rows = set[tuple[Any, ...]]


@dataclass(frozen=True)
class _Kept:
    at: datetime
    rows: dict[str, Rows]
    answer: Any


_KEPT: dict[object, _Kept] = {}


def kept[Answer](key: object, make: Callable[[], Answer]) -> tuple[Answer, datetime | None]:
    """What `make` answered, with all that it wrote; and when that was, if its rows were put back. It depends on the key and on what
    every test has at this point only."""
    if connection.vendor != "sqlite" or not connection.in_atomic_block:
        return make(), None
    if key not in _KEPT:
        before = _rows()
        answer = make()
        rows = {table: left for table, now in _rows().items() if (left := now - before[table])}
        _KEPT[key] = _Kept(datetime.now(UTC), rows, answer)
        return answer, None
    found = _KEPT[key]
    with connection.cursor() as cursor:
        for table, rows in found.rows.items():
            marks = ", ".join(["%s"] * len(next(iter(rows))))
            cursor.executemany(f"INSERT OR REPLACE INTO {table} VALUES ({marks})", sorted(rows, key=itemgetter(0)))
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
    """Every row of every table."""
    found = {}
    with connection.cursor() as cursor:
        for table in connection.introspection.django_table_names(only_existing=True, include_views=False):
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(table)}")
            found[table] = set(cursor.fetchall())
    return found
