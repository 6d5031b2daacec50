"""How long devices wait, which licences end, and how old a check is; and what is shipped of contacts."""

from datetime import date, timedelta

import pytest

from leeward.capacity.facilities.rules.standing import backlog_days, checked_on, is_old, licence_on

TODAY = date(2026, 11, 29)


@pytest.mark.parametrize(
    ("waiting", "per_month", "days"),
    [
        (0, 10, 0),
        (0, 0, 0),
        (0, None, 0),
        (1, 0, None),
        (1, None, None),
        (None, 10, None),
        (None, None, None),
        (10, 10, 31),  # a month has 30.4 days
        (12, 365, 1),
        (13, 365, 2),
        (24, 365, 2),
        (7, 1, 213),
        (1_000_000, 1, 30_416_667),
    ],
)
def test_the_backlog_is_what_waits_at_this_pace(waiting: int | None, per_month: int | None, days: int | None) -> None:
    assert backlog_days(waiting, per_month) == days


def test_a_count_grows_old() -> None:
    assert not is_old(None, TODAY)
    assert not is_old(TODAY - timedelta(days=92), TODAY)
    assert is_old(TODAY - timedelta(days=93), TODAY)


def test_a_licence_ends() -> None:
    found = [licence_on(TODAY + timedelta(days=days), TODAY) for days in (91, 90, 0, -1)]
    assert found == ["", "ending", "ending", "over"]
    assert licence_on(None, TODAY) == ""


def test_a_check_grows_old() -> None:
    assert checked_on(None, TODAY) == "unchecked"
    assert [checked_on(TODAY - timedelta(days=days), TODAY) for days in (0, 365, 366)] == ["checked", "checked", "old"]
