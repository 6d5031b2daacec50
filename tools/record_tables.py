"""Write the statements that make a new database's tables: `python tools/record_tables.py`. Needs PostgreSQL's programs.

Migrates an empty database of each kind step by step. SQLite itself knows the statement that makes each of its tables, indexes and
triggers; of PostgreSQL those that ran are kept.
"""

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator
from contextlib import nullcontext
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
MAKES = ("CREATE", "ALTER", "DROP", "COMMENT")
LEAVES = ("SELECT", "INSERT", "UPDATE", "DELETE", "SAVEPOINT", "RELEASE", "SET")
BY_DJANGO = {"django_migrations", "django_content_type", "auth_permission"}  # rows that every migrate writes
IN_SQLITE = """
SELECT sql FROM sqlite_master WHERE sql <> '' AND name NOT LIKE 'sqlite_%%'
    AND name NOT IN (SELECT name FROM pragma_table_list WHERE type = 'shadow')
ORDER BY CASE type WHEN 'table' THEN 0 WHEN 'index' THEN 1 ELSE 2 END, rowid
"""


def main() -> int:
    """Record both kinds, each in a process with its own settings."""
    sys.path.insert(0, str(ROOT))
    from tools.run_tests import postgres

    with postgres() as address, tempfile.TemporaryDirectory() as data:
        if address is None:
            print("PostgreSQL's programs are missing; nothing was written.")
            return 1
        for url in ("", address):
            environment = os.environ | {"LEEWARD_DATA": data, "LEEWARD_DATABASE_URL": url, "LEEWARD_SECRET": "s"}
            subprocess.run([sys.executable, __file__, "here"], env=environment, check=True)
    return 0


def record_here() -> None:
    """Record the kind of database that the environment names, which is empty."""
    from leeward.site.start import start

    start()
    from django.core.management import call_command
    from django.db import connection, transaction

    from leeward.site.first_tables import BETWEEN, PLACE
    from leeward.site.own_file import may_be_made

    ran: list[str] = []
    wrapped = connection.execute_wrapper(keeping(ran)) if connection.vendor == "postgresql" else nullcontext()
    with may_be_made(), connection.constraint_checks_disabled(), transaction.atomic(), wrapped:
        call_command("migrate", verbosity=0, interactive=False)
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            ran = [sql for (sql,) in cursor.execute(IN_SQLITE).fetchall()]
        refuse_rows(cursor, connection.introspection.django_table_names(only_existing=True, include_views=False))
        cursor.execute("SELECT app, name FROM django_migrations ORDER BY id")
        written = [*ran, applied(cursor.fetchall())]
    assert not any(BETWEEN in statement for statement in written)
    place = PLACE / f"{connection.vendor}.sql"
    place.write_text(BETWEEN.join(written) + "\n", encoding="utf-8")
    place.chmod(0o644)


def refuse_rows(cursor: Any, tables: Iterable[str]) -> None:
    """Raise ValueError if the migrations left a row, which the record couldn't make."""
    for table in sorted(set(tables) - BY_DJANGO):
        cursor.execute(f'SELECT count(*) FROM "{table}"')
        if cursor.fetchone()[0]:
            raise ValueError(f"a migration writes into {table}, also in a new database: let a program do so after it")


def keeping(ran: list[str]) -> Callable[..., Any]:
    """A wrapper that keeps each statement that makes or changes a table."""

    def keep(execute: Callable[..., Any], sql: str, params: Any, *rest: Any) -> Any:
        ran.extend(made(sql, params))
        return execute(sql, params, *rest)

    return keep


def made(sql: str, params: Any) -> Iterator[str]:
    """The statement, without empty lines, if it makes or changes a table; raises ValueError for one that it can't judge."""
    text = "\n".join(line for line in sql.strip().splitlines() if line.strip())
    if text.startswith(MAKES) or "; ALTER TABLE" in text:
        if params:
            raise ValueError(sql)
        yield text.replace("%%", "%") if params == () else text
    elif not text.startswith(LEAVES):
        raise ValueError(sql)


def applied(migrations: Iterable[tuple[str, str]]) -> str:
    """The statement that notes these migrations as applied."""
    rows = ",\n".join(f"('{app}', '{name}', CURRENT_TIMESTAMP)" for app, name in migrations)
    return f'INSERT INTO "django_migrations" ("app", "name", "applied") VALUES\n{rows}'


if __name__ == "__main__":
    sys.exit(main() if sys.argv[1:] != ["here"] else record_here())
