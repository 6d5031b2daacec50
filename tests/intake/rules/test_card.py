"""What a receipt shows, as JSON and back, and with what isn’t pulled yet laid over it."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from leeward.intake.rules.card import (
    ADDED,
    ANSWERED,
    APPEAL,
    REPORT,
    REVIEW,
    STATED,
    WITHDRAWN,
    AppealCard,
    Card,
    CardItem,
    CardQuestion,
    CardReview,
    ReportCard,
    after,
    as_shown,
    read_shown,
)

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)
QUESTION = CardQuestion(5, "yes_no", "Is it there?", NOW, "still-there", {"fr": "Et là ?"})
REPORTED = ReportCard(
    kind="page",
    under_18=True,
    threat="",
    urgency="",
    wish="quiet",
    happened="",
    received_at=NOW,
    closed_at=LATER,
    has_words=True,
    items=(CardItem("url", "looking", "", LATER),),
    questions=(QUESTION, replace(QUESTION, id=6, answered_at=LATER, pressed="no", wrote=True)),
    reviews=(CardReview(NOW, "kept", "Nothing new."),),
    messages=3,
)
ASKED = AppealCard("received", "", "", NOW)
BOTH = Card(REPORTED, ASKED)


@pytest.mark.parametrize("card", [Card(REPORTED), Card(None, ASKED), BOTH])
def test_a_card_comes_back_as_it_was(card: Card) -> None:
    assert read_shown(json.loads(json.dumps(as_shown(card)))) == card


def test_a_card_holds_no_number_of_a_row_and_what_a_later_version_adds_is_left() -> None:
    plain = as_shown(replace(BOTH, report_id=7, appeal_id=8, receipt="f"))
    assert set(plain) == {REPORT, APPEAL}
    plain[REPORT]["added_later"] = plain["more"] = 1
    assert read_shown(plain) == BOTH


def test_a_card_of_few_words_has_no_lists() -> None:
    plain = as_shown(BOTH)[REPORT]
    for name in ("items", "questions", "reviews"):
        del plain[name]
    assert told(read_shown({REPORT: plain})) == replace(REPORTED, items=(), questions=(), reviews=())


def told(card: Card | None) -> ReportCard:
    assert card is not None
    assert card.report is not None
    return card.report


def test_the_first_card_counts_until_there_is_one() -> None:
    assert after(None, REPORT, NOW, as_shown(Card(REPORTED))) == Card(REPORTED)
    assert after(None, APPEAL, NOW, as_shown(BOTH)) == BOTH
    assert after(BOTH, REPORT, NOW, as_shown(Card(REPORTED))) == BOTH
    assert after(BOTH, APPEAL, NOW, {}) == BOTH


@pytest.mark.parametrize("kind", [ADDED, ANSWERED, REVIEW, STATED, WITHDRAWN, "unheard"])
def test_of_nothing_nothing_comes(kind: str) -> None:
    assert after(None, kind, NOW, {}) is None
    only = Card(None, ASKED)
    assert after(only, kind, NOW, {"wrote": True, "question": 5}) == (None if kind == WITHDRAWN else only)


def test_withdrawn_is_withdrawn() -> None:
    assert after(BOTH, WITHDRAWN, NOW, {}) is None


def test_an_unheard_act_changes_nothing() -> None:
    assert after(BOTH, "unheard", NOW, {}) == BOTH


def test_what_is_added_counts_and_may_make_it_urgent() -> None:
    assert told(after(BOTH, ADDED, NOW, {"wrote": True})) == replace(REPORTED, messages=4)
    assert told(after(BOTH, ADDED, NOW, {"wrote": False})) == REPORTED
    worse = {"wrote": False, "kind": "danger", "threat": "no", "urgency": "danger"}
    assert told(after(BOTH, ADDED, NOW, worse)) == replace(
        REPORTED, kind="danger", threat="no", urgency="danger", closed_at=None
    )
    assert told(after(BOTH, ADDED, NOW, worse | {"wrote": True})).messages == 4


def test_an_answer_is_of_one_open_question() -> None:
    shows = {"question": 5, "code": "yes", "wrote": True}
    found = told(after(BOTH, ANSWERED, LATER, shows))
    assert found.questions == (replace(QUESTION, answered_at=LATER, pressed="yes", wrote=True), REPORTED.questions[1])
    assert found.messages == 4
    assert not found.questions[0].is_open
    again = told(after(Card(found), ANSWERED, NOW, {"question": 5, "code": "no"}))
    assert again.questions == found.questions
    assert told(after(BOTH, ANSWERED, LATER, {"question": 6, "code": "yes"})).questions == REPORTED.questions
    bare = told(after(BOTH, ANSWERED, LATER, {"question": 5})).questions[0]
    assert (bare.pressed, bare.wrote) == ("", False)


def test_one_review_is_under_way_at_a_time() -> None:
    asked = told(after(BOTH, REVIEW, NOW, {}))
    assert asked.reviews == (*REPORTED.reviews, CardReview())
    assert told(after(Card(asked), REVIEW, NOW, {})) == asked


def test_a_statement_is_of_the_review_under_way_or_of_the_request() -> None:
    asked = replace(REPORTED, reviews=(*REPORTED.reviews, CardReview()))
    stated = after(Card(asked, ASKED), STATED, NOW, {"of": REVIEW})
    assert told(stated).reviews == (*REPORTED.reviews, CardReview(statement=True))
    assert stated is not None
    assert stated.appeal == ASKED
    of_request = after(Card(asked, ASKED), STATED, NOW, {"of": APPEAL})
    assert of_request == Card(asked, replace(ASKED, statement=True))
    assert after(Card(asked), STATED, NOW, {"of": APPEAL}) == Card(asked)


def test_what_follows_from_a_card() -> None:
    assert not REPORTED.urgent
    assert replace(REPORTED, urgency="danger").urgent
    assert not ASKED.is_over
    assert replace(ASKED, state="closed").is_over
    assert QUESTION.is_open
    assert not replace(QUESTION, withdrawn_at=NOW).is_open
    assert not replace(QUESTION, answered_at=NOW).is_open
    assert Card(None, ASKED).with_report(kind="page") == Card(None, ASKED)
    assert REPORTED.is_own_picture is False
