"""Where the public database is, and whether this process is the face that has nothing else."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Protocol, runtime_checkable

from django.conf import settings
from django.db import connection, connections

from leeward.tables import waiting

ALIAS = "public"
MOMENT_SECONDS = 0.3
MOMENT_ON_POSTGRES = 2000  # milliseconds; there other rows may be waited for, too


@runtime_checkable
class HasPlace(Protocol):
    """A connection that knows which file it opened."""

    def is_replaced(self) -> bool:
        """Return whether another file, or none, is in its place."""


def alias() -> str:
    """Return the alias of the database with what the public face and the desk share."""
    return ALIAS if ALIAS in connections.databases else "default"


def leave_replaced() -> None:
    """Close this thread's connection to the public face's file if another file is in its place: what is written into the old one is
    lost."""
    one = connections[ALIAS].connection if ALIAS in connections.databases else None
    if isinstance(one, HasPlace) and one.is_replaced():
        connections[ALIAS].close()


def is_apart() -> bool:
    """Return whether this installation's public face has a database of its own, or rights to no more than that."""
    return bool(settings.LEEWARD.is_split)


def is_face() -> bool:
    """Return whether this process is the face that only takes in."""
    return is_apart() and settings.LEEWARD.face == "public"


@contextmanager
def impatient() -> Iterator[None]:
    """Within a transaction of the desk, wait only for a moment where somebody holds what the face may write (whoever has taken the
    face over can do so for ever): all writers of the desk wait meanwhile. What takes longer raises OperationalError."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"SET LOCAL lock_timeout = '{MOMENT_ON_POSTGRES}ms'")
        yield
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL lock_timeout = 0")
        return
    if ALIAS not in connections.databases:
        yield
        return
    with waiting(MOMENT_SECONDS, ALIAS):
        yield
