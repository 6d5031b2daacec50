"""The numbers by which people call cases."""

from django.db import connection

from leeward.casework.models import CaseSequence

NEXT = """
    INSERT INTO {table} (hotline_id, year, last) VALUES (%s, %s, %s)
    ON CONFLICT (hotline_id, year) DO UPDATE SET last = {table}.last + excluded.last
    RETURNING last
"""


def next_reference(hotline_id: int, year: int) -> str:
    """Return the next free reference of a hotline in a year; concurrent callers get different ones, without gaps. One statement on
    both databases."""
    return next_references(hotline_id, year, 1)[0]


def next_references(hotline_id: int, year: int, count: int) -> list[str]:
    """Return as many of them, in order."""
    table = connection.ops.quote_name(CaseSequence._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(NEXT.format(table=table), [hotline_id, year, count])
        last = cursor.fetchone()[0]
    return [f"{year}-{number:04d}" for number in range(last - count + 1, last + 1)]
