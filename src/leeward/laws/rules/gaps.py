"""Which of ICMEC's five criteria a country lacks; if only a band is known, the minimum and maximum number."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import product
from typing import Any

CRITERIA = ("c1", "c2", "c3", "c4", "c5")
MODEL = CRITERIA[
    :4
]  # the four that the toolkit wants every state to meet; the fifth is the duty of providers to report
BANDS: dict[str, tuple[int, int]] = {"0": (0, 0), "1-3": (1, 3), "4-5": (4, 5)}


@dataclass(frozen=True, slots=True)
class Standing:
    """What one edition says about a country: its band and each criterion (yes, partial, no, unknown).

    `disputed` names the criteria on which sources disagree; they are unknown until somebody settles it.
    """

    edition: str
    year: int | None
    band: str | None
    criteria: Mapping[str, str]
    disputed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gaps:
    """What is missing of criteria 1 to 4, from `fewest` to `most`, and what is known of each criterion."""

    missing: tuple[str, ...]
    met: tuple[str, ...]
    unknown: tuple[str, ...]
    fewest: int
    most: int


def editions_of(file: Mapping[str, Any]) -> list[str]:
    """Return the editions in a country's file, oldest first."""
    return sorted({row["edition"] for row in (*file["criteria"], *file["bands"])}, key=edition_order)


def edition_order(edition: str) -> tuple[int, str]:
    """Return the sort key of an edition: by number, anything else first."""
    return (int(edition) if edition.isdigit() else 0, edition)


def widest_edition(files: Iterable[Mapping[str, Any]]) -> str | None:
    """Return the newest edition that covers at least half of these states; one with only a few states is never a map's
    default.
    """
    counts = Counter(edition for file in files for edition in editions_of(file))
    if not counts:
        return None
    most = max(counts.values())
    return max((edition for edition, count in counts.items() if 2 * count >= most), key=edition_order)


def standing(file: Mapping[str, Any], edition: str) -> Standing:
    """Return what an edition says about a country; if it does not cover it, everything is unknown."""
    rows = [row for row in file["criteria"] if row["edition"] == edition]
    bands = [row for row in file["bands"] if row["edition"] == edition]
    values = {name: {row[name] for row in rows} - {"unknown"} for name in CRITERIA}
    criteria = {name: next(iter(found)) if len(found) == 1 else "unknown" for name, found in values.items()}
    year = next((row["year"] for row in (*bands, *rows) if row["year"]), None)
    return Standing(
        edition=edition,
        year=year,
        band=bands[0]["band"] if bands else band_of(criteria),
        criteria=criteria,
        disputed=tuple(name for name, found in values.items() if len(found) > 1),
    )


def band_of(criteria: Mapping[str, str]) -> str | None:
    """Return the band that follows from the five values, if all are known."""
    if any(criteria[name] == "unknown" for name in CRITERIA):
        return None
    met = sum(criteria[name] == "yes" for name in CRITERIA)
    return next(band for band, (low, high) in BANDS.items() if low <= met <= high)


def gaps(known: Standing) -> Gaps:
    """Return what is missing, considering every way in which the unknown criteria can fit the band."""
    # A band that contradicts its own criteria says nothing.
    ways = list(_ways(known)) or list(_ways(replace(known, band=None)))
    settled = {name: {way[name] for way in ways} for name in CRITERIA}
    missing = [sum(not way[name] for name in MODEL) for way in ways]
    return Gaps(
        missing=tuple(name for name in CRITERIA if settled[name] == {False}),
        met=tuple(name for name in CRITERIA if settled[name] == {True}),
        unknown=tuple(name for name in CRITERIA if len(settled[name]) == 2),
        fewest=min(missing),
        most=max(missing),
    )


def _ways(known: Standing) -> Iterable[dict[str, bool]]:
    choices = [{"yes": (True,), "unknown": (True, False)}.get(known.criteria[name], (False,)) for name in CRITERIA]
    low, high = BANDS[known.band] if known.band else (0, len(CRITERIA))
    for values in product(*choices):
        if low <= sum(values) <= high:
            yield dict(zip(CRITERIA, values, strict=True))
