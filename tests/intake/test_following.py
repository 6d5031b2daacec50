"""What a receipt's holder does: add, answer, withdraw, ask for review."""

import pytest

from leeward.audit.models import AuditRow
from leeward.foundation.actor import SYSTEM
from leeward.intake import queries
from leeward.intake.errors import AlreadyWithdrawn, NothingToReview, NothingTyped, QuestionIsSettled, TooMuch
from leeward.intake.models import Item, Report, ReporterMessage, ReviewRequest
from leeward.intake.receipts import find_receipt
from leeward.intake.services import (
    add_to_report,
    answer_question,
    ask_for_review,
    ask_reporter,
    settle_review,
    tell_reporter,
    withdraw_report,
)
from leeward.web_security.keys import new_form_key


def _events() -> list[str]:
    return list(AuditRow.objects.order_by("number").values_list("event", flat=True))


def test_an_addition_keeps_the_words_and_its_addresses_become_items(receive) -> None:
    report_id = receive().report_id
    added = add_to_report(report_id, text="Also http://b.example/y I think", form_key=new_form_key())
    assert added.items == 1
    assert [item.display for item in queries.items_of(report_id)] == ["http://a.example/x", "http://b.example/y"]
    assert [row.text for row in queries.messages_of(report_id)] == ["Also http://b.example/y I think"]
    assert _events() == ["report.received", "report.added"]


def test_words_alone_add_no_item_and_a_known_address_no_second_one(receive) -> None:
    report_id = receive().report_id
    add_to_report(report_id, text="I remember that it was blue.", form_key=new_form_key())
    add_to_report(report_id, text="hxxp://a[.]example/x", form_key=new_form_key())
    assert len(queries.items_of(report_id)) == 1
    assert len(queries.messages_of(report_id)) == 2


def test_the_same_addition_twice_counts_once(receive) -> None:
    report_id, key = receive().report_id, new_form_key()
    assert add_to_report(report_id, text="More.", form_key=key).is_new
    assert not add_to_report(report_id, text="More.", form_key=key).is_new
    assert len(queries.messages_of(report_id)) == 1


def test_a_report_takes_only_so_much(receive) -> None:
    report_id = receive("\n".join(f"http://a.example/{number}" for number in range(200))).report_id
    with pytest.raises(TooMuch):
        add_to_report(report_id, text="http://b.example/", form_key=new_form_key())
    with pytest.raises(TooMuch):
        add_to_report(report_id, text="x" * 20_001, form_key=new_form_key())
    for number in range(100):
        add_to_report(report_id, text=f"word {number}", form_key=new_form_key())
    with pytest.raises(TooMuch):
        add_to_report(report_id, text="one too many", form_key=new_form_key())


@pytest.mark.parametrize("text", ["", "  \n ", "\x00\x07"])
def test_nothing_is_no_addition(receive, text) -> None:
    with pytest.raises(NothingTyped):
        add_to_report(receive().report_id, text=text, form_key=new_form_key())


def test_a_question_is_answered_once(receive, within) -> None:
    report_id = receive().report_id
    question = ask_reporter(report_id, text="Did you need to sign in?", form="yes_no", actor=within["ana"].actor)
    key = new_form_key()
    assert answer_question(report_id, question, text="Yes", form_key=key)
    assert not answer_question(report_id, question, text="Yes", form_key=key)
    with pytest.raises(QuestionIsSettled):
        answer_question(report_id, question, text="No", form_key=new_form_key())
    asked, answered = queries.messages_of(report_id)
    assert (asked.asked_by, answered.answers, answered.text) == (within["ana"].account_id, question, "Yes")
    assert asked.answered_at is not None


def test_the_question_of_another_report_is_not_answered(receive, within) -> None:
    mine, other = receive().report_id, receive("http://b.example/").report_id
    question = ask_reporter(other, text="Which game?", actor=within["ana"].actor)
    with pytest.raises(QuestionIsSettled):
        answer_question(mine, question, text="Chess", form_key=new_form_key())


def test_taking_back_deletes_every_word_and_keeps_the_address(receive, within) -> None:
    received = receive(
        "hxxp://a[.]example/x\nkite of yesterday",
        contact="someone@mail.example",
        password="open",
        referrer="http://r.example/",
    )
    report_id = received.report_id
    ask_reporter(report_id, text="Which game?", actor=within["ana"].actor)
    add_to_report(report_id, text="A word of mine.", form_key=new_form_key())
    tell_reporter(queries.items_of(report_id)[0].id, state="closed", reason="not_illegal")
    ask_for_review(report_id, text="I disagree.", form_key=new_form_key())
    withdraw_report(report_id)
    withdraw_report(report_id)
    assert find_receipt(received.receipt) is None
    rows = [
        *Report.objects.filter(pk=report_id).values(),
        *Item.objects.filter(report_id=report_id).values(),
        *ReporterMessage.objects.filter(report_id=report_id).values(),
        *ReviewRequest.objects.filter(report_id=report_id).values(),
    ]
    left = " ".join(str(value) for row in rows for value in row.values())
    for word in (
        "bad page",
        "someone",
        "open",
        "r.example",
        "kite",
        "Which game",
        "mine",
        "disagree",
        "hxxp",
        "a[.]example",
    ):
        assert word not in left, word
    assert "http://a.example/x" in left
    assert _events().count("report.withdrawn") == 1


def test_after_taking_back_nothing_more_can_be_said(receive, within) -> None:
    report_id = receive().report_id
    withdraw_report(report_id)
    with pytest.raises(AlreadyWithdrawn):
        add_to_report(report_id, text="More.", form_key=new_form_key())
    with pytest.raises(AlreadyWithdrawn):
        ask_for_review(report_id, form_key=new_form_key())
    with pytest.raises(AlreadyWithdrawn):
        ask_reporter(report_id, text="Which game?", actor=within["ana"].actor)


def test_a_review_needs_a_decision_and_is_asked_for_once_at_a_time(receive) -> None:
    report_id = receive().report_id
    with pytest.raises(NothingToReview):
        ask_for_review(report_id, form_key=new_form_key())
    tell_reporter(queries.items_of(report_id)[0].id, state="closed", reason="not_illegal")
    key = new_form_key()
    assert ask_for_review(report_id, form_key=key)
    assert not ask_for_review(report_id, form_key=key)
    with pytest.raises(NothingToReview):
        ask_for_review(report_id, form_key=new_form_key())
    (review,) = queries.open_reviews_of(report_id)
    settle_review(review.id, upheld=False, reasons="", actor=SYSTEM)
    assert queries.open_reviews_of(report_id) == []
    assert ask_for_review(report_id, text="Still no.", form_key=new_form_key())


def test_one_changed_decision_outweighs_those_that_were_kept(receive) -> None:
    report_id = receive().report_id
    tell_reporter(queries.items_of(report_id)[0].id, state="closed", reason="not_illegal")
    ask_for_review(report_id, form_key=new_form_key())
    (review,) = queries.open_reviews_of(report_id)
    assert settle_review(review.id, upheld=False, reasons="", actor=SYSTEM)
    assert settle_review(review.id, upheld=True, reasons="", actor=SYSTEM)
    assert not settle_review(review.id, upheld=False, reasons="", actor=SYSTEM)
    assert queries.reviews_of(report_id)[0].outcome == "changed"


@pytest.mark.parametrize("full", ["MOST_MESSAGES", "MOST_ADDRESSES"])
def test_that_a_child_is_in_danger_is_taken_however_full_the_report_is(
    receive, monkeypatch: pytest.MonkeyPatch, full: str
) -> None:
    report_id = receive().report_id
    monkeypatch.setattr(f"leeward.intake.services.following.{full}", 1)
    add_to_report(report_id, text="One thing more.", form_key=new_form_key())
    with pytest.raises(TooMuch):
        add_to_report(report_id, text="http://b.example/y and more", form_key=new_form_key())
    add_to_report(report_id, text="Now http://b.example/y too", worse=["danger"], form_key=new_form_key())
    assert Report.objects.get(pk=report_id).urgency == "danger"
    assert [row.text for row in queries.messages_of(report_id)] == ["One thing more.", "Now http://b.example/y too"]
    assert len(queries.items_of(report_id)) == 2
