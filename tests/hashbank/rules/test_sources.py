"""When a source may be asked, how long to wait, when pages lead nowhere, what is said back."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from leeward.hashbank.rules import sources
from leeward.hashbank.rules.sources import (
    Facts,
    Lap,
    is_old,
    lap_of,
    latest_next,
    may_be_asked,
    needs_alarm,
    state_of,
    to_say,
    wait_after,
    withdraws_too_much,
)

NOW = datetime(2026, 11, 28, tzinfo=UTC)
ON = Facts(is_removed=False, is_agreed=True, has_second=True, is_paused=False, failures=0, good_at=NOW)


@pytest.mark.parametrize(
    ("change", "state", "asked"),
    [
        ({}, "up_to_date", True),
        ({"good_at": None}, "waiting", True),
        ({"failures": 1}, "failing", True),
        ({"is_paused": True, "failures": 1}, "paused", False),
        ({"has_second": False}, "needs_second", False),
        ({"is_agreed": False}, "no_agreement", False),
        ({"is_removed": True}, "removed", False),
    ],
)
def test_what_may_be_asked(change: dict[str, object], state: str, asked: bool) -> None:
    found = state_of(replace(ON, **change))  # type: ignore[arg-type]  # each is of its field's type
    assert (found, may_be_asked(found)) == (state, asked)


def test_waiting_doubles_up_to_six_hours_by_lot_and_as_long_as_asked() -> None:
    minute = timedelta(minutes=1)
    assert [wait_after(number, 0, 1.0) for number in (0, 1, 2, 3, 9, 10, 99)] == [
        minute, minute, 2 * minute, 4 * minute, 256 * minute, 360 * minute, 360 * minute,
    ]  # fmt: skip
    assert [wait_after(3, 0, lot) for lot in (-5, 0.0, 0.5, 5)] == [2 * minute, 2 * minute, 3 * minute, 4 * minute]
    assert wait_after(1, 7200, 0.0) == timedelta(hours=2)
    assert wait_after(10, 60, 1.0) == timedelta(hours=6), "never shorter than our own"
    assert wait_after(1, 10**9, 0.0) == timedelta(hours=24)
    assert wait_after(1, -5, 0.0) == timedelta(seconds=30)


def test_what_a_source_gave_is_old_a_day_after_it_should_have_given_more() -> None:
    hour = timedelta(hours=1)
    assert is_old(last_good=NOW - 25 * hour, every=hour, now=NOW)
    assert not is_old(last_good=NOW - 25 * hour + timedelta(seconds=1), every=hour, now=NOW)
    assert not is_old(last_good=NOW - 7 * 24 * hour, every=7 * 24 * hour, now=NOW)
    assert not is_old(last_good=NOW, every=hour, now=NOW)
    assert not is_old(last_good=NOW + timedelta(seconds=1), every=hour, now=NOW), "it came while we looked"
    assert is_old(last_good=NOW + 25 * hour, every=hour, now=NOW), "a clock was ahead"


def test_an_alarm_is_for_a_day_of_failures() -> None:
    day = timedelta(hours=24)
    assert needs_alarm(failures=1, last_good=NOW - day, now=NOW, is_held=False)
    assert not needs_alarm(failures=1, last_good=NOW - day + timedelta(seconds=1), now=NOW, is_held=False)
    assert not needs_alarm(failures=0, last_good=NOW - 2 * day, now=NOW, is_held=False)
    assert not needs_alarm(failures=1, last_good=NOW, now=NOW, is_held=False)
    assert needs_alarm(failures=1, last_good=NOW + timedelta(seconds=1), now=NOW, is_held=False), "a clock was ahead"
    assert latest_next(NOW) == NOW + timedelta(days=7)
    assert needs_alarm(failures=1, last_good=NOW, now=NOW, is_held=True)


def test_a_source_may_withdraw_few_votes_or_half_and_what_a_person_allowed() -> None:
    assert not withdraws_too_much(20, 20, allowed=0)
    assert withdraws_too_much(21, 21, allowed=0)
    assert withdraws_too_much(21, 41, allowed=0)
    assert not withdraws_too_much(21, 42, allowed=0)
    assert not withdraws_too_much(30, 30, allowed=30)
    assert withdraws_too_much(31, 31, allowed=30)


@pytest.mark.parametrize(("tail", "circle"), [(0, 1), (0, 2), (3, 1), (7, 5), (40, 30)])
def test_a_walk_in_circles_ends_within_a_few_laps(tail: int, circle: int) -> None:
    links = [f"t{number}" for number in range(tail)]
    steps, lap = 0, Lap()
    while True:
        at = links[steps] if steps < tail else f"c{(steps - tail) % circle}"
        after = lap_of(lap.kept()).after(at)
        if after is None:
            break
        steps, lap = steps + 1, after
    assert tail + circle <= steps <= 3 * (tail + circle) + 3


def test_a_long_walk_is_no_circle() -> None:
    lap: Lap | None = lap_of({})
    for number in range(10_000):
        assert lap is not None
        lap = lap.after(f"/{number}")
    assert lap is not None


def test_only_another_word_is_said_again() -> None:
    assert to_say(wanted="confirm", sent="", protocol="ncmec")
    assert not to_say(wanted="confirm", sent="confirm", protocol="ncmec")
    assert not to_say(wanted="harmless", sent="not_illegal", protocol="ncmec")
    assert to_say(wanted="confirm", sent="harmless", protocol="ncmec")
    assert not to_say(wanted="contradicts", sent="", protocol="ncmec")


def test_each_protocol_has_a_word_for_each_verdict_and_no_verdict_is_turned() -> None:
    for name, one in sources.PROTOCOLS.items():
        assert set(one.replies) == {"confirm", "dispute", "not_illegal", "harmless"}, name
        assert one.replies["confirm"] not in {one.replies[word] for word in one.replies if word != "confirm"}, name


def test_a_place_is_the_same_in_any_spelling() -> None:
    assert sources.named_twice(["https://A.example/X/"], "https://a.example/x")
    assert sources.named_twice(["https://a.example/x"], "https://A.example/X")
    assert sources.named_twice(["https://a.example/x"], "https://a.example/x/")
    assert not sources.named_twice(["https://a.example/x"], "https://a.example/y")


def test_no_circle_is_seen_before_a_link_comes_back() -> None:
    marks = [Lap()]
    for link in "abcdefg":
        following = marks[-1].after(link)
        assert following is not None
        marks.append(following)
    assert [lap.mark for lap in marks] == ["", "a", "a", "c", "c", "c", "c", "g"]
    assert marks[-1].kept() == {"mark": "g", "steps": 0, "until": 8}
    assert lap_of({"mark": 1, "steps": "2", "until": "4"}) == Lap("1", 2, 4)


def test_what_each_source_is_told() -> None:
    assert sources.reply_to("stopncii", "harmless") == "NotBlocked"
    assert sources.reply_to("stopncii", "contradicts") == ""
