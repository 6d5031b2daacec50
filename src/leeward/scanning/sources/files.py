"""Files and folders of this machine. Links are reported, not followed; nothing is opened that could block."""

import os
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

from leeward.scanning.sources.items import LINK, Item

_OPEN = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY
_KINDS = (
    (stat.S_ISDIR, "a folder"),
    (stat.S_ISFIFO, "a pipe"),
    (stat.S_ISSOCK, "a socket"),
    (stat.S_ISCHR, "a device"),
    (stat.S_ISBLK, "a device"),
)


def local_items(root: str) -> Iterator[Item]:
    """Yield everything at and below a path, folder by folder in the order of names; a link given as root is followed."""
    try:
        facts = os.stat(root)
    except OSError as error:
        yield Item(root, problem=error_text(error))
        return
    if not stat.S_ISDIR(facts.st_mode):
        yield _item(root, facts)
        return
    folders = [root]
    while folders:
        folder = folders.pop()
        try:
            with os.scandir(folder) as listing:
                entries = sorted(listing, key=lambda entry: os.fsencode(entry.name))
        except OSError as error:
            yield Item(folder, problem=error_text(error))
            continue
        below = []
        for entry in entries:
            if entry.is_dir(follow_symlinks=False):
                below.append(entry.path)
            else:
                yield _of_entry(entry)
        folders += reversed(below)


def _of_entry(entry: "os.DirEntry[str]") -> Item:
    try:
        if entry.is_symlink():
            return _link(entry.path)
        return _item(entry.path, entry.stat(follow_symlinks=False))
    except OSError as error:
        return Item(entry.path, problem=error_text(error))


def _link(path: str) -> Item:
    try:
        os.stat(path)
    except FileNotFoundError:
        return Item(path, problem="it is a link that leads nowhere")
    except OSError as error:
        return Item(path, problem=f"it is a link that can't be followed ({error_text(error)})")
    return Item(path, note=LINK)


def _item(path: str, facts: os.stat_result) -> Item:
    problem = None if stat.S_ISREG(facts.st_mode) else what_it_is(facts.st_mode)
    return Item(path, facts.st_size, facts.st_mtime, problem=problem)


@contextmanager
def opened_file(path: str) -> Iterator[IO[bytes]]:
    """Open a regular file for reading; raises OSError, also if it has become something else since it was listed."""
    descriptor = os.open(path, _OPEN)
    with open(descriptor, "rb") as stream:
        mode = os.fstat(descriptor).st_mode
        if not stat.S_ISREG(mode):
            raise OSError(what_it_is(mode))
        yield stream


def what_it_is(mode: int) -> str:
    """Return what kind of thing a non-file is."""
    return f"it is {next((name for is_kind, name in _KINDS if is_kind(mode)), 'something else')}, not a file"


def error_text(error: OSError) -> str:
    """Return a system error in a few words."""
    return (error.strerror or str(error) or type(error).__name__).lower()
