"""What is committed to the public face's file stays, whoever opens and closes it meanwhile."""

import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing, suppress
from pathlib import Path

import pytest

from leeward.site.apart.guarded import Guarded, make_beside

COME_AND_GO = (
    "import sqlite3, sys; one = sqlite3.connect(sys.argv[1]); one.execute('SELECT * FROM kept').fetchall(); one.close()"
)


def test_a_second_connection_of_a_process_takes_no_lock_from_the_first(tmp_path: Path) -> None:
    """Closing a file drops all locks of the process on it; another process that is the last one then deletes what was written."""
    file = tmp_path / "public.sqlite3"
    with closing(sqlite3.connect(file)) as made:
        made.execute("PRAGMA journal_mode=WAL")
        made.execute("CREATE TABLE kept (number)")
    first = sqlite3.connect(file, factory=Guarded, isolation_level=None)
    first.execute("INSERT INTO kept VALUES (1)")
    second = sqlite3.connect(file, factory=Guarded, isolation_level=None)
    subprocess.run([sys.executable, "-c", COME_AND_GO, str(file)], check=True)
    first.execute("INSERT INTO kept VALUES (2)")
    with closing(sqlite3.connect(file)) as other:
        assert other.execute("SELECT number FROM kept").fetchall() == [(1,), (2,)]
    second.close()
    first.close()
    assert not sqlite3.connect(file, factory=Guarded).is_replaced()


def test_a_disk_that_was_read_only_for_a_while_leaves_nothing_behind(tmp_path: Path) -> None:
    mount = ["mount", "-t", "tmpfs", "-o", "size=10m,mode=700", "test", str(tmp_path)]
    if shutil.which("mount") is None or subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("no small disk can be mounted here: that takes root")
    try:
        file = tmp_path / "public.sqlite3"
        with closing(sqlite3.connect(file, isolation_level=None)) as made:
            made.execute("PRAGMA journal_mode=WAL")
            made.execute("CREATE TABLE kept (number)")
        make_beside(file)
        _remount(tmp_path, "ro")
        early: list[sqlite3.Connection] = []  # which stay open, as in a web process that goes on
        with suppress(sqlite3.OperationalError):
            early.append(sqlite3.connect(file, factory=Guarded, isolation_level=None))
            early[0].execute("SELECT * FROM kept")
        _remount(tmp_path, "rw")
        with closing(sqlite3.connect(file, factory=Guarded, isolation_level=None)) as later:
            later.execute("INSERT INTO kept VALUES (1)")
    finally:
        subprocess.run(["umount", "--lazy", str(tmp_path)], check=False)


def _remount(place: Path, how: str) -> None:
    subprocess.run(["mount", "-o", f"remount,{how}", str(place)], check=True)
