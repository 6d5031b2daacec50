"""A folder of this machine.

Whatever has its final name is whole: it was written under another name, forced to the disk, then renamed.
"""

import fcntl
import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, override

from leeward.backup.errors import BackupUnderWay
from leeward.backup.places.face import CHUNKS, MOST_AT_ONCE, VERIFIED, Place
from leeward.foundation import own_files

LOCK = "backup.lock"
_PART = ".part-"


class Folder(Place):
    """A folder of this machine."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.name = folder, str(folder)

    @override
    def begin(self) -> None:
        for place in (self.folder, self.folder / CHUNKS, self.folder / VERIFIED):
            own_files.make_folder(place, mode=0o700)
        for place in (self.folder, *(self.folder / CHUNKS).iterdir()):
            for part in place.glob(f"{_PART}*"):
                part.unlink()

    @override
    @contextmanager
    def alone(self, mark: str) -> Iterator[None]:
        own_files.make_folder(self.folder, mode=0o700)
        with alone(self.folder):
            yield

    @override
    def files(self, folder: str = "") -> Iterator[tuple[str, int]]:
        try:
            found = os.scandir(self.folder / folder)
        except FileNotFoundError:
            return
        with found:
            for one in found:
                if one.is_file() and not one.name.startswith("."):
                    yield one.name, one.stat().st_size

    @override
    def pieces(self) -> Iterator[tuple[str, int]]:
        for place in (self.folder / CHUNKS).iterdir() if (self.folder / CHUNKS).exists() else ():
            if place.is_dir():  # file managers leave notes of their own
                yield from self.files(f"{CHUNKS}/{place.name}")

    @override
    def read(self, path: str, most: int = MOST_AT_ONCE) -> bytes:
        with (self.folder / path).open("rb") as file:
            try:
                raw = file.read(most + 1)
            except OSError as error:  # of a disk that fails, which says of which file only when one is opened
                raise OSError(error.errno, error.strerror, str(self.folder / path)) from error
        if len(raw) > most:
            raise OSError(27, os.strerror(27), str(self.folder / path))
        return raw

    @override
    def write(self, path: str, raw: bytes) -> None:
        self._store(path, lambda file: file.write(raw))

    @override
    def send(self, path: str, source: Path) -> None:
        with source.open("rb") as given:
            self._store(path, lambda file: shutil.copyfileobj(given, file))

    @override
    def fetch(self, path: str, target: Path) -> None:
        shutil.copyfile(self.folder / path, target)

    @override
    def delete(self, path: str) -> None:
        (self.folder / path).unlink(missing_ok=True)

    @override
    def settle(self) -> None:
        for place in (*(self.folder / CHUNKS).iterdir(), self.folder / CHUNKS):
            _sync(place)

    def _store(self, path: str, fill: Callable[[IO[bytes]], object]) -> None:
        target = self.folder / path
        part = target.with_name(f"{_PART}{target.name}")
        own_files.make_folder(target.parent, mode=0o700)
        try:
            with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "wb") as file:
                fill(file)
                file.flush()
                own_files.give(file.fileno(), self.folder)
                os.fsync(file.fileno())
            part.replace(target)
            if target.parent == self.folder:
                _sync(self.folder)
        except OSError:
            part.unlink(missing_ok=True)
            raise


def _sync(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


@contextmanager
def alone(place: Path) -> Iterator[None]:
    """Hold the lock of a folder, which belongs to whom that belongs; raises BackupUnderWay if another process does."""
    opened = os.open(place / LOCK, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)
    with open(opened, "w", encoding="ascii") as lock:
        own_files.give(opened, place)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise BackupUnderWay(place=place) from None
        yield
