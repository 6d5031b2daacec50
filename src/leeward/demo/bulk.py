"""Writing very many rows at once: plain inserts on SQLite, COPY on PostgreSQL. For made-up data only."""

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.db import connection, models
from django_scopes import scopes_disabled


class Table:
    """Rows of one model to be written; they are numbered here, starting after the highest number in use."""

    def __init__(self, model: type[models.Model]) -> None:
        self.name = model._meta.db_table
        fields = model._meta.concrete_fields
        self.columns = [str(field.column) for field in fields]
        self._places = {field.attname: number for number, field in enumerate(fields)}
        self._blank: list[Any] = [_plain(field.get_default()) if field.has_default() else None for field in fields]
        self._rows: list[list[Any]] = []
        self._model = model
        self.last = 0
        self.read_newest()

    def read_newest(self) -> None:
        """Read the highest number now in use: others may have written since."""
        with scopes_disabled():
            newest = self._model._base_manager.aggregate(newest=models.Max("pk"))["newest"]
        self.last = newest or 0

    def reserve(self, rows: int) -> None:
        """Reserve this many numbers in the database, so that concurrent writers get later ones."""
        self.read_newest()
        if connection.vendor != "postgresql":
            return  # there the one transaction that writes keeps all others out
        sequence = f"pg_get_serial_sequence('{self.name}', 'id')"
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT setval({sequence}, greatest(nextval({sequence}), %s) + %s)", [self.last, rows])
            self.last = max(self.last, int(cursor.fetchone()[0]) - rows)

    def add(self, **values: Any) -> int:
        """Queue a row and return its number."""
        self.last += 1
        row = self._blank.copy()
        row[0] = self.last
        for name, value in values.items():
            row[self._places[name]] = value
        self._rows.append(row)
        return self.last

    def write(self) -> int:
        """Write the queued rows in the caller's transaction and return their count."""
        written, self._rows = self._rows, []
        if connection.vendor == "sqlite":
            _insert(self.name, self.columns, written)
        else:
            _copy(self.name, self.columns, written)
        return len(written)


def moment_writer() -> Callable[[datetime], Any]:
    """Return a time in the form that this database stores."""
    if connection.vendor == "sqlite":
        return lambda at: at.replace(tzinfo=None).isoformat(" ")
    return lambda at: at


def _plain(value: Any) -> Any:
    return json.dumps(value) if isinstance(value, list | dict) else value


def _insert(name: str, columns: list[str], rows: list[list[Any]]) -> None:
    marks = ", ".join("?" for _ in columns)
    quoted = ", ".join(f'"{column}"' for column in columns)
    connection.ensure_connection()
    assert connection.connection is not None
    connection.connection.executemany(f'INSERT INTO "{name}" ({quoted}) VALUES ({marks})', rows)


def _copy(name: str, columns: list[str], rows: list[list[Any]]) -> None:
    quoted = ", ".join(f'"{column}"' for column in columns)
    with (
        connection.cursor() as cursor,
        cursor.cursor.copy(f'COPY "{name}" ({quoted}) FROM STDIN') as target,
    ):
        for row in rows:
            target.write_row(row)
