"""For how long an older key of words stays."""

from datetime import UTC, datetime, timedelta

from leeward.sealing.rules.older_keys import GRACE, stays_until

NOON = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


def test_it_stays_a_month_after_it_was_needed_last() -> None:
    assert stays_until(NOON, NOON - timedelta(days=3)) == stays_until(NOON) == NOON + GRACE
    assert timedelta(days=30) == GRACE
