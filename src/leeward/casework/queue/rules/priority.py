"""Which case comes first: urgent before known before what asks for money (where a hotline wants that) before the rest, then the one
whose first assessment is due soonest.
"""

from datetime import UTC, datetime

_BAND = 10**11  # seconds since 1970 stay below this for three thousand years

URGENT, KNOWN, COMMERCIAL, OTHER = BANDS = range(4)


def band(*, urgent: bool, known: bool, commercial: bool) -> int:
    """Return 0 for urgent, 1 for a known match, 2 for what asks for money, 3 for the rest."""
    if urgent:
        return URGENT
    if known:
        return KNOWN
    return COMMERCIAL if commercial else OTHER


def priority_key(*, urgent: bool, known: bool, first_assessment_due: datetime, commercial: bool = False) -> int:
    """Return the number by which the queue is ordered, smallest first."""
    return band(urgent=urgent, known=known, commercial=commercial) * _BAND + _seconds(first_assessment_due)


def _seconds(moment: datetime) -> int:
    """Return whole seconds since 1970: fractions are cut off first, since a float for a distant year would round up."""
    return max(int(moment.replace(microsecond=0).timestamp()), 0)


def band_of(key: int) -> int:
    """Return the band that a key lies in."""
    return key // _BAND


def first_assessment_due_of(key: int) -> datetime:
    """Return when the first assessment is due, to the second, according to the key."""
    return datetime.fromtimestamp(key % _BAND, UTC)


def late_bounds(now: datetime) -> tuple[tuple[int, int], ...]:
    """Return for each band the half-open range of keys whose first assessment is overdue."""
    over = _seconds(now)
    return tuple((number * _BAND, number * _BAND + over) for number in BANDS)
