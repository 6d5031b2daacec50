"""Databases beside the tests' own, of the same kind: made, looked at, and gone with the test."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

START = "from leeward.site.start import prepare_database, start\nstart()\n"
ON_SQLITE = "SELECT type, name, sql FROM sqlite_master WHERE name NOT LIKE 'sqlite_%'"
ON_POSTGRES = """
SELECT table_name, column_name, concat_ws(' ', data_type, is_nullable, column_default, character_maximum_length)
FROM information_schema.columns WHERE table_schema = 'public'
UNION ALL SELECT tablename, indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'
UNION ALL SELECT conrelid::regclass::text, conname, pg_get_constraintdef(oid) FROM pg_constraint
    WHERE connamespace = 'public'::regnamespace
UNION ALL SELECT tgrelid::regclass::text, tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
"""
APPLIED = "SELECT 'applied', app, name FROM django_migrations"


@dataclass(frozen=True)
class OtherDatabase:
    """A database of its own for a test; `url` is empty on SQLite."""

    folder: Path
    url: str

    def run(self, script: str) -> int:
        """Run Python in a process that works on this database; return what it ended with."""
        environment = os.environ | {"LEEWARD_DATA": str(self.folder), "LEEWARD_DATABASE_URL": self.url}
        command = [sys.executable, "-c", START + script]
        return subprocess.run(command, env=environment | {"LEEWARD_SECRET": "s"}, timeout=300, check=False).returncode

    def shape(self) -> set[tuple[str, str, str]]:
        """Tables, columns, keys, indexes, triggers and the migrations applied; nothing in an empty database."""
        rows = self._rows(ON_POSTGRES if self.url else ON_SQLITE)
        return rows | self._rows(APPLIED) if rows else rows

    def _rows(self, query: str) -> set[tuple[str, str, str]]:
        if not self.url:
            with closing(sqlite3.connect(self.folder / "leeward.sqlite3")) as database:
                return set(database.execute(query))
        import psycopg

        with psycopg.connect(self.url) as connection:
            return set(connection.execute(query.encode()).fetchall())


@contextmanager
def another(folder: Path) -> Iterator[OtherDatabase]:
    """A new, empty database: a file in the folder, or one more on the server that the tests use."""
    folder.mkdir(parents=True, exist_ok=True)
    server = os.environ.get("LEEWARD_DATABASE_URL", "")
    if not server:
        yield OtherDatabase(folder, "")
        return
    import psycopg

    name = f"other_{uuid4().hex}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name}".encode())
        try:
            yield OtherDatabase(folder, f"{server.rpartition('/')[0]}/{name}")
        finally:
            connection.execute(f"DROP DATABASE {name} WITH (FORCE)".encode())
