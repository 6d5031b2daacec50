"""Every write of this slice, one verb each."""

import secrets
import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import datetime, timedelta
from pathlib import Path
from urllib.parse import quote

from django.apps import apps
from django.db import connection
from django.db.models import F, Model

from leeward.audit.services import INSTALLATION, hotline_transaction, record
from leeward.audit.tree.checkpoints import newest_number
from leeward.audit.tree.own_key import forget_log_key
from leeward.backup.databases.outside import Outside, kept_heads
from leeward.backup.databases.postgres import WORD_KEYS, Postgres, ProgramFailed
from leeward.backup.databases.sqlite import hold_if_it_can_be
from leeward.backup.errors import NothingToConfirm
from leeward.backup.hotline.file import Reader
from leeward.backup.hotline.lost import Lost, lost_of
from leeward.backup.hotline.mending import Mended, unknown_in
from leeward.backup.hotline.moving import is_alone, load_hotline, mend_hotline, write_hotline
from leeward.backup.making import Made, create, thin_out
from leeward.backup.models import LostTime, Restoration
from leeward.backup.queries import RestorationRow
from leeward.backup.reading import Listed, Proved, Restored, listed, restore, verify
from leeward.backup.rules.jumps import ROWS_DRAWN, next_row
from leeward.backup.store import Thinned
from leeward.backup.trial import sweep_trials as sweep_folders
from leeward.foundation.actor import SYSTEM, Actor

__all__ = [
    "Listed",
    "Lost",
    "Made",
    "Mended",
    "Outside",
    "Proved",
    "Reader",
    "Restored",
    "Thinned",
    "begin_held",
    "clock_was_behind",
    "confirm",
    "copies_server",
    "copy_file",
    "copy_server",
    "create",
    "hold",
    "is_alone",
    "kept_heads",
    "listed",
    "load_hotline",
    "lost_of",
    "mend_hotline",
    "note_lost",
    "restore",
    "server_megabytes",
    "sweep_trials",
    "thin_out",
    "unknown_in",
    "verify",
    "write_hotline",
]
_SUBJECT = "installation:1"


def sweep_trials() -> int:
    """Delete what restorings for trial left that were killed: the folders, and the database on this process's server. Return how many
    folders."""
    if connection.vendor == "postgresql":
        with suppress(ProgramFailed):  # it has none, or one is in use
            _server().drop_trial()
    return sweep_folders()


def copies_server() -> bool:
    """Return whether a copy of this process's PostgreSQL database can be made here: the server's program for it is installed."""
    return connection.vendor == "postgresql" and shutil.which("pg_dump") is not None


def server_megabytes() -> int:
    """Return how much room this process's PostgreSQL database takes."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_database_size(current_database())")
        return int(cursor.fetchone()[0]) // 1_000_000


def copy_file(file: Path, to: Path, now: datetime) -> None:
    """Write an SQLite database to a file as it is at this moment, held: what went out since is not in it, whoever puts it back. Raises
    sqlite3.Error."""
    with closing(sqlite3.connect(file, timeout=30)) as source, closing(sqlite3.connect(to)) as copy:
        source.execute("SELECT 1 FROM sqlite_master").fetchone()  # the copy itself would wait for ever
        source.backup(copy)
        copy.execute("PRAGMA journal_mode = DELETE")
        hold_if_it_can_be(copy, now)


def copy_server(to: Path) -> None:
    """Write this process's PostgreSQL database to a file for pg_restore, as it is at this moment, with what waits for the desk, which is
    nowhere else, and without the keys of single texts, which are newest in the database. Raises BackupNotMade."""
    _server().dump(to, left_out=[WORD_KEYS])


def _server() -> Postgres:
    used = connection.settings_dict
    user, password, host = (quote(str(used[name] or ""), safe="") for name in ("USER", "PASSWORD", "HOST"))
    return Postgres(f"postgresql://{user}:{password}@{host}:{used['PORT'] or ''}/{used['NAME']}")


def hold(at: datetime, now: datetime) -> bool:
    """Say that the database was put back to a moment by other means than ours: it is held like a restored backup once it is taken up, also
    where it was held at that moment. Return False where this was done just before, and nothing was taken up since."""
    with hotline_transaction(INSTALLATION):
        if Restoration.objects.filter(backup_at=at, prepared_at__isnull=True).update(restored_at=now):
            return False
        Restoration.objects.create(backup_at=at, restored_at=now)
    return True


def note_lost(hotline_id: int) -> list[Lost]:
    """Keep between which moments what its log speaks of was lost of a hotline, or that nothing is lost any more; return what. In the
    caller's transaction."""
    found = lost_of(hotline_id)
    LostTime.objects.filter(hotline_number=hotline_id).delete()
    if found:
        since, until = min(one.since for one in found), max(one.until for one in found)
        matters = sum(len(one.numbers) for one in found)
        LostTime.objects.create(hotline_number=hotline_id, since=since, until=until, matters=matters)
    return found


def begin_held(now: datetime) -> RestorationRow | None:
    """Let the numbers of all rows jump if this installation was just restored; None if it wasn't, or this was done before. What was held
    in the backup stays so: nothing is known since the oldest that nobody confirmed. In the caller's transaction, which does everything
    else that restoring asks for."""
    found = Restoration.objects.select_for_update().filter(prepared_at__isnull=True).order_by("-pk").first()
    if found is None:
        return None
    # Nothing came in here before this moment, whatever clock restored it; and what the backup holds was there before, whatever clock this is.
    found.restored_at = max(now, found.backup_at)
    if not found.moved:
        held = Restoration.objects.filter(confirmed_at__isnull=True, moved=False)
        found.backup_at = min(held.values_list("backup_at", flat=True))
    found.save(update_fields=["backup_at", "restored_at"])
    _jump()
    Restoration.objects.filter(prepared_at__isnull=True).update(prepared_at=now, checkpoint=newest_number())
    if not found.moved:
        forget_log_key()  # signers are in no backup: each log begins anew with the key there is
    facts: dict[str, object] = {"backup_at": found.backup_at.isoformat(), "restored_at": found.restored_at.isoformat()}
    facts |= {"moved": True} if found.moved else {}
    with hotline_transaction(INSTALLATION):
        record("installation.restored", actor=SYSTEM, hotline_id=None, subject=_SUBJECT, facts=facts, now=now)
    return RestorationRow(found.backup_at, found.restored_at, None, now, found.moved)


def clock_was_behind(until: datetime, by: timedelta, *, since: datetime | None = None) -> None:
    """Let what was taken up by a clock that was behind, `since` then if that is known, as it said `until` then, be of as much later: what is
    doubted lasts as long as it would have. In the caller's transaction."""
    found = Restoration.objects.filter(prepared_at__lte=until)
    (found if since is None else found.filter(prepared_at__gte=since)).update(prepared_at=F("prepared_at") + by)


def date_anew(now: datetime) -> bool:
    """Let no restoring be dated, nor taken up, after `now`. Return whether one was. In the caller's transaction."""
    Restoration.objects.filter(prepared_at__gt=now).update(prepared_at=now)
    return bool(Restoration.objects.filter(restored_at__gt=now, prepared_at__isnull=False).update(restored_at=now))


def confirm(actor: Actor, now: datetime) -> None:
    """Let everything go out again. In the caller's transaction, which has asked whether the actor may. Raises NothingToConfirm."""
    held = Restoration.objects.filter(confirmed_at__isnull=True, prepared_at__isnull=False)
    if not held.update(confirmed_at=now, confirmed_by=actor.label[:40]):
        raise NothingToConfirm
    with hotline_transaction(INSTALLATION):
        record("installation.confirmed", actor=actor, hotline_id=None, subject=_SUBJECT, now=now)


def _jump() -> None:
    """Let the next number of every table be higher than any that could have been given since the backup, also after an earlier restoring
    of it: links that were sent since then must not open other rows. All go on by one draw, so that there is one chance that it was
    drawn before. The few tables whose numbers are small, all of them Django's and in no link, go on by a million."""
    drawn = secrets.randbelow(ROWS_DRAWN)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(
                "SELECT sequencename, coalesce(last_value, 0), data_type = 'bigint'::regtype FROM pg_sequences"
                " WHERE schemaname = current_schema()"
            )
            for name, last, is_large in cursor.fetchall():
                row = next_row(last, drawn if is_large else 0)
                cursor.execute("SELECT setval(%s::regclass, %s)", [connection.ops.quote_name(name), row])
            return
        cursor.execute("SELECT name FROM sqlite_master WHERE type = 'table' AND upper(sql) LIKE '%%AUTOINCREMENT%%'")
        tables = [row[0] for row in cursor.fetchall()]
        cursor.execute("SELECT name, seq FROM sqlite_sequence")
        known = dict(cursor.fetchall())
        cursor.execute("DELETE FROM sqlite_sequence")
        small = {model._meta.db_table for model in apps.get_models(include_auto_created=True) if _is_small(model)}
        rows = [(name, next_row(known.get(name, 0), 0 if name in small else drawn)) for name in tables]
        cursor.executemany("INSERT INTO sqlite_sequence (name, seq) VALUES (%s, %s)", rows)


def _is_small(model: type[Model]) -> bool:
    """Return whether PostgreSQL keeps the numbers of a table in four bytes. SQLite's take any, but its rows may move there."""
    return model._meta.auto_field is not None and model._meta.auto_field.get_internal_type() == "AutoField"
