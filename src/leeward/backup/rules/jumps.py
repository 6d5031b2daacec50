"""How far numbers jump after restoring, so that none is given twice."""

from datetime import timedelta

ROWS = 1_000_000
_CASES = 1_000


def next_case(last: int, between: timedelta) -> int:
    """Return the case number after which to go on: at least a thousand higher for each day of which nothing is known, on a round
    thousand that everybody sees is a jump."""
    days = max(between, timedelta(0)).days + 1
    return -(-last // _CASES) * _CASES + days * _CASES


def next_row(last: int) -> int:
    """Return the row number after which to go on. Links that were sent since the backup name rows up to there."""
    return -(-last // ROWS) * ROWS + ROWS
