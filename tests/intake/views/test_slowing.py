"""Much from one address is slowed, by a page that keeps what was typed; nobody honest is refused, and the urgent have room of their own."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.db import connection
from django.shortcuts import render
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from leeward.intake.models import Report
from leeward.intake.views import slowing
from leeward.site.config import Config
from leeward.web import middleware
from leeward.web_security import remembered
from leeward.web_security.keys import is_form_key, new_form_key
from leeward.web_security.shaping import MOST_CALLERS, Shaper
from tests.intake.walk import Walk

AT_ONCE = 20


@pytest.fixture(autouse=True)
def _narrow(settings: Any) -> Iterator[None]:
    settings.LEEWARD = Config(caller_reports=AT_ONCE, web_processes=1)
    for kept in (slowing._shapers, middleware._shaper):
        kept.cache_clear()
    yield
    for kept in (slowing._shapers, middleware._shaper):
        kept.cache_clear()


def send(kind: str = "page", text: str = "", address: str = "192.0.2.7", **more: str) -> Walk:
    walk = Walk(Client(REMOTE_ADDR=address))
    typed = {"go": "send", "kind": kind, "where": "http://a.example/", "text": text}
    walk.response = walk.client.post("/jm/report", typed | {"once": new_form_key()} | more, follow=True)
    return walk


def test_a_flood_is_asked_to_press_again_and_others_get_through(cast, monkeypatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr("leeward.web_security.shaping.time.monotonic", lambda: clock[0])
    assert all(send().receipt for _ in range(AT_ONCE))
    last = send(text='Two lines:\nI found "a bad page".', named="kite", service="Telegram")
    assert (last.response.status_code, last.receipt) == (429, "")
    assert "Nothing that you typed is lost" in last.text
    assert send(address="192.0.2.8").receipt, "another address"
    assert send("danger").receipt, "an urgent report from the same one"
    clock[0] += 5
    last.send("again", to="/jm/report")  # the button, some seconds later
    assert last.receipt
    with scope(hotline=cast.hotline_id):
        (report,) = (one for one in Report.objects.all() if "Two lines" in one.text)
        assert Report.objects.count() == AT_ONCE + 3
    assert report.text.splitlines() == ["Two lines:", 'I found "a bad page".']


@pytest.mark.parametrize("what", ["report", "urgent", "form", "review"])
def test_what_is_refused_asks_whose_page_it_is_and_nothing_else(cast, monkeypatch, what: str) -> None:
    monkeypatch.setattr("leeward.web_security.shaping.time.monotonic", lambda: 1000.0)
    caller, once = Client(REMOTE_ADDR="192.0.2.7"), {"once": new_form_key(), "text": "I found a bad page"}
    typed = once | {"kind": "danger" if what == "urgent" else "page", "go": "look" if what == "form" else "send"}
    path = "/jm/appeal" if what == "review" else "/jm/report"

    def flood() -> int:
        return caller.post(path, typed).status_code

    assert any(flood() == 429 for _ in range(2 * AT_ONCE * slowing.FORMS_A_REPORT))
    with CaptureQueriesContext(connection) as asked:
        assert [flood() for _ in range(10)] == [429] * 10
    tables = [re.findall(r'^SELECT .* FROM "(\w+)"', one["sql"]) for one in asked]
    assert all(found in (["people_portal"], ["people_helpline"]) for found in tables), (
        "whose page it is, and whom to call"
    )
    assert len(tables) <= 2 * 10


def test_a_flood_of_requests_for_review_is_slowed_too(cast, monkeypatch) -> None:
    monkeypatch.setattr("leeward.web_security.shaping.time.monotonic", lambda: 1000.0)
    fields = {"address": "http://a.example/", "relation": "shown", "text": "I am in it."}

    def ask() -> Walk:
        walk = Walk(Client(REMOTE_ADDR="192.0.2.7"))
        walk.response = walk.client.post("/jm/appeal", fields | {"once": new_form_key()}, follow=True)
        return walk

    assert all(ask().receipt for _ in range(AT_ONCE))
    last = ask()
    assert (last.response.status_code, last.receipt) == (429, "")
    assert dict(last.fields("again"))["text"] == "I am in it."
    assert send().receipt, "a report that is not urgent has room of its own"


def test_a_flood_of_wrong_receipts_is_slowed_before_one_is_looked_up(cast, monkeypatch) -> None:
    clock = [1000.0]
    monkeypatch.setattr("leeward.web_security.shaping.time.monotonic", lambda: clock[0])
    right = send(address="192.0.2.8").receipt
    wrong = Client(REMOTE_ADDR="192.0.2.7")
    for _ in range(AT_ONCE):
        wrong.post("/jm/receipt", {"receipt": "1234567890123456"})
    with CaptureQueriesContext(connection) as asked:
        walk = Walk(wrong)
        walk.response = wrong.post("/jm/receipt", {"receipt": right})
    assert walk.response.status_code == 429
    assert not [one["sql"] for one in asked if "intake_report" in one["sql"] or "web_security_bucket" in one["sql"]]
    assert send("danger", address="192.0.2.7").receipt, "a report has room of its own"
    clock[0] += 5
    walk.send("again", to="/jm/receipt")  # the button, some seconds later
    assert walk.response.status_code == 200
    assert "Where it stands" in walk.text


def test_a_flood_without_our_keys_uses_up_no_room_of_others_behind_its_address(cast, monkeypatch) -> None:
    monkeypatch.setattr("leeward.web_security.shaping.time.monotonic", lambda: 1000.0)
    right = send(address="192.0.2.8").receipt
    for _ in range(AT_ONCE):
        send(once="junk")
        send("danger", once="junk").client.post("/jm/receipt", {"receipt": "1234567890123456"})
    assert send("danger").receipt
    late = send("danger", text="It was open for days.", once="of another day")
    assert late.response.status_code == 429
    late.send("again", to="/jm/report")
    assert late.receipt, "one press, with the key that the page brought"
    with scope(hotline=cast.hotline_id):
        assert "It was open for days." in [one.text for one in Report.objects.all()]
    looked = Walk(Client(REMOTE_ADDR="192.0.2.7"))
    looked.response = looked.client.post("/jm/receipt", {"receipt": right})
    assert looked.response.status_code == 429
    looked.send("again", to="/jm/receipt")
    assert "Where it stands" in looked.text


def test_whoever_comes_from_this_machine_needs_no_key(cast, monkeypatch) -> None:
    """As visitors of an onion address do where Tor doesn't tell them apart."""
    monkeypatch.setattr("leeward.web_security.shaping.time.monotonic", lambda: 1000.0)
    assert {send(once="junk", address="127.0.0.1").response.status_code for _ in range(AT_ONCE)} == {200}


def test_the_page_that_asks_to_press_again_is_made_once_and_holds_nobody_elses_words(cast, monkeypatch) -> None:
    monkeypatch.setattr("leeward.web_security.shaping.time.monotonic", lambda: 1000.0)
    monkeypatch.setattr(remembered, "KEPT_SECONDS", 60.0)
    remembered.forget()
    rendered = []
    monkeypatch.setattr(slowing, "render", lambda *said, **more: rendered.append(1) or render(*said, **more))
    for _ in range(AT_ONCE // slowing.REPORTS_A_KEYLESS):
        send(once="junk")
    answers = [send(text=f"<words of {who}>", once="junk") for who in ("one", "another")]
    assert rendered == [1]
    for who, answer in zip(("one", "another"), answers, strict=True):
        assert answer.response["Retry-After"] == "5"
        fields = dict(answer.fields("again"))
        assert (fields["text"], fields["where"]) == (f"<words of {who}>", "http://a.example/")
        assert is_form_key(fields["once"])
    assert answers[0].fields("again") != answers[1].fields("again")
    assert "words of" not in str(remembered._kept)
    form = Client(REMOTE_ADDR="192.0.2.9").get("/jm/report", follow=True)
    assert (form.status_code, b"press again" in form.content) == (200, False), "the empty form is another page"
    remembered.forget()


def test_five_hundred_behind_one_address_get_through() -> None:
    """At the default, in each of two processes: as many as come in a minute pass at once; all at the same moment, they press again."""
    default = Config.model_fields["caller_reports"].default
    each = Shaper(burst=default / 2, per_second=default / 2 / slowing.SECONDS_TO_REFILL)
    assert all(each.may_pass("carrier", number * 60 / 250) for number in range(250))
    each = Shaper(burst=default / 2, per_second=default / 2 / slowing.SECONDS_TO_REFILL)
    waiting, seconds = 500, 0
    while waiting:
        waiting -= sum(each.may_pass("carrier", float(seconds)) for _ in range(waiting))
        seconds += 5
    assert seconds <= 30


def test_the_oldest_callers_are_forgotten() -> None:
    shaper = Shaper(burst=1, per_second=0)
    for number in range(MOST_CALLERS + 1):
        assert shaper.may_pass(str(number), 0.0)
    assert shaper.may_pass("0", 0.0)
    assert not shaper.may_pass(str(MOST_CALLERS), 0.0)
