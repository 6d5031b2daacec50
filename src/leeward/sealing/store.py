"""The store of the keys of single texts. What is deleted here is forgotten in every backup of the texts, too.

SQLite: a file of its own, `words.sqlite3`, that no backup's generations hold. A key is on the disk before the transaction with its
text ends: a process killed between the two leaves a key without a text, which the nightly sweep drops; never a text without its key.
PostgreSQL: a table in the same transaction; its rows stay out of dumps.
"""

import os
import secrets
import shutil
import sqlite3
import threading
import time
from collections.abc import Callable, Collection, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from pathlib import Path
from pwd import getpwuid
from typing import NamedTuple

from django.conf import settings
from django.db import OperationalError, connection, transaction
from django.db.models import Count, Q

from leeward.sealing.errors import WordsKeyUnusable, WordsStoreDiskFull, WordsStoreLost, WordsStoreUnusable
from leeward.sealing.key_copy import FILE, NUMBER, TABLE, DataKeyRow, noted
from leeward.sealing.models import DataKey, WordsStore

_MOST_ASKED, _COPIES = 500, 400
_NO_ROOM = 1 << 16  # bytes: what SQLite needs beside a file to open it
_SECONDS_A_DAY = 86_400
_open = threading.local()
_one_writer = threading.Lock()
_PRIMARY = 0xFF  # of SQLite's error codes; the rest says more of the same
# Not what passes by itself, as a lock does.
_UNUSABLE = {
    *(sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_READONLY, sqlite3.SQLITE_PERM, sqlite3.SQLITE_IOERR),
    *(sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB),
}


class Mark(NamedTuple):
    """Which database the file belongs to, and how far that had come (`belonging.py`)."""

    name: str
    number: int


def today() -> int:
    """Return the day since 1970, in UTC."""
    return int(time.time()) // _SECONDS_A_DAY


def day_of(moment: datetime) -> int:
    """Return the day since 1970 of a moment, in UTC."""
    return int(moment.timestamp()) // _SECONDS_A_DAY


def named() -> str:
    """Return what tells this store from another."""
    return str(connection.settings_dict["NAME"]) if _is_table() else str(_path())


def is_apart() -> bool:
    """Return whether keys are written into a file of their own, whatever becomes of the transaction of their texts."""
    return not _is_table()


def when_kept(act: Callable[[], None]) -> None:
    """Act once what was put is there for good: on SQLite now, on PostgreSQL when the transaction is in."""
    if _is_table():
        transaction.on_commit(act)
    else:
        act()


def put(rows: Sequence[DataKeyRow]) -> None:
    """Store keys, each under its new name."""
    if _is_table():
        DataKey.objects.bulk_create(
            DataKey(name=row.name, wrapped=row.wrapped, mark=row.mark, day=row.day) for row in rows
        )
        return
    with _writing() as file:
        file.executemany("INSERT INTO data_key (name, wrapped, mark, day) VALUES (?, ?, ?, ?)", map(tuple, rows))


def get(names: Collection[bytes]) -> dict[bytes, bytes]:
    """Return the wrapped keys of these names that are there."""
    found: dict[bytes, bytes] = {}
    asked = list(dict.fromkeys(names))
    for start in range(0, len(asked), _MOST_ASKED):
        some = asked[start : start + _MOST_ASKED]
        if _is_table():
            rows = DataKey.objects.filter(name__in=some).values_list("name", "wrapped")
            found |= {bytes(name): bytes(wrapped) for name, wrapped in rows}
            continue
        marks = ", ".join("?" * len(some))
        with _reading() as file:
            found |= dict(file.execute(f"SELECT name, wrapped FROM data_key WHERE name IN ({marks})", some))  # noqa: S608 - marks only
    return found


def drop(names: Collection[bytes]) -> None:
    """Delete keys for good: on SQLite they are overwritten, and gone from the write-ahead log where nobody reads just then."""
    if not names:
        return
    if _is_table():
        DataKey.objects.filter(name__in=list(names)).delete()
        return
    with _writing() as file:
        file.executemany("DELETE FROM data_key WHERE name = ?", [(name,) for name in names])
    with _reading() as file:
        file.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()


def rows_after(name: bytes, most: int, *, other_than: str = "") -> list[DataKeyRow]:
    """Return some keys in the order of their names, of those that carry another mark than this one."""
    if _is_table():
        rows = DataKey.objects.filter(name__gt=name).exclude(mark=other_than).order_by("name")[:most]
        return [DataKeyRow(bytes(row.name), bytes(row.wrapped), row.mark, row.day) for row in rows]
    query = "SELECT name, wrapped, mark, day FROM data_key WHERE name > ? AND mark <> ? ORDER BY name LIMIT ?"
    with _reading() as file:
        return [DataKeyRow(*row) for row in file.execute(query, (name, other_than, most))]


def every_row(*, after: bytes = b"", before: int = 256) -> Iterator[DataKeyRow]:
    """Yield every key in batches, of those whose name comes after a beginning and begins with a byte below a number."""
    name = after
    while some := rows_after(name, 5000):
        yield from (row for row in some if row.name[0] < before)
        name = some[-1].name
        if name[0] >= before:
            return


def rewrap(rows: Sequence[DataKeyRow]) -> None:
    """Put new wrappings in place of those that are still there."""
    if _is_table():
        with transaction.atomic():
            for row in rows:
                DataKey.objects.filter(name=row.name).update(wrapped=row.wrapped, mark=row.mark)
        return
    with _writing() as file:
        file.executemany(
            "UPDATE data_key SET wrapped = ?, mark = ? WHERE name = ?",
            [(row.wrapped, row.mark, row.name) for row in rows],
        )


def count(*, other_than: str = "") -> int:
    """Return how many keys there are that carry another mark than this one."""
    if _is_table():
        return DataKey.objects.exclude(mark=other_than).count()
    with _reading() as file:
        return int(file.execute("SELECT count(*) FROM data_key WHERE mark <> ?", (other_than,)).fetchone()[0])


def has_other_than(mark: str) -> bool:
    """Return whether there is a key with another mark; cheap, however many there are."""
    if _is_table():
        return DataKey.objects.filter(Q(mark__lt=mark) | Q(mark__gt=mark)).exists()
    query = "SELECT EXISTS (SELECT 1 FROM data_key WHERE mark < ?) OR EXISTS (SELECT 1 FROM data_key WHERE mark > ?)"
    with _reading() as file:
        return bool(file.execute(query, (mark, mark)).fetchone()[0])


def one_for(mark: str) -> bytes | None:
    """Return one wrapped key that carries this mark; None where there is none."""
    if _is_table():
        found = DataKey.objects.filter(mark=mark).values_list("wrapped", flat=True).first()
        return None if found is None else bytes(found)
    with _reading() as file:
        row = file.execute("SELECT wrapped FROM data_key WHERE mark = ? LIMIT 1", (mark,)).fetchone()
    return row[0] if row else None


def marks() -> dict[str, int]:
    """Return how many keys carry each mark."""
    if _is_table():
        return dict(DataKey.objects.values_list("mark").annotate(Count("name")).order_by())
    with _reading() as file:
        return dict(file.execute("SELECT mark, count(*) FROM data_key GROUP BY mark"))


def is_empty() -> bool:
    """Return whether there is no key."""
    if _is_table():
        return not DataKey.objects.exists()
    with _reading() as file:
        return file.execute("SELECT 1 FROM data_key LIMIT 1").fetchone() is None


def is_missing() -> bool:
    """Return whether there is no file, or nothing in it."""
    path = _path()
    return not _is_table() and (not path.exists() or (path.is_file() and not path.stat().st_size))


def need_usable() -> None:
    """Raises WordsStoreUnusable where this process could not open the file, or not write to it; one that is missing is no such."""
    if _is_table() or is_missing():
        return
    for path in (_path(), *(_path().with_name(f"{FILE}{end}") for end in ("-wal", "-shm"))):
        if path.exists() and not os.access(path, os.R_OK | os.W_OK):
            raise _unusable(path, "permission denied")
    with _reading() as file:
        file.execute("SELECT 1 FROM data_key LIMIT 1").fetchone()


def mark() -> Mark | None:
    """Return which database the file belongs to; None where nothing says so, and on PostgreSQL."""
    if _is_table() or is_missing():
        return None
    with _reading() as file:
        found = file.execute("SELECT name, number FROM belongs").fetchone()
    return Mark(*found) if found else None


def set_mark(fresh: Mark) -> None:
    """Remember which database the file belongs to; of one, the largest number stays. A file that is missing is made."""
    if is_missing():
        _make(_path())
    with _writing() as file:
        found = file.execute("SELECT name, number FROM belongs").fetchone()
        if found and found[0] == fresh.name and found[1] > fresh.number:
            return
        file.execute("DELETE FROM belongs")
        file.execute("INSERT INTO belongs (name, number) VALUES (?, ?)", fresh)


def note_copy(digest: str, number: int = 0) -> None:
    """Remember, by its SHA-256, a copy that is made of the store: whatever is in it was in here. On PostgreSQL of the newest ones. As well
    the number of the backup that it is made for, if it is for one."""
    if _is_table():
        row, _made = WordsStore.objects.get_or_create(pk=1, defaults={"name": secrets.token_hex(16)})
        numbers = [one for one in row.copied if one.startswith(NUMBER) and not number]
        digests = [one for one in row.copied if not one.startswith(NUMBER)]
        row.copied = [*numbers, *digests[1 - _COPIES :], *noted(digest, number)]
        row.save(update_fields=["copied"])
        return
    with _writing() as file:
        if number:
            file.execute("DELETE FROM copied WHERE digest LIKE ?", (f"{NUMBER}%",))
        file.executemany("INSERT OR IGNORE INTO copied (digest) VALUES (?)", [(one,) for one in noted(digest, number)])


def last_number() -> int:
    """Return the number of the backup that was made last, here or where this was restored from, whatever place it is in; 0 if none is known."""
    known = (
        WordsStore.objects.values_list("copied", flat=True).first() or []
    )  # on SQLite where words were given up in a restoring
    if not _is_table():
        with _reading() as file:
            query = "SELECT digest FROM copied WHERE digest LIKE ?"
            known = [*known, *(one for (one,) in file.execute(query, (f"{NUMBER}%",)))]
    return max((int(one.removeprefix(NUMBER)) for one in known if one.startswith(NUMBER)), default=0)


def has_copied(digest: str = "") -> bool:
    """Return whether this copy was made of the store, or that was restored from it; without one, whether any was."""
    if _is_table():
        known = WordsStore.objects.values_list("copied", flat=True).first() or []
        return digest in known if digest else bool(known)
    with _reading() as file:
        found = file.execute("SELECT 1 FROM copied WHERE digest = ? OR ? = '' LIMIT 1", (digest, digest))
        return found.fetchone() is not None


def _is_table() -> bool:
    return connection.vendor == "postgresql"


def _path() -> Path:
    return Path(settings.LEEWARD.data_dir) / FILE


@contextmanager
def _reading() -> Iterator[sqlite3.Connection]:
    try:
        yield _file()
    except sqlite3.Error as error:
        if getattr(error, "sqlite_errorcode", 0) & _PRIMARY in _UNUSABLE:
            _open.at = None  # opened anew next time
            raise _unusable(_path(), str(error)) from error
        raise OperationalError(str(error)) from error


def _unusable(path: Path, why: str) -> WordsKeyUnusable:
    """Return what says whose a file is that can't be used, or that its disk is full."""
    with suppress(OSError):
        if shutil.disk_usage(path.parent).free < _NO_ROOM:
            return WordsStoreDiskFull(path=path)
    try:
        number = path.stat().st_uid
    except OSError:
        return WordsStoreUnusable(path=path, why=why, owner="?")
    try:
        owner = getpwuid(number).pw_name
    except KeyError:  # a user of another machine, or of a container
        owner = str(number)
    return WordsStoreUnusable(path=path, why=why, owner=owner)


@contextmanager
def _writing() -> Iterator[sqlite3.Connection]:
    """A transaction that is on the disk when it ends. Threads of one process take turns: one that finds the file locked would sleep
    for longer than it is."""
    with _one_writer, _reading() as file:
        file.execute("BEGIN IMMEDIATE")
        try:
            yield file
            file.execute("COMMIT")
        except BaseException:
            if file.in_transaction:
                file.execute("ROLLBACK")
            raise


def _file() -> sqlite3.Connection:
    """Return this thread's connection to the file of this data directory, which is made at first use. Raises WordsStoreLost where the
    database knows that there was one, and WordsStoreUnusable."""
    path = _path()
    if is_missing():
        if WordsStore.objects.exists():
            raise WordsStoreLost(path=path)
        _make(path)
    try:
        at = (str(path), path.stat().st_ino, os.getpid())
        if getattr(_open, "at", None) == at:
            found: sqlite3.Connection = _open.file
            return found
        os.close(os.open(path, os.O_RDWR))
    except OSError as error:
        raise _unusable(path, (error.strerror or str(error)).lower()) from error
    file = sqlite3.connect(path, timeout=30, isolation_level=None)
    for pragma in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON", "journal_size_limit=1048576"):
        file.execute(f"PRAGMA {pragma}")
    for statement in TABLE:
        file.execute(statement)
    _open.at, _open.file = at, file
    return file


def _make(path: Path) -> None:
    """Make the file, with nothing in it but its tables."""
    try:
        os.close(os.open(path, os.O_RDWR | os.O_CREAT, 0o600))
    except OSError as error:
        raise _unusable(path.parent, (error.strerror or str(error)).lower()) from error
    with closing(sqlite3.connect(path, timeout=30)) as file:
        for statement in TABLE:
            file.execute(statement)
