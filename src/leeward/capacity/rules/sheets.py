"""Tables of who took part: our own, and Moodle's report of who completed a course. Read row by row, so that a long one needs
no memory. Pure.
"""

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any, Literal

from leeward.capacity.rules.participation import COLUMNS, Participation, Usual, read_participation
from leeward.foundation.lazy_text import LazyText as _

Form = Literal["own", "moodle", "moodle_us"]
FORMS: tuple[Form, ...] = ("own", "moodle", "moodle_us")
MOST_BYTES = 2_000_000
MOST_CELL = 4_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class NotATable(ValueError):
    """A file that isn't such a table; `why` explains it."""

    def __init__(self, why: _) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Row:
    """A row of a table: its number as a spreadsheet counts, what it says, or what is wrong with it. A row of Moodle's
    report about somebody who has not completed the course says nothing, and nothing is wrong with it.
    """

    number: int
    participation: Participation | None
    faults: tuple[_, ...] = ()


def decoded(content: bytes) -> str:
    """Return the text of a small file in UTF-8, or in UTF-16 with its mark. Raises NotATable."""
    if len(content) > MOST_BYTES:
        raise NotATable(_("it is larger than %(most)s MB; use the command", most=MOST_BYTES // 1_000_000))
    try:
        text = content.decode(encoding_of(content[:4]))
    except UnicodeDecodeError:
        raise NotATable(_("it is not in UTF-8; save it as “CSV UTF-8”")) from None
    if "\0" in text:
        raise NotATable(_("it is not in UTF-8; save it as “CSV UTF-8”"))
    return text


def encoding_of(head: bytes) -> str:
    """Return the encoding that the first bytes of a file name: spreadsheets write UTF-16 only with its mark."""
    return "utf-16" if head.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig"


def rows(lines: Iterable[str], form: Form, usual: Usual) -> Iterator[Row]:
    """Yield the rows of a table that hold something. Raises NotATable as soon as it can't be one."""
    left = iter(lines)
    try:
        head = next(left, "")
        # Strict: a quote that is never closed would swallow the rows below it.
        reader = csv.reader(chain([head], left), delimiter=max(",;\t", key=head.count), strict=True)
        names = [name.strip().lower() for name in next(reader, [])]
        read = _own(names, usual) if form == "own" else _moodle(names, form, usual)
        for number, cells in enumerate(reader, 2):
            if any(cell.strip() for cell in cells):
                yield read(number, cells)
    except (csv.Error, UnicodeError):
        raise NotATable(_("it can’t be read as CSV in UTF-8")) from None


def _own(names: list[str], usual: Usual) -> Any:
    while names and not names[-1]:
        names.pop()  # a spreadsheet writes the empty columns beside a table as well
    if not set(names) >= {"name", "ended_on"} or len(set(names)) < len(names):
        raise NotATable(_("its first line does not name the columns name and ended_on, each once"))

    def read(number: int, cells: list[str]) -> Row:
        if any(cell.strip() for cell in cells[len(names) :]):  # a comma in a name that is not in quotes
            return Row(number, None, (_("it has more cells than the heading has columns"),))
        named = dict(zip(names, cells, strict=False))
        return _checked(number, {name: named.get(name, "") for name in COLUMNS}, usual)

    return read


def _moodle(names: list[str], form: Form, usual: Usual) -> Any:
    # The headings are in Moodle's language: only the places are known. The first is the number, the second the name, the
    # last the time of completion (report/completion in Moodle's source).
    if len(names) < 3:
        raise NotATable(_("it is not Moodle’s report of who completed a course: it has fewer than three columns"))

    def read(number: int, cells: list[str]) -> Row:
        if len(cells) != len(names) or not (cells[0].isascii() and cells[0].isdecimal()):
            return Row(number, None, (_("it does not begin with a number, as each row of Moodle’s report does"),))
        if not cells[-1].strip():
            return Row(number, None)
        day = _moodle_day(cells[-1], day_first=form == "moodle")
        if day is None:
            return Row(number, None, (_("the time in the last column is not written like 28/11/26, 14:05"),))
        return row_of(number, cells[1], day, usual)

    return read


def _moodle_day(cell: str, *, day_first: bool) -> date | None:
    """Return the day of `28/11/26, 14:05` (or, in American English, `11/28/26, 14:05`), or None."""
    parts = cell.partition(",")[0].strip().split("/")
    if len(parts) != 3 or any(not (part.isascii() and part.isdecimal() and 1 <= len(part) <= 4) for part in parts):
        return None
    day, month, year = (int(part) for part in (parts if day_first else (parts[1], parts[0], parts[2])))
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None


def row_of(number: int, name: str, day: date, usual: Usual) -> Row:
    """Return the row of somebody who completed a course on a day, by what another program names them."""
    return _checked(number, {"name": name, "ended_on": day.isoformat()}, usual)


def _checked(number: int, cells: Mapping[str, str], usual: Usual) -> Row:
    texts = {name: cell.strip() for name, cell in cells.items()}
    if any(len(cell) > MOST_CELL for cell in texts.values()):
        return Row(number, None, (_("a cell is longer than %(most)s characters", most=MOST_CELL),))
    if any(is_formula(cell) for cell in texts.values()):
        return Row(number, None, (_("a cell begins like a formula"),))
    participation, faults = read_participation({name: plain(cell) for name, cell in texts.items()}, usual)
    return Row(number, participation, tuple(faults))


def is_formula(cell: str) -> bool:
    """Return whether a spreadsheet would calculate this cell."""
    return cell.startswith(_FORMULA)


def plain(cell: str) -> str:
    """Return a cell without the quote mark that we write before what would be a formula."""
    return cell[1:] if cell.startswith("'") and is_formula(cell[1:]) else cell


def cells_of(one: Participation) -> list[str]:
    """Return the cells of a row, none of which is a formula."""
    values = [getattr(one, name) for name in COLUMNS]
    texts = ["" if value is None else str(value) for value in values]
    return [f"'{text}" if is_formula(text) else text for text in texts]
