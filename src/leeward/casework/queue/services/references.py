"""The numbers by which people call cases."""

from django.db import connection

from leeward.casework.models import CaseSequence

NEXT = """
    INSERT INTO {table} (hotline_id, year, last) VALUES (%s, %s, 1)
    ON CONFLICT (hotline_id, year) DO UPDATE SET last = {table}.last + 1
    RETURNING last
"""


def next_reference(hotline_id: int, year: int) -> str:
    """Return the next free reference of a hotline in a year; concurrent callers get different ones, without gaps. One statement on
    both databases."""
    table = connection.ops.quote_name(CaseSequence._meta.db_table)
    with connection.cursor() as cursor:
        cursor.execute(NEXT.format(table=table), [hotline_id, year])
        return f"{year}-{cursor.fetchone()[0]:04d}"
