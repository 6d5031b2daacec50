"""What the command says and returns when something breaks under it."""

import errno
import sqlite3
from pathlib import Path

import psycopg
import pytest
from django.db import OperationalError

from leeward.cli import main

SHIPPED = Path(__file__).parents[2] / "shipping/debian"


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
