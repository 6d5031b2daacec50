"""PostgreSQL: by its own programs, pg_dump, pg_restore and psql, of the same version as the server or newer."""

import errno
import hashlib
import json
import os
import sqlite3
import subprocess
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from datetime import datetime
from itertools import islice
from pathlib import Path
from typing import IO, Literal

from leeward.backup.errors import BackupNotMade, NotEmpty, NotRestored
from leeward.backup.rules.manifest import LogHead
from leeward.foundation.database_address import read_address
from leeward.foundation.disk_errors import as_disk_error
from leeward.foundation.lazy_text import LazyText as _
from leeward.foundation.patterns import Pattern
from leeward.sealing.key_copy import NO_COPY, DataKeyRow, as_table_lines, noted

from . import log

_COPY = Pattern(r"^COPY (?:\w+\.)?(\w+) \(([^)]*)\) FROM stdin;$")
_ESCAPED = Pattern(r"\\(.)")
WORD_KEYS, _COPIED = "sealing_datakey", "words.copy"
# Which copy the keys came from; backups from before this column know none.
_NOTED = """DO $$ BEGIN
IF EXISTS (SELECT 1 FROM information_schema.columns
    WHERE table_schema = 'public' AND table_name = 'sealing_wordsstore' AND column_name = 'copied') THEN
UPDATE public.sealing_wordsstore SET copied = {digests};
END IF;
END $$;"""
# What waits for the desk carries its own key: once taken back, it must not open from a backup. A backup says since when it waited.
_WAITING = "spool_arrival"
_LOG = "log.sqlite3"
_STRICT = ("-v", "ON_ERROR_STOP=1", "-v", "VERBOSITY=verbose")
_STATE = Pattern(r":  ([0-9A-Z]{5}): ")
_OF_THE_SERVER = ("08", "53", "57", "58")  # no connection, no room or memory, somebody ended it, its disk fails
_NEWER = "unsupported version"  # so says an older pg_restore of a newer pg_dump's file
_CUT_OFF = 2  # how psql ends where the connection was lost, or none was made
_MAY_CREATE = "SELECT rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user"
_ENDS = "SELECT chain, number, hash FROM public.audit_audittip WHERE number > 0"
_MEANT = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_TABLES = "SELECT count(*) FROM pg_tables WHERE schemaname NOT IN ('pg_catalog', 'information_schema')"


class ProgramFailed(Exception):
    """One of PostgreSQL's programs is missing or failed; says why."""


class ProgramMissing(ProgramFailed):
    """It isn't on this machine, or is older than the one that made the copy: that says nothing about the copy."""


class ServerFailed(ProgramFailed):
    """It failed for a reason of the server's, such as no room or no connection, whatever the copy is like."""


class Postgres:
    """A database of a server, by its address."""

    name: Literal["postgresql"] = "postgresql"
    file = "leeward.pgdump"

    def __init__(self, url: str) -> None:
        self.environment = os.environ | read_address(url).for_programs()
        self._is_given = bool(url)

    def dump(self, to: Path, *, left_out: Sequence[str] = (WORD_KEYS, _WAITING)) -> None:
        """Write the database as it is at one moment, without the rows of these tables. Raises BackupNotMade."""
        try:
            # Not packed here: pieces that didn't change are recognised only where they look the same.
            self._run(
                "pg_dump",
                "--format=custom",
                "--compress=0",
                "--no-owner",
                "--no-privileges",
                *(f"--exclude-table-data=public.{table}" for table in left_out),
                "-f",
                str(to),
            )
        except ProgramFailed as error:
            raise BackupNotMade(why=str(error)) from error

    def damage(self, dump: Path) -> str:
        """Return what is wrong with a copy that was just made, as part of a sentence: that it can't be read to its end; "" if it can. Raises
        ProgramMissing."""
        try:
            self._run("pg_restore", "-f", os.devnull, str(dump))
        except ProgramMissing:
            raise
        except ProgramFailed as error:
            return f"the database can't be read ({error})"
        return ""

    def heads(self, dump: Path, scratch: Path) -> list[LogHead]:
        """Return how far the log in a copy has come. Raises BackupNotMade."""
        try:
            return log.heads_in(self._log_of(dump, scratch, ("audit_audittip", "audit_keyprint")))
        except ProgramFailed as error:
            raise BackupNotMade(why=str(error)) from error

    def fault(self, dump: Path, scratch: Path, heads: list[LogHead], public_key: str) -> str:
        """Return what is wrong with a copy: that it can't be read to its end, or a fault in its log. Raises ProgramMissing."""
        if found := self.damage(dump):
            return found
        try:
            return log.fault_in(self._log_of(dump, scratch, tuple(log.COLUMNS)), heads, public_key)
        except ProgramFailed as error:
            return f"the database can't be read ({error})"

    def log_in(self, dump: Path, scratch: Path) -> Path:
        """Return the SQLite file with what is needed of the log of a copy that `heads` or `fault` has looked at."""
        return scratch / _LOG

    def try_to_load(self, dump: Path, heads: list[LogHead]) -> bool:
        """Load a copy into a database of this server that is made for it, and dropped again; return whether the role may make one.
        Raises ServerFailed if the server fails meanwhile, and ProgramFailed if it doesn't take the copy, or the log there ends elsewhere."""
        trial = Postgres("")
        trial.environment = self.environment | {"PGDATABASE": self._trial}
        try:
            if self._psql(_MAY_CREATE).strip() != "t":
                return False
            self.drop_trial()
            self._psql(f"CREATE DATABASE {self._trial} TEMPLATE template0")
        except ProgramFailed as error:
            raise ServerFailed(str(error)) from error
        try:
            with trial._in_use():
                trial._put(dump, "")
                ends = sorted(f"{head.chain}|{head.number}|{head.hash}" for head in heads)
                if sorted(trial._psql(_ENDS).split()) != ends:
                    raise ProgramFailed("loaded into a server, its log does not end where the manifest says")
        finally:
            with suppress(ProgramFailed):  # where the server is away, the next trial drops it
                self._psql(f"DROP DATABASE IF EXISTS {self._trial} WITH (FORCE)")
        return True

    def drop_trial(self) -> None:
        """Drop the database that a trial left which was killed. Raises ProgramFailed, also while one is under way."""
        self._psql(f"DROP DATABASE IF EXISTS {self._trial}")

    @property
    def _trial(self) -> str:
        return f"leeward_trial_{hashlib.sha256(self.environment.get('PGDATABASE', '').encode()).hexdigest()[:12]}"

    @contextmanager
    def _in_use(self) -> Iterator[None]:
        """Stay connected, by a program that ends with this process: nobody drops what is in use."""
        with _started(("psql", "-X", "-q", "-A", "-t"), self.environment, stdin=subprocess.PIPE) as program:
            assert program.stdin is not None
            assert program.stdout is not None
            with suppress(BrokenPipeError):  # what comes next says why
                program.stdin.write("SELECT 1;\n")
                program.stdin.flush()
            program.stdout.readline()
            try:
                yield
            finally:
                with suppress(BrokenPipeError):
                    program.stdin.close()

    def put_word_keys(self, rows: Iterable[DataKeyRow], place: Path, copied: Sequence[str]) -> None:
        """Write the keys of words beside the copy of the database, which was dumped without them."""
        with (place / "database" / _COPIED).open("w", encoding="ascii") as file:
            file.write(f"COPY public.{WORD_KEYS} (name, wrapped, mark, day) FROM stdin;\n")
            file.writelines(as_table_lines(rows))
            file.write(f"\\.\n{_NOTED.format(digests=f"copied || '{json.dumps(list(copied))}'::jsonb")}\n")

    def put_no_word_keys(self, place: Path, number: int) -> None:
        """Write that none is there, nor any copy known of which one would be: a person says that they are lost."""
        forgotten = _NOTED.format(digests=f"'{json.dumps(noted(NO_COPY, number))}'::jsonb")
        (place / "database" / _COPIED).write_text(f"{forgotten}\n", encoding="ascii")

    def require_empty(self) -> None:
        """Raises NotEmpty if the database has tables, and NotRestored if none is named or it can't be reached."""
        if not self._is_given:
            raise NotRestored(why=_("this backup is of a PostgreSQL database; name a new one by LEEWARD_DATABASE_URL"))
        try:
            found = self._psql(_TABLES)
        except ProgramFailed as error:
            raise NotRestored(why=str(error)) from error
        if found.strip() != "0":
            raise NotEmpty(place=self.environment.get("PGDATABASE", "PostgreSQL"))

    def load(self, dump: Path, *, backup_at: datetime, waiting_since: datetime | None, now: datetime) -> None:
        """Put a copy into the database in one transaction, held: the row that says so is part of it."""
        times = {"backup_at": backup_at, "restored_at": now}
        if waiting_since is not None:  # backups from before this column know no such time
            times["waiting_since"] = waiting_since
        values = ", ".join(f"'{at.isoformat()}'" for at in times.values())
        held = f"INSERT INTO public.backup_restoration ({', '.join(times)}) VALUES ({values});"  # noqa: S608
        try:
            self._put(dump, held)
        except ProgramFailed as error:
            raise NotRestored(why=str(error)) from error

    def _put(self, dump: Path, also: str) -> None:
        script = dump.with_suffix(".sql")
        try:
            self._write_script(dump, script)
            with script.open("a", encoding="utf-8") as file:
                file.write(f"\n{also}\n")
                if (keys := dump.with_name(_COPIED)).exists():
                    with keys.open(encoding="ascii") as lines:
                        file.writelines(lines)
            self._run("psql", "-X", "-q", "--single-transaction", *_STRICT, "-f", str(script))
        finally:
            script.unlink(missing_ok=True)

    def _write_script(self, dump: Path, script: Path) -> None:
        try:
            self._run("pg_restore", "--no-owner", "--no-privileges", "-f", str(script), str(dump))
        except ProgramFailed as error:
            full = os.strerror(errno.ENOSPC)
            if full in str(error):
                raise OSError(errno.ENOSPC, full, str(script)) from error
            raise

    def _psql(self, statement: str) -> str:
        return self._run("psql", "-X", "-q", "-A", "-t", *_STRICT, "-c", statement)

    def _log_of(self, dump: Path, scratch: Path, tables: tuple[str, ...]) -> Path:
        """Write the log's tables of a copy into an SQLite file, which can sort a million rows without memory."""
        place = scratch / _LOG
        place.unlink(missing_ok=True)
        chosen = [part for table in tables for part in ("-t", table)]
        command = ["pg_restore", "--data-only", *chosen, "-f", "-", str(dump)]
        with as_disk_error(place), closing(sqlite3.connect(place)) as database, database:
            for table in log.COLUMNS:
                database.execute(f"CREATE TABLE {table} ({', '.join(log.COLUMNS[table])})")
            with _started(command, self.environment) as program:
                assert program.stdout is not None
                for table, columns, rows in copied(program.stdout):
                    marks = ", ".join("?" for _ in columns)
                    insert = f"INSERT INTO {table} ({', '.join(columns)}) VALUES ({marks})"  # noqa: S608
                    while some := list(islice(rows, 5000)):
                        database.executemany(insert, some)
            database.execute("CREATE INDEX in_order ON audit_auditrow (chain, number)")
        if program.returncode:
            raise ProgramFailed("pg_restore failed")
        return place

    def _run(self, *command: str) -> str:
        with _started(command, self.environment) as program:
            output, complained = program.communicate()
        if program.returncode:
            raise _failed(command[0], program.returncode, complained.strip().splitlines())
        return output


def _failed(program: str, ended: int, lines: list[str]) -> ProgramFailed:
    """Return why a program failed. With psql's errors stand the server's codes, which are the same in every language."""
    if program == "pg_restore" and lines and _NEWER in lines[0]:
        return ProgramMissing(lines[0])
    coded = [(line, found) for line in lines if (found := _STATE.search(line))]
    if not coded:
        kind = ServerFailed if program == "psql" and ended == _CUT_OFF else ProgramFailed
        return kind(lines[0] if lines else f"{program} failed")
    line, found = coded[-1]
    is_of_server = ended == _CUT_OFF or found[1].startswith(_OF_THE_SERVER)
    return (ServerFailed if is_of_server else ProgramFailed)(line.replace(found[0], ": "))


def _started(
    command: tuple[str, ...] | list[str], environment: dict[str, str], *, stdin: int = subprocess.DEVNULL
) -> subprocess.Popen[str]:
    english = {"LC_ALL": "C"} if command[0] == "pg_restore" else {}  # which has no codes for what is wrong
    try:
        return subprocess.Popen(  # noqa: S603 - our own words, never a shell
            command,
            env=environment | english,
            stdin=stdin,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
    except OSError as error:
        raise ProgramMissing(f"{command[0]}: {error.strerror}") from error


def copied(lines: IO[str]) -> Iterator[tuple[str, list[str], Iterator[list[str | int | None]]]]:
    """Yield the tables in the text of a dump that belong to the log: their names, the columns we need, their rows."""
    for line in lines:
        found = _COPY.match(line.rstrip("\n"))
        if found and found[1] in log.COLUMNS:
            names = [name.strip(' "') for name in found[2].split(",")]
            wanted = [name for name in log.COLUMNS[found[1]] if name in names]  # older rows have no nonce
            yield found[1], wanted, _rows(lines, [names.index(name) for name in wanted], wanted)


def _rows(lines: IO[str], places: list[int], names: list[str]) -> Iterator[list[str | int | None]]:
    for line in lines:
        if line == "\\.\n":
            return
        values = line.rstrip("\n").split("\t")
        yield [_value(name, values[at]) for name, at in zip(names, places, strict=True)]


def _value(name: str, text: str) -> str | int | None:
    if text == "\\N":
        return None
    meant = _ESCAPED.sub(lambda found: _MEANT.get(found[1], found[1]), text)
    return int(meant) if name in log.NUMBERS else meant
