"""How each kind of database is copied while it is in use, looked at in a backup, and put back."""

from pathlib import Path

from leeward.backup.databases.postgres import Postgres
from leeward.backup.databases.sqlite import Sqlite

type Database = Sqlite | Postgres


def database_of(data: Path, url: str) -> Database:
    """Return the installation's database."""
    return Postgres(url) if url else Sqlite(data)


def database_named(name: str, data: Path, url: str) -> Database:
    """Return the database that a backup of this kind is put back into."""
    return Postgres(url) if name == "postgresql" else Sqlite(data)
