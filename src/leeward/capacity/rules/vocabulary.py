"""Who is trained, and for how long training holds: closed lists. Pure."""

from datetime import date

ROLES = ("police", "examiner", "prosecutor", "judge", "analyst", "social_worker", "teacher")
# Months after which a course has to be taken again; 0: never.
VALID_MONTHS = (0, 12, 24, 36, 60)
WARN_DAYS = 90
# Months for which names are kept after training ran out, or after its end where it holds for ever.
KEPT_MONTHS = 60
KEPT_MONTHS_FOR_EVER = 120
STANDINGS = ("", "ending", "over")


def months_before(day: date, months: int) -> date:
    """Return the day that many months before; the last of a shorter month where there is none."""
    years, month = divmod(day.year * 12 + day.month - 1 - months, 12)
    for last in (day.day, 30, 29, 28):
        try:
            return date(years, month + 1, min(day.day, last))
        except ValueError:
            continue
    raise AssertionError


def forgotten_before(today: date, valid_months: int) -> date:
    """Return the day before which a course must have ended for the names of those who took part to be forgotten."""
    return months_before(today, valid_months + KEPT_MONTHS if valid_months else KEPT_MONTHS_FOR_EVER)


def runs_out(ended_on: date, valid_months: int) -> date | None:
    """Return the last day on which training holds, or None if it holds for ever."""
    return months_before(ended_on, -valid_months) if valid_months else None
