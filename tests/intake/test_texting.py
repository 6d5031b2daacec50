"""Reports by text message, through the address that a gateway posts to."""

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

import pytest
import time_machine
from django.test import Client
from django_scopes import scope

from leeward.audit.models import AuditRow
from leeward.foundation.actor import Actor
from leeward.intake.models import Report, SmsTalk
from leeward.intake.receipts import find_receipt
from leeward.intake.rules.sms_length import fits_one
from leeward.intake.rules.where import item_drafts
from leeward.intake.services import (
    ask_from_outside,
    forget_stopped,
    forget_talks,
    settle_appeal,
    tell_reporter,
    texting,
    withdraw_report,
)
from leeward.people.models import Portal
from leeward.people.services.tokens import issue_token
from leeward.site import health
from leeward.web_security.keys import new_form_key
from tests.personas import Cast

NUMBER = "+18765550101"
Gateway = Callable[..., list[str]]


@pytest.fixture
def key(cast: Cast) -> str:
    return issue_token(name="Gateway", scopes=["sms"], actor=cast["adam"].actor)


@pytest.fixture
def text(within: Cast, key: str) -> Gateway:
    """Send a text through a gateway of plain shape; the messages that it gets back to send."""
    ids = count()

    def send(words: str, sender: str = NUMBER, **more: str) -> list[str]:
        fields = {"from": sender, "text": words, "id": str(next(ids))} | more
        answer = Client().post(f"/jm/sms/plain/{key}", fields)
        assert answer.status_code == 200
        assert answer["Content-Type"].startswith("text/plain")
        messages: list[str] = answer.content.decode().splitlines()
        assert all(map(fits_one, messages))
        return messages

    return send


def receipt_in(messages: list[str]) -> str:
    return next(one for one in messages if "is your receipt" in one)[:19]


def test_a_report_from_the_first_text_to_its_receipt(text: Gateway, cast: Cast) -> None:
    first = text("I found a bad page about a school")
    assert "Answer with a number: 1 a child is in danger now" in first[0]
    assert "Never send a picture" in first[1]
    assert text("4") == ["Where is it? Write the web address, or the name and the app. 0 if you don't know"]
    assert text("http://a.example/x")[0].startswith("May we call you")
    last = text("2")
    assert fits_one(last[0])
    report = Report.objects.get()
    assert (report.kind, report.source, report.urgency, report.contact) == ("page", "sms", "", "")
    assert report.text == "I found a bad page about a school"
    assert [item.comparable for item in report.items.exclude(kind="words")] == ["a.example/x"]
    assert find_receipt(receipt_in(last)) == report
    assert text("I forgot to say: since May")[0].startswith("It is in your report")
    assert report.messages.latest("pk").text.endswith("I forgot to say: since May")
    assert text(receipt_in(last)) == ["Your report: Received."]
    assert NUMBER[1:] not in json.dumps(list(SmsTalk.objects.values()) + list(Report.objects.values()), default=str)


def test_danger_goes_first_and_says_whom_to_call(text: Gateway) -> None:
    assert text("1 he is at the door")[0].startswith("Call 119 now. We can't come to you.")
    report = Report.objects.get()
    assert (report.kind, report.urgency, report.text) == ("danger", "danger", "he is at the door")


def test_danger_later_makes_the_report_urgent(text: Gateway) -> None:
    for words in ("hello", "5", "0", "2"):
        text(words)
    assert text("1")[0].startswith("Call 119 now")
    assert Report.objects.get().urgency == "danger"


def test_a_threat_is_asked_about_and_urgent(text: Gateway) -> None:
    assert text("3") == ["It is not your fault. Is anyone threatening to share it? 1 yes, 2 no, 3 not sure"]
    assert text("3")[0].startswith("Don't pay, and don't send anything more. Don't delete any messages.")
    assert (Report.objects.get().kind, Report.objects.get().urgency) == ("me", "threat")


def test_whoever_reports_a_picture_of_themselves_decides_about_the_police(text: Gateway, cast: Cast) -> None:
    Portal.objects.filter(pk=cast.portal_id).update(own_removal="wish")
    text("3")
    assert text("2")[0].startswith("You decide: 1 have it removed")
    assert text("please help")[0].startswith("You decide"), "asked once more"
    assert text("1")[0].startswith("Where is it?")
    text("http://a.example/x")
    assert "We don't tell the police, as you wished." in " ".join(text("2"))
    report = Report.objects.get()
    assert (report.wish, [one.text for one in report.messages.order_by("pk")]) == (
        "quiet",
        ["please help", "http://a.example/x"],
    )


@pytest.mark.parametrize(
    ("sent", "wish", "urgency"),
    [
        ("3 2 1 1", "quiet", ""), ("3 2 2 2", "police", ""), ("3 2 1 2", "police", ""),
        ("3 2 1 1 1", "quiet", "danger"), ("3 2 2 1", "police", "danger"), ("3 2 2 2 1", "police", "danger"),
    ],
)  # fmt: skip
def test_an_answer_sent_twice_is_asked_about_and_danger_wins(
    text: Gateway, cast: Cast, sent: str, wish: str, urgency: str
) -> None:
    Portal.objects.filter(pk=cast.portal_id).update(own_removal="wish")
    for words in sent.split():
        last = text(words)
    report = Report.objects.get()
    assert (report.wish, report.urgency) == (wish, urgency)
    assert "Where is it?" in " ".join(last) or urgency
    assert ("Write 1 if a child is in danger now" in " ".join(last)) is (sent == "3 2 1 1")
    assert "Call 119 now" in " ".join(last) or not urgency


def test_a_wish_that_comes_once_the_police_know_is_not_promised(text: Gateway, cast: Cast) -> None:
    Portal.objects.filter(pk=cast.portal_id).update(own_removal="wish")
    text("3")
    text("2")
    item = Report.objects.get().items.get()
    tell_reporter(item.pk, state="acted", reason="police_told")
    for words in ("1", "0"):
        text(words)
    assert "as you wished" not in " ".join(text("2"))
    assert Report.objects.get().wish == ""


def test_a_wish_is_not_kept_where_the_portal_can_not_promise_it_any_more(text: Gateway, cast: Cast) -> None:
    Portal.objects.filter(pk=cast.portal_id).update(own_removal="wish")
    text("3")
    assert text("2")[0].startswith("You decide")
    Portal.objects.filter(pk=cast.portal_id).update(own_removal="police")
    text("1")
    assert Report.objects.get().wish == ""


def test_what_is_reported_after_start_is_another_report_without_the_wish_of_the_first(
    text: Gateway, cast: Cast
) -> None:
    Portal.objects.filter(pk=cast.portal_id).update(own_removal="wish")
    for words in ("3", "2", "1", "http://a.example/me", "2", "START", "4", "http://b.example/others", "2"):
        text(words)
    found = [
        (row.kind, row.wish, row.items.exclude(kind="words").get().comparable) for row in Report.objects.order_by("pk")
    ]
    assert found == [("me", "quiet", "a.example/me"), ("page", "", "b.example/others")]


def test_the_number_is_kept_for_whoever_wishes_to_be_reached_until_they_stop(text: Gateway) -> None:
    for words in ("4", "http://a.example/x", "1"):
        text(words)
    assert Report.objects.get().contact == NUMBER
    assert text("STOP")[0].startswith("We write nothing more")
    assert text("STOP") == []
    forget_stopped(Report.objects.get().portal_id)
    assert Report.objects.get().contact == ""
    assert AuditRow.objects.filter(event="contacts.erased").count() == 1
    assert text("one more thing to say") == []
    assert "one more thing to say" in [one.text for one in Report.objects.get().messages.all()]
    assert text("START")[0].startswith("What is it?")


def test_a_picture_is_refused_before_anything_is_kept(text: Gateway, key: str) -> None:
    assert text("look at this page here", NumMedia="1", MediaUrl0="https://gate.example/1")[0].startswith(
        "We kept nothing of your message"
    )
    assert not Report.objects.exists()
    assert not SmsTalk.objects.exists()
    large = {"from": NUMBER, "text": "look at this page here", "image": "A" * 30_000}
    answer = Client().post(f"/jm/sms/plain/{key}", json.dumps(large), content_type="application/json")
    assert answer.status_code == 413
    assert not Report.objects.exists()


def test_the_same_message_again_changes_nothing_and_gets_the_same_answer(text: Gateway) -> None:
    for words in ("4", "0"):
        text(words, id=words)
    last = text("2", id="last")
    assert text("2", id="last") == last
    assert Report.objects.get().messages.count() == 0
    withdraw_report(Report.objects.get().pk)
    assert text("2", id="last") == [], "its receipt opens nothing any more"


def test_a_crash_before_the_step_was_kept_loses_nothing(text: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    text("hello")
    before = SmsTalk.objects.values("step").get()
    text("2 he writes to her", id="a")
    SmsTalk.objects.update(**before, last_id="")
    text("2 he writes to her", id="a")
    assert (Report.objects.get().urgency, Report.objects.get().text) == ("contact", "he writes to her")


def test_a_flood_is_slowed_and_an_urgent_text_is_not(text: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texting, "GATEWAY_AT_ONCE", 2)
    monkeypatch.setattr(texting, "GATEWAY_PER_MINUTE", 0.001)
    monkeypatch.setattr(texting, "TEXTS_AT_ONCE", 2)
    assert "too many" not in " ".join(text("I found a bad page") + text("4"))
    assert text("http://a.example/x")[0].startswith("That was too many messages")
    assert text("http://a.example/x") == []  # a flood isn't answered one by one
    assert text("I found a bad page", "+18765550102")[0].startswith("That was too many messages")
    assert Report.objects.count() == 1
    assert text("1", "+18765550103")[0].startswith("Call 119 now")
    assert text("1")[0].startswith("Call 119 now")
    assert "is your receipt" in text("2")[0]
    assert Report.objects.filter(urgency="danger").count() == 2


def test_a_storm_with_made_up_senders_is_answered_a_few_times_in_all(
    text: Gateway, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(texting, "GATEWAY_AT_ONCE", 1)
    monkeypatch.setattr(texting, "GATEWAY_PER_MINUTE", 0.001)
    monkeypatch.setattr(texting, "TRIES_AT_ONCE", 0)
    monkeypatch.setattr(texting, "REFUSALS_AT_ONCE", 6)
    monkeypatch.setattr(texting, "REFUSALS_PER_MINUTE", 0.001)
    text("hello")
    strangers = map("+1876556{:04}".format, count())
    for n in range(2):  # of each kind, as long as there is room
        assert text(f"I found bad page {n}", next(strangers))[0].startswith("That was too many messages")
        assert text("look at this", next(strangers), NumMedia="1")[0].startswith("We kept nothing")
        assert text("1234 5678 9012 3456", next(strangers))[0].startswith("That was too many numbers")
    assert text("I found a bad page", next(strangers)) == []
    assert text("look at this", next(strangers), NumMedia="1") == []
    assert text("1234 5678 9012 3456", next(strangers)) == []
    assert text("STOP", next(strangers)) == [], "whoever never wrote before isn't written to either"
    assert text("1 he is here", next(strangers))[0].startswith("Call 119 now")
    assert text("STOP")[0].startswith("We write nothing more"), "whoever writes with us hears that it ends"
    Portal.objects.filter(pk=cast.portal_id).update(takes_reports=False)
    assert text("hello", next(strangers)) == []
    assert text("1", next(strangers)) == ["We take no reports yet. If a child is in danger now, call 119."]


def test_answers_are_bounded_by_the_hour_and_nothing_is_lost(text: Gateway, cast: Cast, settings: Any) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"sms_answers_an_hour": 6})
    with time_machine.travel(datetime(2026, 11, 24, 12, 0, tzinfo=UTC), tick=False) as clock:
        strangers = list(map("+1876557{:04}".format, range(8)))
        answers = [text(f"I found the bad page {sender}", sender) for sender in strangers]
        assert [bool(one) for one in answers] == [True] * 3 + [False] * 5
        assert Report.objects.count() == len(strangers), "each was taken"
        assert text("1", strangers[4])[0].startswith("Call 119 now"), "what is urgent has an allowance of its own"
        assert Report.objects.filter(urgency="danger").count() == 1
        alarm = next(one for one in health.current_alarms(datetime.now(UTC)) if one.code == "sms_unanswered")
        assert "Jamaica" in alarm.text
        assert "answer, because too many came: 5." in alarm.text
        urgent = [text("1", sender) for sender in strangers[:3]]
        assert [bool(one) for one in urgent] == [True, True, False]
        assert Report.objects.filter(urgency="danger").count() == 4, "taken, and paged about, all the same"
        clock.shift(timedelta(minutes=21))
        asked = text("hello?", strangers[7])
        assert asked[0].startswith("What is it?"), "one more each twenty minutes: the question that is due"
        assert text("hello?", strangers[6]) == []
        clock.shift(timedelta(hours=2))
        assert "sms_unanswered" not in {one.code for one in health.current_alarms(datetime.now(UTC))}


def test_a_repeated_message_is_answered_as_the_first_was_or_counted(text: Gateway, settings: Any) -> None:
    """A gateway posts again what it got no answer to in time."""
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"sms_answers_an_hour": 4})
    with time_machine.travel(datetime(2026, 11, 24, 12, 0, tzinfo=UTC), tick=False):
        danger = text("1 he is here", id="danger")
        assert text("I found a bad page", "+18765570001", id="page")
        assert text("I found a bad page", "+18765570002")
        assert danger[0].startswith("Call 119 now")
        assert text("1 he is here", id="danger") == danger, "a storm of other texts uses up no answer to it"
        assert text("I found a bad page", "+18765570001", id="page") == []
        alarm = next(one for one in health.current_alarms(datetime.now(UTC)) if one.code == "sms_unanswered")
        assert "answer, because too many came: 1." in alarm.text


def test_a_receipt_that_got_no_answer_comes_with_the_next_text(text: Gateway, settings: Any) -> None:
    settings.LEEWARD = settings.LEEWARD.model_copy(update={"sms_answers_an_hour": 4})
    with time_machine.travel(datetime(2026, 11, 24, 12, 0, tzinfo=UTC), tick=False) as clock:
        assert text("4")
        assert text("http://a.example/x")
        assert text("2") == []
        clock.shift(timedelta(minutes=31))
        assert find_receipt(receipt_in(text("2"))) == Report.objects.get()


def test_stop_erases_the_number_from_reports_of_other_days_and_of_nobody_else(text: Gateway, cast: Cast) -> None:
    for sender in (NUMBER, "+18765550102"):
        for words in ("4", "http://a.example/x", "1"):
            text(words, sender)
    (kept,) = (one for one in Report.objects.all() if one.contact == "+18765550102")
    SmsTalk.objects.all().delete()  # the salt of their day is gone, and what it led to
    earlier = Report.objects.exclude(pk=kept.pk).get()
    Report.objects.create(
        hotline_id=cast.hotline_id, portal_id=cast.portal_id, kind="page", source="telephone", contact=NUMBER,
        language="en", received_at=datetime.now(UTC), once_digest="call",
    )  # fmt: skip
    text("STOP", NUMBER.removeprefix("+"))
    forget_stopped(cast.portal_id)
    earlier.refresh_from_db()
    assert earlier.contact == ""
    assert set(Report.objects.exclude(contact="").values_list("source", flat=True)) == {"sms", "telephone"}
    assert AuditRow.objects.get(event="contacts.erased").facts == '{"appeals":0,"reports":1}'


def test_numbers_can_not_be_guessed(text: Gateway, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(texting, "TRIES_AT_ONCE", 1)
    assert text("1234 5678 9012 3456") == ["This number opens no report. Look at the digits again."]
    assert text("1234 5678 9012 3456") == ["That was too many numbers. Wait a few minutes."]


def test_a_request_for_review_is_not_called_a_report(text: Gateway, cast: Cast) -> None:
    (item,) = item_drafts("http://shop.example/", {})
    asked, shown = (
        ask_from_outside(
            item, relation=relation, text="It is a shop.", contact="", hotline_id=cast.hotline_id, portal_id=cast.portal_id,
            language="en", form_key=new_form_key(),
        )
        for relation in ("owner", "shown")
    )  # fmt: skip
    waiting = "Your request for review: Waiting for an answer."
    assert text(asked.receipt) == [waiting]
    assert text(shown.receipt) == [f"{waiting} Your report: Received."], "the person shown has a report as well"
    settle_appeal(asked.appeal_id, upheld=False, reasons="We read it.", actor=Actor("staff", 1))
    assert text(asked.receipt) == ["Your request for review: Answered."], "the answer is on the page"


def test_services_with_a_name_are_not_answered(text: Gateway) -> None:
    assert text("You have won a prize today", "Harbour") == []
    assert text("Your balance is 5.00 dollars", "444") == []
    assert not Report.objects.exists()


def test_a_portal_that_is_not_open_says_whom_to_call(text: Gateway, cast: Cast) -> None:
    Portal.objects.filter(pk=cast.portal_id).update(takes_reports=False)
    assert text("1") == ["We take no reports yet. If a child is in danger now, call 119."]


def test_a_withdrawn_report_stays_so_and_a_new_one_begins(text: Gateway) -> None:
    text("I found a bad page there")
    withdraw_report(Report.objects.get().pk)
    text("another one, somewhere else")
    assert Report.objects.filter(withdrawn_at=None).get().text == "another one, somewhere else"


def test_a_flow_of_rapidpro_gets_the_messages_as_json_in_its_language(within: Cast, key: str) -> None:
    body = {"contact": {"uuid": "c-1"}, "input": {"text": "1", "uuid": "7"}}
    answer = Client().post(f"/jm/fr/sms/rapidpro/{key}", json.dumps(body), content_type="application/json").json()
    assert answer["reply"] == "\n".join(answer["messages"])
    assert "119" in answer["reply"]
    assert Report.objects.get().language == "fr"


@pytest.mark.parametrize("path", ["/jm/sms/plain/nokey", "/jm/sms/other/{key}", "/bb/sms/plain/{key}"])
def test_the_address_is_the_key(within: Cast, key: str, path: str) -> None:
    assert Client().post(path.format(key=key), {"from": NUMBER, "text": "1"}).status_code == 404
    assert Client().get(f"/jm/sms/plain/{key}").status_code == 405
    unreadable = Client().post(f"/jm/sms/rapidpro/{key}", "[", content_type="application/json")
    assert unreadable.status_code == 400


def test_a_key_for_something_else_opens_nothing(cast: Cast) -> None:
    other = issue_token(name="Form", scopes=["intake"], actor=cast["adam"].actor)
    assert Client().post(f"/jm/sms/plain/{other}", {"from": NUMBER, "text": "1"}).status_code == 404


def test_conversations_are_forgotten(text: Gateway, cast: Cast) -> None:
    for words in ("4", "0", "2"):
        text(words)
    text("hello", "+18765550102")
    now = datetime.now(UTC)
    assert forget_talks(now) == 0
    assert forget_talks(now + timedelta(minutes=11)) == 1
    assert forget_talks(now + timedelta(hours=25)) == 1
    with scope(hotline=cast.hotline_id):
        assert not SmsTalk.objects.exists()
