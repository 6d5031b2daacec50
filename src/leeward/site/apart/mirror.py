"""Brings what public pages show into the public face's file: triggers count the changes of each table, and what changed is copied.

What was counted is only remembered by the process that copies; so a worker begins by comparing everything, and does so again each hour:
a database that was restored, a file that was made anew and rows that somebody else changed there end alike.
"""

import json
import logging
import os
import sqlite3
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import DatabaseError, connection

from leeward.foundation.errors import LeewardError
from leeward.site.apart import file as apart_file
from leeward.site.apart.file import COLUMNS, MIRRORED, PublicFileUnusable, make, open_file, schema_of, settle, unusable
from leeward.spool.owner import tie

COUNTS = "public_mirror"
STATE = "public-mirrored"  # in the data directory: when it was done last, and what went wrong since
WAIT_SECONDS, SAID_SECONDS, COMPARED_SECONDS = 1.0, 10.0, 3600.0
MANY = 1000
log = logging.getLogger(__name__)
type Row = tuple[Any, ...]


def count_changes() -> None:
    """Let the database count the changes of every table that is mirrored; again after each upgrade, which may make tables anew."""
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TABLE IF NOT EXISTS {COUNTS} (name text PRIMARY KEY, changes integer NOT NULL)")
        for table in MIRRORED:
            cursor.execute(f"INSERT OR IGNORE INTO {COUNTS} (name, changes) VALUES ('{table}', 0)")  # noqa: S608 - our own names
            for act in ("INSERT", "UPDATE", "DELETE"):
                cursor.execute(
                    f"CREATE TRIGGER IF NOT EXISTS mirror_{table}_{act.lower()} AFTER {act} ON {table} BEGIN "  # noqa: S608
                    f"UPDATE {COUNTS} SET changes = changes + 1 WHERE name = '{table}'; END"
                )


def prepare() -> None:
    """Make and fill the file at the start of a process of the desk's side. What is wrong with it never stops that: health says it."""
    config = settings.LEEWARD
    if config.public_file is None:
        return
    count_changes()
    mirror = Mirror(Path(connection.settings_dict["NAME"]), config.public_file)
    mirror.try_once(config.data_dir / STATE)
    mirror.close()


@dataclass
class Mirror:
    """The way from the database to the file of the public face."""

    main: Path
    public: Path
    seen: dict[str, int] = field(default_factory=dict)
    inode: int = 0
    compared_at: float = 0.0
    _main: sqlite3.Connection | None = None

    def run(self) -> list[str]:
        """Copy what changed since the last time; return the tables that were compared. Raises PublicFileUnusable."""
        if self._main is None:
            at = f"{self.main.resolve().as_uri()}?mode=ro"
            self._main = sqlite3.connect(at, uri=True, timeout=30, isolation_level=None, check_same_thread=False)
        if not self.public.exists():
            make(self.public)
            self.inode, self.seen = 0, {}  # whatever its number is: the file system gives that of a deleted one again
        inode = self.public.stat().st_ino
        if inode != self.inode or time.monotonic() - self.compared_at > COMPARED_SECONDS:
            self.seen, self.compared_at = {}, time.monotonic()
        counts = dict(self._main.execute(f"SELECT name, changes FROM {COUNTS}"))  # noqa: S608 - our own name
        if counts == self.seen:
            apart_file.leave(self.public)
            return []
        with closing(open_file(self.public)) as file:
            try:
                changed = self._copy(self._main, file)
            except (sqlite3.Error, ValueError) as error:  # ValueError: a name that is no text
                raise unusable(self.public, error) from error
        self.inode = inode
        return changed

    def _copy(self, main: sqlite3.Connection, file: sqlite3.Connection) -> list[str]:
        main.execute("BEGIN")  # everything as it is at one moment
        try:
            counts = dict(main.execute(f"SELECT name, changes FROM {COUNTS}"))  # noqa: S608 - our own name
            file.execute("BEGIN IMMEDIATE")
            try:
                if settle(file, schema_of(main, (*MIRRORED, *apart_file.APART))):
                    self.seen = {}
                changed = [table for table in MIRRORED if counts.get(table) != self.seen.get(table)]
                for table in changed:
                    copy_table(main, file, table)
                file.execute("COMMIT")
            except BaseException:
                if file.in_transaction:
                    file.execute("ROLLBACK")
                raise
        finally:
            main.execute("ROLLBACK")
        self.seen = counts
        return changed

    def try_once(self, state: Path) -> bool:
        """Run; write down when that was done and what went wrong. Return whether it was done."""
        try:
            tie()
            self.run()
        except (LeewardError, sqlite3.Error, DatabaseError, OSError) as error:
            fault = str(error.text) if isinstance(error, LeewardError) else str(error)
            log.warning("public.not_mirrored", extra={"why": fault})
            _say(state, fault)
            return False
        _say(state, "")
        return True

    def close(self) -> None:
        """Close the database, and leave the file so that the face can open it alone."""
        if self._main is not None:
            self._main.close()
            self._main = None
        if self.public.exists():
            apart_file.leave(self.public)


def copy_table(main: sqlite3.Connection, file: sqlite3.Connection, table: str) -> int:
    """Make a table of the file what it is in the database; return how many rows were written or deleted."""
    rows = main.execute(f"SELECT count(*) FROM {table}").fetchone()[0]  # noqa: S608 - our own names, here and below
    if file.execute(f"SELECT count(*) FROM {table}").fetchone()[0] > 2 * rows + MANY:  # noqa: S608
        file.execute(f"DELETE FROM {table}")  # noqa: S608 - not ours: nothing to compare
    described = main.execute(f"PRAGMA table_info({table})").fetchall()
    columns = [row[1] for row in described]
    names = ", ".join(f'"{name}"' for name in columns)
    given = ", ".join(_given(table, row[1], row[2], is_needed=bool(row[3])) for row in described)
    queries = [f"SELECT rowid, {what} FROM {table} ORDER BY rowid" for what in (given, names)]  # noqa: S608
    gone, fresh = _differences(main.execute(queries[0]).__next__, file.execute(queries[1]).__next__)
    file.executemany(f"DELETE FROM {table} WHERE rowid = ?", [(row,) for row in gone])  # noqa: S608
    marks = ", ".join("?" * (len(columns) + 1))
    file.executemany(f"INSERT OR REPLACE INTO {table} (rowid, {names}) VALUES ({marks})", fresh)  # noqa: S608
    return len(gone) + len(fresh)


def _given(table: str, column: str, kind: str, *, is_needed: bool) -> str:
    """Return what is copied of a column: for those that the face may not read, nothing, in a form that the column takes."""
    if column in COLUMNS.get(table, (column,)):
        return f'"{column}"'
    if not is_needed:
        return "NULL"
    if kind.lower().startswith("varchar"):
        return "''"
    return "0" if kind.lower().startswith(("int", "bigint", "smallint", "bool")) else "'{}'"


def _differences(ours: Callable[[], Row], theirs: Callable[[], Row]) -> tuple[list[int], list[Row]]:
    """Return the numbers of rows that are theirs alone or differ, and our rows that differ or that they lack; both come in order."""
    gone: list[int] = []
    fresh: list[Row] = []
    end: Row = (float("inf"),)

    def following(rows: Callable[[], Row]) -> Row:
        try:
            return rows()
        except StopIteration:
            return end

    mine, other = following(ours), following(theirs)
    while mine is not end or other is not end:
        if mine == other:
            mine, other = following(ours), following(theirs)
        elif mine[0] < other[0]:
            fresh.append(mine)
            mine = following(ours)
        elif mine[0] > other[0]:
            gone.append(other[0])
            other = following(theirs)
        else:
            gone.append(other[0])
            fresh.append(mine)
            mine, other = following(ours), following(theirs)
    return gone, fresh


def watch() -> Callable[[], None]:
    """Mirror each second in a thread of the worker, until the returned function is called."""
    config = settings.LEEWARD
    if config.public_file is None:
        return lambda: None
    over = threading.Event()
    mirror, state = Mirror(Path(connection.settings_dict["NAME"]), config.public_file), config.data_dir / STATE

    def work() -> None:
        wait = WAIT_SECONDS
        while not over.wait(wait):
            wait = WAIT_SECONDS if mirror.try_once(state) else min(2 * wait, SAID_SECONDS)
        mirror.close()

    thread = threading.Thread(target=work, name="mirror", daemon=True)
    thread.start()

    def end() -> None:
        over.set()
        thread.join(WAIT_SECONDS * 5)

    return end


def state_of(place: Path) -> tuple[float | None, str]:
    """Return when the file was up to date last (None: never), and what went wrong since."""
    try:
        found = json.loads((place / STATE).read_text(encoding="utf-8"))
        return found["at"], str(found["fault"])
    except (OSError, ValueError, KeyError, TypeError):
        return None, ""


def _say(state: Path, fault: str) -> None:
    at, before = state_of(state.parent)
    now = time.time()
    if fault == before and (fault or (at is not None and 0 <= now - at < SAID_SECONDS)):
        return
    fresh = state.with_name(f".{STATE}.{os.getpid()}")
    try:
        fresh.write_text(json.dumps({"at": at if fault else now, "fault": fault}), encoding="utf-8")
        fresh.replace(state)
    except OSError:
        log.warning("public.state_not_written", exc_info=True)


__all__ = ["MIRRORED", "Mirror", "PublicFileUnusable", "copy_table", "count_changes", "prepare", "state_of", "watch"]
