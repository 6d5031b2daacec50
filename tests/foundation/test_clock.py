"""Durations."""

from datetime import datetime, timedelta

import pytest

from leeward.foundation.clock import aware, next_delay, paced


def test_a_pace_shortens_and_never_lengthens() -> None:
    assert paced(timedelta(hours=1), 600.0) == timedelta(seconds=6)
    with pytest.raises(ValueError, match="slower"):
        paced(timedelta(hours=1), 0.5)


def test_delays_double_up_to_a_limit() -> None:
    delays = [
        next_delay(attempt, first=timedelta(seconds=10), most=timedelta(minutes=1)) for attempt in (1, 2, 3, 4, 99)
    ]
    assert [delay.total_seconds() for delay in delays] == [10, 20, 40, 60, 60]


def test_a_time_needs_a_zone() -> None:
    with pytest.raises(ValueError, match="zone"):
        aware(datetime(2026, 1, 1))  # noqa: DTZ001 - the missing zone is the test
