"""What the worker does for the database itself."""

from datetime import timedelta

from django.db import connection

from leeward.duties.registry import every

# Also tables that this connection has not read (0x10000); it really analyses (0x02), and only what has grown much or was never analysed.
REFRESH = "PRAGMA optimize=0x10002"


@every(timedelta(hours=1))
def keep_statistics() -> None:
    """Let SQLite know how its tables are filled, so that it chooses the right index; PostgreSQL does so by itself."""
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute(REFRESH)
