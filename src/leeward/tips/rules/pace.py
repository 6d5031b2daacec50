"""How many tips become reports at once, so that no flood of them delays anybody's report. Pure."""

MOST_AT_ONCE = 20
MOST_WAITING = 60
"""Jobs of ordinary work that may wait before tips hold back: a public report comes behind no more than these."""
URGENT_AN_HOUR = 60
PAUSE_SECONDS, URGENT_PAUSE_SECONDS = 5, 60


def ordinary_now(jobs_waiting: int) -> int:
    """Return how many ordinary tips may become reports now; each brings several jobs."""
    return max(0, min(MOST_AT_ONCE, (MOST_WAITING - jobs_waiting) // 3))


def urgent_now(opened_lately: int) -> int:
    """Return how many urgent tips may become reports now, after those of the last hour."""
    return max(0, min(MOST_AT_ONCE, URGENT_AN_HOUR - opened_lately))
