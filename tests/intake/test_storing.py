"""Reports that come at the same moment are stored together, and none is the trouble of another."""

import json
import sqlite3
import threading
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import OperationalError, connection
from django_scopes import scope

from leeward.audit import services
from leeward.audit.models import AuditRow
from leeward.audit.services import hotline_transaction
from leeward.intake.models import Item, Report
from leeward.intake.receipts import make_receipt
from leeward.intake.services import receive_report, storing
from leeward.jobs.models import Job
from leeward.people.models import Hotline, Portal
from leeward.web_security.keys import key_digest, new_form_key
from leeward.web_security.models import UsedKey
from tests.intake.conftest import told_of

pytestmark = pytest.mark.django_db(transaction=True)
only_sqlite = pytest.mark.skipif(connection.vendor != "sqlite", reason="one writer at a time, and one lock for it")


class Crowd:
    """Several who send a form at the same moment, each in a thread; what each asks of the database is counted."""

    def __init__(self, hotline: Hotline, portal: Portal) -> None:
        self.hotline, self.portal, self.asked = hotline, portal, Counter[str]()

    def send(self, keys: list[str], meanwhile: Callable[[], object]) -> list[Any]:
        """Return what became of each: what was received, or what was raised. `meanwhile` goes on until all wait."""
        with ThreadPoolExecutor(len(keys)) as threads:
            waiting = [threads.submit(self._one, key) for key in keys]
            meanwhile()
            return [one.exception() or one.result() for one in waiting]

    def _one(self, key: str) -> object:
        def count(execute: Callable[..., Any], statement: str, *more: Any) -> Any:
            self.asked[statement.split(maxsplit=1)[0]] += 1
            return execute(statement, *more)

        try:
            if connection.vendor == "sqlite":
                with connection.cursor() as cursor:
                    cursor.execute("PRAGMA busy_timeout=200")
            with scope(hotline=self.hotline.pk), connection.execute_wrapper(count):
                return receive_report(
                    told_of(contact="someone@mail.example"),
                    hotline_id=self.hotline.pk,
                    portal_id=self.portal.pk,
                    language="en",
                    form_key=key,
                    uses=key_digest(key, "intake.form"),
                )
        finally:
            connection.close()


@pytest.fixture
def crowd() -> Crowd:
    hotline = Hotline.objects.create(slug="jm", name="Hotline of Jamaica", country="JM")
    return Crowd(
        hotline, Portal.objects.create(hotline=hotline, slug="jm", name="Jamaica", country="JM", languages=["en"])
    )


def all_wait(crowd: Crowd, keys: list[str]) -> list[Any]:
    """Send these while somebody else writes, until all of them wait; return what became of each."""
    line = storing._line(crowd.hotline.pk)
    writes, until = threading.Event(), time.monotonic() + 20

    def write() -> None:
        with hotline_transaction(crowd.hotline.pk):
            writes.set()
            while line.waiting < len(keys) and time.monotonic() < until:
                time.sleep(0.01)
        connection.close()

    writer = threading.Thread(target=write)
    writer.start()
    writes.wait()
    return crowd.send(keys, writer.join)


def test_those_who_wait_are_stored_in_one_transaction(crowd: Crowd) -> None:
    keys = [new_form_key() for _ in range(6)]
    received = all_wait(crowd, keys)
    assert crowd.asked["BEGIN"] <= 1, "PostgreSQL begins without a word"
    assert crowd.asked["UPDATE"] == 1, "the log's tip moves once"
    numbers = {one.report_id for one in received}
    assert len(numbers) == len({one.receipt for one in received}) == 6
    with scope(hotline=crowd.hotline.pk):
        assert {row.pk for row in Report.objects.all()} == numbers
        assert Counter(Item.objects.values_list("report_id", flat=True)) == Counter(numbers)
        assert {str(row.contact) for row in Report.objects.all()} == {"someone@mail.example"}
    logged = AuditRow.objects.filter(event="report.received")
    assert sorted(logged.values_list("subject", flat=True)) == sorted(f"report:{number}" for number in numbers)
    assert {json.loads(row.facts)["portal"] for row in logged} == {crowd.portal.pk}
    assert set(Job.objects.filter(kind="casework.take_in").values_list("subject_id", flat=True)) == numbers
    assert UsedKey.objects.filter(digest__in=[key_digest(key, "intake.form") for key in keys]).count() == 6


def test_one_that_is_there_already_keeps_no_other_out(crowd: Crowd) -> None:
    """Somebody pressed twice, and both come with the others, whose receipts stay as they would have been."""
    twice, others = new_form_key(), [new_form_key() for _ in range(4)]
    received = all_wait(crowd, [*others, twice, twice])
    assert [one.receipt for one in received] == [make_receipt(key, kind="report") for key in (*others, twice, twice)]
    assert len({one.report_id for one in received}) == 5
    assert sum(one.is_new for one in received) == 5
    assert AuditRow.objects.filter(event="report.received").count() == 5


@only_sqlite
def test_where_nobody_can_write_each_hears_it_and_the_next_are_stored(
    crowd: Crowd, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A leader that got no turn hands on no more than it took."""
    monkeypatch.setattr(services, "LONGEST_WAIT_SECONDS", 0.1)
    other = sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    keys = [new_form_key() for _ in range(4)]
    failed = crowd.send(keys, lambda: None)
    assert all(isinstance(one, OperationalError) for one in failed), failed
    other.execute("ROLLBACK")
    other.close()
    received = crowd.send(keys, lambda: None)
    assert len({one.report_id for one in received}) == 4
