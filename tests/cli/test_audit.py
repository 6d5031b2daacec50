"""`leeward audit` as an auditor types it, on an installation of its own whose file somebody changes."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

from tests.setting_up import SET_UP
from tests.tables import give_tables


def leeward(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", "from leeward.cli.main import main; main()", *arguments],
        env=os.environ | {"LEEWARD_DATA": str(data), "LEEWARD_DATABASE_URL": ""},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def change(data: Path, sql: str) -> None:
    """As somebody would who has the file."""
    database = sqlite3.connect(data / "leeward.sqlite3")
    for (name,) in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
        database.execute(f"DROP TRIGGER {name}")
    database.executescript(sql)
    database.close()


def verified(data: Path, *more: str) -> tuple[int, int | None]:
    """The exit code, and the first bad row."""
    done = leeward(data, "audit", "verify", "--json", *more)
    [row] = [json.loads(line) for line in done.stdout.splitlines()]
    return done.returncode, row["first_bad_row"]


def test_what_was_changed_cut_off_or_taken_away_is_found(tmp_path: Path) -> None:
    give_tables(tmp_path / "leeward.sqlite3")
    made = leeward(tmp_path, *SET_UP)
    assert made.returncode == 0, made.stderr
    log = tmp_path / "log.jsonl"
    assert leeward(tmp_path, "audit", "export", "--out", str(log)).returncode == 0
    assert verified(tmp_path, "--file", str(log)) == (0, None)
    log.write_text(log.read_text().replace("hotline.opened", "hotline.opener"))
    assert verified(tmp_path, "--file", str(log)) == (1, 1)

    change(tmp_path, "UPDATE audit_auditrow SET facts = replace(facts, 'JM', 'JN') WHERE number = 1")
    assert verified(tmp_path) == (1, 1)
    change(tmp_path, "UPDATE audit_auditrow SET facts = replace(facts, 'JN', 'JM') WHERE number = 1")
    assert verified(tmp_path) == (0, None)
    change(tmp_path, "DELETE FROM audit_auditrow WHERE number > 1; DELETE FROM audit_audittip")
    assert verified(tmp_path) == (1, 1)
    change(tmp_path, "DELETE FROM audit_auditrow; DELETE FROM audit_audithead")
    assert verified(tmp_path) == (1, 1), "a hotline without a log has lost it"
