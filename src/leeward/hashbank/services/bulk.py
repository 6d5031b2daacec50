"""Many rows at once, as plain SQL: an import of a million entries must not make a million objects of the ORM."""

import json
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from typing import Any

from django.db import connection, models

from leeward.hashbank.models import InquiryMatch, Record, RecordHash, Vote

_USUAL_CACHE_KB, _LARGE_CACHE_KB = 32_000, 256_000


@contextmanager
def large_cache() -> Iterator[None]:
    """Let SQLite keep more of its indexes in memory: digests come in no order, so an import goes all over them."""
    if connection.vendor != "sqlite":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute(f"PRAGMA cache_size = -{_LARGE_CACHE_KB}")
        try:
            yield
        finally:
            cursor.execute(f"PRAGMA cache_size = -{_USUAL_CACHE_KB}")


def reserve_ids(model: type[models.Model], count: int) -> range | list[int]:
    """Numbers for new rows of a table, in order; nobody else gets them. The caller is in a turn of the bank."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            row = cursor.fetchone()
            last = int(row[0]) if row else 0
            return range(last + 1, last + 1 + count)
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return [int(number) for (number,) in cursor.fetchall()]


def insert(model: type[models.Model], names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    """Insert rows of these columns."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(name) for name in names)
    places = ", ".join(["%s"] * len(names))
    with connection.cursor() as cursor:
        cursor.executemany(f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places})", list(rows))  # noqa: S608 - names are ours


@lru_cache(maxsize=4096)
def kept_moment(at: datetime) -> Any:
    """A moment as the database keeps it; rows that are inserted here hold such."""
    return connection.ops.adapt_datetimefield_value(at)


RECORD_COLUMNS = (
    "id", "hotline_id", "bank_id", "revision", "media", "state", "is_baseline", "facts", "series", "victim_status",
    "offender_status", "first_seen", "last_seen", "brought_by",
)  # fmt: skip
HASH_COLUMNS = ("id", "hotline_id", "record_id", "kind", "key", "value", "quality", "second", "aside")
VOTE_COLUMNS = (
    "hotline_id", "record_id", "source", "verdict", "label", "foreign_id", "at", "case_id", "brought_by",
)  # fmt: skip


def insert_records(rows: Iterable[Sequence[Any]]) -> None:
    """Insert records; columns as in RECORD_COLUMNS, facts as JSON text."""
    insert(Record, RECORD_COLUMNS, rows)


def insert_hashes(rows: Iterable[Sequence[Any]]) -> None:
    """Insert hashes; columns as in HASH_COLUMNS."""
    insert(RecordHash, HASH_COLUMNS, rows)


def upsert_votes(rows: Iterable[Sequence[Any]]) -> None:
    """Insert votes, or replace what the same source said of the same record; columns as in VOTE_COLUMNS."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(name) for name in VOTE_COLUMNS)
    places = ", ".join(["%s"] * len(VOTE_COLUMNS))
    changes = ", ".join(f"{quote(name)} = excluded.{quote(name)}" for name in VOTE_COLUMNS[3:])
    sql = (
        f"INSERT INTO {quote(Vote._meta.db_table)} ({columns}) VALUES ({places}) "  # noqa: S608 - names are ours
        f"ON CONFLICT ({quote('record_id')}, {quote('source')}) DO UPDATE SET {changes}"
    )
    with connection.cursor() as cursor:
        cursor.executemany(sql, list(rows))


def insert_inquiry_matches(rows: Iterable[Sequence[Any]]) -> None:
    """Insert hotline, inquiry, record, match and moment of what an inquiry met; what it met before stays as it is."""
    table = connection.ops.quote_name(InquiryMatch._meta.db_table)
    sql = (
        f'INSERT INTO {table} (hotline_id, inquiry_id, record_id, "match", at) VALUES (%s, %s, %s, %s, %s) '  # noqa: S608 - our own table's name
        "ON CONFLICT (inquiry_id, record_id) DO NOTHING"
    )
    with connection.cursor() as cursor:
        cursor.executemany(sql, list(rows))


def settle_records(rows: Iterable[Sequence[Any]]) -> None:
    """Write state, baseline, revision and last seen of records, each row ending with the record's number."""
    table = connection.ops.quote_name(Record._meta.db_table)
    sql = f"UPDATE {table} SET state = %s, is_baseline = %s, revision = %s, last_seen = %s WHERE id = %s"  # noqa: S608 - our own table's name
    with connection.cursor() as cursor:
        cursor.executemany(sql, list(rows))


def as_json(facts: Any) -> str:
    """Facts as the column holds them."""
    return json.dumps(facts, separators=(",", ":")) if facts else "{}"
