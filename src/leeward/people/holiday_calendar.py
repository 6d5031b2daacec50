"""A country's public holidays, from the library `holidays`, with a portal's own additions and exceptions."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from types import MappingProxyType

YEARS_BACK, YEARS_AHEAD = 1, 2


@dataclass(frozen=True, slots=True)
class Holidays:
    """How a portal's holidays are worked out: its country's if it follows them, plus those `added`, minus those `worked`."""

    country: str
    follows: bool
    added: frozenset[date]
    worked: frozenset[date]

    def between(self, start: date, end: date) -> dict[date, str]:
        """Return every free day from `start` up to but not including `end`, with its name (empty for an added one)."""
        found = dict.fromkeys(self.added, "")
        if self.follows:
            found |= country_holidays(self.country, range(start.year, end.year + 1))
        return {day: found[day] for day in sorted(found) if start <= day < end and day not in self.worked}


@lru_cache(maxsize=256)
def _holidays(country: str, year: int) -> Mapping[date, str]:
    import holidays  # importing it takes a moment, and most commands don't need it

    try:
        found = holidays.country_holidays(country, years=year, language="en_US")
    except NotImplementedError:  # the library doesn't know the country
        return MappingProxyType({})
    return MappingProxyType({day: str(name) for day, name in found.items() if day.year == year})


def country_holidays(country: str, years: Collection[int]) -> dict[date, str]:
    """Return the public holidays of a country (ISO code) in these years with their English names; empty for an unknown
    country."""
    found: dict[date, str] = {}
    for year in years:
        found |= _holidays(country, year)
    return found


def free_days(kept: Holidays, today: date | None = None) -> frozenset[date]:
    """Return the free days around today, far enough for any deadline."""
    today = today or datetime.now(UTC).date()
    added = kept.added - kept.worked
    if not kept.follows:
        return added
    years = range(today.year - YEARS_BACK, today.year + YEARS_AHEAD + 1)
    return added | (frozenset(country_holidays(kept.country, years)) - kept.worked)


def next_twelve_months(kept: Holidays, today: date) -> dict[date, str]:
    """Return the free days of the next twelve months, for a preview."""
    return kept.between(today, today + timedelta(days=366))
