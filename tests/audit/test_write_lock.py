"""On SQLite a transaction that may write has the right to from its first read on: none starts as a reader and then finds it locked."""

import fcntl
import sqlite3
import threading
import time
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connection, transaction

from leeward.audit.models import AuditRow
from leeward.audit.queueing import in_turn
from leeward.audit.services import hotline_transaction
from leeward.jobs.erasing import empty_log

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("sqlite" not in settings.DATABASES["default"]["ENGINE"], reason="PostgreSQL locks rows"),
]


@pytest.mark.parametrize("begin", [hotline_transaction, transaction.atomic])
def test_whoever_has_read_in_a_transaction_can_write_in_it(begin: object) -> None:
    other = sqlite3.connect(connection.settings_dict["NAME"], timeout=0, isolation_level=None)
    try:
        with begin():
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


def test_a_process_that_writes_without_a_pause_keeps_no_other_waiting() -> None:
    """Whoever waited has it next: the one that writes comes in only after that."""
    database = Path(connection.settings_dict["NAME"])
    order: list[str] = []

    def other_process() -> None:  # locks belong to open files: as far as they go, this is another process
        with in_turn(database, 60):
            order.append("other")

    with in_turn(database, 60):
        thread = threading.Thread(target=other_process)
        thread.start()
        end = time.monotonic() + 60
        while _is_free(database.with_name(f"{database.name}-next")):
            assert time.monotonic() < end
        order.append("first")
    with in_turn(database, 60):
        order.append("first again")
    thread.join(60)
    assert order == ["first", "other", "first again"]


def test_every_turn_queues_with_other_processes() -> None:
    now = Path(f"{connection.settings_dict['NAME']}-now")
    with hotline_transaction():
        assert not _is_free(now)
    assert _is_free(now)


def _is_free(path: Path) -> bool:
    with path.open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return False
        return True
