"""What is committed to the public face's file stays, whoever opens and closes it meanwhile."""

import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

from leeward.site.apart.guarded import Guarded

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
