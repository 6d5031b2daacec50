"""Defaults for a new portal by country: its name, its time zones, and which of our languages are spoken there.

Names and zones come from the time zone database (package tzdata). Emergency numbers and helplines are left out: we have
no maintained source for them, and a wrong number would do harm.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from importlib import resources
from types import MappingProxyType

from leeward.people.holiday_calendar import Holidays, next_twelve_months

# Official or national languages, as far as pages are available in them; for a country not listed here only English is
# suggested.
LANGUAGES_OF: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "BD": ("bn", "en"),
        "BE": ("fr", "en"),
        "BN": ("ms", "en"),
        "CA": ("en", "fr"),
        "CM": ("fr", "en"),
        "FJ": ("en", "hi"),
        "FR": ("fr", "en"),
        "GA": ("fr", "en"),
        "IN": ("hi", "en", "bn", "ur"),
        "KE": ("sw", "en"),
        "MU": ("en", "fr"),
        "MY": ("ms", "en"),
        "MZ": ("pt", "en"),
        "PK": ("ur", "en"),
        "PT": ("pt", "en"),
        "RW": ("en", "fr", "sw"),
        "SC": ("en", "fr"),
        "SG": ("en", "ms"),
        "TG": ("fr", "en"),
        "TO": ("to", "en"),
        "TZ": ("sw", "en"),
        "UG": ("en", "sw"),
        "VU": ("en", "fr"),
        "WS": ("sm", "en"),
    }
)

# Corrections where the time zone database abbreviates a name or uses one that the country itself doesn't.
IN_FULL: Mapping[str, str] = MappingProxyType(
    {
        "AS": "American Samoa",
        "CD": "Democratic Republic of the Congo",
        "CG": "Republic of the Congo",
        "GB": "United Kingdom",
        "KP": "North Korea",
        "KR": "South Korea",
        "VC": "Saint Vincent and the Grenadines",
        "WS": "Samoa",
    }
)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Initial values for the form of a portal in this country; `holidays` are those of the next twelve months."""

    country: str
    name: str
    languages: tuple[str, ...]
    zones: tuple[str, ...]
    holidays: dict[date, str]


def _lines(table: str) -> list[list[str]]:
    text = resources.files("tzdata").joinpath("zoneinfo", table).read_text(encoding="utf-8")
    return [line.split("\t") for line in text.splitlines() if line and not line.startswith("#")]


@lru_cache(maxsize=1)
def country_names() -> Mapping[str, str]:
    """Return every country by its two-letter code, ordered by English name."""
    written = {code: IN_FULL.get(code) or _in_full(name) for code, name in _lines("iso3166.tab")}
    return MappingProxyType(dict(sorted(written.items(), key=lambda pair: pair[1])))


def _in_full(name: str) -> str:
    name = name.replace(" & ", " and ")
    return f"Saint {name[3:]}" if name.startswith("St ") else name


@lru_cache(maxsize=1)
def _zones() -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for code, _where, zone, *_more in _lines("zone.tab"):
        found[code] = (*found.get(code, ()), zone)
    return MappingProxyType(found)


def suggestion_for(country: str, today: date) -> Suggestion | None:
    """Return the defaults for a country, or None if no country has this code."""
    name = country_names().get(country)
    if name is None:
        return None
    kept = Holidays(country, follows=True, added=frozenset(), worked=frozenset())
    return Suggestion(
        country=country,
        name=name,
        languages=LANGUAGES_OF.get(country, ("en",)),
        zones=_zones().get(country, ()),
        holidays=next_twelve_months(kept, today),
    )
