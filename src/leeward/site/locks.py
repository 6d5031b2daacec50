"""Whether somebody keeps the SQLite database locked. PostgreSQL has no such lock."""

from django.db import OperationalError, connection, transaction

from leeward.foundation.causes import cause_of
from leeward.tables import waiting

SOON_SECONDS = 2.0


def is_locked() -> bool:
    """Return whether nothing can be written within a moment."""
    if connection.vendor != "sqlite":
        return False
    try:
        with waiting(SOON_SECONDS), transaction.atomic():
            return False
    except OperationalError as error:
        return cause_of(error) == "database_locked"
