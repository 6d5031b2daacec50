"""A report that can't be kept, because the disk is full, isn't lost to whoever wrote it: number, helpline, words and a button."""

import pytest
from django.db import connection
from django.test import Client
from django_scopes import scope

from leeward.intake.models import Report
from leeward.people.models import Portal
from leeward.web_security.keys import new_form_key
from tests.intake.walk import Walk

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
