"""Makes the tables of a new database from the statements on record: all migrations in their order take seconds."""

from pathlib import Path

from django.db import connection

PLACE = Path(__file__).parent
BETWEEN = "\n\n"  # statements; none has an empty line inside


def make_first_tables() -> bool:
    """In a database without tables, make those on record and note their migrations as applied; newer ones are still to be applied.

    Call it in a transaction. Returns False, with nothing made, where there are tables or what the record needs is missing.
    """
    if connection.introspection.table_names() or not _has_search():
        return False
    with connection.cursor() as cursor:
        for statement in statements(connection.vendor):
            cursor.execute(statement)
    return True


def statements(vendor: str) -> list[str]:
    """Return what is on record for this kind of database, in its order."""
    return (PLACE / f"{vendor}.sql").read_text(encoding="utf-8").rstrip("\n").split(BETWEEN)


def _has_search() -> bool:
    """Return whether the search indexes on record can be made; the migrations do without them where SQLite has no FTS5."""
    if connection.vendor != "sqlite":
        return True
    with connection.cursor() as cursor:
        return bool(cursor.execute("SELECT sqlite_compileoption_used('ENABLE_FTS5')").fetchone()[0])
