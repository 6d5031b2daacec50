"""What can't be kept, because the disk is full, the database locked or something of ours broke, isn't lost to whoever wrote it: number,
helpline, words and a button."""

import logging
import sqlite3
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import OperationalError, connection
from django.test import Client
from django_scopes import scope

from leeward.intake.errors import AlreadyWithdrawn
from leeward.intake.models import Report, ReporterMessage
from leeward.intake.views.not_kept import NotKept, keeping
from leeward.people.models import Portal
from leeward.web import portals
from leeward.web_security import remembered
from leeward.web_security.keys import new_form_key
from tests.intake.walk import Walk
from tests.intake.walk import report as a_report
from tests.personas import Cast

WORDS = "I found a bad page. " * 900


@pytest.mark.django_db(transaction=True)
def test_a_full_disk_gives_the_number_to_call_and_the_words_back(cast) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("here the database's own limit stands for the disk's")
    Portal.objects.filter(pk=cast.portal_id).update(emergency_number="119")
    walk = Walk(Client(raise_request_exception=True))
    typed = {"go": "send", "kind": "danger", "text": WORDS, "once": new_form_key()}
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # no page is free that a test before this one left behind
        cursor.execute("PRAGMA page_count")
        [pages] = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages}")
    try:
        walk.response = walk.client.post("/jm/report", typed, follow=True)
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")
    assert (walk.response.status_code, walk.receipt) == (503, "")
    assert walk.page.xpath("//a[@href='tel:119']")
    assert walk.page.xpath("//a[@href='tel:116111']")
    assert "We did not keep it" in walk.text
    assert walk.page.xpath("//textarea")[0].text.strip() == WORDS.strip()
    walk.send("again", to="/jm/report")  # there is room again
    assert walk.receipt
    with scope(hotline=cast.hotline_id):
        assert Report.objects.get().text.strip() == WORDS.strip()


@pytest.mark.django_db(transaction=True)
def test_a_locked_database_gives_the_words_back_and_is_no_fault_of_the_page(cast: Cast) -> None:
    """Another process holds the database for longer than anybody waits: no 500, and the same button sends it when it is free."""
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL locks rows")
    Portal.objects.filter(pk=cast.portal_id).update(emergency_number="119")
    walk = Walk(Client(raise_request_exception=True))
    typed = {"go": "send", "kind": "danger", "text": "I found a bad page.", "once": new_form_key()}
    other = sqlite3.connect(connection.settings_dict["NAME"], timeout=0, isolation_level=None)
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 100")
    try:
        other.execute("BEGIN IMMEDIATE")
        walk.response = walk.client.post("/jm/report", typed, follow=True)
        assert walk.client.get("/jm/report", follow=True).status_code == 200, "who only reads waits for no lock"
        other.execute("ROLLBACK")
    finally:
        other.close()
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 30000")
    assert (walk.response.status_code, walk.receipt) == (503, "")
    assert walk.page.xpath("//a[@href='tel:119']")
    assert walk.page.xpath("//textarea")[0].text.strip() == "I found a bad page."
    walk.send("again", to="/jm/report")
    assert walk.receipt
    with scope(hotline=cast.hotline_id):
        assert Report.objects.get().text == "I found a bad page."


@contextmanager
def writing_breaks(table: str) -> Iterator[None]:
    """Let every new row of a table fail, in the database itself."""
    with connection.cursor() as cursor:
        cursor.execute(
            f"CREATE TRIGGER breaks BEFORE INSERT ON {table} BEGIN SELECT RAISE(ABORT, 'I saw a bad harbour'); END"
        )
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("DROP TRIGGER breaks")


@pytest.mark.django_db
def test_what_is_added_behind_a_receipt_is_given_back_too(cast: Cast, caplog: pytest.LogCaptureFixture) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("its triggers are written otherwise")
    walk = Walk()
    receipt = a_report(walk, where="http://bad.example/")
    walk.open("/jm/receipt").send("open", receipt=receipt)
    with writing_breaks("intake_reportermessage"), caplog.at_level(logging.ERROR):
        walk.send(act="add", text="It moved to a harbour.")
    assert walk.response.status_code == 503
    assert walk.page.xpath("//textarea")[0].text.strip() == "It moved to a harbour."
    assert [record.getMessage() for record in caplog.records if record.name.startswith("leeward")] == [
        "public.not_kept"
    ]
    walk.send("again", to="/jm/receipt")
    with scope(hotline=cast.hotline_id):
        assert [message.text for message in ReporterMessage.objects.all()] == ["It moved to a harbour."]


@contextmanager
def silence(about: str = "") -> Iterator[None]:
    """A database that doesn't answer, or not what is asked about this table."""

    def gone(execute: Any, statement: str, *more: Any) -> Any:
        if about in statement:
            raise OperationalError("the server closed the connection")
        return execute(statement, *more)

    with connection.execute_wrapper(gone):
        yield


@pytest.mark.django_db
def test_a_database_that_went_away_gives_the_words_back_and_pages_stay_for_a_while(
    cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    Portal.objects.filter(pk=cast.portal_id).update(emergency_number="119")
    for kept in (portals, remembered):
        monkeypatch.setattr(kept, "KEPT_SECONDS", 1e-9)
    portals.forget_portals()
    visitor, walk = Client(raise_request_exception=False), Walk(Client(raise_request_exception=False))
    front = visitor.get("/jm/").content
    walk.open("/jm/report")
    with silence():
        walk.send("report", press="go=send", kind="page", where="http://bad.example/", text="I saw a harbour.")
        assert (visitor.get("/jm/").content, visitor.get("/jm/receipt").status_code) == (front, 500)
    assert walk.response.status_code == 503
    assert walk.page.xpath("//a[@href='tel:119']")
    assert walk.page.xpath("//a[@href='tel:116111']")
    assert "I saw a harbour." in walk.page.xpath("//textarea")[0].text
    assert walk.send("again", to="/jm/report").receipt
    visitor.get("/jm/")
    now = time.monotonic()
    monkeypatch.setattr("leeward.web_security.remembered.time.monotonic", lambda: now + remembered.SILENT_SECONDS + 1)
    with silence():
        assert visitor.get("/jm/").status_code == 500, "who answers the telephone now is not known any more"
    portals.forget_portals()


@pytest.mark.django_db
def test_words_are_given_back_where_their_receipt_can_not_be_looked_up(cast: Cast) -> None:
    walk = Walk()
    receipt = a_report(walk, where="http://bad.example/")
    walk.open("/jm/receipt").send("open", receipt=receipt)
    with silence("intake_report"):
        walk.send(act="add", text="It moved to a harbour.")
    assert walk.response.status_code == 503
    assert "It moved to a harbour." in walk.page.xpath("//textarea")[0].text
    walk.send("again", to="/jm/receipt")
    with scope(hotline=cast.hotline_id):
        assert [message.text for message in ReporterMessage.objects.all()] == ["It moved to a harbour."]


@pytest.mark.django_db
def test_a_request_of_an_owner_is_given_back_too(cast: Cast) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("its triggers are written otherwise")
    walk = Walk().open("/jm/appeal")
    with writing_breaks("intake_outsideappeal"):
        walk.send("appeal", press="go=send", address="http://mine.example/", relation="owner", text="It is my harbour.")
    assert walk.response.status_code == 503
    assert "It is my harbour." in walk.page.xpath("//textarea")[0].text
    walk.send("again", to="/jm/appeal")
    assert len(walk.receipt) == 16


def test_a_fault_of_ours_is_not_kept_and_a_refusal_stays_one() -> None:
    with pytest.raises(NotKept), keeping():
        raise KeyError("a fault")
    with pytest.raises(AlreadyWithdrawn), keeping():
        raise AlreadyWithdrawn
