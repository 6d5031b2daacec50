"""What a reporter hears."""

from datetime import UTC, datetime, timedelta

import pytest

from leeward.intake.rules.standing import (
    ACTED_ON,
    ASSESSED_WHEN,
    REASONS,
    STATES,
    Stand,
    Step,
    is_decision,
    is_known,
    is_unread,
    life,
    overall,
    own_picture_life,
    sentence,
)

THEN = datetime(2026, 3, 12, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("states", "whole"),
    [
        ([], "received"),
        (["received", "received"], "received"),
        (["received", "looking"], "looking"),
        (["acted", "looking"], "acted"),
        (["closed", "received"], "acted"),
        (["closed", "closed"], "closed"),
    ],
)
def test_the_whole_stands_where_its_items_do(states, whole) -> None:
    assert overall(states) == whole


def test_every_state_may_be_told_without_a_reason_and_no_reason_is_a_word_of_the_desk() -> None:
    for state in STATES:
        assert is_known(state, "")
        for reason, said in REASONS[state].items():
            assert len(reason) <= 40
            assert not {"victim", "offender", "perpetrator", "content", "invalid"} & set(said.lower().split())
    assert not is_known("acted", "no such reason")
    assert not is_known("no such state", "")


def _life(*stands: tuple[str, str], post_box: bool = False, is_urgent: bool = False):
    at = [Stand(state, reason, THEN + timedelta(days=day)) for day, (state, reason) in enumerate(stands, 1)]
    return life(
        THEN,
        at,
        post_box=post_box,
        assessed_by="usually_next_day",
        sentences={"to_police" if post_box else "police_if_illegal"},
        is_urgent=is_urgent,
    )


def test_one_item_says_when_and_why() -> None:
    steps = _life(("acted", "police_and_host"))
    assert [step.state for step in steps] == ["done", "done", "now", "later"]
    assert steps[0].at == THEN
    assert steps[2].at == THEN + timedelta(days=1)
    assert steps[2].note == sentence("acted", "police_and_host")


def test_items_with_different_reasons_say_none_for_the_whole() -> None:
    steps = _life(("closed", "removed"), ("closed", "not_illegal"))
    assert [step.state for step in steps] == ["done"] * 4
    assert steps[3].note == ""
    assert steps[3].at == THEN + timedelta(days=2)


def test_partly_closed_says_so() -> None:
    steps = _life(("closed", "removed"), ("received", ""))
    assert steps[2].state == "now"
    assert steps[2].note == "Some of it is closed. We still work on the rest."


def test_a_hotline_that_only_passes_on_promises_no_more() -> None:
    steps = _life(("received", ""), post_box=True)
    assert [step.title for step in steps] == ["Received", "Passed on", "Closed"]
    assert "police" in steps[1].note
    assert not any("trained" in step.note for step in steps)


def test_each_line_of_a_life_says_what_comes_and_what_was() -> None:
    day = timedelta(days=1)
    looked, acted = ASSESSED_WHEN["usually_next_day"], ACTED_ON["police_if_illegal"]
    closed = "With a reason in plain words. If you disagree, you can ask for a second look."
    assert _life(("received", "")) == [
        Step("Received", "now", "", THEN),
        Step("Being looked at", "later", looked),
        Step("Acted on", "later", acted),
        Step("Closed", "later", closed),
    ]
    assert _life(("looking", ""), ("looking", ""), ("received", "")) == [
        Step("Received", "done", "", THEN),
        Step("Being looked at", "now", looked, THEN + 2 * day),
        Step("Acted on", "later", acted),
        Step("Closed", "later", closed),
    ]
    assert _life(("closed", "removed")) == [
        Step("Received", "done", "", THEN),
        Step("Being looked at", "done"),
        Step("Acted on", "done"),
        Step("Closed", "done", sentence("closed", "removed"), THEN + day),
    ]


def test_what_was_acted_on_says_why_beside_what_is_closed_and_a_part_closed_has_no_date() -> None:
    acted = _life(("acted", "police_told"), ("closed", "removed"))[2]
    assert acted == Step("Acted on", "now", sentence("acted", "police_told"), THEN + timedelta(days=1))
    assert _life(("closed", "removed"), ("received", ""))[2].at is None


def test_a_post_box_that_looks_all_the_same_says_so_and_offers_no_second_look() -> None:
    assert [step.title for step in _life(("looking", ""), post_box=True)] == [
        "Received",
        "Being looked at",
        "Passed on",
        "Closed",
    ]
    assert _life(("received", ""), post_box=True)[-1].note == "With a reason in plain words."


def test_only_what_somebody_decided_can_be_disagreed_with() -> None:
    assert is_decision("closed", "not_illegal")
    assert not is_decision("closed", "forwarded")
    assert not is_decision("acted", "police_told")
    assert sentence("closed", "adults") == "Only grown-ups are in it."
    assert sentence("no such state", "") == sentence("acted", "no such reason") == ""


def test_an_own_pictures_life_has_no_line_on_which_somebody_looks_at_it() -> None:
    sent, since = datetime(2026, 11, 20, tzinfo=UTC), datetime(2026, 11, 21, tzinfo=UTC)
    police = "We don’t tell the police, as you wished."

    def lines(state: str, reason: str = "") -> list[tuple[str, str, str, datetime | None]]:
        life = own_picture_life(sent, Stand(state, reason, since), acted="own_quiet")
        return [(step.title, step.state, step.note, step.at) for step in life]

    assert lines("received") == [
        ("Received", "now", "", sent),
        ("In our list", "later", "Your fingerprints go into our list within a day or two.", None),
        ("The police", "later", police, None),
        ("Closed", "later", "After two years, or when you take them back.", None),
    ]
    listed = lines("acted", "listed")
    assert listed[0] == ("Received", "done", "", sent)
    assert listed[1] == ("In our list", "now", sentence("acted", "listed"), since)
    assert listed[2:] == lines("received")[2:]
    over = lines("closed", "over")
    assert over[1:3] == [("In our list", "done", "", None), ("The police", "done", police, None)]
    assert over[3] == ("Closed", "done", sentence("closed", "over"), since)
    assert sentence("acted", "listed")
    assert sentence("closed", "over")


def test_unread_is_what_waits_and_what_went_on_by_itself() -> None:
    assert is_unread("received", "")
    assert is_unread("acted", "forwarded")
    assert not is_unread("acted", "police_told")
    assert not is_unread("closed", "forwarded")
    assert not is_unread("looking", "")


def test_nobody_is_said_to_look_at_what_was_only_passed_on():
    unread = _life(("acted", "forwarded"), ("received", ""), is_urgent=True)
    assert [(step.title, step.state) for step in unread[:3]] == [
        ("Received", "done"),
        ("Acted on", "now"),
        ("Being looked at", "later"),
    ]
    assert [step.state for step in _life(("acted", "read"))[:3]] == ["done", "done", "now"]
    assert [step.title for step in _life(("acted", "forwarded"), ("looking", ""))][1] == "Being looked at"
    assert unread[-1].note == "With a reason in plain words."
