"""Figures that no system here knows: what may be typed in, and every fault of it. Pure."""

from datetime import date

# Which of them are counted twice a year.
SERIES = {
    "convictions": False,
    "arrests": False,
    "trained_officers": False,
    "broadband_subscribers": False,
    "ncmec_referrals": True,
    "victims_identified": False,
}
HALVES = (0, 1, 2)
FIRST_YEAR = 1990
MOST_NUMBER = 10_000_000_000
MOST_SOURCE = 300


def fault_of(series: str, *, year: int, half: int, number: int, source: str, source_date: date, today: date) -> str:
    """Return which of the answers can't be right (`series`, `year`, `half`, `number`, `source` or `source_date`), or ""."""
    if series not in SERIES:
        return "series"
    if not FIRST_YEAR <= year <= today.year:
        return "year"
    right = {
        "half": half in HALVES and bool(half) == SERIES[series],
        "number": 0 <= number <= MOST_NUMBER,
        "source": bool(source.strip()) and len(source) <= MOST_SOURCE,
        # Nobody can have published a year's figure before the year began, or tomorrow.
        "source_date": date(year, 1, 1) <= source_date <= today,
    }
    return next((name for name, is_right in right.items() if not is_right), "")
