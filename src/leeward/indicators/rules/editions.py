"""Everything that was published of a portal and year put together, as somebody who collects all of it would. Pure.

A report, a case, a request and a blocked address each count in one year of one portal. So only one sum spans several of them: each
report is the first of its case or a further one, and the case can be of another year or portal (`Beside`).
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from leeward.indicators.rules.cells import ALONE, FEWEST, TABLES, TOTAL, TOTAL_PARTS, BandOf, sums_of

MOST_NOTE = 400
MOST_EDITIONS = 20
_UNKNOWN_COUNTRY = "unknown"


@dataclass(frozen=True, slots=True)
class Edition:
    """What one edition showed (None: hidden), and what was counted then."""

    shown: Mapping[str, int | None]
    counted: Mapping[str, int]
    medians: Mapping[str, int | None] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Beside:
    """What the newest editions of other years and portals show and count of reports, cases and further reports, by a name for each; with
    the new edition they are everything of a portal, or of the hotline."""

    name: str
    editions: Mapping[str, Edition]


@dataclass(frozen=True, slots=True)
class Together:
    """The cells of all editions with every sum (`sums_before`: those of the earlier editions alone).

    `hidden` are those that stay hidden or must be: earlier editions have hidden them for good, or show almost the same number.
    `known` are those that earlier ones have shown, `hidden_before` those that they have hidden and none has shown. `free` are
    published nowhere: they tie the tables together for whoever knows the laws.
    """

    cells: dict[str, int]
    sums: list[tuple[str, tuple[str, ...]]]
    hidden: frozenset[str]
    known: frozenset[str]
    sums_before: list[tuple[str, tuple[str, ...]]]
    hidden_before: frozenset[str]
    free: frozenset[str] = frozenset()


def together(
    counted: Mapping[str, int],
    earlier: Sequence[Edition],
    band_of: BandOf | None = None,
    beside: Sequence[Beside] = (),
    *,
    home: str = "",
) -> Together:
    """Return a new edition with those before it. A cell that has the same number in two of them is the same cell: whoever learns
    it from one knows it in the other. One that changed stands for itself in each. `band_of`: a country’s law, as `cells_of` has it;
    `home`: the portal’s own country.
    """
    free, now = by_law(counted, band_of, "now") if band_of else ({}, [])
    now += at_home(counted, home)
    cells, before = dict(counted), list[tuple[str, tuple[str, ...]]]()
    hidden, known, hidden_before = set[str](), set[str](), set[str]()
    for number, edition in enumerate(earlier, 1):
        name_of = {
            name: name if counted.get(name) == value else f"{name} {value}" for name, value in edition.counted.items()
        }
        cells |= {name_of[name]: value for name, value in edition.counted.items()}
        between, ties = by_law(edition.counted, band_of, f"edition {number}") if band_of else ({}, [])
        free |= between
        before += [
            (name_of.get(whole, whole), tuple(name_of.get(part, part) for part in parts))
            for whole, parts in [*sums_of(edition.counted), *ties, *at_home(edition.counted, home)]
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
    for group in beside:
        others = {
            name: row for name, row in group.editions.items() if _has_total(row.shown) and _has_total(row.counted)
        }
        for name, row in others.items():
            for cell in (TOTAL, *TOTAL_PARTS):
                cells[f"{name} {cell}"] = row.counted[cell]
                (hidden_before if row.shown[cell] is None else known).add(f"{name} {cell}")
            if _further(row.counted) == 0:
                before.append((f"{name} {TOTAL}", tuple(f"{name} {part}" for part in TOTAL_PARTS)))
        if others.keys() == group.editions.keys() and _further(counted, *(row.counted for row in others.values())) == 0:
            free[group.name] = counted[TOTAL] + sum(row.counted[TOTAL] for row in others.values())
            now.append((group.name, (TOTAL, *(f"{name} {TOTAL}" for name in others))))
            now.append((group.name, (*TOTAL_PARTS, *(f"{name} {part}" for name in others for part in TOTAL_PARTS))))
    return Together(
        cells | free,
        list(dict.fromkeys([*sums_of(counted), *now, *before])),
        frozenset(hidden & cells.keys()) - known,
        frozenset(known),
        list(dict.fromkeys(before)),
        frozenset(hidden_before - known),
        frozenset(free),
    )


def _has_total(cells: Mapping[str, int | None]) -> bool:
    return {TOTAL, *TOTAL_PARTS} <= cells.keys()


def _further(*counted: Mapping[str, int]) -> int:
    """Return how many reports are more than cases and further reports: about a case of another year or portal, or of none."""
    return sum(one[TOTAL] - sum(one[part] for part in TOTAL_PARTS) for one in counted)


def by_law(
    cells: Mapping[str, int], band_of: BandOf, name: str
) -> tuple[dict[str, int], list[tuple[str, tuple[str, ...]]]]:
    """Return the illegal cases under each law, and those of them whose host was never told, with how they tie hosting countries to
    times by law: everybody can look up which country had which law. Where the two tables don’t fit, nothing follows.
    """
    of_law: dict[str, tuple[list[str], list[str]]] = {}
    for part in cells:
        table, _colon, of = part.partition(":")
        if table in ("country", "law_hours"):
            band = band_of(of) if table == "country" else of.partition(":")[0]
            of_law.setdefault(band, ([], []))[table == "law_hours"].append(part)
    found, sums, untold = dict[str, int](), list[tuple[str, tuple[str, ...]]](), list[str]()
    for band, (countries, times) in of_law.items():
        whole, rest = f"{name} {band}", f"{name} {band} untold"
        found[whole] = sum(cells[part] for part in countries)
        found[rest] = found[whole] - sum(cells[part] for part in times)
        sums += [(whole, tuple(countries)), (whole, (*times, rest))]
        untold.append(rest)
    never = "host_hours:never"
    if any(number < 0 for number in found.values()) or sum(found[rest] for rest in untold) != cells.get(never, 0):
        return {}, []
    if not cells.get(never):  # then readers see that it is 0 under each law
        return (
            {one: number for one, number in found.items() if one not in untold},
            [(whole, tuple(part for part in parts if part not in untold)) for whole, parts in sums],
        )
    return found, [*sums, (never, tuple(untold))]


def at_home(cells: Mapping[str, int], home: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return what holds where a hotline works by the book, and everybody knows the book: it tells the hosts of its own country, and
    the hotlines of all others. Where it doesn’t hold, nothing follows.
    """
    own = f"country:{home}"
    abroad = tuple(
        name for name in cells if name.startswith("country:") and name not in (own, f"country:{_UNKNOWN_COUNTRY}")
    )
    return [
        (whole, parts)
        for whole, parts in (("hosts_told", (own,)), ("peer:yes", abroad))
        if cells.get(whole) and cells[whole] == sum(cells.get(part, 0) for part in parts)
    ]


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
            if _moved(now, then) < FEWEST and any(
                now[part] != then[part] and edition.shown.get(part) for part in now | then
            ):
                return name, number
    return None


def _of(name: str, cells: Mapping[str, int | None]) -> Counter[str]:
    """Return the cells of a table, or one that stands alone."""
    return Counter({part: number for part, number in cells.items() if number and part.partition(":")[0] == name})


def _moved(now: Counter[str], then: Counter[str]) -> int:
    return max((now - then).total(), (then - now).total())


def medians_shown(
    medians: Mapping[str, int], shown: Mapping[str, int | None], earlier: Sequence[Edition] = ()
) -> dict[str, int | None]:
    """Return the medians that may be told: those of hours whose every cell is shown, so that a median adds nothing about any; and none
    that moved since an earlier edition while fewer than five did in the table beside it: a single case can move it.
    """
    return {
        series: None
        if any(name.startswith(f"{series}:") and number is None for name, number in shown.items())
        or _moved_by_few(series, hours, shown, earlier)
        else hours
        for series, hours in medians.items()
    }


def _moved_by_few(series: str, hours: int, shown: Mapping[str, int | None], earlier: Sequence[Edition]) -> bool:
    now = _of(series, shown)
    before = [(_of(series, one.counted), median) for one in earlier if (median := one.medians.get(series)) is not None]
    if (now, hours) in before:
        return False
    return any(median != hours and _moved(now, then) < FEWEST for then, median in before)
