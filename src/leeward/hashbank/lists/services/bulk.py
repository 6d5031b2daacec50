"""Bulk inserts as plain SQL: an import of a million entries must not create a million ORM objects."""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from functools import lru_cache
from itertools import batched
from typing import Any

from django.db import connection, models

from leeward.hashbank.models import InquiryMatch, Membership, Record, RecordHash, Vote
from leeward.hashbank.numbers import among
from leeward.hashbank.scene import hotline_here

_USUAL = {"cache_size": -32_000, "wal_autocheckpoint": 1_000}
_MANY_ROWS = {"cache_size": -256_000, "wal_autocheckpoint": 50_000}


@contextmanager
def many_rows() -> Iterator[None]:
    """Tune SQLite for bulk inserts.

    Digests arrive in no order, so every batch changes pages all over the indexes: the cache is larger and the WAL is
    checkpointed less often. Foreign keys are not checked per row, because the rows they refer to were inserted or read
    in the same transaction.
    """
    if connection.vendor != "sqlite":
        yield
        return
    with connection.constraint_checks_disabled(), connection.cursor() as cursor:
        _set(cursor, _MANY_ROWS)
        try:
            yield
        finally:
            _set(cursor, _USUAL)
            if not connection.in_atomic_block:
                cursor.execute("PRAGMA wal_checkpoint(PASSIVE)")  # does not wait for other connections


def _set(cursor: Any, values: Mapping[str, int]) -> None:
    for name, value in values.items():
        cursor.execute(f"PRAGMA {name} = {value}")


def reserve_ids(model: type[models.Model], count: int) -> range | list[int]:
    """Reserve ids for new rows of a table, in order. The caller must be in a bank transaction."""
    table = model._meta.db_table
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [table])
            row = cursor.fetchone()
            last = int(row[0]) if row else 0
            return range(last + 1, last + 1 + count)
        cursor.execute("SELECT nextval(pg_get_serial_sequence(%s, 'id')) FROM generate_series(1, %s)", [table, count])
        return [int(number) for (number,) in cursor.fetchall()]


def _insert(
    model: type[models.Model],
    names: Sequence[str],
    rows: Iterable[Sequence[Any]],
    *,
    on_conflict: str = "",
    **same: int,
) -> None:
    """Insert rows with these columns; `same` holds the values that are equal in every row."""
    quote = connection.ops.quote_name
    columns = ", ".join(quote(name) for name in (*names, *same))
    places = ", ".join([*["%s"] * len(names), *(str(value).upper() for value in same.values())])
    sql = f"INSERT INTO {quote(model._meta.db_table)} ({columns}) VALUES ({places}) {on_conflict}"  # noqa: S608 - names and numbers are ours
    with connection.cursor() as cursor:
        cursor.executemany(sql, list(rows))


@lru_cache(maxsize=4096)
def kept_moment(at: datetime) -> Any:
    """Convert a datetime to the form that the database stores, as the bulk inserts need it."""
    return connection.ops.adapt_datetimefield_value(at)


RECORD_COLUMNS = (
    "id", "media", "state", "is_baseline", "facts", "series", "victim_status", "offender_status", "first_seen", "last_seen",
)  # fmt: skip
HASH_COLUMNS = ("id", "record_id", "kind", "key", "value", "quality", "second", "kept_here")
VOTE_COLUMNS = (
    "record_id", "source_id", "via_id", "verdict", "label", "facts", "share", "foreign_id", "at",
)  # fmt: skip


def insert_records(rows: Iterable[Sequence[Any]], *, revision: int, brought_by: int) -> None:
    """Insert records; columns as in RECORD_COLUMNS, facts as JSON text."""
    _insert(Record, RECORD_COLUMNS, rows, hotline_id=hotline_here(), revision=revision, brought_by=brought_by)


def insert_memberships(record_ids: Iterable[int], *, bank_id: int, brought_by: int) -> list[int]:
    """Put records into a bank; return those that were not yet in it."""
    ids = sorted(set(record_ids))
    there: set[int] = set()
    for some in batched(ids, 10_000):
        found = Membership.objects.filter(bank_id=bank_id, record_id__in=among(some))
        there |= set(found.values_list("record_id", flat=True))
    fresh = [number for number in ids if number not in there]
    rows = ((number,) for number in fresh)
    _insert(Membership, ("record_id",), rows, hotline_id=hotline_here(), bank_id=bank_id, brought_by=brought_by)
    return fresh


def insert_hashes(rows: Iterable[Sequence[Any]]) -> None:
    """Insert hashes; columns as in HASH_COLUMNS."""
    _insert(RecordHash, HASH_COLUMNS, rows, hotline_id=hotline_here(), aside=False)


def insert_votes(rows: Iterable[Sequence[Any]], *, brought_by: int, is_first: bool) -> None:
    """Insert votes; columns as in VOTE_COLUMNS.

    Unless `is_first`, they replace what the same source said about the same record in lists of the same sender.
    """
    quote = connection.ops.quote_name
    names = (*VOTE_COLUMNS[3:], "case_id", "brought_by", "person", "withdrawn_at")
    changes = ", ".join(f"{quote(name)} = excluded.{quote(name)}" for name in names)
    who = ", ".join(quote(name) for name in VOTE_COLUMNS[:3])
    replace = "" if is_first else f"ON CONFLICT ({who}) DO UPDATE SET {changes}"
    _insert(Vote, VOTE_COLUMNS, rows, on_conflict=replace, hotline_id=hotline_here(), case_id=0, brought_by=brought_by)


def insert_inquiry_matches(rows: Iterable[Sequence[Any]]) -> None:
    """Insert the matches of an inquiry (hotline, inquiry, record, match, moment); existing rows are kept."""
    table = connection.ops.quote_name(InquiryMatch._meta.db_table)
    sql = (
        f'INSERT INTO {table} (hotline_id, inquiry_id, record_id, "match", at) VALUES (%s, %s, %s, %s, %s) '  # noqa: S608 - our own table's name
        "ON CONFLICT (inquiry_id, record_id) DO NOTHING"
    )
    with connection.cursor() as cursor:
        cursor.executemany(sql, list(rows))


def settle_records(rows: Iterable[Sequence[Any]]) -> None:
    """Write state, baseline, facts, revision and last sighting of records; each row ends with the record's id."""
    table = connection.ops.quote_name(Record._meta.db_table)
    sql = f"UPDATE {table} SET state = %s, is_baseline = %s, facts = %s, revision = %s, last_seen = %s WHERE id = %s"  # noqa: S608 - our own table's name
    with connection.cursor() as cursor:
        cursor.executemany(sql, list(rows))


def as_json(facts: Any) -> str:
    """Serialise facts as the column stores them."""
    return json.dumps(dict(facts), separators=(",", ":"), sort_keys=True) if facts else "{}"
