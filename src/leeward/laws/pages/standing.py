"""The review of countries by ICMEC's criteria: every state's standing, gaps, trend and figures."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from leeward.laws.files.packaged import packaged, packaged_editions
from leeward.laws.register import Register
from leeward.laws.rules.gaps import Gaps, Standing, edition_order, editions_of, gaps, standing, widest_edition


@dataclass(frozen=True, slots=True)
class StateRow:
    """A Commonwealth state in one edition."""

    iso2: str
    name: str
    band: str | None
    c1: str
    c2: str
    c3: str
    c4: str
    c5: str
    disputed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GapRow:
    """What a country lacks, by the newest edition that covers it."""

    iso2: str
    name: str
    edition: str | None
    year: int | None
    band: str | None
    criteria: Mapping[str, str]
    missing: tuple[str, ...]
    met: tuple[str, ...]
    unknown: tuple[str, ...]
    fewest: int
    most: int
    would_settle: tuple[str, ...]
    grooming: str

    @property
    def named(self) -> str:
        """The edition with its year, as used in every sentence about it."""
        return edition_with_year(self.edition, self.year)


def year_of(edition: str | None) -> int | None:
    """Return the year in which an ICMEC edition was published, if known; the law it reviews may be a year older."""
    rows = [row for row in edition_counts() if edition and row["edition"] == edition and row["year"]]
    return int((rows[0]["released"] or str(rows[0]["year"]))[:4]) if rows else None


def edition_with_year(edition: str | None, year: int | None) -> str:
    """Return `7 (2013)`, or a note that the year of an imported edition was not recorded."""
    known = year or year_of(edition)
    return f"{edition} ({known})" if known else gettext("%(edition)s (year not recorded)") % {"edition": edition}


def members(laws: Register) -> Iterable[Mapping[str, Any]]:
    """Return the files of the Commonwealth's states, by name."""
    states = (file for file in laws.files.values() if file["commonwealth"])
    return sorted(states, key=lambda file: file["name"].removeprefix("The "))


def editions(laws: Register) -> list[str]:
    """Return the editions that cover any state, oldest first."""
    known = {row["edition"] for file in laws.files.values() for row in (*file["criteria"], *file["bands"])}
    return sorted(known, key=edition_order)


def default_edition(laws: Register) -> str:
    """Return the edition shown by default."""
    return widest_edition(members(laws)) or "7"


def status(laws: Register, edition: str) -> list[StateRow]:
    """Return the band and criteria of every Commonwealth state in an edition."""
    return [_state(file, standing(file, edition)) for file in members(laws)]


def _state(file: Mapping[str, Any], known: Standing) -> StateRow:
    return StateRow(
        iso2=file["code"], name=file["name"], band=known.band, disputed=known.disputed, **dict(known.criteria)
    )


def newest_standing(file: Mapping[str, Any]) -> Standing:
    """Return the standing of a country in the newest edition that covers it."""
    for edition in reversed(editions_of(file)):
        known = standing(file, edition)
        if known.band or any(value != "unknown" for value in known.criteria.values()):
            return known
    return standing(file, "")


def gaps_of(file: Mapping[str, Any], edition: str | None = None) -> GapRow:
    """Return what a country lacks; grooming is tracked separately and is not a sixth criterion."""
    known = standing(file, edition) if edition else newest_standing(file)
    found: Gaps = gaps(known)
    return GapRow(
        iso2=file["code"],
        name=file["name"],
        edition=known.edition or None,
        year=known.year,
        band=known.band,
        criteria=known.criteria,
        missing=found.missing,
        met=found.met,
        unknown=found.unknown,
        fewest=found.fewest,
        most=found.most,
        would_settle=found.unknown,
        grooming="listed" if file["grooming"]["listed"] else "unknown",
    )


def figures() -> list[dict[str, Any]]:
    """Return every figure of the toolkit with year, place and footnote."""
    content = packaged("figures.yaml")
    return [{**row, "source": content["source"]} for row in content["figures"]]


def edition_counts() -> list[dict[str, Any]]:
    """Return the headline counts of every edition as its sources give them, conflicts kept."""
    rows: list[dict[str, Any]] = packaged_editions()["editions"]
    return rows
