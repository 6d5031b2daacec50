"""Everything that was published of a portal and year put together, as somebody who collects all of it would. Pure.

No sum spans two years or two portals: a report, a case, a request and a blocked address each count once. So what was published of
other years and portals adds nothing to what is known of this one.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from leeward.indicators.rules.cells import ALONE, FEWEST, TABLES, sums_of

MOST_NOTE = 400
MOST_EDITIONS = 20


@dataclass(frozen=True, slots=True)
class Edition:
    """What one edition showed (None: hidden), and what was counted then."""

    shown: Mapping[str, int | None]
    counted: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Together:
    """The cells of all editions with every sum (`sums_before`: those of the earlier editions alone).

    `hidden` are those that stay hidden or must be: earlier editions have hidden them for good, or show almost the same number.
    `known` are those that earlier ones have shown, `hidden_before` those that they have hidden and none has shown.
    """

    cells: dict[str, int]
    sums: list[tuple[str, tuple[str, ...]]]
    hidden: frozenset[str]
    known: frozenset[str]
    sums_before: list[tuple[str, tuple[str, ...]]]
    hidden_before: frozenset[str]


def together(counted: Mapping[str, int], earlier: Sequence[Edition]) -> Together:
    """Return a new edition with those before it. A cell that has the same number in two of them is the same cell: whoever learns
    it from one knows it in the other. One that changed stands for itself in each.
    """
    cells, before = dict(counted), list[tuple[str, tuple[str, ...]]]()
    hidden, known, hidden_before = set[str](), set[str](), set[str]()
    for edition in earlier:
        name_of = {
            name: name if counted.get(name) == value else f"{name} {value}" for name, value in edition.counted.items()
        }
        cells |= {name_of[name]: value for name, value in edition.counted.items()}
        before += [
            (name_of[whole], tuple(name_of[part] for part in parts)) for whole, parts in sums_of(edition.counted)
        ]
        for name, value in edition.shown.items():
            is_new = name_of[name] in counted
            if value is not None:
                known.add(name_of[name])
                if name in counted and abs(counted[name] - value) < FEWEST:
                    hidden.add(name)
            else:
                hidden_before.add(name_of[name])
                if not is_new:
                    hidden.add(name_of[name])
    return Together(
        cells,
        list(dict.fromkeys([*sums_of(counted), *before])),
        frozenset(hidden & cells.keys()) - known,
        frozenset(known),
        list(dict.fromkeys(before)),
        frozenset(hidden_before - known),
    )


def changed_by_few(counted: Mapping[str, int], earlier: Sequence[Edition]) -> tuple[str, int] | None:
    """Return a table in which fewer than five changed since an earlier edition, seen in a number that it shows, with which edition;
    None where there is none.

    Such numbers can’t be shown again, and hiding them would tell as well that they changed. A table that is as in one of the
    earlier editions tells nothing new.
    """
    missing = {table.name: table for table in TABLES}
    for name in (*missing, *ALONE):
        now = _of(name, counted)
        if now in [_of(name, edition.counted) for edition in earlier]:
            continue
        for number, edition in enumerate(earlier, 1):
            if name in missing and missing[name].is_missing(edition.counted):
                continue
            then = _of(name, edition.counted)
            moved = max((now - then).total(), (then - now).total())
            if moved < FEWEST and any(now[part] != then[part] and edition.shown.get(part) for part in now | then):
                return name, number
    return None


def _of(name: str, counted: Mapping[str, int]) -> Counter[str]:
    """Return the cells of a table, or one that stands alone."""
    return Counter({part: number for part, number in counted.items() if part.partition(":")[0] == name})


def medians_shown(medians: Mapping[str, int], shown: Mapping[str, int | None]) -> dict[str, int | None]:
    """Return the medians that may be told: those of hours whose every cell is shown, so that a median adds nothing about any."""
    return {
        series: None
        if any(name.startswith(f"{series}:") and number is None for name, number in shown.items())
        else hours
        for series, hours in medians.items()
    }
