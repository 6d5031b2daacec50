"""Which backups are kept, and when the next is made."""

from datetime import UTC, datetime, timedelta

import pytest

from leeward.backup.rules.manifest import name_at
from leeward.backup.rules.timing import Kept, is_made_by, next_run, outdated

NOON = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)  # a Sunday
NIGHTS = [name_at(NOON - timedelta(days=days)) for days in range(100)]


def test_the_newest_are_kept_and_never_none() -> None:
    assert outdated(["c", "a", "b"], Kept(2)) == ["a"]
    assert outdated(["c", "a", "b"], Kept(0)) == ["a", "b"]
    assert outdated(["a"], Kept(5)) == []


def test_beyond_them_the_newest_of_each_week_and_month() -> None:
    def staying(kept: Kept) -> list[str]:
        return sorted(set(NIGHTS) - set(outdated(NIGHTS[::-1], kept)), reverse=True)

    days = {days: NIGHTS[days] for days in (0, 1, 2, 7, 14, 29, 60)}
    assert staying(Kept(3)) == [days[0], days[1], days[2]]
    assert staying(Kept(1, weeks=3)) == [days[0], days[7], days[14]], "each Sunday"
    assert staying(Kept(1, months=3)) == [days[0], days[29], days[60]], "today, 31 October, 30 September"
    assert staying(Kept(2, 2, 2)) == [days[0], days[1], days[7], days[29]]
    assert outdated([*NIGHTS[:2], "a", "b"], Kept(1, weeks=9, months=9)) == [NIGHTS[1], "a"], (
        "a name that says no time is one by number"
    )


def test_one_of_a_day_to_come_hides_none_that_is_missing() -> None:
    ahead, soon = name_at(NOON + timedelta(hours=1, microseconds=1)), name_at(NOON + timedelta(hours=1))
    assert [is_made_by(name, NOON) for name in (NIGHTS[1], "a.backup", soon, ahead)] == [True, False, True, False]


@pytest.mark.parametrize(
    ("newest", "hour", "then"),
    [
        (None, None, "29 12:00"),
        (None, 3, "29 12:00"),
        ("29 11:00", None, "30 10:30"),
        ("28 12:30", None, "29 12:00"),
        ("28 12:31", None, "29 12:01"),
        ("28 10:00", None, "29 12:00"),
        ("29 03:10", 3, "30 03:00"),
        ("28 22:00", 12, "29 12:00"),
        ("29 11:59", 12, "29 12:00"),
        ("29 12:00", 12, "30 12:00"),
        ("28 22:00", 11, "30 00:00"),
        ("28 22:00", 13, "29 13:00"),
        ("28 10:01", 11, "29 12:01"),
        ("28 10:00", 11, "29 12:00"),
    ],
)
def test_the_next_is_a_day_after_or_at_its_hour_and_at_once_if_that_was_missed(
    newest: str | None, hour: int | None, then: str
) -> None:
    def at(text: str) -> datetime:
        return datetime.strptime(f"2026-11-{text}", "%Y-%m-%d %H:%M").replace(tzinfo=UTC)

    assert next_run(at(newest) if newest else None, hour, NOON) == at(then)


def test_within_its_hour_it_is_made_at_once() -> None:
    late = NOON + timedelta(minutes=59, seconds=1, microseconds=5)
    assert next_run(NOON - timedelta(hours=20), 12, late) == late
    assert next_run(NOON - timedelta(hours=20), 15, late) == NOON + timedelta(hours=3), "on the hour"
