"""When something is due, what a pause does to it, when each step comes; checked against counting minute by minute."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from leeward.clocks.rules.due import (
    GRACE,
    Calendar,
    Pause,
    Rule,
    Step,
    due_at,
    next_step_at,
    open_time,
    steps_at,
    steps_due,
)
from leeward.clocks.rules.recommended import RECOMMENDED, _steps, wrong_with

JAMAICA = Calendar("America/Jamaica", (1, 2, 3, 4, 5), (date(2026, 12, 25), date(2026, 12, 26)))
MOMENTS = st.integers(0, 60 * 24 * 60).map(
    lambda minutes: datetime(2026, 12, 1, tzinfo=UTC) + timedelta(minutes=minutes)
)
UNITS = st.sampled_from(["hours", "open_hours", "working_days"])


def counted(start: datetime, minutes: int, calendar: Calendar, pauses: list[Pause]) -> datetime:
    """When so many minutes of working days have passed, outside the pauses: one minute after the other."""
    at, zone = start, ZoneInfo(calendar.zone)
    while minutes:
        is_paused = any(pause.since <= at < pause.until for pause in pauses)
        minutes -= calendar.is_open(at.astimezone(zone).date()) and not is_paused
        at += timedelta(minutes=1)
    return at


@settings(max_examples=40)
@given(MOMENTS, st.integers(1, 30), st.integers(0, 2000), st.integers(0, 4000))
def test_hours_of_working_days_are_as_counted_by_the_minute(start: datetime, hours: int, after: int, long: int) -> None:
    since = start + timedelta(minutes=after)
    pause = Pause(since, since + timedelta(minutes=long))
    due = due_at(start, Rule(hours, "open_hours"), JAMAICA, [pause])
    expected = counted(start, hours * 60, JAMAICA, [pause])
    assert open_time(expected, due, JAMAICA) == open_time(due, expected, JAMAICA) == timedelta()
    assert abs(due - expected) <= timedelta(days=5), "only closed days may lie between the two"


@given(MOMENTS, st.integers(1, 40), UNITS, st.integers(-3000, 9000), st.integers(0, 9000))
def test_a_pause_never_makes_a_clock_run_out_sooner(
    start: datetime, amount: int, unit: str, after: int, long: int
) -> None:
    rule = Rule(amount, unit)
    since = start + timedelta(minutes=after)
    plain, paused = (
        due_at(start, rule, JAMAICA, pauses) for pauses in ([], [Pause(since, since + timedelta(minutes=long))])
    )
    assert paused >= plain > start
    if plain <= since or not long:
        assert paused == plain, "one that had run out stays so"
    elif unit == "hours":
        assert paused == plain + timedelta(minutes=long)


def test_working_days_that_were_left_are_left_after_a_hold() -> None:
    monday = datetime(2026, 12, 14, 15, tzinfo=UTC)
    rule = Rule(5, "working_days")
    assert due_at(monday, rule, JAMAICA).date() == date(2026, 12, 22), "Monday evening in Jamaica is Tuesday in UTC"
    wednesday, next_monday = datetime(2026, 12, 16, 15, tzinfo=UTC), datetime(2026, 12, 21, 15, tzinfo=UTC)
    held = due_at(monday, rule, JAMAICA, [Pause(wednesday, next_monday)])
    assert held.astimezone(ZoneInfo("America/Jamaica")).date() == date(2026, 12, 24), "three days were left"
    evening = datetime(2026, 12, 17, 2, tzinfo=UTC)  # still Wednesday there
    assert due_at(monday, rule, JAMAICA, [Pause(evening, next_monday)]) == held
    last_day = Pause(next_monday, datetime(2026, 12, 23, 15, tzinfo=UTC))
    assert due_at(monday, rule, JAMAICA, [last_day]) == held, "on the last day there is always the next one left"


def test_steps_come_in_their_order_once_and_leave_a_moment_of_peace(noon: datetime) -> None:
    rule = Rule(24, "hours", steps=(Step("page", 0), Step("remind", 4), Step("reassign", -2)))
    due = noon + timedelta(hours=24)
    assert steps_at(rule, start=noon, due=due) == [
        (noon + timedelta(hours=20), "remind"),
        (due, "page"),
        (due + timedelta(hours=2), "reassign"),
    ]
    assert steps_due(rule, start=noon, due=due, done={"remind"}, now=due) == ["page"]
    assert next_step_at(rule, start=noon, due=due, done={"remind", "page", "reassign"}) is None
    at_once = steps_at(rule, start=noon, due=noon)  # where the law says: immediately
    assert [at for at, _ in at_once][:2] == [noon + GRACE, noon + GRACE]


@pytest.mark.parametrize(
    ("kind", "rule", "wrong"),
    [
        ("first_assessment", Rule(0.1), ("amount", "out_of_range")),
        ("appeal", Rule(2.5, "working_days"), ("amount", "not_whole")),
        ("removed", Rule(24, steps=(Step("reassign", 1),)), ("reassign", "nobody_holds_it")),
        ("first_assessment", Rule(4, steps=(Step("remind", 5),)), ("remind", "before_the_start")),
        ("first_assessment", Rule(4, steps=(Step("page", -1000),)), ("page", "too_late")),
    ],
)
def test_rules_that_can_not_be(kind: str, rule: Rule, wrong: tuple[str, str]) -> None:
    assert wrong_with(kind, rule) == wrong


def test_what_is_recommended_can_be() -> None:
    assert _steps(4, None, 0) == (Step("remind", 4), Step("page", 0))
    assert _steps(None, 2, None) == (Step("reassign", 2),)
    assert [wrong_with(kind, rule) for kind, rule in RECOMMENDED.items()] == [None] * len(RECOMMENDED)


@pytest.mark.parametrize(
    ("kind", "rule"),
    [
        ("removed", Rule(0.5)),
        ("removed", Rule(720)),
        ("first_assessment", Rule(1, "open_hours")),
        ("first_assessment", Rule(480, "open_hours")),
        ("appeal", Rule(60, "working_days")),
        ("first_assessment", Rule(4, steps=(Step("remind", 4), Step("reassign", 4), Step("page", -336)))),
        ("appeal", Rule(2, "working_days", steps=(Step("remind", 24),))),
        ("appeal", Rule(1, "working_days", steps=(Step("page", 0),))),
    ],
)
def test_what_holds_exactly_at_a_limit_can_be(kind: str, rule: Rule) -> None:
    assert wrong_with(kind, rule) is None


@pytest.mark.parametrize(
    ("kind", "rule", "wrong"),
    [
        ("removed", Rule(720.5), "amount"),
        ("first_assessment", Rule(0.5, "open_hours"), "amount"),
        ("first_assessment", Rule(481, "open_hours"), "amount"),
        ("appeal", Rule(61, "working_days"), "amount"),
        ("first_assessment", Rule(4, steps=(Step("page", -336.5),)), "page"),
        ("appeal", Rule(2, "working_days", steps=(Step("remind", 24.5),)), "remind"),
        ("appeal", Rule(1, "working_days", steps=(Step("remind", 0.5),)), "remind"),
    ],
)
def test_what_is_a_little_beyond_a_limit_can_not_be(kind: str, rule: Rule, wrong: str) -> None:
    found = wrong_with(kind, rule)
    assert found is not None
    assert found[0] == wrong


def test_at_one_moment_whoever_holds_it_is_reminded_before_it_is_given_away_and_others_are_paged(
    noon: datetime,
) -> None:
    rule = Rule(1, steps=(Step("page", 0), Step("reassign", 0), Step("remind", 0)))
    due = noon + timedelta(hours=1)
    assert steps_due(rule, start=noon, due=due, done=(), now=due) == ["remind", "reassign", "page"]
    assert steps_due(rule, start=noon, due=due, done=(), now=due - timedelta(seconds=1)) == []
    assert next_step_at(rule, start=noon, due=due, done={"remind"}) == due


def test_a_day_without_work_is_left_out_whole_and_only_that() -> None:
    """Thursday 24 December, 23:00 in Jamaica, before two holidays and a Sunday: an hour is left, then Monday begins."""
    evening = datetime(2026, 12, 25, 4, tzinfo=UTC)
    assert due_at(evening, Rule(1, "open_hours"), JAMAICA) == evening + timedelta(hours=1), (
        "the last one ends at midnight"
    )
    assert due_at(evening, Rule(2, "open_hours"), JAMAICA) == datetime(2026, 12, 28, 6, tzinfo=UTC)
    assert open_time(evening, datetime(2026, 12, 28, 6, tzinfo=UTC), JAMAICA) == timedelta(hours=2)
    assert open_time(evening, evening, JAMAICA) == timedelta()
    assert due_at(evening, Rule(1, "working_days"), JAMAICA).astimezone(ZoneInfo("America/Jamaica")).date() == date(
        2026, 12, 28
    )


def test_where_nobody_ever_works_the_counting_ends() -> None:
    never = Calendar(working_days=())
    start = datetime(2026, 12, 1, tzinfo=UTC)
    assert due_at(start, Rule(1, "open_hours"), never) > start + timedelta(days=3000)
    assert open_time(start, datetime(9000, 1, 1, tzinfo=UTC), never) == timedelta()


def test_a_pause_that_begins_as_the_time_is_over_or_has_no_length_changes_nothing(noon: datetime) -> None:
    for unit in ("hours", "open_hours", "working_days"):
        rule = Rule(2, unit)
        due = due_at(noon, rule, Calendar())
        late, empty = Pause(due, due + timedelta(days=3)), Pause(noon + timedelta(hours=1), noon + timedelta(hours=1))
        turned = Pause(noon + timedelta(hours=1), noon)
        assert due_at(noon, rule, Calendar(), [late, empty, turned]) == due, unit
