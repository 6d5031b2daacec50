"""The times of a duty to report: hours and days count from the right moment, and words make no clock."""

from datetime import UTC, datetime, timedelta

import pytest

from leeward.laws.rules.reporting import Deadlines, LawTime, deadlines, first_word, is_bound, longest_keeping, shortest

KNOWN, REPORTED = datetime(2026, 1, 1, 12, tzinfo=UTC), datetime(2026, 1, 3, 9, tzinfo=UTC)


def _deadlines(*, reported: bool = True, hours: float | None = 24, days: int | None = 21, destroyed: bool) -> Deadlines:
    return deadlines(
        known_at=KNOWN,
        reported_at=REPORTED if reported else None,
        speed_hours=hours,
        preservation_days=days,
        is_destroyed=destroyed,
    )


def test_a_report_is_due_from_knowing_and_evidence_is_kept_from_the_report() -> None:
    due, kept = KNOWN + timedelta(hours=24), REPORTED + timedelta(days=21)
    assert _deadlines(destroyed=True) == Deadlines(due, kept, kept)
    assert _deadlines(destroyed=False) == Deadlines(due, kept, None)
    assert _deadlines(reported=False, destroyed=True) == Deadlines(due, None, None)
    assert _deadlines(hours=None, days=None, destroyed=True) == Deadlines(None, None, None)
    assert _deadlines(hours=0, destroyed=False).report_by == KNOWN, "at once is a time"


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("Yes, s 3(2)", "yes"),
        ("yes", "yes"),
        ("no: s 4", "no"),
        ("No duty to seek", "no"),
        ("not said", "unknown"),
        ("unclear; yes for some", "unknown"),
        ("", "unknown"),
        (None, "unknown"),
    ],
)
def test_an_answer_counts_only_where_it_begins_with_yes_or_no(text: str | None, answer: str) -> None:
    assert first_word(text) == answer


def test_a_duty_of_any_person_binds_everybody() -> None:
    assert is_bound("host", ("any_person",))
    assert is_bound("host", ("host", "access"))
    assert not is_bound("host", ("access",))


def test_the_shortest_time_is_in_hours_and_words_come_last() -> None:
    words = LawTime(None, "as soon as possible", ("s 1",))
    now, soon, later = (LawTime(hours, "", ("s 2",)) for hours in (0, 0.5, 24))
    assert shortest([words, later, soon]) is soon
    assert shortest([soon, now]) is now
    assert shortest([words, LawTime(None, "promptly", ("s 9",))]) is words
    assert shortest([]) is None


def test_evidence_is_kept_for_the_longest_time_that_any_law_asks() -> None:
    short, long = (90, "the report", ("s 1",)), (365, "receipt", ("s 2",))
    assert longest_keeping([short, long]) == longest_keeping([long, short]) == long
    alike = (365, "the report", ("s 3",))
    assert longest_keeping([long, alike]) == long, "of two that are as long, the first"
    assert longest_keeping([]) is None


def test_a_time_is_said_in_its_own_words_or_in_hours() -> None:
    assert LawTime(24, "within a day", ("s 1", "s 2")).sentence == "within a day: s 1; s 2"
    assert LawTime(1.5, "", ("s 1",)).sentence == "1.5 hours: s 1"
