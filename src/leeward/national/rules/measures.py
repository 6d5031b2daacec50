"""Which phase follows from what Leeward itself knows. What is not on record is not measured: it never means no. Pure."""

from collections.abc import Collection

MEASURES = (
    "law_criteria",
    "law_duty",
    "solicitation_offence",
    "hotline_running",
    "hotline_assesses",
    "hotline_in_time",
    "removal_notice",
    "police_told",
    "police_trained",
    "courts_trained",
    "victims_trained",
    "exchange_hotlines",
    "blocking_list",
    "victims_images",
    "industry_partners",
    "education_material",
    "steering_figures",
)
CRITERIA, SUFFICIENT = 5, 3  # how many there are; the phase in which a law is sufficient
OLD = 5  # years after which an edition says no longer what a law lacks
FEWEST_CASES = 10  # of fewer, no share is told
ROLES = {
    "police_trained": ("police", "examiner"),
    "courts_trained": ("prosecutor", "judge"),
    "victims_trained": ("social_worker", "teacher"),
}


def by_criteria(least: int, most: int, *, years_old: int) -> int | None:
    """Return the phase of a law that meets so many of ICMEC's five criteria, known only within limits; None where it depends on
    what is unknown. At least four are sufficient, whatever the fifth. What an old edition missed may be law by now.
    """
    lower, upper = _of_five(least), _of_five(most)
    if lower >= SUFFICIENT:
        return lower
    return lower if lower == upper and years_old <= OLD else None


def _of_five(met: int) -> int:
    if met == CRITERIA:
        return 4
    return 3 if met == CRITERIA - 1 else 2 if met else 1


def by_share(part: int, whole: int) -> int | None:
    """Return the phase of what was done in time for some of all cases; None of too few."""
    if whole < FEWEST_CASES:
        return None
    if 10 * part >= 9 * whole:
        return 4
    return 3 if 2 * part >= whole else 2


def by_trained(roles: Collection[tuple[int, int | None]]) -> int | None:
    """Return the phase of roles, each with how many are trained and needed; None where nothing is on record. `needed` is None
    where nobody said how many. Nobody stands in for a role of which people are missing.
    """
    known = [(trained, needed) for trained, needed in roles if needed is not None]
    if not any(trained for trained, _needed in roles):
        return 1 if known else None
    filled, wanted = sum(min(one) for one in known), sum(needed for _trained, needed in known)
    if not known or 2 * filled < wanted:
        return 2
    return 3 if filled < wanted else 4


def by_hotline(reports: int, editions: int, *, is_open: bool) -> int:
    """Return the phase of a hotline by whether it takes reports, had some in the year, and published figures."""
    if not is_open:
        return 2
    return 4 if reports and editions else 3


def by_list(published: int, subscribers: int, *, is_current: bool) -> int:
    """Return the phase of blocking lists of which some are published."""
    if not published:
        return 2
    return 4 if subscribers and is_current else 3


def by_material(reviewed: int, entries: int, *, is_for_all: bool) -> int | None:
    """Return the phase of learning material by how much of it was reviewed; None where there is no catalogue."""
    if not reviewed:
        return 2 if entries else None
    return 4 if is_for_all else 3


def by_years(years: int) -> int:
    """Return the phase of figures by how many years were published; they are kept in any case."""
    return min(2 + years, 4)
