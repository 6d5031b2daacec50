"""Pulling while a portal is accepted: both lock the two hotlines in the same order. And a pull never holds the desk's database for long."""

import time
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
from leeward.spool import taking
from leeward.spool.errors import UNOPENED
from leeward.web_security.keys import new_form_key
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
