"""SQLite chooses an index well only while it knows how its tables are filled."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from leeward.jobs.models import Job
from leeward.jobs.tasks import keep_statistics


def _known_rows(table: str) -> int:
    """How many rows SQLite believes a table to have; 0 where it knows nothing."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT name FROM sqlite_master WHERE name = 'sqlite_stat1'")
        if cursor.fetchone() is None:
            return 0
        cursor.execute("SELECT stat FROM sqlite_stat1 WHERE tbl = %s", [table])
        return max((int(row[0].split()[0]) for row in cursor.fetchall()), default=0)


@pytest.mark.django_db(transaction=True)
def test_statistics_follow_a_table_that_has_grown() -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL keeps its statistics by itself")
    now = datetime.now(UTC)
    Job.objects.bulk_create(Job(kind="a.b", subject_id=number, due_at=now) for number in range(100))
    keep_statistics()
    assert _known_rows("jobs_job") == 100
    Job.objects.bulk_create(Job(kind="a.c", subject_id=number, due_at=now) for number in range(5_000))
    keep_statistics()
    assert _known_rows("jobs_job") == 5_100
