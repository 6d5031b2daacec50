"""On SQLite a transaction that may write has the right to from its first read on: none starts as a reader and then finds it locked."""

import sqlite3

import pytest
from django.conf import settings
from django.db import connection, transaction

from leeward.audit.models import AuditRow
from leeward.audit.services import turn
from leeward.duties.erasing import empty_log

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("sqlite" not in settings.DATABASES["default"]["ENGINE"], reason="PostgreSQL locks rows"),
]


@pytest.mark.parametrize("begin", [turn, transaction.atomic])
def test_whoever_has_read_in_a_transaction_can_write_in_it(begin: object) -> None:
    other = sqlite3.connect(connection.settings_dict["NAME"], timeout=0, isolation_level=None)
    try:
        with begin():  # type: ignore[operator]
            AuditRow.objects.count()
            with pytest.raises(sqlite3.OperationalError, match="locked"):
                other.execute("BEGIN IMMEDIATE")
        other.execute("BEGIN IMMEDIATE")
        other.execute("ROLLBACK")
    finally:
        other.close()


def test_whoever_waits_for_the_lock_waits_half_a_minute_also_after_the_log_was_emptied() -> None:
    def waits() -> int:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout")
            return int(cursor.fetchone()[0])

    assert waits() == 30_000
    empty_log()
    assert waits() == 30_000
