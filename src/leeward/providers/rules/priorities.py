"""Classes of urgency that a country's rules give to reports, and when they are also telephoned: data, with its source. Pure."""

from dataclasses import dataclass
from datetime import datetime, time
from zoneinfo import ZoneInfo

from leeward.foundation.lazy_text import LazyText, gettext_noop


@dataclass(frozen=True, slots=True)
class PriorityClass:
    """One class and how fast it is to be reported, in the words of the rules; they give no hours."""

    code: str
    speed: str


@dataclass(frozen=True, slots=True)
class Classes:
    """A country's classes, the hours in which somebody reviews, and the classes that are telephoned outside of them."""

    country: str
    classes: tuple[PriorityClass, ...]
    zone: str
    weekdays: tuple[int, ...]
    opens: time
    closes: time
    telephoned: tuple[str, ...]
    source: str
    is_read: bool
    """Whether the rules themselves were read, or only what others quote of them."""


CLASSES: dict[str, Classes] = {
    "GB": Classes(
        country="GB",
        classes=(
            PriorityClass("P1", gettext_noop("immediately")),
            PriorityClass("P2", gettext_noop("as soon as reasonably practicable")),
            PriorityClass("P3", gettext_noop("without undue delay")),
        ),
        zone="Europe/London",
        weekdays=(0, 1, 2, 3, 4),
        opens=time(7),
        closes=time(17),
        telephoned=("P1", "P2"),
        source="SI 2026/268, in force 7 April 2026",
        is_read=False,
    )
}


def also_by_telephone(country: str, priority: str, at: datetime) -> bool:
    """Return whether a report of this class is also telephoned at this time."""
    found = CLASSES.get(country)
    if found is None or priority not in found.telephoned:
        return False
    here = at.astimezone(ZoneInfo(found.zone))
    return here.weekday() not in found.weekdays or not found.opens <= here.time() < found.closes


def speed_of(country: str, priority: str) -> LazyText | None:
    """Return how fast a class is to be reported, or None where the country has no such class."""
    found = CLASSES.get(country)
    speeds = {one.code: one.speed for one in found.classes} if found else {}
    return LazyText(speeds[priority]) if priority in speeds else None
