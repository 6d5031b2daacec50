"""An item is reported, accepted and acted on: both sides keep one timeline, whatever the line between them loses."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any, get_args

import pytest
import time_machine
from django.test import Client
from django_scopes import scope

from leeward.exchange import line, queries, services
from leeward.exchange.errors import SILENCES, NotSayable, PeerSilent, ReportedAlready, RequestRefused, SignatureBad
from leeward.exchange.labels import problem_words
from leeward.exchange.models import Exchange, ExchangeMessage, Peer
from leeward.exchange.rules.offers import report_of
from leeward.exchange.rules.schema import MOST_BYTES
from leeward.exchange.rules.signing import Reply, Request
from leeward.exchange.rules.steps import Step
from leeward.exchange.rules.wire import Message, write_batch
from leeward.exchange.services import accepting, receiving
from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, LeewardError, NotAllowed, NotFound
from leeward.foundation.http.answers import Answer, Outcome
from leeward.intake.models import Item, Report
from leeward.jobs.clockwatch import Jump, confirm, note
from leeward.jobs.models import Job
from leeward.people.queries import country_names
from leeward.web.middleware import PUBLIC_MOST
from tests.exchange.link import Pair, receipt_of, said
from tests.exchange.test_peers import Two, configure
from tests.people.signing import events, signed_in
from tests.personas import Cast

pytestmark = pytest.mark.django_db
UID = "7b6c0e1a-0000-4000-8000-000000000001"


class PeerFails(LeewardError):
    """What a server answers that has a fault."""

    status = 500


@pytest.fixture
def pair(cast: Cast, settings: Any) -> Pair:
    """Two hotlines that confirmed each other."""
    from leeward.people.models import Portal

    configure(settings, "http://127.0.0.1:1")
    Portal.objects.update(takes_reports=False, was_opened=False)
    return Pair(Two(cast))


def test_both_sides_keep_one_timeline(pair: Pair) -> None:
    pair.report(text="Seen today.", language="en")
    assert pair.rows("there") == [], "nothing is there before it was delivered"
    pair.quiet()
    pair.accept()
    pair.quiet()
    pair.say("there", "action", what="police_told")
    pair.say("here", "question", details={"text": "Is it gone?", "language": "en"})
    pair.quiet()
    pair.say("there", "answer", about=2, details={"text": "Soon.", "language": "en"})
    pair.say("there", "action", what="removed")
    pair.quiet()
    (here,), (there,) = pair.rows("here"), pair.rows("there")
    assert said(here) == said(there)
    assert said(here)[:2] == ["reporting national", "hosting acceptance"]
    assert (here.stage, there.stage, here.grade) == ("removed", "removed", "national")
    assert here.sent_at is not None
    assert here.answered_at is not None
    assert {entry.state for entry in (*here.entries, *there.entries)} == {"sent", "received"}
    assert "exchange.reported" in events(pair.two.here)
    assert {"exchange.received", "exchange.accepted"} <= set(events(pair.two.there))


def test_an_accepted_item_is_a_report_here_from_another_hotline(pair: Pair) -> None:
    pair.report(text="Seen today.", language="en")
    pair.quiet()
    number = pair.accept()
    assert pair.accept() == number, "once, however often it is pressed"
    with pair.at("there"):
        report = Report.objects.get(pk=number)
        assert (report.source, report.text, report.receipt_hash) == ("peer", "Seen today.", None)
        assert Item.objects.get(report=report).display == "https://pictures.example/1"
        assert Job.objects.filter(kind="casework.take_in", subject_id=number).exists()


def test_what_is_urgent_waits_for_nobody(pair: Pair) -> None:
    pair.report(is_urgent=True)
    pair.carry()
    with pair.at("there"):
        report = Report.objects.get()
        assert report.urgency == "marked"
        assert Exchange.objects.get().stage == "accepted"


def test_nobody_can_page_people_all_night(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(accepting, "URGENT_AN_HOUR", 1)
    for number in (1, 2):
        pair.report(number, is_urgent=True)
    pair.report(3)
    pair.carry()
    assert [row.stage for row in pair.rows("there")] == ["accepted", "reported", "reported"]
    with pair.at("there"):
        assert [row.address[-1] for row in queries.to_accept().rows] == ["2", "3"], "urgent ones first"
    with time_machine.travel(datetime.now(UTC) + timedelta(hours=1, minutes=1)):
        pair.report(4, is_urgent=True)
        pair.carry()
        assert pair.rows("there")[-1].stage == "accepted"


def test_what_came_while_the_clock_was_ahead_keeps_nothing_urgent_waiting(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(accepting, "URGENT_AN_HOUR", 1)
    pair.report(1, is_urgent=True)
    pair.carry()
    with pair.at("there"):
        Exchange.objects.update(begun_at=datetime.now(UTC) + timedelta(days=30))
    pair.report(2, is_urgent=True)
    pair.carry()
    assert [row.stage for row in pair.rows("there")] == ["accepted", "accepted"]


def test_a_lost_request_or_answer_changes_nothing(pair: Pair) -> None:
    pair.report()
    pair.link.loses = ["request", "answer", ""]
    assert pair.carry() == timedelta(seconds=30)
    assert pair.carry() == timedelta(minutes=1)
    (waiting,) = pair.rows("here")
    assert (waiting.entries[0].state, waiting.entries[0].problem) == ("waiting", "cut_short")
    assert waiting.sent_at is None, "sent is said only with a receipt"
    pair.quiet()
    with pair.at("there"):
        assert ExchangeMessage.objects.count() == 1


def test_what_nobody_takes_for_a_day_is_held_until_somebody_presses_a_key(pair: Pair) -> None:
    pair.report()
    pair.link.loses = ["request"] * 10
    pair.carry()
    with time_machine.travel(datetime.now(UTC) + timedelta(days=1, minutes=1)):
        for _ in range(8):
            pair.carry()
        with pair.at("here"):
            assert queries.held_messages() == [], "a worker that was away for a day has tried it once"
        pair.carry()
        with pair.at("here") as (hotline_id, actor):
            (held,) = queries.held_messages()
            assert (held.problem, held.kind) == ("timed_out", "report")
            services.retry(held.id, hotline_id=hotline_id, actor=actor)
            assert queries.held_messages() == []
            assert Job.objects.filter(kind="exchange.deliver", hotline_id=hotline_id, dead=False).exists()
        pair.quiet()
    assert pair.rows("there")[0].stage == "reported"


def test_what_was_written_while_the_clock_was_ahead_goes_once_it_is_back(pair: Pair) -> None:
    now, ahead = datetime.now(UTC), datetime.now(UTC) + timedelta(days=1)
    with time_machine.travel(ahead):
        pair.report()
    note(Jump(ahead, now), "here:0")
    pair.quiet()
    assert [row.stage for row in pair.rows("there")] == ["reported"]


@pytest.mark.parametrize("jumps_back", [True, False])
def test_a_clock_that_jumps_holds_nothing_that_was_tried_for_hours(pair: Pair, jumps_back: bool) -> None:
    pair.report()
    pair.link.loses = ["request"] * 13
    for _ in range(10):
        pair.carry()
    now, ahead = datetime.now(UTC), datetime.now(UTC) + timedelta(days=3)
    note(Jump(now, ahead), "here:0")
    with time_machine.travel(ahead):
        pair.carry()
        with pair.at("here"):
            assert queries.held_messages() == [], "nobody knows that it was tried for a day"
        if not jumps_back:
            confirm(Actor("command"), datetime.now(UTC))
            pair.carry()
            with pair.at("here"):
                assert queries.held_messages() == [], "it has its whole day from now"
            pair.quiet()
    if jumps_back:
        note(Jump(ahead, now), "here:0")
        pair.quiet()
    assert pair.rows("there")[0].stage == "reported"


def test_a_peer_that_was_stopped_gets_nothing_more(pair: Pair) -> None:
    pair.report()
    with pair.at("here") as (hotline_id, actor):
        services.stop_peer(Peer.objects.get().pk, hotline_id=hotline_id, actor=actor)
    assert pair.carry() is None
    with pair.at("here"):
        assert [row.problem for row in queries.held_messages()] == ["stopped"]
        assert queries.exchange(Exchange.objects.get().pk).sayable == ()  # type: ignore[union-attr]


def test_a_message_that_one_refuses_keeps_no_other_out(pair: Pair, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in (1, 2, 3):
        pair.report(number)
    real = services.take_messages

    def refuses_the_second(identifier: str, request: Any) -> Any:
        if b"pictures.example/2" in request.body:
            raise RequestRefused("not_readable", "no")
        return real(identifier, request)

    monkeypatch.setattr(services, "take_messages", refuses_the_second)
    pair.quiet()
    assert [row.address[-1] for row in pair.rows("there")] == ["1", "3"]
    with pair.at("here"):
        assert [row.problem for row in queries.held_messages()] == ["refused"]


def message(side: Any, number: int, kind: Any, exchange: str = "1", **more: Any) -> Message:
    uid = f"5b6c0e1a-0000-4000-8000-10000000000{exchange}"
    step = Step(side, number, more.pop("seen", 0), kind, more.pop("what", ""), more.pop("about", 0))
    return Message(uid, step, datetime(2026, 11, 28, tzinfo=UTC), more)


def report(pair: Pair, **more: Any) -> Message:
    from leeward.exchange.rules.offers import report_of

    given = {"path": (pair.two.card(pair.two.there).identifier,)} | more
    return message("reporting", 1, "report", what="national", **report_of(replace(pair.offer(), **given)))


def send(pair: Pair, *messages: Message) -> list[str]:
    """What Jamaica's hotline says of messages of the other one."""
    at = pair.two.peer(pair.two.there)
    request = pair.two.signed(f"{at.url}/messages", write_batch(messages))
    return receipt_of(services.take_messages(at.identifier, request))


def test_each_message_is_judged_alone_and_the_same_again_gets_the_same_answer(pair: Pair) -> None:
    first = report(pair)
    text = {"text": "Is it gone?", "language": "en"}
    question = message("reporting", 2, "question", **text)
    assert send(pair, question) == [""], "before the report that it follows"
    (row,) = pair.rows("here")
    assert (row.stage, row.entries) == ("", ())
    assert send(pair, first, question) == ["", ""]
    assert send(pair, first, question) == ["", ""]
    assert send(pair, message("reporting", 2, "question", text="Other", language="en")) == ["other_message"]
    assert send(pair, message("hosting", 1, "acceptance")) == ["not_a_party"], "for us to say"
    assert send(pair, message("hosting", 1, "acceptance", "9")) == ["not_a_party"], "of no exchange"
    (row,) = pair.rows("here")
    assert said(row) == ["reporting national", "reporting question"]
    with pair.at("here"):
        assert ExchangeMessage.objects.count() == 2


def test_facts_that_contradict_and_our_own_items_are_refused_by_a_code(pair: Pair) -> None:
    assert send(pair, report(pair, facts={"age_band": "nonsense"})) == ["facts_unusable"]
    own = pair.two.card(pair.two.here).identifier
    assert send(pair, report(pair, path=(own, "b" * 32))) == ["own_item_returned"]
    pair.report(7)
    assert send(pair, report(pair, item=pair.offer(7).item)) == ["own_item_returned"], "however it is named"
    assert [row.is_ours for row in pair.rows("here")] == [True]


def test_what_no_peer_signed_now_or_nobody_can_read_is_refused(pair: Pair) -> None:
    at = pair.two.peer(pair.two.there)
    url, body = f"{at.url}/messages", write_batch([report(pair)])
    good = pair.two.signed(url, body)
    services.take_messages(at.identifier, good)
    late = datetime.now(UTC) - timedelta(minutes=10)
    for bad, code in (
        (good, "replayed"),
        (replace(pair.two.signed(url, body), body=body + b" "), "signature_wrong"),
        (pair.two.signed(url, body, at=late), "clock_differs"),
        (pair.two.signed(url, body, private=bytes(32)), "key_unknown"),
    ):
        with pytest.raises(SignatureBad) as error:
            services.take_messages(at.identifier, bad)
        assert error.value.code == code
    twice = b'{"version": 1, "version": 1, "messages": []}'
    deep = b"[" * 100_000
    place = body.replace(b'"url"', b'"dance"')
    for unreadable, said_of_it in ((twice, ""), (deep, ""), (place, "$.messages[0].report.location.kind")):
        with pytest.raises(RequestRefused) as refused:
            services.take_messages(at.identifier, pair.two.signed(url, unreadable))
        assert refused.value.code == "not_readable"
        assert said_of_it in refused.value.text
    with pytest.raises(NotFound):
        services.take_messages("c" * 32, good)


def test_the_address_answers_programs(pair: Pair) -> None:
    at = pair.two.peer(pair.two.there)
    path = f"/exchange/{at.identifier}/messages"
    request = pair.two.signed(f"http://127.0.0.1:1{path}", write_batch([report(pair)]))
    headers = {name: value for name, value in request.headers.items() if name != "content-type"}
    good = Client().post(path, request.body, content_type="application/json", headers=headers)
    assert (good.status_code, good.json()["messages"][0]["code"]) == (200, "")
    assert "signature" in good.headers
    again = Client().post(path, request.body, content_type="application/json", headers=headers)
    assert (again.status_code, again.json()["code"]) == (401, "replayed")
    large = Client().post(path, b" " * (MOST_BYTES + 1), content_type="application/json")
    assert large.status_code == 413
    assert MOST_BYTES <= PUBLIC_MOST, "what we send arrives"
    assert Client().get(path).status_code == 405


def test_what_has_no_effect_is_not_said(pair: Pair) -> None:
    pair.report()
    with pytest.raises(ReportedAlready):
        pair.report()
    pair.quiet()
    with pytest.raises(NotSayable) as error:
        pair.say("there", "action", what="removed")
    assert "at this stage" in error.value.text
    with pytest.raises(BadInput):
        pair.say("here", "question")
    pair.say("here", "withdrawal")
    pair.quiet()
    with pytest.raises(NotSayable):
        pair.accept()
    assert pair.report() > 0, "after it was withdrawn it can be reported anew"


def test_what_is_withdrawn_before_it_was_sent_leaves_no_trace_there(pair: Pair) -> None:
    pair.report()
    pair.say("here", "withdrawal")
    pair.quiet()
    assert (pair.rows("here"), pair.rows("there"), pair.link.requests) == ([], [], [])


def test_what_was_done_is_said_once_and_only_to_whoever_reported_it(pair: Pair) -> None:
    pair.report()
    pair.quiet()
    number = pair.accept()
    now = datetime.now(UTC)
    with pair.at("there"):
        for _twice in range(2):
            services.say_done([number], "police_told", now)
            services.say_done([number + 1], "host_told", now)
    pair.quiet()
    assert said(pair.rows("here")[0])[2:] == ["hosting police_told"]
    with pair.at("there"):
        services.say_done([number], "removed", now)
        for _twice in range(2):
            services.say_undone([number], "removed")
    pair.quiet()
    (here,) = pair.rows("here")
    assert (said(here)[2:], here.stage) == (
        ["hosting police_told", "hosting removed", "hosting retraction"],
        "acting",
    )
    with pair.at("there"):
        services.say_done([number], "removed", now)  # it is gone again
    pair.quiet()
    assert pair.rows("here")[0].stage == "removed"


def test_other_hotlines_and_other_people_do_and_see_nothing(pair: Pair) -> None:
    number = pair.report()
    with scope(hotline=pair.two.there):
        assert queries.exchange(number) is None
        with pytest.raises(NotFound):
            services.say(number, "withdrawal", hotline_id=pair.two.there, actor=pair.two.dora)
    with scope(hotline=pair.two.here):
        for who in ("dora", "pia", "otto", "adam"):
            with pytest.raises(NotAllowed):
                services.say(number, "withdrawal", hotline_id=pair.two.here, actor=pair.two.cast[who].actor)


def test_why_a_server_is_silent_is_said_in_words() -> None:
    """By every outcome that the line can have; a budget of requests it does not have."""
    outcomes = set(get_args(Outcome)) - {"answered", "over_budget"}
    assert outcomes == set(SILENCES)
    assert problem_words("timed_out") == "The other hotline’s server gives no receipt: no answer in time."
    assert problem_words("503 no_signature").endswith(": 503 no_signature.")
    assert problem_words("401 clock_differs").startswith("The clocks differ by more than five minutes")


@pytest.mark.parametrize(
    ("body", "why"),
    [
        (b'{"code": "clock_differs"}', "401 clock_differs"),
        (b'{"code": "<b>anything</b>"}', "401 signature_missing"),
        (b"[" * 5000, "401 signature_missing"),
        (b"<html>", "401 signature_missing"),
    ],
)
def test_why_a_server_refuses_is_read_from_its_words_as_far_as_they_are_ours(body: bytes, why: str) -> None:
    request = Request("POST", "https://there.example/messages", {}, b"{}")
    with pytest.raises(PeerSilent) as refused:
        line._receipt(Answer("answered", request.url, 401, body=body), request, [])
    assert refused.value.values["why"] == why


def test_the_inbox_names_the_country_in_which_it_is_hosted(pair: Pair) -> None:
    pair.report()
    pair.quiet()
    with scope(hotline=pair.two.there):
        (row,) = queries.to_accept().rows
    page = signed_in(pair.two.cast, "dora").get("/desk/exchange").content.decode()
    assert str(country_names()[row.country]) in page
    assert row.country == "BB"


def test_words_are_deleted_when_they_are_long_over_and_what_was_done_stays(pair: Pair) -> None:
    pair.report(text="Please hurry.", language="en")
    pair.quiet()
    pair.accept()
    pair.say("there", "question", details={"text": "Is it urgent?", "language": "en"})
    pair.quiet()
    with pair.at("there"):
        soon, later = (datetime.now(UTC) + timedelta(days=days) for days in (700, 731))
        assert services.forget_old_words(soon) == 0
        assert services.forget_old_words(later) == 2
        assert services.forget_old_words(later) == 0
    (row,) = pair.rows("there")
    assert [entry.text for entry in row.entries] == ["", "", ""]
    assert said(row) == ["reporting national", "hosting acceptance", "hosting question"]
    assert row.report is not None, "what the item is stays"
    pair.say("here", "withdrawal", details={"text": "Too late", "language": "en"})  # not sent yet
    with pair.at("here"):
        assert services.forget_old_words(later) == 0


def test_a_flood_of_a_peer_comes_at_a_pace_and_nothing_of_it_is_lost(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(receiving, "REQUESTS_AT_ONCE", 1)
    pair.report(1)
    pair.carry()
    pair.report(2)
    assert pair.carry() == timedelta(seconds=30)
    assert [row.entries[0].problem for row in pair.rows("here")] == ["", "429 signature_missing"]
    with time_machine.travel(datetime.now(UTC) + timedelta(minutes=1)):
        pair.carry()
    assert len(pair.rows("there")) == 2


def test_a_message_at_which_the_peers_server_fails_holds_up_no_other(
    pair: Pair, monkeypatch: pytest.MonkeyPatch
) -> None:
    works = services.take_messages

    def fails_at_the_first(identifier: str, request: Request) -> Reply:
        if b"https://pictures.example/1" in request.body:
            raise PeerFails
        return works(identifier, request)

    monkeypatch.setattr(services, "take_messages", fails_at_the_first)
    for number in (1, 2, 3):
        pair.report(number)
    for _turn in range(6):
        pair.carry()
    assert [row.sent_at is not None for row in pair.rows("here")] == [False, True, True]


def test_of_two_reports_in_an_exchange_the_one_that_stands_is_shown(pair: Pair) -> None:
    own = (pair.two.card(pair.two.there).identifier,)
    at = pair.two.card(pair.two.here)
    for number in (2, 1):  # the second one arrives first
        step = Step("reporting", number, 0, "report", "national")
        details = report_of(pair.offer(number, path=own))
        body = write_batch([Message(UID, step, datetime.now(UTC), details)])
        services.take_messages(at.identifier, pair.two.signed(f"{at.url}/messages", body))
    (row,) = pair.rows("here")
    assert row.report is not None
    assert (row.address, row.report["location"]["address"]) == ("https://pictures.example/1",) * 2
