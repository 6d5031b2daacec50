"""The copy of all keys of single texts that lies beside the backups: one, the newest. Needs no Django.

A line of frames, each with its length before it (four bytes) and sealed to the backups' keys by age; in each some keys as JSON. The
last one is empty, so that a copy that was cut off is noticed.
"""

import base64
import json
import os
import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from itertools import batched
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from leeward.sealing.age import NotOpened, OtherKey, open_sealed, seal

if TYPE_CHECKING:
    from pyrage.x25519 import Identity, Recipient

NAME = "words.keys"
FILE = "words.sqlite3"  # the store itself, on SQLite
_COLUMNS = "name BLOB PRIMARY KEY, wrapped BLOB NOT NULL, mark TEXT NOT NULL, day INTEGER NOT NULL"
TABLE = (
    f"CREATE TABLE IF NOT EXISTS data_key ({_COLUMNS}) WITHOUT ROWID",
    "CREATE INDEX IF NOT EXISTS data_key_mark ON data_key (mark)",
)
_A_FRAME = 5000


class DataKeyRow(NamedTuple):
    """The key of one text: its name, itself wrapped by age, the mark of the keys it is wrapped for, the day it was made."""

    name: bytes
    wrapped: bytes
    mark: str
    day: int


class CopyDamaged(Exception):
    """The copy is not whole, or is sealed to another key; says which."""


def write_copy(place: Path, rows: Iterable[DataKeyRow], recipients: Sequence["Recipient"]) -> int:
    """Write the copy and put it in place of the one before; return how many keys are in it."""
    part, count = place.with_name(f".part-{place.name}"), 0
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        for some in (*batched(rows, _A_FRAME), ()):
            lines = [[_text(row.name), _text(row.wrapped), row.mark, row.day] for row in some]
            sealed = seal(json.dumps(lines).encode(), recipients)
            file.write(len(sealed).to_bytes(4, "big") + sealed)
            count += len(some)
        file.flush()
        os.fsync(file.fileno())
    part.replace(place)
    return count


def read_copy(place: Path, key: "Identity") -> Iterator[DataKeyRow]:
    """Yield the keys of a copy. Raises CopyDamaged and OSError."""
    with place.open("rb") as file:
        while True:
            sealed = file.read(int.from_bytes(file.read(4), "big"))
            try:
                lines = json.loads(open_sealed(sealed, key))
            except (NotOpened, OtherKey, ValueError) as error:
                raise CopyDamaged(type(error).__name__) from error
            if not lines:
                return
            for name, wrapped, mark, day in lines:
                yield DataKeyRow(base64.b64decode(name), base64.b64decode(wrapped), mark, day)


def put_into_file(place: Path, rows: Iterable[DataKeyRow]) -> None:
    """Write keys into a new file as SQLite's store has it."""
    os.close(os.open(place, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
    with closing(sqlite3.connect(place)) as file, file:
        for statement in TABLE:
            file.execute(statement)
        file.executemany("INSERT INTO data_key (name, wrapped, mark, day) VALUES (?, ?, ?, ?)", map(tuple, rows))


def as_table_lines(rows: Iterable[DataKeyRow]) -> Iterator[str]:
    """Yield what PostgreSQL's COPY reads into the table of the store."""
    for row in rows:
        yield f"\\\\x{row.name.hex()}\t\\\\x{row.wrapped.hex()}\t{row.mark}\t{row.day}\n"


def _text(raw: bytes) -> str:
    return base64.b64encode(raw).decode("ascii")
