"""A report that can't be kept, because the disk is full or the database locked, isn't lost to whoever wrote it: number, helpline,
words and a button."""

import sqlite3

import pytest
from django.db import connection
from django.test import Client
from django_scopes import scope

from leeward.intake.models import Report
from leeward.people.models import Portal
from leeward.web_security.keys import new_form_key
from tests.intake.walk import Walk
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
