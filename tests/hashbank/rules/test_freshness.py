"""When somebody has to look at a subscriber's copy: the most serious problem first, and not a second too early."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from leeward.hashbank.rules.freshness import FIRST_FETCH_WITHIN, STALE_AFTER, Standing, alarm_of

NOW = datetime(2026, 11, 28, tzinfo=UTC)
SECOND = timedelta(seconds=1)
FRESH = Standing(since=NOW - timedelta(days=90), at=NOW, behind_since=None, failed_at=None, has_run_out=False)


@pytest.mark.parametrize(
    ("change", "alarm"),
    [
        ({}, ""),
        ({"behind_since": NOW - STALE_AFTER}, ""),
        ({"behind_since": NOW - STALE_AFTER - SECOND}, "stale"),
        ({"at": None}, "never_fetched"),
        ({"at": None, "since": NOW - FIRST_FETCH_WITHIN}, ""),
        ({"at": None, "since": NOW - FIRST_FETCH_WITHIN - SECOND}, "never_fetched"),
        ({"at": None, "since": None}, ""),
        ({"failed_at": NOW, "behind_since": NOW - timedelta(days=9)}, "failing"),
        ({"failed_at": NOW, "has_run_out": True}, "key_ended"),
    ],
)
def test_the_alarm_of_a_copy(change: dict[str, object], alarm: str) -> None:
    assert alarm_of(replace(FRESH, **change), NOW) == alarm  # type: ignore[arg-type]  # each is of its field's type


def test_how_long_a_copy_may_wait() -> None:
    assert (timedelta(days=1.5), timedelta(days=3)) == (STALE_AFTER, FIRST_FETCH_WITHIN)
