"""How well a contact answers."""

from datetime import UTC, datetime, timedelta

import pytest

from leeward.notices.rules.quality import Measure, SentNotice, measure, next_due, standing

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def told(sent: timedelta, answer: str = "none", after: timedelta | None = None) -> SentNotice:
    return SentNotice(NOW - sent, answer, None if after is None else NOW - sent + after)


def test_what_a_contact_was_told_and_answered_is_counted() -> None:
    rows = [
        told(9 * HOUR, "removed", HOUR),
        told(9 * HOUR, "wrong_contact", 4 * HOUR),
        told(9 * HOUR, "removed", -HOUR),
        told(DAY),
        told(DAY - timedelta(seconds=1)),
    ]
    found = measure(rows, time_to_answer=DAY, now=NOW)
    assert found == Measure(asked=5, due=4, answered=3, removed=2, wrong=1, median_minutes=60)
    assert measure([], time_to_answer=DAY, now=NOW) == Measure()
    early = [told(HOUR, "removed", -HOUR), told(HOUR, "removed", timedelta(minutes=1))]
    assert measure(early, time_to_answer=DAY, now=NOW).median_minutes == 0


def test_what_a_contact_only_says_is_not_what_was_seen() -> None:
    def one(answer: str, seen: bool) -> SentNotice:
        return SentNotice(NOW - DAY, answer, NOW, seen)

    rows = [one("removed", True), one("removed", False), one("suspended", True), one("declined", True)]
    found = measure(rows, time_to_answer=DAY, now=NOW)
    assert (found.removed, found.verified) == (3, 2)


def test_the_next_to_run_out_is_the_first_that_waits() -> None:
    rows = [told(2 * DAY), told(9 * HOUR), told(5 * HOUR), told(20 * HOUR, "removed", HOUR)]
    assert next_due(rows, time_to_answer=DAY, now=NOW) == NOW + 15 * HOUR
    assert next_due([told(DAY)], time_to_answer=DAY, now=NOW) is None


@pytest.mark.parametrize(
    ("measured", "word"),
    [
        (Measure(due=2, wrong=2), "new"),
        (Measure(due=3, answered=3), "good"),
        (Measure(due=4, answered=4, wrong=2), "wrong"),
        (Measure(due=5, answered=5, wrong=2), "good"),
        (Measure(due=6, answered=1), "silent"),
        (Measure(due=5, answered=1), "good"),
        (Measure(due=3, answered=3, median_minutes=3 * 24 * 60), "good"),
        (Measure(due=3, answered=3, median_minutes=3 * 24 * 60 + 1), "slow"),
    ],
)
def test_one_word_says_what_to_expect(measured: Measure, word: str) -> None:
    assert standing(measured, is_bad=False) == word
    assert standing(measured, is_bad=True) == "bad"
