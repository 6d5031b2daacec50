"""What can break where the public face has a database file of its own: its folder, the file, and whoever empties it."""

import os
import shutil
import sqlite3
import subprocess
import time
from collections.abc import Callable
from contextlib import closing, suppress
from itertools import count
from pathlib import Path
from random import Random

from leeward.site.faces import API, DESK
from tests.chaos.house import House
from tests.chaos.record import Record

type Cure = Callable[[], object]
PULLING = ".pulling"  # what the worker holds locked while it pulls
PATIENCE_SECONDS = 15.0
READ_ONLY_SECONDS = 3.0


class Impossible(Exception):
    """This machine can't do that, or there is nothing to do it to."""


def fill(house: House, folder: Path) -> Cure:
    """Fill the small disk of a folder; return what empties it."""
    if not house.has_own_disk:
        raise Impossible("no small disk can be mounted here: that takes root")
    filler = folder / "filler"
    free = shutil.disk_usage(folder).free
    with filler.open("wb") as file, suppress(OSError):
        while free > 0:
            free -= file.write(bytes(min(free, 1 << 20)))
            file.flush()
    return lambda: filler.unlink(missing_ok=True)


def mounted(folder: Path, how: str) -> bool:
    """Make a small disk read-only (`ro`) or not (`rw`); return whether that was done."""
    command = ["mount", "-o", f"remount,{how}", str(folder)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def made_read_only(folder: Path) -> bool:
    """Make the small disk of what was just killed read-only: that closes its files, and a command may be under way."""
    end = time.monotonic() + 20
    while not (is_done := mounted(folder, "ro")) and time.monotonic() < end:
        time.sleep(0.2)
    return is_done


def locked(path: Path) -> Cure:
    """Hold the write lock of a database; return what lets go of it."""
    try:  # it may just be lost
        held = sqlite3.connect(f"file:{path}?mode=rw", uri=True, timeout=10, isolation_level=None)
    except sqlite3.Error as error:
        raise Impossible(f"the database is not to be had: {error}") from error
    try:
        held.execute("BEGIN IMMEDIATE")
    except sqlite3.Error as error:
        held.close()
        raise Impossible(f"the database is not to be had: {error}") from error
    return held.close


def kill_who_pulls(house: House) -> Cure:
    """`kill -9` of the worker at the moment when it takes in what waits."""
    end = time.monotonic() + PATIENCE_SECONDS
    while not _is_locked(house.data / PULLING):
        if time.monotonic() > end:
            raise Impossible("nothing was pulled")
        time.sleep(0.005)
    house.kill("worker")
    return _nothing


def _is_locked(path: Path) -> bool:
    """Return whether somebody holds a file locked, without a look at the lock itself, which would be in the way."""
    try:
        number = path.stat().st_ino
    except OSError:
        return False
    return f":{number} " in Path("/proc/locks").read_text(encoding="ascii")


def read_only(house: House, record: Record) -> Cure:
    """The folder of the public face comes back read-only: the desk starts and works, and all is well once it can be written again."""
    if not house.has_own_disk:
        raise Impossible("no small disk can be mounted here: that takes root")
    house.close()
    if not made_read_only(house.between):
        house.start()
        raise Impossible("the disk could not be made read-only")
    try:
        house.start([DESK, API])
        time.sleep(READ_ONLY_SECONDS)
    except RuntimeError as error:
        record.wrong(f"the desk didn’t start while the public face’s folder was read-only: {error}")
    finally:
        mounted(house.between, "rw")
    house.wait_for(house.parts)
    return _nothing


def lose(house: House, record: Record, *, older_seconds: float | None = None) -> Cure:
    """The file is gone under everybody who has it open; or one that was copied so many seconds ago is in its place."""
    folder = house.public_file.parent
    if not house.public_file.exists():
        raise Impossible("there is no file")
    fresh = _unused(house.between / "fresh")
    if older_seconds is not None:
        fresh.mkdir(mode=0o700)
        try:
            with closing(house.public_database()) as file, closing(sqlite3.connect(fresh / folder.name)) as copy:
                file.backup(copy)
        except sqlite3.Error as error:
            shutil.rmtree(fresh)
            raise Impossible(f"the file could not be copied: {error}") from error
        (fresh / folder.name).rename(fresh / house.public_file.name)
        (fresh / house.public_file.name).chmod(0o600)
        time.sleep(older_seconds)
    _take_away(house)
    while fresh.exists():
        try:
            fresh.rename(folder)
        except OSError:  # the worker has made a new one meanwhile
            _take_away(house)
    return lambda: setattr(record, "lost", lost_receipts(house))


def _take_away(house: House) -> None:
    gone = _unused(house.between / "gone")
    os.rename(house.public_file.parent, gone)
    house.gone.append(gone / house.public_file.name)


def _unused(path: Path) -> Path:
    return next(place for number in count() if not (place := path.with_name(f"{path.name}-{number}")).exists())


def lost_receipts(house: House) -> set[str]:
    """Return the hashes of receipts of what waited in files that were lost, and that the desk has never taken in: only those may
    stand for nothing."""
    with closing(house.database()) as database:
        kept = {name for (name,) in database.execute("SELECT name FROM spool_taken")}
    kept |= set(_arrivals(house, house.public_file))
    return {
        receipt
        for file in house.gone
        for name, receipt in _arrivals(house, file).items()
        if receipt and name not in kept
    }


def _arrivals(house: House, path: Path) -> dict[str, str]:
    try:
        with closing(house.public_database(path)) as file:
            return dict(file.execute("SELECT name, receipt FROM spool_arrival"))
    except sqlite3.Error:  # it was only just made, or none is there
        return {}


def breaks(kind: str, house: House, record: Record, chance: Random) -> Cure:
    """Break what only a house with a public face of its own has. Raises Impossible."""
    match kind:
        case "public folder full":
            return fill(house, house.between)
        case "public folder read-only":
            return read_only(house, record)
        case "public file locked":
            return locked(house.public_file)
        case "public file lost":
            return lose(house, record)
        case _:
            return lose(house, record, older_seconds=chance.uniform(0.5, 4))


def _nothing() -> None:
    """Whatever was broken is whole already, or the house does it itself."""
