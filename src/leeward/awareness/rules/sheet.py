"""The catalogue as CSV: read with guards against wrong encodings, formulas, doubles and hostile sizes; written so that no
cell is a formula. Pure.
"""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from leeward.awareness.rules.entries import MOST_ENTRIES, EntryDetails
from leeward.foundation.lazy_text import LazyText as _

COLUMNS = (
    "title",
    "publisher",
    "audiences",
    "age_from",
    "age_to",
    "topics",
    "languages",
    "form",
    "address",
    "licence",
    "source",
)
NEEDED = frozenset({"title", "address"})
MOST_BYTES = 2_000_000
TOO_LARGE = _("it is larger than %(most)s MB", most=MOST_BYTES // 1_000_000)
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class NotACatalogue(ValueError):
    """A file that isn't a table of this catalogue; `why` explains it."""

    def __init__(self, why: _) -> None:
        super().__init__(why)
        self.why = why


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a table: its number as a spreadsheet counts, its cells by column, and whether one would be calculated."""

    number: int
    cells: dict[str, str]
    has_formula: bool


def decoded(content: bytes) -> str:
    """Return the text of a file in UTF-8, with or without a mark. Raises NotACatalogue for anything else."""
    if len(content) > MOST_BYTES:
        raise NotACatalogue(TOO_LARGE)
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise NotACatalogue(_("it is not in UTF-8; save it as “CSV UTF-8”")) from error
    if "\0" in text:
        raise NotACatalogue(_("it is not in UTF-8; save it as “CSV UTF-8”"))
    return text


def read_sheet(text: str) -> list[Line]:
    """Return the lines of a table that hold something; unknown columns are dropped. Raises NotACatalogue."""
    head = text.partition("\n")[0]
    delimiter = ";" if head.count(";") > head.count(",") else ","
    # Strict: a quote that is never closed would swallow the rows below it.
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    rows: list[Line] = []
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        if not set(names) >= NEEDED or len(set(names)) < len(names):
            raise NotACatalogue(_("its first line does not name the columns title and address, each once"))
        for number, cells in enumerate(reader, 2):
            if not any(cell.strip() for cell in cells):
                continue
            if len(rows) == MOST_ENTRIES:
                raise NotACatalogue(_("it has more than %(most)s rows", most=MOST_ENTRIES))
            named = dict(zip(names, cells, strict=False))
            found = {name: named.get(name, "").strip() for name in COLUMNS}
            has_formula = any(is_formula(cell) for cell in found.values())
            rows.append(Line(number, {name: plain(cell) for name, cell in found.items()}, has_formula))
    except csv.Error as error:
        raise NotACatalogue(_("it can't be read as CSV")) from error
    return rows


def is_formula(cell: str) -> bool:
    """Return whether a spreadsheet would calculate this cell."""
    return cell.startswith(_FORMULA)


def plain(cell: str) -> str:
    """Return a cell without the quote mark that we write before what would be a formula."""
    return cell[1:] if cell.startswith("'") and is_formula(cell[1:]) else cell


def doubles(keys: Sequence[tuple[str, str]]) -> list[int]:
    """Return the places of keys that were there before."""
    seen: set[tuple[str, str]] = set()
    found = []
    for place, key in enumerate(keys):
        if key in seen:
            found.append(place)
        seen.add(key)
    return found


def write_sheet(entries: Iterable[EntryDetails]) -> str:
    """Return entries as CSV with the columns that can be read again."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    for one in entries:
        values = [getattr(one, name) for name in COLUMNS]
        cells = [
            " ".join(value) if isinstance(value, tuple) else "" if value is None else str(value) for value in values
        ]
        writer.writerow([f"'{cell}" if is_formula(cell) else cell for cell in cells])
    return out.getvalue()
