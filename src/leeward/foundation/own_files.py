"""Files that are there whole or not at all, and that belong to whom their folder belongs: a command that root runs leaves nothing behind
that the service can't use."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path


def give(opened: int, like: Path) -> None:
    """Give an open file to the user and the group that another one, or a folder, belongs to. Only root can; for others it stays their
    own. One that has other names stays, too: it may be somebody else's, whom the folder's owner can't make lose it."""
    with suppress(OSError):
        whose = like.stat()
        if os.fstat(opened).st_nlink == 1:
            os.fchown(opened, whose.st_uid, whose.st_gid)


def give_path(path: Path, like: Path) -> None:
    """Do the same for a file or a folder by its name."""
    with suppress(OSError):
        whose = like.stat()
        os.chown(path, whose.st_uid, whose.st_gid, follow_symlinks=False)


def make_folder(path: Path, *, mode: int = 0o777) -> None:
    """Make a folder and those above it that are missing, each for whom the one above it belongs to."""
    missing = [one for one in (path, *path.parents) if not one.exists()]
    for one in reversed(missing):
        with suppress(FileExistsError):
            one.mkdir(mode=mode)
            give_path(one, one.parent)


def make(path: Path, raw: bytes) -> None:
    """Write a file whole, unless it is there: of several processes that do so at once, one does. Only its user reads it."""
    with _written(path, raw) as fresh:
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        except FileNotFoundError:
            if not path.exists():  # else it was swept since that is there
                raise
    keep_names(path.parent)


def sweep(path: Path) -> None:
    """Delete what killed processes left beside a file that is made once. As soon as that is there, whoever still makes it is too late."""
    if path.exists():
        for name in (f".{path.name}.*.new", f"{path.name}.*.new"):  # the second as 0.2.0 named them
            for left in path.parent.glob(name):
                with suppress(OSError):
                    left.unlink()


def replace(path: Path, raw: bytes) -> None:
    """Put a file in the place of another: after a crash it is the old one or the new one. Only its user reads it."""
    with _written(path, raw) as fresh:
        put(fresh, path)
    keep_names(path.parent)


@contextmanager
def _written(path: Path, raw: bytes) -> Iterator[Path]:
    """Write a file beside a path, under a name that no other process has, killed ones included; it is gone at the end."""
    with tempfile.NamedTemporaryFile(dir=path.parent, prefix=f".{path.name}.", suffix=".new", delete=False) as file:
        fresh = Path(file.name)
        try:
            file.write(raw)
            file.flush()
            give(file.fileno(), path.parent)
            os.fsync(file.fileno())
            yield fresh
        finally:
            fresh.unlink(missing_ok=True)


def put(fresh: Path, path: Path) -> None:
    """Let a new file take the place of one that can be made again at any time; an empty folder, as Docker makes one, gives way too."""
    try:
        fresh.replace(path)
    except IsADirectoryError:
        with suppress(OSError):
            path.rmdir()
        fresh.replace(path)


def keep_all(folder: Path) -> None:
    """Write everything in a folder to the disk, names as well, before it is moved to where it counts: else, after a power cut, files are
    there with nothing in them."""
    for place, _folders, files in os.walk(folder):
        for name in files:
            _sync(Path(place, name), os.O_RDONLY)
        keep_names(Path(place))


def keep_names(folder: Path) -> None:
    """Write to the disk which files a folder has."""
    _sync(folder, os.O_RDONLY | os.O_DIRECTORY)


def _sync(path: Path, how: int) -> None:
    opened = os.open(path, how)
    try:
        os.fsync(opened)
    finally:
        os.close(opened)
