"""What a server's reply means, and when to try again."""

from datetime import UTC, datetime, timedelta
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.notices.channels.smtp import meaning as smtp_meaning
from leeward.notices.channels.webhook import meaning as webhook_meaning
from leeward.notices.rules.delivery import GIVE_UP_AFTER, MOST_DELAY, Fate, Outcome, Stage, fate_with, next_try, seen_of

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def test_what_may_have_arrived_is_another_after_each_attempt_and_what_has_not_stays_the_same() -> None:
    assert [seen_of("unsure", attempts) for attempts in (1, 2)] == ["unsure 1", "unsure 2"]
    assert {seen_of(state, attempts) for state in ("failed", "dead") for attempts in (1, 2)} == {"unsent"}


@pytest.mark.parametrize(
    ("outcome", "fate"),
    [
        (Outcome("connect", 0, "not_reached"), "later"),
        (Outcome("connect", 554, "refused"), "later"),
        (Outcome("secure", 0, "certificate_not_trusted"), "later"),
        (Outcome("log_in", 535, "log_in_refused"), "later"),
        (Outcome("sender", 451, "refused"), "later"),
        (Outcome("sender", 553, "refused"), "dead"),
        (Outcome("recipient", 450, "refused"), "later"),
        (Outcome("recipient", 550, "refused"), "dead"),
        (Outcome("recipient", 0, "cut_off"), "later"),
        (Outcome("message", 250), "sent"),
        (Outcome("message", 452, "refused"), "later"),
        (Outcome("message", 554, "refused"), "dead"),
        (Outcome("message", 0, "cut_off"), "unsure"),
        (Outcome("message", 0, "no_answer_in_time"), "unsure"),
        (Outcome("message", 99, "refused"), "unsure"),
    ],
)
def test_fate(outcome: Outcome, fate: str) -> None:
    assert smtp_meaning.fate_of(outcome) == fate


@given(st.sampled_from(get_args(Stage)), st.integers(0, 999), st.sampled_from(["refused", "cut_off"]))
def test_nothing_is_unsure_before_the_message_and_nothing_sent_with_a_problem(
    stage: Stage, code: int, problem: str
) -> None:
    fate = smtp_meaning.fate_of(Outcome(stage, code, problem))
    assert fate != "sent"
    assert fate != "unsure" or stage == "message"
    if smtp_meaning.is_recipients_fault(Outcome(stage, code, problem)):
        assert fate in ("dead", "later")


def test_waits_grow_up_to_four_hours_and_end_after_five_days() -> None:
    some = Outcome("connect", 0, "not_reached")
    patience = smtp_meaning.patience(urgent=False)
    waits = [next_try(some, patience, attempts, NOW, NOW) for attempts in range(1, 12)]
    assert waits[:3] == [timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=4)]
    assert waits[-1] == timedelta(hours=4)
    assert next_try(some, patience, 3, NOW, NOW + GIVE_UP_AFTER) is None


def test_what_is_urgent_is_tried_every_minute_however_often_it_failed() -> None:
    away = Outcome("connect", 0, "not_reached")
    patience = smtp_meaning.patience(urgent=True)
    waits = {next_try(away, patience, attempts, NOW, NOW + timedelta(days=4)) for attempts in range(1, 40)}
    assert waits == {timedelta(minutes=1)}


def test_a_webhook_that_says_no_gets_an_hour_and_one_that_is_away_a_day() -> None:
    hour = timedelta(hours=1)
    no, away = (Outcome("message", code, "hook_refused") for code in (404, 503))
    assert [webhook_meaning.is_refusal(no), webhook_meaning.is_refusal(away)] == [True, False]
    assert next_try(no, webhook_meaning.patience(no), 3, NOW, NOW + hour) is None
    assert next_try(away, webhook_meaning.patience(away), 3, NOW, NOW + hour) == timedelta(minutes=4)
    assert next_try(away, webhook_meaning.patience(away), 3, NOW, NOW + 24 * hour) is None
    busy = Outcome("message", 429, "hook_refused", wait_seconds=600)
    assert next_try(busy, webhook_meaning.patience(busy), 1, NOW, NOW) == timedelta(minutes=10)
    for_ever = Outcome("message", 503, "hook_refused", wait_seconds=86_400)
    assert next_try(for_ever, webhook_meaning.patience(for_ever), 1, NOW, NOW) == MOST_DELAY


@pytest.mark.parametrize(
    ("outcome", "fate"),
    [
        (Outcome("sender", 500, "refused"), "dead"),
        (Outcome("sender", 599, "refused"), "dead"),
        (Outcome("sender", 499, "refused"), "later"),
        (Outcome("sender", 600, "refused"), "later"),
        (Outcome("message", 400, "refused"), "later"),
        (Outcome("message", 599, "refused"), "dead"),
        (Outcome("message", 399, "refused"), "unsure"),
        (Outcome("message", 600, "refused"), "unsure"),
    ],
)
def test_fate_at_the_edges(outcome: Outcome, fate: str) -> None:
    assert smtp_meaning.fate_of(outcome) == fate


def test_whose_fault_and_who_says_no() -> None:
    codes = (399, 400, 599, 600)
    assert [smtp_meaning.is_recipients_fault(Outcome("recipient", code)) for code in codes] == [
        False,
        True,
        True,
        False,
    ]
    assert not smtp_meaning.is_recipients_fault(Outcome("sender", 550))
    hooks = [Outcome("message", code, "hook_refused") for code in (299, 300, 499, 500, 408, 425, 429)]
    assert [webhook_meaning.is_refusal(one) for one in hooks] == [False, True, True, False, False, False, False]
    assert webhook_meaning.is_refusal(Outcome("connect", 0, "hook_not_allowed"))


@pytest.mark.parametrize(
    ("outcome", "fate"),
    [
        (Outcome("message", 204), "sent"),
        (Outcome("message", 410, "hook_gone"), "dead"),
        (Outcome("message", 301, "hook_redirects"), "later"),
        (Outcome("message", 404, "hook_refused"), "later"),
        (Outcome("message", 503, "hook_refused"), "later"),
        (Outcome("message", 0, "hook_no_answer"), "unsure"),
        (Outcome("connect", 0, "hook_not_reached"), "later"),
        (Outcome("message", 200), "sent"),
        (Outcome("message", 299), "sent"),
        (Outcome("message", 300), "later"),
        (Outcome("message", 199), "later"),
        (Outcome("seal", 0), "later"),
    ],
)
def test_fate_of_what_was_posted(outcome: Outcome, fate: str) -> None:
    assert webhook_meaning.fate_of(outcome) == fate


@pytest.mark.parametrize("fate", ["sent", "later", "dead", "unsure"])
def test_only_what_may_have_arrived_goes_again_where_a_second_copy_is_told_from_the_first(fate: Fate) -> None:
    assert fate_with(fate, can_go_again=False) == fate
    assert fate_with(fate, can_go_again=True) == ("later" if fate == "unsure" else fate)


def test_how_grave_it_is_for_the_contact() -> None:
    assert smtp_meaning.grade_of(Outcome("recipient", 550, "refused", "5.1.1")) == "gone"
    assert smtp_meaning.grade_of(Outcome("recipient", 550, "refused", "5.7.1")) == "hard"
    assert [smtp_meaning.grade_of(Outcome("recipient", code, "refused")) for code in (550, 554, 450)] == [
        "gone",
        "hard",
        "soft",
    ]
    assert smtp_meaning.grade_of(Outcome("sender", 550, "refused", "5.1.1")) is None
    posted = [webhook_meaning.grade_of(Outcome("message", code, "hook_refused")) for code in (410, 404, 503)]
    assert posted == ["gone", "hard", "soft"]
