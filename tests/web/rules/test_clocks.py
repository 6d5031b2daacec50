"""What a clock says."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.web.rules.clocks import SOON, time_left

NOW = datetime(2026, 3, 12, 9, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("span", "expected"),
    [
        (timedelta(0), (0, 0, 0, "soon")),
        (timedelta(minutes=14, seconds=59), (0, 0, 14, "soon")),
        (timedelta(hours=2), (0, 2, 0, "soon")),
        (timedelta(hours=-1, minutes=-5), (0, 1, 5, "late")),
        (timedelta(seconds=-1), (0, 0, 0, "late")),
        (timedelta(hours=6), (0, 6, 0, "soon")),
        (timedelta(hours=6, minutes=30), (0, 6, 0, "plain")),
        (timedelta(days=6), (6, 0, 0, "plain")),
        (timedelta(days=7, hours=5), (7, 0, 0, "plain")),
        (timedelta(hours=18, minutes=40), (0, 18, 0, "plain")),
        (timedelta(days=1, hours=4, minutes=30), (1, 4, 0, "plain")),
        (timedelta(days=9, hours=4), (9, 0, 0, "plain")),
        (timedelta(days=-8, hours=-4), (8, 0, 0, "late")),
    ],
)
def test_a_clock_says_the_units_that_matter(span: timedelta, expected: tuple[int, int, int, str]) -> None:
    left = time_left(NOW + span, NOW)
    assert (left.days, left.hours, left.minutes, left.state) == expected
    assert left.is_over == (expected[3] == "late")


@given(st.timedeltas(min_value=timedelta(days=-4000), max_value=timedelta(days=4000)))
def test_what_is_said_is_never_more_than_what_is_left(span: timedelta) -> None:
    left = time_left(NOW + span, NOW)
    said = timedelta(days=left.days, hours=left.hours, minutes=left.minutes)
    assert timedelta(0) <= said <= abs(span)
    assert abs(span) - said < timedelta(days=1)
    assert (left.state == "late") == (span < timedelta(0))
    assert (left.state == "soon") == (timedelta(0) <= span <= SOON)
