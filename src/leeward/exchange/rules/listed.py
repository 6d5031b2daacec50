"""A peer's list of items that nobody has assessed, as CSV: read line by line; what can't be read is named, the rest is
taken. Pure."""

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from leeward.foundation.errors import BadInput
from leeward.foundation.lazy_text import LazyText as _
from leeward.hosting.rules.address import recognise

# Of a request, which has to be answered soon, and of a command.
MOST_OF_REQUEST, MOST_ITEMS = 2000, 100_000
MOST_NUMBER = 100
COLUMNS = ("address", "number", "country", "md5", "sha1", "sha256")
HASHES = ("md5", "sha1", "sha256")
_FIELD_LIMIT = 10_000


@dataclass(frozen=True, slots=True)
class Listed:
    """A line: its number in the file, what is there, and the peer's own number of it, if it gives one."""

    line: int
    kind: str
    address: str
    number: str = ""
    country: str = ""
    hashes: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Unread:
    """A line that can't be taken, and why."""

    line: int
    why: str


def read_list(content: bytes, *, most: int) -> Iterator[Listed | Unread]:
    """Yield each line of a list. The first one names its columns; `address` is needed, others of `COLUMNS` are taken.
    Raises BadInput where it is no such list, or has more than `most` lines."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadInput(what=_("The list"), why=_("it is not text (UTF-8)")) from None
    rows = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        names = [name.strip().lower() for name in next(rows, [])]
        if "address" not in names:
            raise BadInput(what=_("The list"), why=_("its first line doesn’t name a column “address”"))
        count = 0
        for row in rows:
            if not any(cell.strip() for cell in row):
                continue
            count += 1
            if count > most:
                raise BadInput(what=_("The list"), why=_("it has more than %(most)s lines", most=most))
            yield _read({name: cell.strip() for name, cell in zip(names, row, strict=False)}, rows.line_num)
    except csv.Error as error:
        raise BadInput(what=_("The list"), why=f"{rows.line_num}: {error}") from error


def _read(row: dict[str, str], line: int) -> Listed | Unread:
    typed = row.get("address", "")
    found = recognise(typed) if len(typed) <= _FIELD_LIMIT else []
    if len(found) != 1 or found[0].problem:
        return Unread(line, typed[:80])
    hashes = tuple((kind, row[kind].lower()) for kind in HASHES if row.get(kind))
    return Listed(
        line,
        found[0].kind,
        found[0].display,
        row.get("number", "")[:MOST_NUMBER],
        row.get("country", "").upper(),
        hashes,
    )
