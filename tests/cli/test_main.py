"""What the command says and returns when something breaks under it."""

import errno
import sqlite3
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError

from leeward.audit.errors import KeyUnusable
from leeward.cli import main
from leeward.cli.words import _first_line_of
from leeward.foundation.errors import BadInput
from leeward.sealing.errors import WordsStoreDiskFull
from leeward.site.ports import AddressTaken
from leeward.site.refusing import ClockBehind, DamagedDatabase
from leeward.site.start import TablesNotReady
from leeward.site.upgrading import NoRoomForCopy

SHIPPED = Path(__file__).parents[2] / "shipping/debian"


def _of_sqlite(words: str, number: int) -> OperationalError:
    """What Django makes of an error of SQLite."""
    error, cause = OperationalError(words), sqlite3.OperationalError(words)
    cause.sqlite_errorcode, cause.sqlite_errorname = number, _NAMES[number]
    error.__cause__ = cause
    return error


_NAMES = {
    sqlite3.SQLITE_BUSY: "SQLITE_BUSY",
    sqlite3.SQLITE_FULL: "SQLITE_FULL",
    sqlite3.SQLITE_CORRUPT: "SQLITE_CORRUPT",
}


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "No space left on device", "index/1.new"), "No space left on device (index/1.new)"),
        (OSError(errno.ENOENT, "No such file"), "Traceback"),
        (RuntimeError("a fault of ours"), "a fault of ours"),
    ],
)
def test_no_fault_looks_like_an_answer(
    error: Exception, said: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """1 means a known file to whoever calls `leeward bank lookup`."""

    def broken(_noun: str) -> None:
        raise error

    monkeypatch.setattr(main, "build", broken)
    assert main.run(["bank", "lookup", "x"]) == 2
    told = capsys.readouterr().err
    assert said in told
    assert ("make room" in told) is (getattr(error, "errno", 0) == errno.ENOSPC)


def test_serve_is_started_again_where_postgres_is_not_there_and_not_where_it_lets_nobody_in(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A machine may start before that of the database, at night."""
    with pytest.raises(psycopg.OperationalError) as absent:
        psycopg.connect("postgresql://127.0.0.1:1/leeward")

    def code(cause: Exception, *words: str) -> int:
        error = OperationalError(str(cause))
        error.__cause__ = cause

        def broken(_noun: str) -> None:
            raise error

        monkeypatch.setattr(main, "build", broken)
        return main.run(list(words))

    assert code(absent.value, "serve") == main.TRY_AGAIN
    assert code(psycopg.errors.CannotConnectNow("the database system is starting up"), "serve") == main.TRY_AGAIN
    assert code(absent.value, "bank", "lookup", "x") == 2
    assert code(psycopg.OperationalError('FATAL: password authentication failed for user "leeward"'), "serve") == 2
    assert code(sqlite3.OperationalError("unable to open database file"), "serve") == 2
    for name in ("leeward", "leeward-public"):
        unit = (SHIPPED / f"{name}.service").read_text()
        assert "Restart=always\n" in unit
        assert "RestartPreventExitStatus=2\n" in unit


@pytest.mark.parametrize(("command", "passes"), [("false", True), ("true", False), ("no-such-program", False)])
def test_whoever_prints_the_passphrase_may_not_be_there_yet(command: str, passes: bool) -> None:
    with pytest.raises(BadInput) as failed:
        _first_line_of(command)
    assert failed.value.passes is passes


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (ClockBehind(now="1970-01-01 00:00", newest="2026-12-02 07:00"), main.TRY_AGAIN),
        (AddressTaken(address="127.0.0.1:8470"), main.TRY_AGAIN),
        (TablesNotReady(), main.TRY_AGAIN),
        (WordsStoreDiskFull(path="words.sqlite3"), main.TRY_AGAIN),
        (NoRoomForCopy.beside([], needed=20, free=1), main.TRY_AGAIN),
        (OSError(errno.ENOSPC, "No space left on device"), main.TRY_AGAIN),
        (_of_sqlite("database is locked", sqlite3.SQLITE_BUSY), main.TRY_AGAIN),
        (_of_sqlite("database or disk is full", sqlite3.SQLITE_FULL), main.TRY_AGAIN),
        (_of_sqlite("database disk image is malformed", sqlite3.SQLITE_CORRUPT), 2),
        (DamagedDatabase(path="leeward.sqlite3", why="row 1 missing"), 2),
        (KeyUnusable(name="secret", what="is missing"), 2),
    ],
    ids=lambda value: type(value).__name__ if isinstance(value, Exception) else str(value),
)
def test_serve_is_started_again_where_what_is_wrong_may_pass_by_itself(
    error: Exception, code: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A machine comes up before time servers have set its clock, and nobody hears of an installation that isn't there."""

    def broken(_noun: str) -> None:
        raise error

    monkeypatch.setattr(main, "build", broken)
    assert main.run(["serve"]) == code
    assert main.run(["doctor"]) == 2
