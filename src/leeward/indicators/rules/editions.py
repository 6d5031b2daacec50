"""Everything that was published of a portal and year put together, as somebody who collects all of it would. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leeward.indicators.rules.cells import sums_of

MOST_NOTE = 400
MOST_EDITIONS = 20


@dataclass(frozen=True, slots=True)
class Edition:
    """What one edition showed (None: hidden), and what was counted then."""

    shown: Mapping[str, int | None]
    counted: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Together:
    """The cells of all editions with every sum; those that earlier ones have hidden for good, and those that they have shown."""

    cells: dict[str, int]
    sums: list[tuple[str, tuple[str, ...]]]
    hidden: frozenset[str]
    known: frozenset[str]


def together(counted: Mapping[str, int], earlier: Sequence[Edition]) -> Together:
    """Return a new edition with those before it. A cell that has the same number in two of them is the same cell: whoever learns
    it from one knows it in the other. One that changed stands for itself in each.
    """
    cells, sums = dict(counted), list(sums_of(counted))
    hidden, known = set[str](), set[str]()
    for edition in earlier:
        name_of = {
            name: name if counted.get(name) == value else f"{name} {value}" for name, value in edition.counted.items()
        }
        cells |= {name_of[name]: value for name, value in edition.counted.items()}
        sums += [(name_of[whole], tuple(name_of[part] for part in parts)) for whole, parts in sums_of(edition.counted)]
        for name, value in edition.shown.items():
            is_new = name_of[name] in counted
            if value is not None:
                known.add(name_of[name])
            elif not is_new:
                hidden.add(name_of[name])
    return Together(cells, list(dict.fromkeys(sums)), frozenset(hidden - known), frozenset(known))


def medians_shown(medians: Mapping[str, int], shown: Mapping[str, int | None]) -> dict[str, int | None]:
    """Return the medians that may be told: those of hours whose every cell is shown, so that a median adds nothing about any."""
    return {
        series: None
        if any(name.startswith(f"{series}:") and number is None for name, number in shown.items())
        else hours
        for series, hours in medians.items()
    }
