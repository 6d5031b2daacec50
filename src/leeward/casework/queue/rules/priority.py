"""Which case comes first: urgent before known before the rest, among equals the one whose first look is due soonest."""

from datetime import UTC, datetime

_BAND = 10**11  # seconds since 1970 stay below this for the next three thousand years

URGENT, KNOWN, OTHER = 0, 1, 2


def band(*, urgent: bool, known: bool) -> int:
    """0 for urgent, 1 for a known match, 2 for the rest."""
    return URGENT if urgent else KNOWN if known else OTHER


def priority_key(*, urgent: bool, known: bool, first_assessment_due: datetime) -> int:
    """The number by which the queue is ordered, the smallest first."""
    return band(urgent=urgent, known=known) * _BAND + _seconds(first_assessment_due)


def _seconds(moment: datetime) -> int:
    """Whole seconds since 1970: fractions are cut off first, which a distant year's floating-point number would round up."""
    return max(int(moment.replace(microsecond=0).timestamp()), 0)


def band_of(key: int) -> int:
    """The band that a key lies in."""
    return key // _BAND


def first_assessment_due_of(key: int) -> datetime:
    """When the first look is due, to the second, as the key has it."""
    return datetime.fromtimestamp(key % _BAND, UTC)


def late_bounds(now: datetime) -> tuple[tuple[int, int], ...]:
    """For each band the range of keys (from, up to but not including) whose first look is over its time."""
    over = _seconds(now)
    return tuple((number * _BAND, number * _BAND + over) for number in (URGENT, KNOWN, OTHER))
