"""Working days in a portal's own time zone."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from leeward.people.rules.working_time import add_working_days

WEEK = frozenset({1, 2, 3, 4, 5})


def test_a_weekend_and_a_holiday_do_not_count() -> None:
    friday = datetime(2026, 11, 27, 15, tzinfo=UTC)
    due = add_working_days(friday, 1, zone="America/Jamaica", working_days=WEEK, holidays={date(2026, 11, 30)})
    assert due.astimezone(ZoneInfo("America/Jamaica")).date() == date(2026, 12, 1)


def test_the_day_is_the_portals_day() -> None:
    late = datetime(2026, 11, 24, 23, tzinfo=UTC)  # already the 25th in Fiji
    fiji = add_working_days(late, 1, zone="Pacific/Fiji", working_days=WEEK, holidays=frozenset())
    assert fiji.astimezone(ZoneInfo("Pacific/Fiji")).date() == date(2026, 11, 26)


def test_a_country_that_works_on_sunday() -> None:
    thursday = datetime(2026, 11, 26, 8, tzinfo=UTC)
    due = add_working_days(thursday, 1, zone="Asia/Dhaka", working_days={7, 1, 2, 3, 4}, holidays=frozenset())
    assert due.astimezone(ZoneInfo("Asia/Dhaka")).date() == date(2026, 11, 29)


def test_without_working_days_there_is_no_answer() -> None:
    with pytest.raises(ValueError, match="working day"):
        add_working_days(datetime.now(UTC), 1, zone="UTC", working_days=(), holidays=())


def test_it_is_due_as_the_day_ends_there() -> None:
    monday = datetime(2026, 11, 23, 15, tzinfo=UTC)
    assert add_working_days(monday, 1, zone="America/Jamaica", working_days=WEEK, holidays=()) == datetime(
        2026, 11, 25, 4, 59, 59, tzinfo=UTC
    )
    ends = [
        add_working_days(monday, days, zone="UTC", working_days=WEEK, holidays=()).day for days in (0, 1, 2, 3, 4, 5)
    ]
    assert ends == [24, 24, 25, 26, 27, 30]


def test_where_every_day_is_a_holiday_the_counting_ends() -> None:
    start = datetime(2026, 11, 23, tzinfo=UTC)
    never = {date(2026, 11, 23) + timedelta(days=day) for day in range(5000)}
    assert add_working_days(start, 1, zone="UTC", working_days=WEEK, holidays=never) > start + timedelta(days=3000)
