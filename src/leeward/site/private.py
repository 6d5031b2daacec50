"""Keeps data at rest private to the service's user: directories 0700, files 0600, whatever the umask was."""

import logging
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from leeward.foundation.own_memory import close_memory
from leeward.site.disk import DataUnusable, words_of

OTHERS = stat.S_IRWXG | stat.S_IRWXO
# Network file systems: SQLite's locks don't work there, and another machine's root can read the data.
NETWORK_FILE_SYSTEMS = frozenset(
    {"nfs", "nfs4", "cifs", "smb3", "smbfs", "afs", "ceph", "9p", "fuse.sshfs", "fuse.s3fs"}
)
logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Exposure:
    """One path under the data directory that is not as private as it should be."""

    path: Path
    why: str  # "readable", "owner" or "link"


def be_private() -> None:
    """Set the umask so that this process and its children create nothing that another user can open, and close its memory."""
    os.umask(OTHERS)
    close_memory()


def make_data_directory(place: Path) -> None:
    """Make the data directory if it doesn't exist, open to its user alone."""
    try:
        place.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise DataUnusable(path=place, why=words_of(error)) from error


def narrow(place: Path) -> int:
    """Remove other users' permissions from the data directory and everything in it; return how many paths had any.

    What belongs to another user can't be changed and is left alone: `leeward doctor` names it.
    """
    if place.stat().st_mode & stat.S_ISVTX:  # a shared directory such as /tmp: nothing in it is ours to change
        return 0
    narrowed = sum(_narrow_one(path, status) for path, status in _entries(place))
    if narrowed:
        logger.info("took other users' rights from files in the data directory", extra={"count": narrowed})
    return narrowed


def exposures(place: Path) -> Iterator[Exposure]:
    """Return what other users may read, what belongs to another user than the directory, and links that lead out of it."""
    owner = None
    for path, status in _entries(place):
        owner = status.st_uid if owner is None else owner
        if stat.S_ISLNK(status.st_mode):
            if not path.resolve().is_relative_to(place.resolve()):
                yield Exposure(path, "link")
            continue
        if status.st_uid != owner:
            yield Exposure(path, "owner")
        if _is_kept(status) and status.st_mode & OTHERS:
            yield Exposure(path, "readable")


def network_file_system(place: Path, mounts: str | None = None) -> str:
    """Return the name of the network file system that `place` is on, or "". `mounts` is the text of /proc/self/mounts."""
    if mounts is None:
        try:
            mounts = Path("/proc/self/mounts").read_text(encoding="utf-8", errors="replace")
        except OSError:  # not Linux
            return ""
    best, kind = Path("/"), ""
    for line in mounts.splitlines():
        _, where, name, *_ = [*line.split(" "), "", "", ""]
        point = Path(where.replace("\\040", " "))
        if place.resolve().is_relative_to(point) and len(point.parts) >= len(best.parts):
            best, kind = point, name
    return kind if kind in NETWORK_FILE_SYSTEMS else ""


def _narrow_one(path: Path, status: os.stat_result) -> bool:
    if not _is_kept(status) or not status.st_mode & OTHERS:
        return False
    try:
        path.chmod(stat.S_IMODE(status.st_mode) & ~OTHERS)
    except OSError:  # deleted meanwhile, another user's, or a file system without modes
        return False
    return True


def _is_kept(status: os.stat_result) -> bool:
    """Return whether this is a directory or a file: sockets, such as PostgreSQL's, are open to others on purpose."""
    return stat.S_ISDIR(status.st_mode) or stat.S_ISREG(status.st_mode)


def _entries(place: Path) -> Iterator[tuple[Path, os.stat_result]]:
    try:
        yield place, place.stat()
    except OSError:
        return
    for folder, folders, files in os.walk(place):
        for name in (*folders, *files):
            path = Path(folder, name)
            try:
                yield path, path.lstat()
            except OSError:  # deleted meanwhile
                continue
