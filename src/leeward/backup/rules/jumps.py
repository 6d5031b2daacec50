"""How far numbers jump after restoring, so that none is given twice.

A backup that is restored again begins at the same numbers again, whatever was given since the first time and whatever the clock says:
so part of each jump is drawn by chance.
"""

from datetime import timedelta

ROWS = 1_000_000
ROWS_DRAWN = (
    10**10
)  # for 100 restorings at least records keep below contents of programs (`hashbank.hma`), and all exact in JSON
CASES = 1_000_000
CASES_DRAWN = 10_000_000


def next_case(last: int, between: timedelta, drawn: int) -> int:
    """Return the case number after which to go on: a million higher for each day begun of which nothing is known, and by what was
    `drawn` below CASES_DRAWN. Two restorings that are eleven days apart never give the same, whatever was drawn."""
    days = max(between, timedelta(0)).days + 1
    return last + days * CASES + drawn


def next_row(last: int, drawn: int) -> int:
    """Return the row number after which to go on, by what was `drawn` below ROWS_DRAWN. Links that were sent since the backup name rows
    up to there."""
    return -(-last // ROWS) * ROWS + ROWS + drawn
