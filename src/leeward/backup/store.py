"""The folder of backups: pieces named by what is in them, and a file for each backup that gets its name last.

Whatever has its final name is whole: it was written under another name, forced to the disk, then renamed.
"""

import fcntl
import os
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path

from leeward.backup.errors import BackupUnderWay, NoBackup
from leeward.backup.rules.manifest import SUFFIX, moment_of, read_cover
from leeward.backup.rules.timing import Kept, outdated

_PART = ".part-"


class Store:
    """A folder of backups."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._chunks = folder / "chunks"
        self._verified = folder / "verified"

    def begin(self) -> None:
        """Make the folder if it isn't there, and remove what a killed backup left."""
        for place in (self.folder, self._chunks, self._verified):
            place.mkdir(mode=0o700, parents=True, exist_ok=True)
        for place in (self.folder, *self._chunks.iterdir()):
            for part in place.glob(f"{_PART}*"):
                part.unlink()

    def names(self) -> list[str]:
        """Return the names of all backups, oldest first."""
        return sorted(path.name for path in self.folder.glob(f"*{SUFFIX}") if moment_of(path.name))

    def chosen(self, name: str) -> str:
        """Return the name of a backup, given whole or without its ending; the newest for "". Raises NoBackup."""
        names = self.names()
        if not names or (name and name not in names and f"{name}{SUFFIX}" not in names):
            raise NoBackup(folder=self.folder)
        return (name if name in names else f"{name}{SUFFIX}") if name else names[-1]

    def read(self, name: str) -> bytes:
        """Return the file of a backup."""
        return (self.folder / name).read_bytes()

    def has(self, piece: str) -> bool:
        """Return whether a piece is there."""
        return self._path(piece).exists()

    def put(self, piece: str, raw: bytes) -> None:
        """Store a piece."""
        path = self._path(piece)
        path.parent.mkdir(mode=0o700, exist_ok=True)
        _write(path, raw)

    def get(self, piece: str) -> bytes:
        """Return a piece; raises OSError."""
        return self._path(piece).read_bytes()

    def publish(self, name: str, raw: bytes) -> None:
        """Store the file of a backup whose pieces are all there: from now on it counts."""
        for place in (*self._chunks.iterdir(), self._chunks):
            _sync_folder(place)
        _write(self.folder / name, raw)
        _sync_folder(self.folder)

    def thin_out(self, kept: Kept) -> int:
        """Delete all backups but those that are kept, and the pieces that no other needs; return how many backups went. Nothing is
        deleted while a backup can't be read."""
        gone = outdated(self.names(), kept)
        for name in gone:
            (self.folder / name).unlink()
            (self._verified / name).unlink(missing_ok=True)
        needed: set[str] = set()
        for name in self.names():
            cover = read_cover(self.read(name))
            if cover is None:
                return len(gone)
            needed.update(cover.pieces)
        self._drop_all_but(needed)
        return len(gone)

    def mark_verified(self, name: str) -> None:
        """Remember that a backup was restored for trial, and was whole."""
        self._verified.mkdir(mode=0o700, exist_ok=True)
        (self._verified / name).touch(0o600)

    def verified(self) -> list[str]:
        """Return the names of backups that were verified, oldest first."""
        return sorted(name for name in self.names() if (self._verified / name).exists())

    def _drop_all_but(self, needed: Collection[str]) -> None:
        for place in self._chunks.iterdir():
            for path in place.iterdir():
                if path.name not in needed:
                    path.unlink()

    def _path(self, piece: str) -> Path:
        return self._chunks / piece[:2] / piece


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """Hold the lock of a folder; raises BackupUnderWay if another process does."""
    with open(os.open(place / "backup.lock", os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="ascii") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupUnderWay(place=place) from None
        yield


def _write(path: Path, raw: bytes) -> None:
    part = path.with_name(f"{_PART}{path.name}")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(raw)
            file.flush()
            os.fsync(file.fileno())
        part.replace(path)
    except OSError:
        part.unlink(missing_ok=True)
        raise


def _sync_folder(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
