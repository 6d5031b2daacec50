"""A file with every error of an import; pages and the terminal only show the first ones."""

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from leeward.hashbank.records.live import folder
from leeward.hashbank.scene import hotline_here


class ErrorFile:
    """A table of places and reasons, written while a list is read; the file is created with the first error."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stream: Any = None
        self._table: Any = None

    def note(self, place: int, why: object) -> None:
        """Write one error."""
        if self._stream is None:
            self.path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._stream = self.path.open("w", encoding="utf-8", newline="")
            self._table = csv.writer(self._stream, lineterminator="\n")
            self._table.writerow(("place", "why"))
        self._table.writerow((place, str(why)))

    def close(self) -> None:
        """Close the file."""
        if self._stream is not None:
            self._stream.close()


@contextmanager
def error_file(path: Path | None) -> Iterator[ErrorFile | None]:
    """Open the error file at this path while a list is read; the file of an earlier reading is removed."""
    if path is None:
        yield None
        return
    path.unlink(missing_ok=True)
    found = ErrorFile(path)
    try:
        yield found
    finally:
        found.close()


def errors_of(sha256: str) -> Path:
    """Return the path of the error file for the list with this digest."""
    if len(sha256) != 64 or not sha256.isalnum():
        raise ValueError("no digest of a list")
    return folder(hotline_here()) / "errors" / f"{sha256}.csv"
