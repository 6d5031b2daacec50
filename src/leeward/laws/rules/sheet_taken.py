"""Apply a sheet to a country's file, by the version of the readings from which it was taken. Pure.

The sheet is then the complete set of its rows: what it lacks was removed by its author. What the register gained or
changed since stays, and where both changed the rows of one place, the sheet is refused with what the register says now:
all lines are taken or none. Nobody knows of a sheet of an unknown version what its author saw, so it removes nothing
unless somebody asks for that.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from leeward.foundation.lazy_text import LazyText as _
from leeward.laws.rules.sheet import (
    MORE,
    MOST_PROBLEMS,
    SHEET,
    VERSION,
    BadSheet,
    new_reading,
    new_work,
    rows_in,
    rows_of,
    typed,
    version_of,
)

type Row = Mapping[str, str]
type Place = tuple[str, str, str]
type Older = Callable[[str], Mapping[str, Any] | None]


@dataclass(frozen=True, slots=True)
class Correction:
    """A row that a sheet changes: column, value in force, value in the sheet."""

    row: Row
    columns: tuple[tuple[str, str, str], ...]


@dataclass(frozen=True, slots=True)
class Taken:
    """The result of applying a sheet to a file: its new content, and how many rows that adds, changes and removes.

    `missing` are the rows that the sheet lacks; of an unknown version (`is_known` false) they stay unless asked.
    """

    content: dict[str, Any]
    added: int
    changed: int
    removed: int
    corrections: tuple[Correction, ...] = ()
    missing: tuple[Row, ...] = ()
    is_known: bool = True

    @property
    def is_same(self) -> bool:
        """Whether nothing changes."""
        return not (self.added or self.changed or self.removed)


def _unknown(version: str) -> None:
    """No version but the one in force is known."""


def read_sheet(
    text: str, file: Mapping[str, Any], *, on: date, older: Older = _unknown, removes: bool = False
) -> Taken:
    """Return the result of applying a sheet to a country's file; raises BadSheet with the invalid lines.

    `older` returns the file as it was in a version that the sheet names, or None. `removes`: whether a sheet of an
    unknown version removes the rows that it lacks.
    """
    rows = rows_in(text, file)
    _refuse_twins(rows, file)
    version = _version_in(rows)
    if version == version_of(file):
        return _taken([row for _line, row in rows], file, on, removes=True)
    base = older(version) if version else None
    if base is None:
        return _taken([row for _line, row in rows], file, on, removes=removes, is_known=False)
    return _taken(_rebased(rows, base, file), file, on, removes=True)


def _refuse_twins(rows: Sequence[tuple[int, Row]], file: Mapping[str, Any]) -> None:
    """Raise BadSheet with the rows that repeat another one, unless the file has as many of them."""
    names = [name for name in SHEET if name in rows[0][1]] if rows else []
    has, lines = _bag(_plain(file), names), dict[tuple[str, ...], list[int]]()
    problems = []
    for line, row in rows:
        same = lines.setdefault(tuple(row[name] for name in names), [])
        if same and len(same) >= has[tuple(row[name] for name in names)]:
            problems.append((line, _("it repeats line %(line)s: delete one of the two", line=same[0])))
        same.append(line)
    if problems:
        raise BadSheet(problems[:MOST_PROBLEMS])


def _version_in(rows: Iterable[tuple[int, Row]]) -> str:
    """Return the version that all rows of a sheet name, new ones without it aside; empty if there is none. Raises
    BadSheet where they name several: an older row would undo what others have corrected since.
    """
    found = ""
    for line, row in rows:
        version = row.get(VERSION, "")
        if version and found not in ("", version):
            raise BadSheet(
                [(line, _("it was taken from another version than the rows above: send each sheet by itself"))]
            )
        found = found or version
    return found


def _rebased(rows: Sequence[tuple[int, Row]], base: Mapping[str, Any], file: Mapping[str, Any]) -> list[Row]:
    """Return a sheet's rows as if they had been taken from the file as it is now, place by place: those of the sheet
    where only the sheet changed them, those of the file where only the file did.
    """
    lines: dict[Place, int] = {}
    for line, row in rows:
        lines.setdefault(_place(row), line)
    given, then, now = _by_place(row for _line, row in rows), _by_place(_plain(base)), _by_place(_plain(file))
    names = [name for name in SHEET if name in rows[0][1]]
    kept: list[Row] = []
    problems = []
    for place in dict.fromkeys([*given, *now]):
        mine, was, has = given.get(place, []), then.get(place, []), now.get(place, [])
        if _bag(has, SHEET) == _bag(was, SHEET) or _bag(mine, names) == _bag(has, names):
            kept += mine
        elif _bag(mine, names) == _bag(was, names):
            kept += has
        else:
            problems.append((lines.get(place, 1), _both_changed(place, was, has)))
    if problems:
        raise BadSheet(sorted(problems, key=lambda problem: problem[0]))
    return kept


def _both_changed(place: Place, was: Sequence[Row], has: Sequence[Row]) -> object:
    name = place_name(dict(zip(("instrument", "section", "topic"), place, strict=True)))
    if not has:
        return _("%(place)s was removed from the register after this sheet was taken; correct a new sheet", place=name)
    new = [
        f"{column}: {row[column] or '–'}"
        for row in has
        for column in SHEET
        if row[column] not in {before[column] for before in was}
    ]
    return _(
        "%(place)s was changed in the register after this sheet was taken (now %(now)s); correct a new sheet",
        place=name,
        now="; ".join(new) or str(len(has)),
    )


def place_name(row: Row) -> str:
    """Return where a row is and on which topic."""
    return f"{row['instrument']} {row['section']}".strip() + f" ({row['topic']})"


def _taken(rows: Sequence[Row], file: Mapping[str, Any], on: date, *, removes: bool, is_known: bool = True) -> Taken:
    """Apply rows to a file, in the file's order. Rows are the same if instrument, section and topic are; what the sheet
    lacks is kept.
    """
    works = [dict(work) for work in file.get("works", ())]
    ids = {work["title"]: work["id"] for work in works}
    before, readings = _plain(file), [dict(row) for row in file.get("readings", ())]
    found = _matched(rows, before)
    added, corrections = [], []
    for number, row in enumerate(rows):
        title = row["instrument"]
        if title and title not in ids:
            works.append(new_work(title, row["status"], {work["id"] for work in works}))
            ids[title] = works[-1]["id"]
        at = found.get(number)
        if at is None:
            added.append(new_reading(row, ids.get(title), on))
        elif not _is_same(before[at], row):
            corrections.append(Correction(before[at], tuple(_differences(before[at], row))))
            readings[at] = _changed(readings[at], row, on)
    gone = set(range(len(before))) - set(found.values())
    missing = tuple(before[at] for at in sorted(gone))
    removed = len(missing) if removes else 0
    if not (added or corrections or removed):
        return Taken(dict(file), 0, 0, 0, missing=missing, is_known=is_known)
    left = [row for at, row in enumerate(readings) if not (removes and at in gone)]
    content = {**file, **({"works": works} if works else {}), "readings": [*left, *added]}
    return Taken(content, len(added), len(corrections), removed, tuple(corrections), missing, is_known)


def _matched(rows: Sequence[Row], before: Sequence[Row]) -> dict[int, int]:
    """Return the number of the file's row for each row that it has: first those that are the same, then those of one
    place in their order.
    """
    found: dict[int, int] = {}
    free: dict[Place, list[int]] = {}
    for at, row in enumerate(before):
        free.setdefault(_place(row), []).append(at)
    for is_exact in (True, False):
        for number, row in enumerate(rows):
            there = free.get(_place(row), [])
            same = next((at for at in there if not is_exact or _is_same(before[at], row)), None)
            if same is not None and number not in found:
                there.remove(same)
                found[number] = same
    return found


def _plain(file: Mapping[str, Any]) -> list[Row]:
    """Return a file's rows as they come back from a sheet."""
    return [{name: typed(value) for name, value in row.items()} for row in rows_of(file)]


def _place(row: Row) -> Place:
    return row["instrument"], row["section"], row["topic"]


def _by_place(rows: Iterable[Row]) -> dict[Place, list[Row]]:
    found: dict[Place, list[Row]] = {}
    for row in rows:
        found.setdefault(_place(row), []).append(row)
    return found


def _bag(rows: Iterable[Row], names: Sequence[str]) -> Counter[tuple[str, ...]]:
    return Counter(tuple(row[name] for name in names) for row in rows)


def _is_same(shown: Row, row: Row) -> bool:
    return not any(_differences(shown, row))


def _differences(before: Row, row: Row) -> Iterator[tuple[str, str, str]]:
    for name in SHEET:
        if name in row and before[name] != row[name]:
            yield name, before[name], row[name]


def _changed(before: Mapping[str, Any], row: Mapping[str, str], on: date) -> dict[str, Any]:
    """Return a row changed by the sheet; whoever changed it counts as having read it that day."""
    after = new_reading(row, before["work"], on)
    held = {name: before[name] for name in MORE if name not in row}
    kind = before["source_kind"] if before["seen"] == row["seen"] else after["source_kind"]
    more = {name: before[name] for name in ("defines", "rewording", "reports") if name in before}
    return {**after, **held, "source_kind": kind, **more}
