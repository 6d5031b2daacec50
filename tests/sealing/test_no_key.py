"""The public face holds no key: whoever adds, sends again or stops there loses no word, and nothing is opened for it."""

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from leeward.audit.models import AuditRow
from leeward.casework.models import Case, CaseItem
from leeward.foundation.http import Answer
from leeward.hosting.fetching.in_memory import FetchResult
from leeward.hosting.models import Location
from leeward.hosting.services import add_access, fetch, fetching, keep_access, probe, probing, view_page
from leeward.intake import queries
from leeward.intake.models import OutsideAppeal, Report, ReporterMessage, StoppedNumber
from leeward.intake.rules.where import item_drafts
from leeward.intake.services import ask_from_outside, ask_reporter
from leeward.jobs.models import Job
from leeward.jobs.worker import run_until_idle
from leeward.people.services.tokens import issue_token
from leeward.sealing import keys, store
from leeward.sealing.errors import WordsLocked
from leeward.web_security.keys import new_form_key
from tests.intake.conftest import told_of
from tests.intake.walk import Walk
from tests.personas import Cast

pytestmark = pytest.mark.django_db(transaction=True)
NUMBER = "+18765550101"


@pytest.fixture
def within(cast: Cast) -> Iterator[Cast]:
    with scope(hotline=cast.hotline_id):
        yield cast


@pytest.fixture
def hold(monkeypatch: pytest.MonkeyPatch) -> Callable[[bool], None]:
    """Be the public face, or with True the worker."""
    monkeypatch.setattr(keys._Held, "allowed", True)  # undone after the test

    def change(a_key: bool) -> None:
        keys._Held.allowed = True
        if not a_key:
            keys.hold_no_key()
        assert keys.may_open() == a_key

    return change


def received(cast: Cast, key: str, **more: object) -> int:
    from leeward.intake.services import receive_report

    where = {"hotline_id": cast.hotline_id, "portal_id": cast.portal_id, "language": "en"}
    return receive_report(told_of(**more), form_key=key, **where).report_id


def added() -> list[Any]:
    return [row.facts for row in AuditRow.objects.filter(event="report.added").order_by("pk")]


def test_a_report_sent_again_brings_only_what_is_new(within: Cast, hold: Callable[[bool], None]) -> None:
    hold(False)
    key, here = new_form_key(), {"text": "A first page.", "contact": "a@mail.example", "password": "open"}
    for sent in (here, here, {**here, "text": "A second page.", "contact": "b@mail.example"}, here, here):
        number = received(within, key, **sent)
    assert len(added()) == 2
    hold(True)
    report = queries.report(number)
    assert (report.text, report.contact, report.password) == ("A first page.", "a@mail.example", "open")
    assert [one.text for one in queries.messages_of(number)] == ["A second page."]
    assert len(received_keys()) == 4, "text, contact, password, message: the key of what was replaced is gone"


def received_keys() -> list[bytes]:
    rows = [*Report.objects.all(), *ReporterMessage.objects.all(), *OutsideAppeal.objects.all()]
    names = [name for row in rows for one in vars(row).values() if hasattr(one, "names") for name in one.names]
    assert set(store.get(names)) == set(names)
    return names


def test_an_appeal_sent_again_is_added_to_and_loses_no_word(within: Cast, hold: Callable[[bool], None]) -> None:
    hold(False)
    (thing,) = item_drafts("http://shop.example/", {})
    key = new_form_key()

    def ask(text: str, contact: str) -> tuple[int, str]:
        where = {"hotline_id": within.hotline_id, "portal_id": within.portal_id, "language": "en", "form_key": key}
        kept = ask_from_outside(thing, relation="owner", text=text, contact=contact, **where)
        return kept.appeal_id, kept.receipt

    for text, contact in (("It is a shop.", "a@shop.example"), ("It is a bakery.", "b@shop.example")):
        for _twice in range(2):
            number, receipt = ask(text, contact)
    hold(True)
    row = queries.outside_appeal(number)
    assert (row.text, row.contact) == ("It is a shop.\n\nIt is a bakery.", "b@shop.example")
    assert AuditRow.objects.filter(event="appeal.added").count() == 1
    assert len(received_keys()) == 3
    hold(False)
    asked = Walk().open("/jm/receipt").send("open", receipt=receipt)
    for _twice in range(2):
        page = Walk(asked.client, asked.response).send(act="state", text="I have papers.")
        assert "Added" in page.text
    hold(True)
    assert queries.outside_appeal(number).statement == "I have papers."
    run_until_idle()
    from leeward.casework.models import Appeal

    assert [one.text for one in Appeal.objects.all()] == ["It is a shop.\n\nIt is a bakery."]


def test_stop_is_taken_without_a_key_and_done_by_who_has_one(within: Cast, hold: Callable[[bool], None]) -> None:
    hold(False)
    gateway = issue_token(name="Gateway", scopes=["sms"], actor=within["adam"].actor)

    def text(words: str, sender: str, number: int) -> None:
        fields = {"from": sender, "text": words, "id": f"{sender} {number}"}
        assert Client().post(f"/jm/sms/plain/{gateway}", fields).status_code == 200

    for sender in (NUMBER, "+18765550102"):
        for number, words in enumerate(("4", "http://a.example/x", "1", "and one more thing", "STOP")):
            if words != "STOP" or sender == NUMBER:
                text(words, sender, number)
    run_until_idle()
    assert Report.objects.exclude(contact="").count() == 2
    assert StoppedNumber.objects.count() == 1
    assert Job.objects.get(kind="intake.forget_stopped").attempts == 0, "it waits for a key"
    hold(True)
    Job.objects.update(due_at=AuditRow.objects.latest("pk").at)
    run_until_idle()
    assert [row.contact for row in Report.objects.exclude(contact="")] == ["+18765550102"]
    assert not StoppedNumber.objects.exists()
    assert json.loads(AuditRow.objects.get(event="contacts.erased").facts) == {"reports": 1, "appeals": 0}
    received_keys()


def test_the_page_behind_a_receipt_shows_questions_and_takes_answers(
    within: Cast, hold: Callable[[bool], None]
) -> None:
    hold(False)
    walk = Walk().open("/jm/report")
    walk.send("report", press="go=send", kind="page", where="http://a.example/x", text="A bad page.")
    receipt = walk.receipt
    number = Report.objects.get().pk
    hold(True)
    ask_reporter(number, text="Which game was it?", actor=within["ana"].actor)
    hold(False)
    page = Walk().open("/jm/receipt").send("open", receipt=receipt)
    assert "Which game was it?" in page.text
    assert "sealed" not in page.text
    page.send(act="answer", text="I don’t know.")
    assert "A bad page." not in page.text
    hold(True)
    assert [one.text for one in queries.messages_of(number)] == ["Which game was it?", "I don’t know."]
    hold(False)
    page.send(act="withdraw")
    assert received_keys() == []


def test_how_a_page_is_reached_is_not_lost_where_it_can_not_be_opened(
    within: Cast, hold: Callable[[bool], None]
) -> None:
    hold(True)
    place = Location.objects.create(
        hotline_id=within.hotline_id, kind="url", key="a", display="http://a.example/", comparable="http://a.example/"
    )
    add_access(place.pk, {"password": "open"})
    hold(False)
    for change in (lambda: add_access(place.pk, {"referrer": "http://b.example/"}), lambda: keep_access(place.pk, [])):
        with pytest.raises(WordsLocked):
            change()
    hold(True)
    assert Location.objects.get(pk=place.pk).access == {"password": "open"}


def test_a_place_gets_no_sentence_for_a_password_and_is_not_fetched_without_it(
    within: Cast, hold: Callable[[bool], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[dict[str, str]] = []
    answer = FetchResult(Answer("answered", status=200, url="http://a.example/", body=b"words"))

    def fetched(_address: str, access: dict[str, str], **_more: object) -> FetchResult:
        asked.append(access)
        return answer

    for module in (fetching, probing):
        monkeypatch.setattr(module, "fetch_page", fetched)
    hold(True)
    keys.public()
    hold(False)
    for number, is_marked in (("1", False), ("2", True)):
        received(within, new_form_key(), where=f"http://{number}.example/x", password="open", is_marked=is_marked)
    run_until_idle()
    case = Case.objects.get()
    assert case.urgent, "a child in danger waits for no key, and every other report does"
    assert set(Job.objects.values_list("attempts", "dead")) == {(0, False)}, "that is no failure"
    assert Location.objects.get(pk=case.location_id).access == {}
    hold(True)
    Job.objects.update(due_at=datetime.now(UTC))
    run_until_idle()
    places = [place.access for place in Location.objects.filter(pk__in=Case.objects.values("location_id"))]
    assert places == [{"password": "open"}] * 2
    asked.clear()
    hold(False)
    for visit in (fetch, probe, view_page):
        with pytest.raises(WordsLocked):
            visit(case.location_id)
    assert asked == []
    with_nothing = received(within, new_form_key(), where="http://1.example/x")
    run_until_idle()
    joined = CaseItem.objects.filter(case__location_id=Location.objects.get(host="1.example").pk)
    assert {row.id for row in queries.items_of(with_nothing)} < set(joined.values_list("item_id", flat=True)), (
        "a report that says nothing of that waits for no key"
    )
    hold(True)
    fetch(case.location_id)
    assert asked == [{"password": "open"}]
