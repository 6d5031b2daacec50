"""Threads of one process that write to SQLite wake each other instead of looking again every so often."""

import sqlite3
import threading
from pathlib import Path

import pytest
from django.db import connection

from leeward.audit.services import hotline_transaction, record
from leeward.foundation.actor import SYSTEM


def _act() -> None:
    record("thing.done", actor=SYSTEM, hotline_id=7, subject="thing:1")


@pytest.mark.django_db(transaction=True)
def test_who_waits_asks_the_database_only_when_it_is_free(monkeypatch: pytest.MonkeyPatch) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL wakes whoever waits")
    began: list[str] = []

    def second() -> None:
        try:
            with hotline_transaction(7):
                began.append("second")
                _act()
        finally:
            connection.close()

    with hotline_transaction(7):
        _act()
        thread = threading.Thread(target=second)
        thread.start()
        thread.join(0.2)
        began.append("first ends")
    thread.join(20)
    assert began == ["first ends", "second"]


@pytest.mark.django_db(transaction=True)
def test_a_writer_that_does_not_queue_blocks_nobody_for_ever() -> None:
    """Another process holds the database while a thread of ours has its place in the queue: it waits and goes on."""
    if connection.vendor != "sqlite":
        pytest.skip("one writer at a time is SQLite's way")
    other = sqlite3.connect(Path(connection.settings_dict["NAME"]), isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.2, lambda: other.execute("COMMIT")).start()
    with hotline_transaction(7):
        _act()
    other.close()
