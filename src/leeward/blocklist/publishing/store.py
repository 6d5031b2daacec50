"""The files of publications in the data directory: states and snapshots by their SHA-256, written atomically.

A file becomes visible by one rename after its bytes are synced to disk; the database refers to it only afterwards.
"""

import gzip
import hashlib
import os
import time
from collections.abc import Iterable, Iterator
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext_lazy as _

from leeward.blocklist.publishing.rules.states import read_state
from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.snapshot import Heading, scopes_by_digest, write_snapshot
from leeward.foundation.errors import LeewardError

_FAST = 1
_ORPHAN_SECONDS = 3600.0


class StateMissing(LeewardError):
    """The file of a state is missing or was changed."""

    code = "state_missing"
    sentence = _("The file of the entries {name} is missing or damaged.")
    hint = _("Restore the directory lists/ of the data directory from its backup.")
    status = 500

    def __init__(self, name: str) -> None:
        super().__init__(name=name[:16])


def folder(name: str) -> Path:
    """Return one of our folders in the data directory, accessible only to us."""
    path = Path(settings.LEEWARD.data_dir) / "lists" / name
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    return path


def put(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file atomically."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.{time.monotonic_ns()}.new")
    try:
        with open(os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            for chunk in chunks:
                stream.write(chunk)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)


def _state_path(sha256: str) -> Path:
    return folder("states") / f"{sha256}.gz"


def snapshot_path(sha256: str) -> Path:
    """Return the path of a state's snapshot."""
    return folder("snapshots") / f"{sha256}.snapshot"


def keep_state(lines: list[str]) -> str:
    """Store a state and return its name; storing it again changes nothing."""
    text = "".join(f"{line}\n" for line in lines).encode()
    name = hashlib.sha256(text).hexdigest()
    path = _state_path(name)
    if not path.exists():
        put(path, [gzip.compress(text, _FAST, mtime=0)])
    return name


def state_text(sha256: str) -> list[str]:
    """Return the lines of a state; raises StateMissing if they don't match its name."""
    try:
        text = gzip.decompress(_state_path(sha256).read_bytes())
    except (OSError, EOFError, gzip.BadGzipFile) as error:
        raise StateMissing(sha256) from error
    if hashlib.sha256(text).hexdigest() != sha256:
        raise StateMissing(sha256)
    return text.decode().splitlines()


def state_entries(sha256: str) -> Iterator[ListEntry]:
    """Yield the entries of a state; raises StateMissing."""
    return read_state(state_text(sha256))


def keep_snapshot(sha256: str, heading: Heading, entries: Iterable[ListEntry]) -> Path:
    """Make the snapshot of a state, if there is none."""
    path = snapshot_path(sha256)
    if not path.exists():
        write_snapshot(path, heading, scopes_by_digest(entries))
    return path


def sweep(*, states: set[str], snapshots: set[str], publications: set[str]) -> int:
    """Delete unreferenced files and leftovers of crashes that are older than an hour; return how many.

    Copies of these publications, given by id, are kept.
    """
    oldest = time.time() - _ORPHAN_SECONDS
    gone = 0
    for name, kept in (("states", states), ("snapshots", snapshots), ("copies", publications)):
        for path in folder(name).iterdir():
            key = path.name.split(".", 1)[0]
            if key not in kept and path.stat().st_mtime < oldest:
                path.unlink(missing_ok=True)
                gone += 1
    return gone
