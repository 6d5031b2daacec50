"""Pulling while a portal is accepted: both lock the two hotlines in the same order. And a pull never holds the desk's database for long."""

import sqlite3
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from threading import Event
from types import SimpleNamespace
from typing import Any

import pytest
from django.db import connection
from django_scopes import scope

from leeward.audit.services import hotline_transaction
from leeward.intake.models import Report, ReporterMessage
from leeward.spool import services, taking
from leeward.spool.errors import UNOPENED
from leeward.spool.models import Arrival
from leeward.web_security.keys import new_form_key
from leeward.web_security.models import UsedKey
from tests.administration.test_handing_over import hand_over
from tests.crowd import no_deadlock
from tests.personas import Cast
from tests.spool.test_hostile import fields, written
from tests.spool.test_reports import arrivals, pull


def somebody_waits() -> bool:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND wait_event_type = 'Lock'"
        )
        return cursor.fetchone() != (0,)


@pytest.mark.usefixtures("apart")
@pytest.mark.skipif("connection.vendor != 'postgresql'", reason="on SQLite one transaction writes at a time")
@pytest.mark.django_db(transaction=True)
def test_a_pull_and_whoever_accepts_a_portal_lock_two_hotlines_in_one_order(cast: Cast) -> None:
    """What came to the new hotline belongs to a report that stayed with the former one, of a lower number, which is locked first."""
    assert cast.hotline_id < cast.other_hotline_id
    said = fields(once=new_form_key())
    first = written(cast, {"fields": said})
    pull()
    with_cast: Any = SimpleNamespace(cast=cast)
    with scope(hotline=cast.hotline_id):
        Report.objects.update(closed_at=datetime.now(UTC))
        made = hand_over(with_cast)
    again = {"fields": said | {"text": "One thing more."}}
    written(cast, again, receipt=first.receipt, hotline_number=cast.other_hotline_id, portal_number=made)
    held = Event()

    def accepts() -> None:
        try:
            with hotline_transaction(cast.hotline_id):
                held.set()
                until = time.monotonic() + 20
                while not somebody_waits() and time.monotonic() < until:
                    time.sleep(0.02)
                with hotline_transaction(cast.other_hotline_id):
                    pass
        finally:
            connection.close()

    def pulls() -> None:
        try:
            held.wait(20)
            pull()
        finally:
            connection.close()

    with no_deadlock(), ThreadPoolExecutor(2) as hands:
        for one in [hands.submit(accepts), hands.submit(pulls)]:
            one.result(60)
    assert arrivals() == []
    with scope(hotline=cast.hotline_id):
        assert [row.text for row in ReporterMessage.objects.all()] == ["One thing more."]


@pytest.mark.usefixtures("apart")
@pytest.mark.django_db
def test_a_pull_that_takes_long_lets_others_write_in_between(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever has taken the face over makes each arrival slow: the next ones are taken in by the next pulls, in their order."""
    monkeypatch.setattr(taking, "MOST_SECONDS", 0.0)
    rows = [written(cast, {"fields": fields(text=f"Page {number}.")}) for number in range(3)]
    rows.append(written(cast, sealed="rubbish"))
    for left in (3, 2, 1):
        pull()
        assert [row.pk for row in arrivals()] == [row.pk for row in rows[-left:]]
    pull()
    assert [row.problem for row in arrivals()] == [UNOPENED]
    with scope(hotline=cast.hotline_id):
        assert [row.text for row in Report.objects.order_by("pk")] == ["Page 0.", "Page 1.", "Page 2."]


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="there each waits for none of the others")
@pytest.mark.django_db(transaction=True)
def test_what_comes_while_somebody_writes_is_written_down_in_one_transaction(cast: Cast) -> None:
    """And one that is there already keeps no other out."""
    writes = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)
    writes.execute("BEGIN IMMEDIATE")
    asked: list[str] = []

    def count(execute: Any, statement: str, *more: Any) -> Any:
        asked.append(statement.split("(", 1)[0].strip())
        return execute(statement, *more)

    def send(digest: str) -> bool:
        try:
            with connection.execute_wrapper(count):
                return services.put(sending(cast, digest))
        finally:
            connection.close()

    def all_of(digests: str) -> list[bool]:
        until = time.monotonic() + 20
        with ThreadPoolExecutor(len(digests)) as hands:
            sent = [hands.submit(send, digest * 64) for digest in digests]
            while services._line.waiting < len(digests) and time.monotonic() < until:
                time.sleep(0.01)
            writes.execute("ROLLBACK")
        writes.execute("BEGIN IMMEDIATE")
        return [one.result() for one in sent]

    assert all_of("abcde") == [True] * 5
    assert Counter(asked) == {
        "BEGIN IMMEDIATE": 1,
        'INSERT INTO "spool_arrival"': 1,
        'INSERT INTO "web_security_usedkey"': 1,
    }
    assert all_of("fga") == [True, True, False]
    writes.close()
    assert Arrival.objects.count() == UsedKey.objects.count() == 7


def sending(cast: Cast, digest: str) -> services.Sending:
    return services.Sending(
        kind="intake.report", hotline_id=cast.hotline_id, portal_id=cast.portal_id, language="en", at=datetime.now(UTC),
        digest=digest, content={}, uses=digest,
    )  # fmt: skip
