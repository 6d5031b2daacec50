"""The copy of all keys of single texts that lies beside the backups: one, the newest. Needs no Django.

A line of frames, each with its length before it (four bytes) and sealed to the backups' keys by age; in each some keys as JSON. The
last of these is empty, so that a copy that was cut off is noticed. Then come, in one more, the files by which these keys open: those in an
older backup may be of before a rotation; then those of copies before, still sealed, as long as they may open what the newest don't. Behind
them, in a frame that is not sealed, stands what its writer says of the copy.
"""

import base64
import hashlib
import json
import os
import sqlite3
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from itertools import batched
from pathlib import Path
from types import MappingProxyType
from typing import IO, TYPE_CHECKING, NamedTuple

from leeward.foundation.disk_errors import as_disk_error
from leeward.foundation.patterns import Pattern
from leeward.sealing.age import NotOpened, OtherKey, open_sealed, seal

if TYPE_CHECKING:
    from pyrage.x25519 import Recipient

    from leeward.sealing.age import Held

NAME = "words.keys"
FILE = "words.sqlite3"  # the store itself, on SQLite
_COLUMNS = "name BLOB PRIMARY KEY, wrapped BLOB NOT NULL, mark TEXT NOT NULL, day INTEGER NOT NULL"
TABLE = (
    f"CREATE TABLE IF NOT EXISTS data_key ({_COLUMNS}) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS data_key_mark ON data_key (mark)",
    "CREATE TABLE IF NOT EXISTS belongs (name TEXT NOT NULL, number INTEGER NOT NULL)",  # to which database: `belonging.py`
    "CREATE TABLE IF NOT EXISTS copied (digest TEXT PRIMARY KEY) WITHOUT ROWID",  # the SHA-256 of each copy made of it, and `NUMBER`
)
FILES = ("words.key", "words.pub")
ASIDE = f"{FILES[0]}.aside-"  # begins the name of a file that lay in the place of words.key and still may open words
NO_COPY = "none"  # stands among the copies of a store that was begun anew
NUMBER = "number "  # begins what stands among them for the number of the backup that the last was made for
_A_FRAME = 5000
_MOST_IN_A_FRAME = 64 << 20
_SEALED = b"age-encryption.org/"
_MARK = Pattern(r"^[0-9a-f]{16}$")
_LAST_DAY = 1 << 31


class DataKeyRow(NamedTuple):
    """The key of one text: its name, itself wrapped by age, the mark of the keys it is wrapped for, the day it was made."""

    name: bytes
    wrapped: bytes
    mark: str
    day: int


class CopyDamaged(Exception):
    """The copy is not whole, or is sealed to another key; says which."""


class CopySealedToOthers(CopyDamaged):
    """It is sealed to another key, and may be whole."""


def write_copy(
    place: Path,
    rows: Iterable[DataKeyRow],
    recipients: Sequence["Recipient"],
    files: Callable[[], Mapping[str, bytes]] = dict,
    older: Mapping[str, bytes] = MappingProxyType({}),
) -> list[str]:
    """Write the copy and put it in place of the one before; return the names of the files in it that open its keys, the newest first. `files`:
    what is in the files of `FILES`, which is asked after the last key was read: of a rotation meanwhile they are the newer ones, that open
    those of before, too. `older`: those of copies before by their names, sealed."""
    part, names = place.with_name(f".part-{place.name}"), list[str]()
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        for some in (*batched(rows, _A_FRAME), ()):
            lines = [[_text(row.name), _text(row.wrapped), row.mark, row.day] for row in some]
            sealed = seal(json.dumps(lines).encode(), recipients)
            file.write(len(sealed).to_bytes(4, "big") + sealed)
        if there := files():
            newest = _digest(there.get(FILES[0], b""))
            sealed = seal(json.dumps({name: _text(raw) for name, raw in there.items()}).encode(), recipients)
            together = {newest: sealed} | {name: frame for name, frame in older.items() if name != newest}
            for frame in together.values():
                file.write(len(frame).to_bytes(4, "big") + frame)
            names = list(together)
        file.flush()
        os.fsync(file.fileno())
    part.replace(place)
    return names


def read_copy(place: Path, key: "Held") -> Iterator[DataKeyRow]:
    """Yield the keys of a copy. Raises CopyDamaged and OSError."""
    with place.open("rb") as file:
        for sealed in _frames(file):
            try:
                rows = [_row(*line) for line in json.loads(open_sealed(sealed, key))]
            except OtherKey as error:
                raise CopySealedToOthers(type(error).__name__) from error
            except (NotOpened, ValueError, TypeError, RecursionError) as error:
                raise CopyDamaged(type(error).__name__) from error
            if not rows:
                return
            yield from rows
    raise CopyDamaged("its end is missing")


def files_in(place: Path, key: "Held") -> list[dict[str, bytes]]:
    """Return what stands in a copy of the files by which its keys open, the newest first, as far as this key opens it: those of before may be
    sealed to another. None where an older version wrote it. Raises CopyDamaged and OSError."""
    is_over, files = False, list[dict[str, bytes]]()
    with place.open("rb") as file:
        for sealed in _frames(file):
            if not sealed.startswith(_SEALED):
                break
            try:
                found = json.loads(open_sealed(sealed, key))
                if is_over and found:
                    files.append(
                        {name: base64.b64decode(found[name], validate=True) for name in FILES if name in found}
                    )
            except (NotOpened, OtherKey, ValueError, TypeError, RecursionError) as error:
                if files and isinstance(error, OtherKey):
                    continue
                raise CopyDamaged(type(error).__name__) from error
            is_over = is_over or not found
    return files


def sealed_files_in(place: Path, names: Sequence[str]) -> dict[str, bytes]:
    """Return the same without a key, still sealed, of a copy whose writer says that these are their names. Raises CopyDamaged and OSError."""
    with place.open("rb") as file:
        last = deque((frame for frame in _frames(file) if frame.startswith(_SEALED)), maxlen=len(names))
    return dict(zip(names, last, strict=False))


def add_note(place: Path, note: bytes) -> None:
    """Put what its writer says of a copy behind it."""
    with place.open("ab") as file:
        file.write(len(note).to_bytes(4, "big") + note)
        file.flush()
        os.fsync(file.fileno())


def note_of(place: Path) -> tuple[str, bytes]:
    """Return the SHA-256 of a copy, and the note behind it; b"" where there is none. Raises CopyDamaged and OSError."""
    digest = hashlib.sha256()
    with place.open("rb") as file:
        for frame in _frames(file):
            if not frame.startswith(_SEALED):
                return digest.hexdigest(), frame
            digest.update(len(frame).to_bytes(4, "big") + frame)
    return digest.hexdigest(), b""


def _frames(file: IO[bytes]) -> Iterator[bytes]:
    while head := file.read(4):
        length = int.from_bytes(head, "big")
        if length > _MOST_IN_A_FRAME:
            raise CopyDamaged("a part of it is too large")
        frame = file.read(length)
        if len(head) != 4 or len(frame) != length:
            raise CopyDamaged("it was cut off")
        yield frame


def _row(name: str, wrapped: str, mark: str, day: int) -> DataKeyRow:
    """Return a row, with nothing in it that a database could take for a command: whoever may write to the place of the backups could have
    sealed it. Raises ValueError and TypeError."""
    if not isinstance(mark, str) or not _MARK.match(mark) or type(day) is not int or not 0 <= day < _LAST_DAY:
        raise ValueError("it is no key")
    return DataKeyRow(base64.b64decode(name, validate=True), base64.b64decode(wrapped, validate=True), mark, day)


def noted(digest: str, number: int) -> list[str]:
    """Return what a store remembers of a copy with this SHA-256, and of the backup that it was made for, if that had a number."""
    return [digest, f"{NUMBER}{number}"] if number else [digest]


def put_into_file(place: Path, rows: Iterable[DataKeyRow], copied: Sequence[str] = ()) -> None:
    """Write the keys of a copy, of which this is `noted`, into a new file as SQLite's store has it. Raises CopyDamaged where one stands there
    twice, and OSError."""
    os.close(os.open(place, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    with as_disk_error(place), closing(sqlite3.connect(place)) as file, file:
        for statement in TABLE:
            file.execute(statement)
        try:
            file.executemany("INSERT INTO data_key (name, wrapped, mark, day) VALUES (?, ?, ?, ?)", map(tuple, rows))
            file.executemany("INSERT INTO copied (digest) VALUES (?)", [(one,) for one in copied])
        except sqlite3.IntegrityError as error:
            raise CopyDamaged(str(error)) from error


def as_table_lines(rows: Iterable[DataKeyRow]) -> Iterator[str]:
    """Yield what PostgreSQL's COPY reads into the table of the store."""
    for row in rows:
        yield f"\\\\x{row.name.hex()}\t\\\\x{row.wrapped.hex()}\t{row.mark}\t{row.day}\n"


def aside_name(raw: bytes) -> str:
    """Return the name under which a file is kept that lay in the place of `words.key`: one for each content."""
    return ASIDE + _digest(raw)


def _digest(raw: bytes) -> str:
    return hashlib.sha256(raw).hexdigest()[:16]


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
