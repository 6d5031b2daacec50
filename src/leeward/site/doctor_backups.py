"""The doctor's checks of backups: how old the newest is, and the newest that was restored for trial."""

import os
import pwd
import shlex
import stat
from collections.abc import Iterator
from contextlib import suppress
from datetime import datetime, timedelta
from pathlib import Path

from leeward.administration.queries import BACKUP_DAYS, backup_done_at
from leeward.backup.places import CHUNKS, LOCK, VERIFIED, is_remote, shown
from leeward.backup.queries import lacking, left_in, newest_in
from leeward.sealing.key_copy import NAME as COPY
from leeward.site.config import Config

OLD, UNPROVED = timedelta(hours=50), timedelta(days=31)
MOST_NAMED = 5

SET_IT_UP = (
    "Make a key on another machine (leeward backup key backup.key), then: leeward backup schedule /backup --at 2 --to age1… --keep 30. A script of "
    "your own that makes backups touches backup-done in the data directory as its last step. See docs/how-to/backups.md."
)
LACKS = "{place} lacks the newest backup that was there: {gone}."
AS_IT_WAS = (
    "If it is a disk, or another machine’s folder, mount it. If that was deleted on purpose, or another disk is used now, say so: leeward backup "
    "create {place} --emptied{address}."
)

type Finding = tuple[str, str, str]  # number, sentence, hint


def of_backups(folder: str, now: datetime) -> Iterator[Finding]:
    """Return what is wrong with the nightly backups in a folder."""
    if not folder:
        return
    made_at, verified_at = newest_in(folder, now)
    closed = list(_closed(Path(folder))) if not is_remote(folder) else []
    if closed:
        path, owner = closed[0]
        sentence = f"{path} can't be read or written by who makes backups: it belongs to {owner}."
        hint = f"Find out who made it, then give the whole folder to the user that Leeward runs as: chown -R {_maker(folder)} {shlex.quote(folder)}"
        yield "E036", sentence, hint
    if gone := lacking(folder):
        yield "E056", LACKS.format(place=shown(folder), gone=gone), as_it_was(folder)
    if made_at is None and (closed or gone):
        return
    if made_at is None:
        yield (
            "E051",
            f"There is no backup in {shown(folder)}.",
            "Run leeward backup create there, and see what it says.",
        )
        return
    if now - made_at > OLD:
        sentence = f"The newest backup is of {made_at:%Y-%m-%d %H:%M} (UTC), {_days(now - made_at)} ago."
        yield "E052", sentence, "Run leeward backup create there, and see what it says."
    if left := left_in(folder):
        why = "since they can’t be read or our key signed none of their name"
        sentence = f"Files in {shown(folder)} stay whatever their age, {why}: {', '.join(left[:MOST_NAMED])}."
        hint = "While one can’t be read, the folder only grows. Delete by hand what is no backup of yours any more."
        yield "W053", sentence, hint
    hint = "Run leeward backup verify where the key is, then let the folder verified/ come back to here."
    if verified_at is None:
        yield "W051", f"None of the backups in {shown(folder)} is known to have been restored for trial.", hint
    elif now - verified_at > UNPROVED:
        sentence = f"The newest backup that was restored for trial is of {verified_at:%Y-%m-%d}, {_days(now - verified_at)} ago."
        yield "W052", sentence, hint


def as_it_was(folder: str) -> str:
    """Return what may be done where a place lacks its newest backup. An address isn't shown whole: what stands before its server is left out."""
    if is_remote(folder):
        return AS_IT_WAS.format(place="ADDRESS", address=", with the address from LEEWARD_BACKUP_TO")
    return AS_IT_WAS.format(place=shlex.quote(folder), address="")


def of_none(folder: str, now: datetime) -> Iterator[Finding]:
    """Return whether no backup is made every night, and none in another way either: of that a mark in the data directory is all there is."""
    if folder:
        return
    done_at = backup_done_at()
    if done_at is None:
        yield (
            "W055",
            "No backup is made: LEEWARD_BACKUP_TO names no place for it, and none is known in this data directory.",
            SET_IT_UP,
        )
    elif now - done_at > timedelta(days=BACKUP_DAYS):
        sentence = f"LEEWARD_BACKUP_TO names no place for backups, and the last was made on {done_at:%Y-%m-%d}, {_days(now - done_at)} ago."
        yield "W056", sentence, SET_IT_UP


def _closed(place: Path) -> Iterator[tuple[Path, str]]:
    """Yield what of a folder of backups can't be read or written, and whose it is. Root can do all: for it, what isn't the folder's
    owner's."""
    try:
        owner = place.stat().st_uid
        ours = [place, *(place / name for name in (LOCK, COPY, CHUNKS, VERIFIED)), *place.glob("*.backup")]
        ours += (place / CHUNKS).iterdir() if (place / CHUNKS).is_dir() else ()
    except FileNotFoundError:
        return
    except OSError:  # nobody else may look into it
        ours, owner = [place], place.lstat().st_uid
    for path in ours:
        with suppress(FileNotFoundError, NotADirectoryError):
            status = path.stat()
            if _is_closed(path, status, owner):
                yield path, _name_of(status.st_uid)


def _is_closed(path: Path, status: os.stat_result, owner: int) -> bool:
    if os.geteuid() == 0:
        return status.st_uid != owner and not (path.is_file() and status.st_mode & stat.S_IROTH)
    needed = os.R_OK | os.W_OK | os.X_OK if path.is_dir() else os.R_OK | (os.W_OK if path.name == LOCK else 0)
    return not os.access(path, needed)


def _maker(folder: str) -> int:
    return os.geteuid() or Path(folder).stat().st_uid


def _name_of(user: int) -> str:
    try:
        return pwd.getpwuid(user).pw_name
    except KeyError:
        return f"user {user}"


def of_heads(config: Config) -> Iterator[Finding]:
    """Return what is wrong with heads of the log that were kept: only the nightly proof compares with them."""
    if config.log_heads and not (config.backup_to and config.backup_key):
        yield (
            "W054",
            "LEEWARD_LOG_HEADS is set, but the nightly job proves no backup: nothing is compared with these heads.",
            "Set LEEWARD_BACKUP_TO and LEEWARD_BACKUP_KEY_FILE, or run leeward backup verify --head where the key is, and don’t set it here.",
        )


def _days(age: timedelta) -> str:
    return f"{age.days} days"
