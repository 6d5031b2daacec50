"""How long devices wait, which licences end, and how old a check is. Pure."""

from datetime import date, timedelta
from typing import Literal

KINDS = ("laboratory", "police_unit", "abroad", "other")
EQUIPMENT = ("write_blocker", "workstation", "telephone_kit", "licence", "storage", "other")
WARN_DAYS = 90  # before a licence ends
OLD_DAYS = 92  # after which a count of what waits tells little
CHECK_DAYS = 365  # after which a contact wants to be checked again
Licence = Literal["", "ending", "over"]
Checked = Literal["unchecked", "checked", "old"]


def backlog_days(waiting: int | None, per_month: int | None) -> int | None:
    """Return how many days what waits will take at this pace, rounded up; None if nobody can tell: a number is missing,
    or nothing is examined while something waits."""
    if waiting == 0:
        return 0
    if waiting is None or not per_month:
        return None
    return -(-waiting * 365 // (12 * per_month))


def is_old(counted_on: date | None, today: date) -> bool:
    """Return whether what waits was counted too long ago."""
    return counted_on is not None and counted_on < today - timedelta(days=OLD_DAYS)


def licence_on(ends_on: date | None, today: date) -> Licence:
    """Return whether something that ends is about to, or has; `ends_on` is the last day."""
    if ends_on is None or ends_on > today + timedelta(days=WARN_DAYS):
        return ""
    return "over" if ends_on < today else "ending"


def checked_on(day: date | None, today: date) -> Checked:
    """Return whether somebody has checked a contact, and lately."""
    if day is None:
        return "unchecked"
    return "old" if day < today - timedelta(days=CHECK_DAYS) else "checked"
