"""`leeward bank` at a terminal: exit codes, JSON lines, one clear line for what is wrong, signatures."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from leeward.cli.bank import app
from leeward.foundation.errors import LeewardError
from tests.hashbank.conftest import Desk, file_hashes
from tests.personas import Cast


@pytest.fixture
def leeward(bank: Desk, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Run a command of the bank in this process: exit code, rows or text."""
    monkeypatch.setattr("leeward.site.start.start", lambda: None)

    def run(*words: str) -> tuple[int, Any]:
        result = CliRunner().invoke(
            app, [*words, *(["--hotline", "jm"] if words[0] not in ("sign", "verify") else [])], standalone_mode=False
        )
        if isinstance(result.exception, LeewardError):
            return 2, result.exception.text
        assert result.exception is None, result.exception
        text = result.stdout
        rows = [json.loads(line) for line in text.splitlines()] if "--json" in words else text
        return int(result.return_value or 0), rows

    return run


def test_from_a_list_to_a_signed_copy(leeward: Any, tmp_path: Path) -> None:
    digest = file_hashes("a")[2].value.hex()
    source, out = tmp_path / "list.csv", tmp_path / "out.xml"
    source.write_text(f"sha256,md5\n{digest},{file_hashes('a')[0].value.hex()}\nzz,\n")
    code, (row,) = leeward("import", str(source), "--source", "Partner", "--dry-run", "--json")
    assert (code, row["added"], row["broken"], row["problems"][0]["line"]) == (1, 1, 1, 3)
    assert leeward("lookup", f"sha256:{digest}") == (0, "")
    assert leeward("import", str(source), "--source", "Partner")[0] == 1
    code, (found,) = leeward("lookup", digest.upper(), "--json")
    assert (code, found["match"]) == (1, "known")
    assert leeward("show", str(found["record_id"]), "--json")[1][0]["votes"] == ["Partner: confirm"]
    assert leeward("export", "--format", "ncmec", "--out", str(out))[0] == 0
    assert leeward("verify", str(out))[0] == 0
    code, (row,) = leeward("import", str(source), "--source", "Another", "--dry-run", "--json")
    assert row["changes"] == {"baseline": 1}
    code, text = leeward("import", str(source), "--source", "Another", "--dry-run")
    assert f"changes baseline: 1 records that are there already, first {found['record_id']}" in text
    out.write_bytes(out.read_bytes()[:-9])
    assert leeward("verify", str(out))[0] == 1


def test_the_command_says_what_waits_for_a_second_person(leeward: Any) -> None:
    given = [f"{one.kind}:{one.value.hex()}" for one in file_hashes("a")]
    number = leeward("add", *given)[1].strip()
    assert leeward("add", *given, "--bank", "look-alikes")[1].strip() == number
    assert leeward("lookup", given[0], "--json")[1][0]["match"] == "known"
    (shown,) = leeward("show", number, "--json")[1]
    assert "confirmed becomes harmless once a second person confirms it" in shown["vote_change"]


def test_a_list_for_subscribers(leeward: Any) -> None:
    code, text = leeward("add", *(f"{one.kind}:{one.value.hex()}" for one in file_hashes("a")), "--fact", "act=posing")
    assert (code, text.strip().isdecimal()) == (0, True)
    assert leeward("open-list", "national")[0] == 0
    code, text = leeward("publish", "national")
    folder = text.split("\t")[1]
    assert leeward("verify", folder)[0] == 0
    assert leeward("verify", folder, "--key", "A" * 43 + "=")[0] == 1
    assert leeward("lists", "--json")[1][0]["version"] == 1
    assert leeward("open-list", "national", "--format", "csv", "--kind", "sha256")[0] == 0
    assert "kinds: all; formats: csv" in leeward("open-list", "national", "--title", "Hosts", "--clear", "kind")[1]
    assert leeward("open-list", "national", "--clear", "title")[0] == 2


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["lookup", "abc"], "3 hexadecimal digits"),
        (["lookup", "pdq:" + "a" * 63], "63 hexadecimal digits"),
        (["import", "/nowhere", "--source", "P"], "no such file"),
        (["export", "nothing"], "list"),
        (["export", "--format", "xyz"], "is not one of csv"),
        (["add", "a" * 64, "--fact", "act"], "name=value"),
        (["show", "99999"], "record"),
    ],
)
def test_what_is_wrong_is_one_line(leeward: Any, words: list[str], why: str) -> None:
    code, text = leeward(*words)
    assert code == 2
    assert why in text


def test_a_kind_and_a_hash_in_capitals_are_the_same(leeward: Any) -> None:
    assert leeward("add", "md5:" + "a" * 32)[0] == 0
    assert leeward("lookup", "MD5:" + "A" * 32)[0] == 1
