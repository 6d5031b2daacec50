"""What every place for backups can do."""

from abc import ABC, abstractmethod
from collections.abc import Iterator
from contextlib import AbstractContextManager
from pathlib import Path

CHUNKS, VERIFIED = "chunks", "verified"
MOST_NAMES = 5_000_000  # a server that never ends its listing is given up
MOST_AT_ONCE = 512 << 20  # no file that is read whole is larger: a cover names some millions of pieces


type Where = str | Path


class Place(ABC):
    """Files by their path in a place. Each is there whole, or not at all. Whatever fails raises OSError: FileNotFoundError for what
    isn't there; any other names the place as its `filename` and says in `strerror` what happened."""

    name: str

    @abstractmethod
    def begin(self) -> None:
        """Make the place if it isn't there, and remove what a killed backup left."""

    @abstractmethod
    def alone(self, mark: str) -> AbstractContextManager[None]:
        """Hold the lock of the place in the name of an installation; raises BackupUnderWay if another process does."""

    @abstractmethod
    def files(self, folder: str = "") -> Iterator[tuple[str, int]]:
        """Yield names and sizes of the files that lie directly in a folder; none for one that isn't there."""

    @abstractmethod
    def pieces(self) -> Iterator[tuple[str, int]]:
        """Yield names and sizes of all pieces: the files in the folders of `chunks`."""

    @abstractmethod
    def read(self, path: str, most: int = MOST_AT_ONCE) -> bytes:
        """Return a file; one that is larger than `most` is a failure."""

    @abstractmethod
    def write(self, path: str, raw: bytes) -> None:
        """Store a file in place of the one before."""

    @abstractmethod
    def send(self, path: str, source: Path) -> None:
        """Store a file of this machine; its size doesn't matter."""

    @abstractmethod
    def fetch(self, path: str, target: Path) -> None:
        """Write a file to this machine; its size doesn't matter."""

    @abstractmethod
    def delete(self, path: str) -> None:
        """Delete a file; one that isn't there is no failure."""

    def settle(self) -> None:  # noqa: B027 - most servers do so by themselves
        """Force the names of what was written to the disk."""


def inside_chunks(piece: str) -> str:
    """Return where a piece lies in the folder of pieces, so that somebody can delete it."""
    return f"{piece[:2]}/{piece}"


def path_of(piece: str) -> str:
    """Return where a piece lies."""
    return f"{CHUNKS}/{inside_chunks(piece)}"


def is_remote(where: Where) -> bool:
    """Return whether this is an address and no folder of this machine."""
    return isinstance(where, str) and "://" in where


def shown(where: Where) -> str:
    """Return the name of a place as people may see it: without what stands before the server."""
    text = str(where)
    scheme, mark, rest = text.partition("://")
    server, slash, path = rest.partition("/")
    return f"{scheme}{mark}{server.rpartition('@')[2]}{slash}{path}" if is_remote(where) else text
