"""Where the public database is, and whether this process is the face that has nothing else."""

from django.conf import settings
from django.db import connections

ALIAS = "public"


def alias() -> str:
    """Return the alias of the database with what the public face and the desk share."""
    return ALIAS if ALIAS in connections.databases else "default"


def is_apart() -> bool:
    """Return whether this installation's public face has a database of its own, or rights to no more than that."""
    return bool(settings.LEEWARD.is_split)


def is_face() -> bool:
    """Return whether this process is the face that only takes in."""
    return is_apart() and settings.LEEWARD.face == "public"
