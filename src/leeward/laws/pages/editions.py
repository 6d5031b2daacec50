"""The sources of a map, column or sentence: an edition of a review with its year, or this register on a given day.

The two are never mixed. ICMEC's editions, its review of grooming and the editions of the toolkit are separate.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from leeward.laws.files.packaged import packaged_editions
from leeward.laws.pages.standing import edition_with_year, editions
from leeward.laws.register import Register
from leeward.laws.rules.evidence import evidence_of
from leeward.laws.rules.grooming_review import KEY
from leeward.laws.rules.provisions import CriterionToday, Reading, Standing, criteria_on, readings_of, standing_of

TODAY = "today"
TOOLKIT = "toolkit-2"
GROOMING_REVIEW = KEY


@dataclass(frozen=True, slots=True)
class Source:
    """An edition, or the register today: its name with the year, the year alone, and its origin in a sentence."""

    key: str
    label: str
    year: str
    caption: str

    @property
    def is_today(self) -> bool:
        """Whether it is the register's own knowledge rather than an edition."""
        return self.key == TODAY


def sources(laws: Register, view: str, on: date) -> list[Source]:
    """Return the sources for a view of the map: the editions, oldest first, then the register on a given day."""
    if view == "grooming":
        found = [_other(row) for row in other_editions() if row["key"] in _grooming_keys(laws)]
    else:
        found = [_icmec(edition) for edition in editions(laws)]
    return [*found, today(on)]


def today(on: date) -> Source:
    """Return the register on a given day as a source."""
    day = on.isoformat()
    return Source(
        key=TODAY,
        label=_("This register, today"),
        year=day,
        caption=_(
            "What this register knows as of %(day)s. Where nobody here read a law, somebody else’s account of it counts as "
            "met or met in part; the country’s page says so."
        )
        % {"day": day},
    )


def _icmec(edition: str) -> Source:
    named = edition_with_year(edition, None)
    year = named.partition("(")[2].rstrip(")")
    return Source(
        key=edition,
        label=_("Edition %(name)s") % {"name": named},
        year=year,
        caption=_("ICMEC’s review, edition %(edition)s.") % {"edition": named},
    )


def other_editions() -> list[Mapping[str, Any]]:
    """Return the editions of the toolkit and of ICMEC's review of grooming, oldest first."""
    rows: list[Mapping[str, Any]] = packaged_editions()["others"]
    return rows


def toolkit() -> Source:
    """Return the edition of the toolkit whose lists the register contains."""
    return next(_other(row) for row in other_editions() if row["key"] == TOOLKIT)


def _other(row: Mapping[str, Any]) -> Source:
    names = {
        "toolkit": _("Commonwealth toolkit, edition %(named)s"),
        "grooming": _("ICMEC on grooming, edition %(named)s"),
    }
    named = f"{row['edition']} ({row['year']})"
    label = names[row["series"]] % {"named": named}
    return Source(key=row["key"], label=label, year=str(row["year"]), caption=f"{label}: {row['title']}.")


def _grooming_keys(laws: Register) -> set[str]:
    """Return the keys of the toolkit's list, and of the review of grooming once a row of it was imported."""
    has_review = any(file["grooming"].get("reviews") for file in laws.files.values())
    return {TOOLKIT, GROOMING_REVIEW} if has_review else {TOOLKIT}


def grooming_in(file: Mapping[str, Any], key: str, found: list[Reading]) -> str:
    """Return what an edition, or the register today, says about a state's law on soliciting a child."""
    if key == TODAY:
        return _on_the_map(standing_of([row for row in found if row.topic == "grooming"]))
    if key == GROOMING_REVIEW:
        return next((row["value"] for row in file["grooming"].get("reviews", ())), "unknown")
    return "listed" if file["grooming"]["listed"] else "unknown"


@dataclass(frozen=True, slots=True)
class Today:
    """What the register knows of a state today: each criterion, and how many are met."""

    criteria: Mapping[str, Standing]
    readings: list[Reading]

    @property
    def of_five(self) -> str:
        """Return how many criteria were found met; none only if all five were read and not found."""
        values = list(self.criteria.values())
        if met := values.count("met"):
            return "4-5" if met >= 4 else "1-3"
        if "partly" in values:
            return "partly"
        return "0" if set(values) == {"not_found"} else "unknown"


def known_today(file: Mapping[str, Any], on: date) -> list[CriterionToday]:
    """Return what the register knows of each criterion of a state on a given day, as its own pages say it."""
    return criteria_on(readings_of(file, on), evidence_of(file, on))


def state_today(file: Mapping[str, Any], on: date) -> Today:
    """Return what the register knows of a state on a given day."""
    found = readings_of(file, on)
    return Today({row.name: _on_the_map(row) for row in known_today(file, on)}, found)


def _on_the_map(row: CriterionToday) -> Standing:
    """Return a standing for the map, which says “read, and not found” only where somebody here read the law."""
    return "unknown" if row.by_account and row.standing == "not_found" else row.standing
