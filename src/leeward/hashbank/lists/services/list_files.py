"""The file of a list: its digest, and reading it while saying how far that is."""

import hashlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from io import BufferedReader, RawIOBase
from pathlib import Path

Progress = Callable[[float, float], None]


def digest_of(path: Path) -> str:
    """Return the SHA-256 of a file, in hexadecimal."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


class _ReportingFile(BufferedReader):
    """A file that reports how far it has been read."""

    def __init__(self, raw: RawIOBase, size: int, progress: Progress | None) -> None:
        super().__init__(raw, 1 << 17)
        self._size, self._progress = size, progress

    def _tell_progress(self) -> None:
        if self._progress is not None:
            self._progress(self.tell(), self._size)

    def read(self, size: int | None = -1, /) -> bytes:
        """Read and report progress."""
        self._tell_progress()
        return super().read(size)

    def read1(self, size: int = -1, /) -> bytes:
        """Read what is buffered and report progress."""
        self._tell_progress()
        return super().read1(size)


@contextmanager
def opened(path: Path, progress: Progress | None) -> Iterator[BufferedReader]:
    """Open a file so that reading it reports how far it is: bytes read, and bytes in all."""
    with path.open("rb", buffering=0) as raw, _ReportingFile(raw, path.stat().st_size, progress) as stream:
        yield stream
