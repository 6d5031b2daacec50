"""Where a text stands in plain in this database."""

from django.db import connection


def tables_that_hold(text: str) -> set[str]:
    """The tables with a row in which this text can be read."""
    with connection.cursor() as cursor:
        names, found = connection.introspection.table_names(cursor), set()
        for name in names:
            cursor.execute(f"SELECT * FROM {connection.ops.quote_name(name)}")
            if any(text in str(row) for row in cursor.fetchall()):
                found.add(name)
    return found
