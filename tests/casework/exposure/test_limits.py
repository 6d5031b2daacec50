"""The day's limits exactly where they end, and what may be set."""

from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta

import pytest

from leeward.casework.exposure.rules.budget import (
    LEAST,
    MOST,
    RECOMMENDED,
    Day,
    Limits,
    Stop,
    after_work,
    beyond_recommended,
    clash_of,
    has_room,
    nearing,
    out_of_range,
    rest_until,
    share_used,
    stop_before_new,
    stop_of,
    weight_of,
    widened,
    without_widening,
)

NINE = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


def worked(minutes: float, **more: object) -> Day:
    """A stretch of so many minutes that began at nine."""
    return Day(stretch_from=NINE, last_at=NINE + minutes * MINUTE, **more)


@pytest.mark.parametrize(
    ("how", "weight"),
    [
        ({"blurred": True}, 1),
        ({"blurred": False}, 3),
        ({"blurred": False, "part": 25}, 1),
        ({"blurred": False, "part": 26}, 2),
        ({"blurred": False, "part": 50}, 2),
        ({"blurred": False, "part": 51}, 3),
        ({"blurred": True, "category": "B"}, 2),
        ({"blurred": True, "category": "A"}, 3),
        ({"blurred": True, "category": "C"}, 1),
        ({"blurred": False, "infant": True}, 9),
        ({"blurred": False, "category": "B", "infant": True}, 9),
    ],
)
def test_what_one_look_counts(how: dict[str, object], weight: int) -> None:
    assert weight_of(RECOMMENDED, **how) == weight


def test_half_a_picture_counts_half_of_it_rounded() -> None:
    assert [weight_of(Limits(clear_weight=weight), blurred=False, part=50) for weight in (1, 2, 3, 4, 5)] == [
        1,
        1,
        2,
        2,
        3,
    ]


def test_a_stretch_ends_after_fifty_minutes_and_the_rest_after_ten() -> None:
    assert rest_until(Day(), NINE, RECOMMENDED) is None
    assert rest_until(worked(49.9), NINE + 50 * MINUTE, RECOMMENDED) is None
    day = worked(50)
    assert rest_until(day, NINE + 59 * MINUTE, RECOMMENDED) == NINE + 60 * MINUTE
    assert rest_until(day, NINE + 60 * MINUTE, RECOMMENDED) is None
    assert after_work(day, NINE + 55 * MINUTE, RECOMMENDED) == day, "finishing does not put the rest off"
    fresh = after_work(day, NINE + 60 * MINUTE, RECOMMENDED)
    assert fresh == Day(worked=50 * MINUTE, stretch_from=NINE + 60 * MINUTE, last_at=NINE + 60 * MINUTE)
    assert fresh.at_desk == 50 * MINUTE
    assert after_work(Day(), NINE, RECOMMENDED) == Day(stretch_from=NINE, last_at=NINE)
    on = after_work(worked(5), NINE + 14 * MINUTE, RECOMMENDED)
    assert on == worked(14)
    assert after_work(on, NINE + 13 * MINUTE, RECOMMENDED) == on, "a clock that was put back takes nothing away"
    assert Day(last_at=NINE).stretch == Day(stretch_from=NINE).stretch == timedelta()


@pytest.mark.parametrize(
    ("day", "now", "stop"),
    [
        (Day(is_off=True, spent=999), NINE, Stop("off")),
        (Day(spent=999), NINE.replace(hour=16), Stop("evening")),
        (Day(), NINE.replace(hour=15, minute=59), None),
        (Day(worked=300 * MINUTE, spent=999), NINE, Stop("hours")),
        (Day(worked=299 * MINUTE), NINE, None),
        (Day(spent=200), NINE, Stop("previews")),
        (Day(spent=199), NINE, None),
        (worked(50), NINE + 51 * MINUTE, Stop("rest", NINE + 60 * MINUTE)),
    ],
)
def test_what_stops_exactly_when(day: Day, now: datetime, stop: Stop | None) -> None:
    assert stop_of(day, now, RECOMMENDED) == stop
    assert stop_before_new(day, now, RECOMMENDED) == stop


def test_one_more_case_is_not_begun_in_a_stretch_that_is_over() -> None:
    day = worked(45)
    assert stop_before_new(day, NINE + 49 * MINUTE, RECOMMENDED) is None
    assert stop_before_new(day, NINE + 50 * MINUTE, RECOMMENDED) == Stop("rest", NINE + 55 * MINUTE)
    assert stop_of(day, NINE + 50 * MINUTE, RECOMMENDED) is None
    assert stop_before_new(day, NINE + 55 * MINUTE, RECOMMENDED) is None, "they have rested"
    full = replace(worked(20), spent=RECOMMENDED.previews)
    assert stop_before_new(full, NINE + 21 * MINUTE, RECOMMENDED) == Stop("previews"), "in a stretch that runs, too"
    for half in (Day(stretch_from=NINE), Day(last_at=NINE)):
        assert stop_before_new(half, NINE + 60 * MINUTE, RECOMMENDED) is None
        assert after_work(half, NINE, RECOMMENDED) == worked(0), "of half a stretch nothing is known"


@pytest.mark.parametrize(
    ("day", "now", "near"),
    [
        (Day(worked=240 * MINUTE), NINE, ("hours",)),
        (Day(worked=239 * MINUTE), NINE, ()),
        (Day(spent=160), NINE, ("previews",)),
        (Day(spent=159), NINE, ()),
        (worked(40), NINE + 41 * MINUTE, ("rest",)),
        (worked(39), NINE + 41 * MINUTE, ()),
        (worked(40), NINE + 50 * MINUTE, ()),
        (Day(), NINE.replace(hour=15, minute=30), ("evening",)),
        (Day(), NINE.replace(hour=15, minute=29), ()),
        (Day(), NINE.replace(hour=14, minute=45), ()),
    ],
)
def test_a_warning_exactly_when(day: Day, now: datetime, near: tuple[str, ...]) -> None:
    assert nearing(day, now, RECOMMENDED) == near
    late = now.replace(hour=23, minute=45)
    assert "evening" not in nearing(Day(), late, replace(RECOMMENDED, last_hour=24)), "24 means never"


def test_the_share_of_the_day_is_the_larger_one_and_the_last_look_fits() -> None:
    assert share_used(Day(worked=150 * MINUTE, spent=20), RECOMMENDED) == 0.5
    assert share_used(Day(worked=15 * MINUTE, spent=100), RECOMMENDED) == 0.5
    assert has_room(Day(spent=197), 3, RECOMMENDED)
    assert not has_room(Day(spent=198), 3, RECOMMENDED)


def test_limits_at_their_ends_may_be_set_and_beyond_them_not() -> None:
    assert out_of_range(LEAST) == out_of_range(MOST) == out_of_range(RECOMMENDED) == ()
    for part in fields(Limits):
        least, most = getattr(LEAST, part.name), getattr(MOST, part.name)
        assert out_of_range(replace(RECOMMENDED, **{part.name: least - 1})) == (part.name,)
        assert out_of_range(replace(RECOMMENDED, **{part.name: most + 1})) == (part.name,)


def test_limits_that_do_not_go_together() -> None:
    assert clash_of(RECOMMENDED) == clash_of(replace(RECOMMENDED, heavy_weight=3, heaviest_weight=3)) == ""
    assert clash_of(replace(RECOMMENDED, heavy_weight=4)) == "heaviest_weight"
    assert clash_of(replace(RECOMMENDED, previews=9)) == ""
    assert clash_of(replace(RECOMMENDED, previews=8)) == "previews"


def test_who_may_not_widen_sets_anything_between_what_is_recommended_and_what_was() -> None:
    assert beyond_recommended(RECOMMENDED) == ()
    harder = replace(RECOMMENDED, previews=300, last_hour=18, break_minutes=5, heavy_weight=1)
    assert beyond_recommended(harder) == ("previews", "last_hour", "break_minutes", "heavy_weight")
    assert widened(harder, RECOMMENDED) == beyond_recommended(harder)
    assert widened(harder, harder) == ()
    assert widened(replace(harder, previews=301, heavy_weight=2), harder) == ("previews",)
    least, most = without_widening(harder)
    assert least == replace(LEAST, break_minutes=5, clear_weight=3, heavy_weight=1, heaviest_weight=3)
    assert most == replace(MOST, desk_minutes=300, previews=300, stretch_minutes=50, last_hour=18)
    stricter = replace(RECOMMENDED, previews=100, break_minutes=20)
    least, most = without_widening(stricter)
    assert (least.break_minutes, most.previews) == (10, 200)
