"""`leeward audit` as an auditor types it, on an installation of its own whose file somebody changes."""

import json
import os
import sqlite3
import subprocess
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from leeward.audit.queries import Verdict
from leeward.audit.rules.notes import Key
from leeward.cli.audit import _row, verify
from leeward.foundation.errors import BadInput
from tests import commands
from tests.setting_up import SET_UP
from tests.tables import give_tables


def leeward(data: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return commands.leeward(
        *arguments, environment=os.environ | {"LEEWARD_DATA": str(data), "LEEWARD_DATABASE_URL": ""}
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


@pytest.mark.slow
def test_a_damaged_value_is_one_sentence_that_does_not_show_it(tmp_path: Path) -> None:
    give_tables(tmp_path / "leeward.sqlite3")
    assert leeward(tmp_path, *SET_UP).returncode == 0
    for row in (
        "made_at = CAST(x'b632362d30312d3031' AS TEXT)",
        "made_at = '2026-01-01', name = CAST(x'736563726574ff' AS TEXT)",
    ):
        change(tmp_path, f"UPDATE people_user SET {row}")
        done = leeward(tmp_path, "account", "list")
        assert (done.returncode, len(done.stderr.splitlines())) == (2, 1), done.stderr
        assert "restore the newest backup" in done.stderr
        assert "secret" not in done.stderr


@pytest.mark.slow
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


@pytest.mark.slow
def test_a_log_that_goes_on_under_another_name_or_lost_rows_is_held_against_the_signer(tmp_path: Path) -> None:
    give_tables(tmp_path / "leeward.sqlite3")
    assert leeward(tmp_path, *SET_UP).returncode == 0
    assert leeward(tmp_path, "audit", "checkpoint").returncode == 0
    assert [row[0] for row in verified_rows(tmp_path)] == [True]
    change(tmp_path, "DELETE FROM audit_auditcheckpoint; UPDATE audit_audittip SET origin = 'testserver/audit/1/2'")
    for _signed_or_not in range(2):
        [(is_good, problem)] = verified_rows(tmp_path)
        assert not is_good
        assert "rows of testserver/audit/1, of which this log says nothing" in str(problem)
        assert leeward(tmp_path, "audit", "checkpoint").returncode == 0
    gone = ("audit_auditrow", "audit_audittip", "audit_auditcheckpoint", "people_hotline")
    change(tmp_path, "".join(f"DELETE FROM {table};" for table in gone))
    assert "and nothing of it is here" in str(verified_rows(tmp_path))


@pytest.mark.slow
def test_a_log_that_cannot_be_held_against_its_signer_is_not_all_good(tmp_path: Path) -> None:
    give_tables(tmp_path / "leeward.sqlite3")
    assert leeward(tmp_path, *SET_UP).returncode == 0
    assert leeward(tmp_path, "audit", "checkpoint").returncode == 0
    signer = tmp_path / "signer"
    kept = {path: path.read_bytes() for path in signer.iterdir() if path.is_file()}
    for lost, damaged in (
        (["log.key"], []),
        (["log.key"], ["state.json"]),
        (["log.key", "state.json"], []),
        (["log.key", "state.json", "witness.key"], []),
    ):
        for name in lost:
            (signer / name).unlink()
        for name in damaged:
            (signer / name).write_bytes(b"{")
        done = leeward(tmp_path, "audit", "verify")
        assert (done.returncode, "all good" in done.stdout) == (1, False), (lost, done.stdout, done.stderr)
        assert "The log is not compared with what it has signed." in done.stdout
        for path, content in kept.items():
            path.write_bytes(content)
    assert verified_rows(tmp_path) == [(True, None)]


@pytest.mark.slow
def test_a_policy_that_is_set_needs_no_flag_and_what_nobody_signed_for_long_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    give_tables(tmp_path / "leeward.sqlite3")
    made = leeward(tmp_path, *SET_UP)
    assert made.returncode == 0, made.stderr
    keys = leeward(tmp_path, "audit", "key").stdout.splitlines()
    assert verified_rows(tmp_path) == [(True, None)] * len([line for line in keys if line.startswith("log ")])
    policy = tmp_path / "policy"
    policy.write_text("\n".join([*keys, "need 1"]))
    monkeypatch.setenv("LEEWARD_LOG_POLICY", str(policy))
    for row in verified_rows(tmp_path):
        assert row == (False, "no checkpoint of it was ever signed.")
    change(tmp_path, "INSERT INTO audit_audittip (chain, number, hash, at, signature) VALUES (0, 0, '', '', '')")
    assert leeward(tmp_path, "audit", "checkpoint").returncode == 0, (
        "a chain of which nothing is to be signed yet is in no way"
    )
    change(tmp_path, "DELETE FROM audit_audittip WHERE number = 0")
    for row in verified_rows(tmp_path):
        assert row == (False, "0 of the 1 witnesses needed saw it in the last 26 hours.")
    copy = tmp_path / "copy"
    copy.mkdir()
    with (
        closing(sqlite3.connect(tmp_path / "leeward.sqlite3")) as kept,
        closing(sqlite3.connect(copy / "leeward.sqlite3")) as target,
    ):
        kept.backup(target)
    monkeypatch.delenv("LEEWARD_LOG_POLICY")
    done = leeward(copy, "audit", "verify")
    assert (done.returncode, "there is none here" in done.stderr) == (0, True), (
        "an auditor's copy is accused of nothing"
    )
    assert not {"signer", "audit.key"} & {path.name for path in copy.iterdir()}, "nor are keys made there"
    monkeypatch.setenv("LEEWARD_LOG_POLICY", str(policy))
    log = tmp_path / "log.jsonl"
    assert leeward(tmp_path, "audit", "export", "--out", str(log)).returncode == 0
    assert verify(log) == 1, "what is set holds for a file, too"
    trusted = Key.read(json.loads(log.read_text().splitlines()[-1])["checkpoint"]["key"])
    assert verify(log, trusted.base64) == 0, "but for one that is named"
    done = leeward(tmp_path, "audit", "verify", "--ask")
    assert "0 of the 1 witnesses needed answered that they have seen nothing else." in done.stdout
    assert "/witness was not asked, for its address is not known." in done.stdout
    for words, said in (({"ask": True}, "--ask"), ({"policy": policy, "key": "z"}, "--key")):
        with pytest.raises(BadInput, match=said):
            verify(policy, **words)


def verified_rows(data: Path, *more: str) -> list[tuple[bool, str | None]]:
    lines = leeward(data, "audit", "verify", "--json", *more).stdout.splitlines()
    return [(row["ok"], row["problem"]) for row in map(json.loads, lines)]


@pytest.mark.parametrize(("since", "is_old"), [("", False), ("no time", True), (119, False), (121, True)])
def test_rows_that_wait_for_two_hours_to_be_signed_are_a_problem(since: str | int, is_old: bool) -> None:
    at = since if isinstance(since, str) else (datetime.now(UTC) - timedelta(minutes=since)).isoformat()
    row = _row(Verdict(5, 9, None, 6, None, at), is_file=False)
    assert row["ok"] is not is_old
    assert row["problem"] == (f"Nobody has signed row 7 of {at[:16]} and what follows it." if is_old else None)
    assert _row(Verdict(5, 9, None, 6, None, at), is_file=True)["ok"] is True


def test_a_whole_log_that_is_gone_or_left_out_is_missed_by_a_policy_that_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing of it is left that could be compared."""
    give_tables(tmp_path / "leeward.sqlite3")
    assert leeward(tmp_path, *SET_UP).returncode == 0
    assert leeward(tmp_path, "audit", "checkpoint").returncode == 0
    policy, log = tmp_path / "policy", tmp_path / "log.jsonl"
    keys = [line for line in leeward(tmp_path, "audit", "key").stdout.splitlines() if line.startswith("log ")]
    gone = Key.read(keys[-1].removeprefix("log "))
    other = Key(gone.name.replace("/audit/1", "/audit/2"), gone.kind, gone.raw[::-1])
    elsewhere = Key("other.example/audit/9", gone.kind, gone.raw[1:] + b"x")
    policy.write_text("\n".join([*keys, f"log {elsewhere.text}"]))
    assert leeward(tmp_path, "audit", "export", "--out", str(log)).returncode == 0
    named = ("audit", "verify", "--policy", str(policy))
    for more in ((), ("--file", str(log))):
        assert leeward(tmp_path, *named, *more).returncode == 0, "what another installation has is its affair"
    policy.write_text("\n".join([*keys, f"log {other.text}"]))
    for more in ((), ("--file", str(log))):
        done = leeward(tmp_path, *named, *more)
        assert (done.returncode, f"nothing of the log {other.name} is there" in done.stdout) == (1, True)
    monkeypatch.setenv("LEEWARD_LOG_NAME", "moved.example")  # logs keep the name under which they began
    done = leeward(tmp_path, *named)
    assert (done.returncode, f"nothing of the log {other.name} is there" in done.stdout) == (1, True)
    change(tmp_path, "PRAGMA foreign_keys = OFF; DELETE FROM audit_auditrow; DELETE FROM audit_audittip")
    change(tmp_path, "PRAGMA foreign_keys = OFF; DELETE FROM people_hotline")
    done = leeward(tmp_path, "audit", "verify")
    assert (done.returncode, "a signed checkpoint speaks of" in done.stdout) == (1, True), "also without a policy"
