"""The directory as CSV for spreadsheets: escaped on export so that no cell is a formula, and unescaped on import. Pure."""

import csv
import io
from collections.abc import Iterable, Mapping, Sequence

from leeward.foundation.lazy_text import LazyText as _

COLUMNS = ("kind", "country", "name", "email", "languages", "retired", "service")
MEASURED = ("asked", "answered", "removed", "median_hours", "mail_comes_back")
MOST_ROWS = 2000
MOST_LETTERS = 500_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_YES = frozenset({"yes", "true", "1", "x"})


class NotATable(ValueError):
    """A text that isn't a table with the required columns; `why` explains it."""

    def __init__(self, why: _) -> None:
        super().__init__(why)
        self.why = why


def guarded(cell: str) -> str:
    """Escape a cell so that a spreadsheet treats it as text."""
    return f"'{cell}" if cell.startswith(_FORMULA) else cell


def _plain(cell: str) -> str:
    return cell[1:] if cell.startswith("'") and cell[1:].startswith(_FORMULA) else cell


def write_table(columns: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """Return the rows as CSV with a header, with the line endings that spreadsheets expect."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(columns)
    for row in rows:
        writer.writerow([guarded(str(cell)) for cell in row])
    return out.getvalue()


def read_table(text: str) -> list[dict[str, str]]:
    """Return the rows of a table, each by column; unknown columns are dropped. Raises NotATable."""
    if len(text) > MOST_LETTERS:
        raise NotATable(_("it is too long"))
    sample = text.removeprefix("\ufeff")
    head = sample.partition("\n")[0]
    reader = csv.reader(io.StringIO(sample), delimiter=";" if head.count(";") > head.count(",") else ",")
    try:
        names = [name.strip().lower() for name in next(reader, [])]
        if not {"kind", "email"} <= set(names):
            raise NotATable(_("its first line does not name the columns kind and email"))
        rows: list[dict[str, str]] = []
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            if len(rows) == MOST_ROWS:
                raise NotATable(_("it has more than %(most)s rows", most=MOST_ROWS))
            found = dict(zip(names, cells, strict=False))
            rows.append({name: _plain(found.get(name, "").strip()) for name in COLUMNS})
    except csv.Error as error:
        raise NotATable(_("it can't be read as CSV")) from error
    return rows


def is_yes(cell: str) -> bool:
    """Return whether a cell means yes."""
    return cell.strip().lower() in _YES


def row_of(values: Mapping[str, object]) -> list[object]:
    """Return the cells of a contact in column order, then its measurements."""
    return [values.get(name, "") for name in (*COLUMNS, *MEASURED)]
