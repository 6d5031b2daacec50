"""A report that comes through the spool: from the form to the desk, and its receipt at every moment between."""

import time
from copy import copy
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django_scopes import scope

from leeward.intake.models import Item, OutsideAppeal, Report, ReporterMessage, ReviewRequest
from leeward.intake.receipts import kept_before
from leeward.intake.rules.draft import Draft
from leeward.intake.rules.where import read_pieces
from leeward.intake.services import (
    answer_question,
    ask_reporter,
    by_spool,
    following,
    is_rehearsal_pass,
    rehearsal_pass,
    settle_appeal,
    settle_review,
    tell_reporter,
    ways,
    withdraw_report,
)
from leeward.jobs.models import Job
from leeward.people import queries as people_queries
from leeward.people.services.tokens import issue_token
from leeward.spool import services, where
from leeward.spool.errors import LATE
from leeward.spool.models import Arrival, Card, Mark, Taken
from leeward.spool.queries import kept_back
from leeward.web_security.keys import new_form_key
from tests.intake.test_partner_api import send
from tests.intake.walk import Walk, report
from tests.personas import Cast
from tests.spool.conftest import Face
from tests.spool.forms import Form

pytestmark = pytest.mark.django_db(transaction=False)
WORDS, MAIL, PLACE = "I found a bad page.", "someone@mail.example", "http://a.example/x"


def arrivals() -> list[Arrival]:
    return list(Arrival.objects.using(where.alias()).order_by("id"))


def cards() -> list[Card]:
    return list(Card.objects.using(where.alias()).order_by("number"))


def pull() -> int:
    return services.pull(datetime.now(UTC))


def opened(receipt: str) -> Walk:
    return Walk().open("/jm/receipt").send("open", receipt=receipt)


def sent(face: Face, **more: str) -> str:
    with face():
        return report(Walk(), **({"where": PLACE, "text": WORDS, "mail": MAIL} | more))


def the_report(cast: Cast) -> Report:
    with scope(hotline=cast.hotline_id):
        found: Report = Report.objects.get()
        return found


def test_a_report_waits_sealed_and_its_receipt_opens_before_and_after(face: Face, cast: Cast) -> None:
    receipt = sent(face)
    (waiting,) = arrivals()
    kept = str({name: value for name, value in vars(waiting).items() if name != "_state"})
    for secret in (WORDS, MAIL, PLACE, "a.example", receipt):
        assert secret not in kept
    with face():
        before = opened(receipt).text
    assert "Where it stands" in before
    assert "Received" in before
    with scope(hotline=cast.hotline_id):
        assert not Report.objects.exists()
    assert pull() == 1
    assert arrivals() == []
    row = the_report(cast)
    assert (row.text, row.contact, row.where, row.received_at) == (WORDS, MAIL, PLACE, waiting.received_at)
    assert row.portal_id == cast.portal_id
    assert row.source == "form"
    (card,) = cards()
    assert (card.receipt, card.number) == (waiting.receipt, row.pk)
    assert not any(secret in str(card.shows) for secret in (WORDS, MAIL, "a.example"))
    with face():
        assert opened(receipt).text == before, "the page does not tell whether the desk has pulled it"
    assert opened(receipt).text == before, "the desk shows the same"


def test_the_same_form_twice_is_one_report_and_what_is_new_is_added(face: Face, cast: Cast) -> None:
    walk = Walk()
    with face():
        receipt = report(walk, where=PLACE, text=WORDS)
        form = Walk()
        form.open("/jm/report")
        key = form.form("report")
        first = dict(key.form_values()) | {"kind": "page", "where": PLACE, "go": "send"}
        page = form.response.request["PATH_INFO"]
        for more in ("", "", "It is still there."):
            form.response = form.client.post(page, first | {"text": more}, follow=True)
            again = form.receipt
    assert again != receipt
    assert len(arrivals()) == 3
    assert pull() == 3
    with scope(hotline=cast.hotline_id):
        assert Report.objects.count() == 2
    with face():
        form.client.post(page, first | {"text": ""}, follow=True)
        form.client.post(page, first | {"text": "And once more."}, follow=True)
    assert pull() == 2
    with scope(hotline=cast.hotline_id):
        assert Report.objects.count() == 2
        texts = [message.text for message in ReporterMessage.objects.order_by("pk")]
    assert texts == ["It is still there.", "And once more."]
    with face():
        assert "Where it stands" in opened(again).text


def test_everything_that_its_holder_does_is_shown_at_once_and_done_by_the_desk(face: Face, cast: Cast) -> None:
    receipt = sent(face, text="")
    pull()
    number = the_report(cast).pk
    with scope(hotline=cast.hotline_id):
        ask_reporter(number, canned="child-known", actor=cast["ana"].actor)
    services.push()
    with face():
        walk = opened(receipt)
        assert "Do you know the child?" in walk.text
        walk.send(act="answer", choice="no", text="Only from sight.")
        assert "Thank you for the answer" in walk.text
        assert "No. You answered in words." in walk.text
        walk.send(act="add", text="It is also on http://b.example/y")
        assert "It is with your report now" in walk.text
    assert pull() == 2
    with scope(hotline=cast.hotline_id):
        answer, added = ReporterMessage.objects.exclude(direction="question").order_by("pk")
        assert (answer.code, answer.text) == ("no", "Only from sight.")
        assert added.text == "It is also on http://b.example/y"
        items = list(Item.objects.order_by("pk"))
        assert [item.display for item in items] == [PLACE, "http://b.example/y"]
        for item in items:
            tell_reporter(item.pk, state="closed", reason="not_illegal")
    services.push()
    with face():
        walk = opened(receipt)
        assert "It is not against the law here." in walk.text
        walk.send(act="review", text="Look again.")
        assert "We look again" in walk.text
        walk.send(act="state", text="I saw it twice.")
        assert "You added a statement." in walk.text
    assert pull() == 2
    with scope(hotline=cast.hotline_id):
        review = ReviewRequest.objects.get()
        assert (review.text, review.statement) == ("Look again.", "I saw it twice.")
        settle_review(review.pk, upheld=True, reasons="It was overlooked.", actor=cast["carl"].actor)
    services.push()
    with face():
        walk = opened(receipt)
        assert "It was overlooked." in walk.text
        walk.send(act="withdraw")
        assert "You have withdrawn your report." in walk.text
        assert "Where it stands" not in opened(receipt).text
    assert pull() == 1
    row = the_report(cast)
    assert (row.text, row.contact, row.withdrawn_at is not None) == ("", "", True)
    assert cards() == []
    assert not Mark.objects.exists()


def test_a_report_withdrawn_before_it_was_pulled_leaves_no_word(face: Face, cast: Cast) -> None:
    walk = Walk()
    with face():
        receipt = report(walk, where=PLACE, text=WORDS, mail=MAIL)
        opened(receipt).send(act="withdraw")
        assert "Where it stands" not in opened(receipt).text
    assert pull() == 2
    row = the_report(cast)
    assert (row.text, row.contact, row.withdrawn_at is not None) == ("", "", True)
    assert (arrivals(), cards()) == ([], [])


def test_what_is_said_later_does_not_overtake_its_report(face: Face, cast: Cast) -> None:
    """An urgent addition goes before everything else, and takes along the report that it belongs to."""
    sent(face)
    receipt = sent(face, where="http://c.example/z")
    with face():
        opened(receipt).send(act="add", text="", worse="danger")
    assert [one.is_urgent for one in arrivals()] == [False, True, True]
    assert [one.kind for one in services._next()] == ["report", "added", "report"]
    assert pull() == 3
    with scope(hotline=cast.hotline_id):
        assert Report.objects.filter(urgency="danger").count() == 1
        assert Job.objects.filter(urgent=True).exists()


def test_a_question_can_be_answered_once(face: Face, cast: Cast) -> None:
    receipt = sent(face)
    pull()
    with scope(hotline=cast.hotline_id):
        ask_reporter(the_report(cast).pk, text="Which game was it?", actor=cast["ana"].actor)
    services.push()
    with face():
        one, other = opened(receipt), opened(receipt)
        one.send(act="answer", text="The first.")
        assert "The first." not in one.text
        other.send(act="answer", text="The second.")
        assert "There is a problem" in other.text
    pull()
    with scope(hotline=cast.hotline_id):
        assert ReporterMessage.objects.get(direction="from_reporter").text == "The first."


def test_what_no_longer_applies_is_dropped_in_silence(face: Face, cast: Cast) -> None:
    receipt = sent(face)
    pull()
    with face():
        opened(receipt).send(act="add", text="One thing more.")
    with scope(hotline=cast.hotline_id):
        withdraw_report(the_report(cast).pk, actor=cast["carl"].actor)
    assert pull() == 1
    assert (arrivals(), kept_back(), cards()) == ([], {}, [])


def closed(cast: Cast) -> None:
    with scope(hotline=cast.hotline_id):
        for item in Item.objects.all():
            tell_reporter(item.pk, state="closed", reason="not_illegal")


def test_an_answer_that_came_before_the_report_was_closed_counts(face: Face, cast: Cast) -> None:
    """They were thanked for it; the worker was away meanwhile."""
    receipt = sent(face)
    pull()
    with scope(hotline=cast.hotline_id):
        ask_reporter(the_report(cast).pk, canned="child-known", actor=cast["ana"].actor)
    services.push()
    with face():
        assert "Thank you for the answer" in opened(receipt).send(act="answer", choice="no", text="From sight.").text
    closed(cast)
    pull()
    with scope(hotline=cast.hotline_id):
        answer = ReporterMessage.objects.get(direction="from_reporter")
    assert (answer.code, answer.text, answer.answers_id is not None) == ("no", "From sight.", True)
    assert Job.objects.filter(kind__contains="report_answered").exists()


def test_words_about_what_was_settled_meanwhile_are_added_to_the_report(face: Face, cast: Cast) -> None:
    receipt = sent(face)
    pull()
    with scope(hotline=cast.hotline_id):
        number = ask_reporter(the_report(cast).pk, text="Which game was it?", actor=cast["ana"].actor)
    services.push()
    with face():
        opened(receipt).send(act="answer", text="The blue one.")
    with scope(hotline=cast.hotline_id):
        answer_question(the_report(cast).pk, number, text="The red one.", form_key=new_form_key())
    pull()
    closed(cast)
    services.push()
    with face():
        opened(receipt).send(act="review", text="Look again.")
    pull()
    with face():
        opened(receipt).send(act="state", text="I saw it twice.")
    with scope(hotline=cast.hotline_id):
        settle_review(ReviewRequest.objects.get().pk, upheld=True, reasons="So.", actor=cast["carl"].actor)
    pull()
    assert (arrivals(), kept_back()) == ([], {})
    with scope(hotline=cast.hotline_id):
        said = ReporterMessage.objects.filter(direction="from_reporter").order_by("pk")
        assert [message.text for message in said] == ["The red one.", "The blue one.", "I saw it twice."]


def test_words_about_a_request_that_was_answered_meanwhile_wait_for_a_person(face: Face, cast: Cast) -> None:
    with face():
        walk = Walk().open("/jm/appeal")
        walk.send("appeal", address=PLACE, relation="owner", text="It is my site.")
        receipt = walk.receipt
    pull()
    with face():
        opened(receipt).send(act="state", text="It is gone.")
    with scope(hotline=cast.hotline_id):
        settle_appeal(OutsideAppeal.objects.get().pk, upheld=True, reasons="So.", actor=cast["carl"].actor)
    pull()
    assert [arrival.problem for arrival in arrivals()] == [LATE]
    with face():
        assert "You added a statement." not in opened(receipt).text


def test_that_a_child_is_in_danger_is_taken_however_full_the_report_is(
    face: Face, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    receipt = sent(face)
    pull()
    for place in (by_spool, following):
        monkeypatch.setattr(place, "MOST_MESSAGES", 0)
    with face():
        assert "There is a problem" in opened(receipt).send(act="add", text="One thing more.").text
        assert "There is a problem" not in opened(receipt).send(act="add", text="Come now.", worse="danger").text
    pull()
    assert (the_report(cast).urgency, kept_back()) == ("danger", {})


def test_a_late_pull_takes_in_what_the_face_took_in_time(
    face: Face, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The desk was away for three days: no form is too old by then."""
    receipt = sent(face)
    with face():
        opened(receipt).send(act="add", text="One thing more.")
    import time

    later = time.time() + 3 * 86_400
    monkeypatch.setattr(time, "time", lambda: later)
    assert services.pull(datetime.now(UTC) + timedelta(days=3)) == 2
    with scope(hotline=cast.hotline_id):
        assert ReporterMessage.objects.get().text == "One thing more."


def test_receipts_given_out_before_open_too_once_all_was_compared(face: Face, cast: Cast) -> None:
    receipt = report(Walk(), where=PLACE, text=WORDS)
    Mark.objects.all().delete()
    with face():
        assert "Where it stands" not in opened(receipt).text
    assert services.compare() == 1
    with face():
        assert "Where it stands" in opened(receipt).text
    Card.objects.using(where.alias()).update(shows={"report": {}})
    assert (services.compare(), services.compare()) == (1, 0)
    with scope(hotline=cast.hotline_id):
        Report.objects.update(receipt_hash=None)
    assert (services.compare(), cards()) == (1, [])


def test_what_an_older_version_took_in_stays_open_to_its_receipt(
    face: Face, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with monkeypatch.context() as before:
        before.setattr("leeward.intake.services.by_spool.kept_of", kept_before)
        receipt = sent(face)
    with face():
        assert "Where it stands" in opened(receipt).text
    assert pull() == 1
    with face():
        opened(receipt).send(act="add", text="One thing more.")
        walk = opened(receipt)
    assert pull() == 1
    with scope(hotline=cast.hotline_id):
        assert ReporterMessage.objects.get().text == "One thing more."
    with face():
        walk.send(act="withdraw")
        assert "Where it stands" not in opened(receipt).text
    assert pull() == 1
    assert the_report(cast).withdrawn_at


def test_a_form_that_an_older_version_took_in_is_the_same_when_it_is_sent_again(
    face: Face, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    with face(), monkeypatch.context() as before:
        before.setattr("leeward.intake.services.by_spool.kept_of", kept_before)
        form = Form()
        receipt = form.send()
        taken = Form()
        other = taken.send(where="http://b.example/y")
    monkeypatch.setattr("leeward.intake.services.by_spool._BEGAN", time.time())
    with face():
        assert form.send() == receipt
        assert form.walk.response.status_code == 200
    assert (len(arrivals()), pull()) == (2, 2)
    with face():
        assert form.send() == receipt
        opened(receipt).send(act="add", text="One thing more.")
        opened(other).send(act="withdraw")
        assert "You withdrew this report" in taken.sent(where="http://b.example/y")
    pull()
    with face():
        assert "You withdrew this report" in taken.sent(where="http://b.example/y")
    with scope(hotline=cast.hotline_id):
        assert [row.text for row in ReporterMessage.objects.all()] == ["One thing more."]
        assert [bool(row.withdrawn_at) for row in Report.objects.order_by("pk")] == [False, True]
    assert arrivals() == []


def test_a_request_from_outside(face: Face, cast: Cast) -> None:
    with face():
        walk = Walk().open("/jm/appeal")
        walk.send("appeal", address="http://d.example/x", relation="owner", text="It is a shop.", mail=MAIL)
        receipt = walk.receipt
        assert receipt.startswith("9")
        status = opened(receipt)
        assert "Waiting for an answer" in status.text
        status.send(act="state", text="It always was.")
        assert "You added a statement." in status.text
    assert pull() == 2
    with scope(hotline=cast.hotline_id):
        row = OutsideAppeal.objects.get()
        assert (row.text, row.contact, row.statement, row.display) == (
            "It is a shop.", MAIL, "It always was.", "http://d.example/x",
        )  # fmt: skip
    with face():
        opened(receipt).send(act="withdraw")
        assert "Waiting for an answer" not in opened(receipt).text
    pull()
    with scope(hotline=cast.hotline_id):
        row = OutsideAppeal.objects.get()
    assert (row.text, row.contact, row.withdrawn_at is not None) == ("", "", True)


def test_another_hotline_opens_nothing_of_it(face: Face, cast: Cast) -> None:
    receipt = sent(face)
    for _before_and_after in range(2):
        with face():
            assert "Where it stands" not in Walk().open("/bb/receipt").send("open", receipt=receipt).text
        pull()


def test_names_of_taken_arrivals_are_forgotten_once_they_are_gone(face: Face, cast: Cast) -> None:
    sent(face)
    pull()
    assert Taken.objects.count() == 1
    services.forget_taken(datetime.now(UTC) + timedelta(days=399))
    assert Taken.objects.count() == 1
    services.forget_taken(datetime.now(UTC) + timedelta(days=401))
    assert not Taken.objects.exists()


def test_a_test_report_stays_one_however_late_it_is_pulled(
    face: Face, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    import time

    home, marker, began = people_queries.portal(cast.portal_id), rehearsal_pass(cast.portal_id), time.time()
    form = Draft(once=new_form_key(), kind="page", where=PLACE, text=WORDS, when="today")
    with face(), scope(hotline=cast.hotline_id):
        ways.way().report(ways.SentReport(form, read_pieces(PLACE, {}), rehearsal=marker), ways.Page(home, "en"))
    monkeypatch.setattr(time, "time", lambda: began + 2 * 86_400)
    assert services.pull(datetime.now(UTC) + timedelta(days=2)) == 1
    assert the_report(cast).source == "rehearsal"
    assert not is_rehearsal_pass(marker, cast.portal_id), "but nothing new is sent with it"


def test_what_comes_in_while_cards_are_compared_is_pulled(
    face: Face, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    pulled = []

    def all_of_them() -> Any:
        sent(face)
        pulled.append(pull())
        return people_queries.hotlines()

    monkeypatch.setattr(services, "hotlines", all_of_them)
    assert services.compare() == 0
    assert pulled == [1]


def test_no_arrival_goes_before_its_card_is_there(face: Face, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(services, "MOST_MARKS", 3)
    receipt = sent(face)
    for number in range(3):
        Mark.objects.create(kind="report", number=10**9 + number, hotline_number=cast.hotline_id)
    for _round in range(3):
        pull()
        with face():
            assert "Where it stands" in opened(receipt).text
    assert arrivals() == []
    with scope(hotline=cast.hotline_id):
        assert Report.objects.count() == 1


def test_an_answered_request_sent_again_as_it_was_gives_its_receipt_again(face: Face, cast: Cast) -> None:
    said = {"address": "http://d.example/x", "relation": "owner", "text": "It is a shop.", "mail": MAIL}
    with face():
        form = Walk().open("/jm/appeal")
        first = copy(form).send("appeal", **said).receipt
    pull()
    with scope(hotline=cast.hotline_id):
        settle_appeal(OutsideAppeal.objects.get().pk, upheld=False, reasons="As it was.", actor=cast["carl"].actor)
    pull()
    with face():
        assert copy(form).send("appeal", **said).receipt == first


@pytest.mark.parametrize("is_written", [False, True])
def test_who_came_by_another_form_sees_their_receipt_at_once(
    face: Face, cast: Cast, monkeypatch: pytest.MonkeyPatch, *, is_written: bool
) -> None:
    """The desk takes such a report in itself; its card comes a moment later, or not for as long as the worker is away."""
    key = issue_token(name="Youth Line", scopes=["intake"], actor=cast["adam"].actor)
    found: Any = send(key).json()
    place = found["page"].partition("//")[2].partition("/")[2].join(["/", ""])
    monkeypatch.setattr(by_spool, "WAITS_SECONDS", 0.3)
    if is_written:  # between the first look and the second
        services.push()
        looks, held = iter([None]), by_spool.BySpool._held
        monkeypatch.setattr(by_spool.BySpool, "_held", lambda *asked: next(looks, held(*asked)))
    with face():
        page = Client().get(place)
        assert page.status_code == 200
        assert all(f"<span>{group}</span>" in page.content.decode() for group in found["groups"])
        assert ("What happens now" in page.content.decode()) is is_written
        if is_written:
            opened(found["receipt"]).send(act="withdraw")
            assert Client().get(place).status_code == 410
