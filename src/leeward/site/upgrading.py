"""Before the tables change: whether this code may change them at all, and a copy of the database to go back to."""

import fcntl
import hashlib
import os
import shutil
import sqlite3
from collections.abc import Iterable, Iterator, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from traceback import walk_tb
from typing import Self

from django.conf import settings
from django.db import DatabaseError, OperationalError, connection
from django.db.migrations import Migration
from django.db.migrations.executor import MigrationExecutor
from django.db.migrations.recorder import MigrationRecorder

from leeward.backup import services as backup_services
from leeward.foundation import own_files
from leeward.foundation.errors import LeewardError
from leeward.foundation.lazy_text import LazyText as _
from leeward.site.disk import DataUnusable
from leeward.tables import steps_known

COPY = "before-upgrade-{at:%Y%m%dT%H%M%S.%f}-{of}.sqlite3"  # `of`: which migrations it has been through
COPY_OF_SERVER = "before-upgrade-{at:%Y%m%dT%H%M%S.%f}-{of}.pgdump"
COPIES = "before-upgrade-*"
LOCK = ".upgrading"
KEPT = timedelta(days=7)  # what was withdrawn since is still in a copy
_OF_SERVER = (
    "Start the newer version. To go back to this one, restore a backup; or put back the copy that was made before the upgrade, and before anything "
    "else leeward backup hold --at and the moment in its name: else what went out since goes out again."
)


class MadeByNewerCode(LeewardError):
    """The database has been through migrations that this code doesn't know."""

    code = "made_by_newer_code"
    sentence = _(
        "This database was made by a newer Leeward (it knows {unknown}); this is older code, and would damage it."
    )
    hint = _(
        "Start the newer version. To go back to this one, put back the copy that was made before the upgrade, or a backup. "
        "Where the copy takes the place of leeward.sqlite3, delete leeward.sqlite3-wal and -shm first: they are the newer one’s."
    )
    status = 503


class MadeByOtherCode(LeewardError):
    """The database has been through migrations that this code doesn't know, and not through all that it knows."""

    code = "made_by_other_code"
    sentence = (
        "This database was made by another Leeward, not just a newer one (it knows {unknown}, and not {missing}); this code would damage "
        "it."
    )
    hint = (
        "Start the version that made it, or put back a copy or a backup of this one. A database from before version 0.1.0 can’t be "
        "brought up to date."
    )
    status = 503


class NoRoomForCopy(LeewardError):
    """There is no space for the copy that is made before an upgrade."""

    code = "no_room_for_copy"
    sentence = _(
        "The tables must change, and the copy of the database that is made first needs {needed} MB; {free} MB are free."
    )
    hint = _("Free some space, or move the data to a larger disk. Nothing was changed.")
    status = 503
    passes = True

    @classmethod
    def beside(cls, earlier: Sequence[Path], **values: object) -> Self:
        """Return the error where these copies lie that were made before the same upgrade, which was cut off."""
        hint = _(
            "Nothing was changed. {copies} was made before this same upgrade, which was cut off: move it to another disk, or delete it, for what "
            "it holds is still in the database. Or free other space.",
            copies=", ".join(str(one) for one in earlier),
        )
        return cls(hint if earlier else None, **values)


class UpgradeFailed(LeewardError):
    """A step of an upgrade can't be done with what is in the tables."""

    code = "upgrade_failed"
    sentence = "The tables could not be changed, and are as they were before ({step}: {why})."
    hint = "Install the version before again, which goes on with them, and tell those who made this one."
    status = 503


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What starting this code does to the database: the steps, its size, and where the copy goes ("": none is made)."""

    steps: tuple[str, ...]
    megabytes: int
    copy: str


def plan(now: datetime) -> Upgrade:
    """Return what has to be done. Raises MadeByNewerCode and MadeByOtherCode."""
    if (own := _database()) is not None and not own.exists():  # which looking would not make
        new = MigrationExecutor(None)
        steps = new.migration_plan(new.loader.graph.leaf_nodes())
        return Upgrade(tuple(f"{step.app_label} {step.name}" for step, _backwards in steps), 0, "")
    if MigrationRecorder(connection).applied_migrations().keys() == steps_known():
        return Upgrade((), 0, "")
    executor = MigrationExecutor(connection)
    _need_known(executor.loader.applied_migrations.keys(), executor.loader.disk_migrations.keys())
    executor.loader.check_consistent_history(connection)
    steps = executor.migration_plan(executor.loader.graph.leaf_nodes())
    names = tuple(f"{step.app_label} {step.name}" for step, _backwards in steps)
    if not names:
        return Upgrade((), 0, "")
    if not connection.introspection.table_names():
        return Upgrade(names, _megabytes(), "")
    place, copy, of = _database(), "", _mark(executor.loader.applied_migrations)
    if place is not None and place.exists():
        copy = COPY.format(at=now, of=of)
    elif backup_services.copies_server():
        copy = COPY_OF_SERVER.format(at=now, of=of)
    return Upgrade(names, _megabytes(), str(settings.LEEWARD.data_dir / copy) if copy else "")


def need_no_newer() -> None:
    """For a command that works on the tables as they are. Raises MadeByNewerCode and MadeByOtherCode; a database that isn't there, or
    doesn't answer, is left to whoever asks it next."""
    place = _database()
    if place is not None and not place.exists():
        return
    try:
        applied = MigrationRecorder(connection).applied_migrations()
    except DatabaseError:
        return
    _need_known(applied.keys(), steps_known())


def make_copy(upgrade: Upgrade) -> None:
    """Copy a database that is about to change, as it is at this moment; the copy has its name once it is whole. SQLite's is held, as after a
    restoring, if somebody goes back to it: what went out since is not in it. Then earlier ones go that
    were made before the same upgrade, which was cut off: a start that is killed again and again must not fill the disk. Where
    another process has changed the tables since they were looked at, none is made: it would be one of after the upgrade. Raises
    NoRoomForCopy, Django's OperationalError where another program keeps the database locked, and BackupNotMade where PostgreSQL's program
    fails. Where that is not installed, none is made."""
    place, is_server = _database(), upgrade.copy.endswith(".pgdump")
    if not upgrade.copy or (place is None and not is_server):
        return
    target = Path(upgrade.copy)
    of = target.stem.rpartition("-")[2]
    with _one_at_a_time(target.parent):
        for half in target.parent.glob(f".{COPIES}"):  # of a start that was killed
            half.unlink()
        if _mark_now() != of:
            return
        free = shutil.disk_usage(target.parent).free // 1_000_000
        needed = (1 if is_server else 2) * upgrade.megabytes + 10  # SQLite's upgrade itself writes as well
        earlier = sorted(one for one in target.parent.glob(f"{COPIES}-{of}{target.suffix}") if one.name < target.name)
        if free < needed:
            raise NoRoomForCopy.beside(earlier, needed=needed, free=free)
        part = target.with_name(f".{target.name}.{os.getpid()}")
        part.touch(mode=0o600)
        own_files.give_path(part, target.parent)
        try:
            if place is None:
                backup_services.copy_server(part)
            else:
                backup_services.copy_file(place, part, datetime.now(UTC))
            if _mark_now() != of:  # changed while it was copied
                return
            part.replace(target)
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_FULL:
                raise OperationalError(str(error)) from error
            raise NoRoomForCopy.beside(earlier, needed=needed, free=free) from error
        finally:
            part.unlink(missing_ok=True)
        for one in earlier:
            one.unlink()


@contextmanager
def _one_at_a_time(data: Path) -> Iterator[None]:
    """Be the only process that copies; also after root did, by hand. Raises DataUnusable."""
    try:
        opened = os.open(
            data / LOCK, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600
        )  # a link may lead to somebody else's
    except OSError as error:
        raise DataUnusable(path=data, why=f"{(error.strerror or str(error)).lower()} ({LOCK})") from error
    own_files.give(opened, data)
    with open(opened, "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


@contextmanager
def or_as_before(upgrade: Upgrade) -> Iterator[None]:
    """Name the step at which an upgrade failed, and delete its copy, since the tables are as they were: an upgrade that is tried
    again and again must not fill the disk with copies. Raises UpgradeFailed; what is the disk's fault, or the server's, stays what it
    is, and only a full disk costs the copy."""
    try:
        yield
    except LeewardError:
        raise
    except Exception as error:
        cause = getattr(error.__cause__, "sqlite_errorcode", None)
        if cause == sqlite3.SQLITE_FULL:
            _forget(upgrade)
        if isinstance(error, OSError) or (isinstance(error, OperationalError) and cause != sqlite3.SQLITE_ERROR):
            raise
        _forget(upgrade)
        why = next(iter(str(error).splitlines()), "") or type(error).__name__
        raise UpgradeFailed(step=_step(error) or type(error).__name__, why=why) from error


def _step(error: BaseException) -> str:
    """Return which step raised this, as far as its frames tell."""
    frames = (frame.f_locals.get("migration") for frame, _line in walk_tb(error.__traceback__))
    return next((f"{one.app_label} {one.name}" for one in frames if isinstance(one, Migration)), "")


def _forget(upgrade: Upgrade) -> None:
    if upgrade.copy:
        Path(upgrade.copy).unlink(missing_ok=True)


def forget_copies(now: datetime) -> int:
    """Delete copies that are a week old, also half ones of a start that was killed; return how many."""
    made = (path for names in (COPIES, f".{COPIES}*") for path in settings.LEEWARD.data_dir.glob(names))
    old = [path for path in made if now.timestamp() - path.stat().st_mtime > KEPT.total_seconds()]
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


def copies() -> list[Path]:
    """Return the copies that were made before upgrades, oldest first."""
    return sorted(settings.LEEWARD.data_dir.glob(COPIES))


def _mark_now() -> str:
    return _mark(MigrationRecorder(connection).applied_migrations())


def _mark(applied: Iterable[tuple[str, str]]) -> str:
    """Return a mark of these migrations, the same for the same ones."""
    return hashlib.sha256("\n".join(sorted(f"{app} {name}" for app, name in applied)).encode()).hexdigest()[:8]


def _megabytes() -> int:
    place = _database()
    if place is not None:
        files = (place, place.with_name(f"{place.name}-wal"))  # what is not in the file yet is in the copy
        return sum(one.stat().st_size for one in files if one.exists()) // 1_000_000
    return backup_services.server_megabytes() if connection.vendor == "postgresql" else 0


def _need_known(applied: Set[tuple[str, str]], of_this_code: Set[tuple[str, str]]) -> None:
    unknown = _first_of(applied - of_this_code)
    missing = _first_of(of_this_code - applied)
    if unknown and missing:
        raise MadeByOtherCode(unknown=unknown, missing=missing)
    if unknown:
        raise MadeByNewerCode(_OF_SERVER if connection.vendor == "postgresql" else None, unknown=unknown)


def _first_of(migrations: Iterable[tuple[str, str]]) -> str:
    return ", ".join(sorted(f"{app} {name}" for app, name in migrations)[:3])


def _database() -> Path | None:
    name = connection.settings_dict["NAME"]
    return Path(name) if connection.vendor == "sqlite" and name and not str(name).startswith(("file:", ":")) else None
