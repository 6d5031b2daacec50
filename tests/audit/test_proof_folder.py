"""What a court gets: checked by a command that needs neither a database nor Django, and small however long the log is."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from leeward.audit.rules.merkle import inclusion_proof
from leeward.audit.rules.proofs import row_file
from leeward.audit.services import record
from leeward.audit.tree import proof_folder
from leeward.audit.tree.checkpoints import prove, publish
from tests.audit.test_log import ACTOR, some_acts
from tests.audit.test_tree import SCRIPT, as_of_old, cosigned_by
from tests.signers import signing_here

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 28, 12, 0, tzinfo=UTC)
PAGE = Path(__file__).parents[2] / "docs/how-to/log.md"
MILLION, MOST_BYTES = 1_000_000, 2048


@pytest.fixture(autouse=True)
def _signer(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    signing_here(monkeypatch, tmp_path / "signer")


def check(place: Path) -> subprocess.CompletedProcess[str]:
    """Run the command where no installation is, and have Python say what it imports."""
    own = {name: value for name, value in os.environ.items() if not name.startswith(("LEEWARD_", "DJANGO_"))}
    nowhere = {
        "LEEWARD_DATA": str(place / "no-data"),
        "LEEWARD_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
    command = [
        sys.executable,
        "-X",
        "importtime",
        "-m",
        "leeward",
        "audit",
        "check-proof",
        "proof",
        "--policy",
        "trusted.txt",
    ]
    return subprocess.run(
        command, env=own | nowhere, cwd=place, capture_output=True, text=True, timeout=120, check=False
    )  # fmt: skip


def test_a_proof_is_checked_by_a_process_without_database_and_django(tmp_path: Path) -> None:
    some_acts(6)
    publish(5, NOW)
    found = prove(5, 2)
    proof_folder.write(tmp_path / "proof", found)
    (tmp_path / "trusted.txt").write_text(f"log {found.log_key}\n")
    done = check(tmp_path)
    assert done.returncode == 0, done.stderr[-2000:]
    assert "row 2" in done.stdout.lower(), done.stdout
    imported = {line.rpartition("|")[2].strip().partition(".")[0] for line in done.stderr.splitlines()}
    assert "leeward" in imported, "or nothing is looked at here"
    assert imported.isdisjoint({"django", "sqlite3", "psycopg"})
    assert not (tmp_path / "no-data").exists()
    row = tmp_path / "proof" / "row.txt"
    row.write_text(row.read_text().replace("case:1", "case:2"))
    refused = check(tmp_path)
    assert (refused.returncode, "it was changed" in refused.stdout) == (1, True), refused.stdout


def of_the_documents(place: Path) -> subprocess.CompletedProcess[str]:
    """Run the line for a court's expert as it stands on the page, where the page wants it run."""
    shutil.copyfile(SCRIPT, place / "check-with-openssl.sh")
    section = PAGE.read_text(encoding="utf-8").partition("## Prove one row to a court")[2].partition("\n## ")[0]
    (line,) = [line.strip() for line in section.splitlines() if line.startswith("    bash ")]
    return subprocess.run(["bash", "-c", line], cwd=place, capture_output=True, text=True, timeout=60, check=False)


def of_the_folder(place: Path) -> subprocess.CompletedProcess[str]:
    """Run the line of the page in the folder itself."""
    how = (place / "proof-120" / "how-to-check.txt").read_text(encoding="utf-8")
    (line,) = [line for line in how.splitlines() if line.startswith("bash ")]
    return subprocess.run(
        ["bash", "-c", line], cwd=place / "proof-120", capture_output=True, text=True, timeout=60, check=False
    )


@pytest.mark.parametrize("run", [of_the_documents, of_the_folder])
@pytest.mark.parametrize("number", [1, 4])
def test_openssl_alone_finds_a_row_whose_text_was_forged(
    run: Callable[[Path], subprocess.CompletedProcess[str]], number: int, tmp_path: Path
) -> None:
    """As the pages say it: what an expert reads is what was hashed, up to the root that the log signed."""
    record("case.closed", actor=ACTOR, hotline_id=5, subject="case:7", facts={"why": "löschen \U0001f600", "empty": ""})
    some_acts(6)
    publish(5, NOW)
    witness = cosigned_by(5, b"1" * 32, "a-university.example/w1", NOW)
    proof_folder.write(tmp_path / "proof-120", prove(5, number))
    (tmp_path / "trusted.txt").write_text(
        f"# by telephone\nlog {prove(5, 1).log_key}\nwitness {witness.text} https://a-university.example/w\nneed 1\n"
    )
    row = tmp_path / "proof-120" / "row.txt"
    true = row.read_text(encoding="utf-8")
    good = run(tmp_path)
    assert good.returncode == 0, good
    assert good.stdout.endswith(f"{true}this row is line {number} of the log\n"), "the row as it was hashed"
    assert "a-university.example/w1 saw this as the newest state" in good.stdout
    lines = true.splitlines(keepends=True)
    forged = [true.replace(line, f"{line[:-1]}1\n", 1) for line in lines]
    forged += [f"{true}facts {{}}\n", true[:-1], true + "\n", "".join(reversed(lines)), "", "\0" + true, true * 2]
    forged += ["".join([*lines[:at], *lines[at + 1 :]]) for at in range(len(lines))]
    forged += ["".join([*lines[:at], "seen by everybody\n", *lines[at:]]) for at in range(len(lines))]
    for text in forged:
        row.write_text(text, encoding="utf-8")
        done = run(tmp_path)
        assert (done.returncode, "this row is line" in done.stdout) == (1, False), (text, done)
        assert "NOT in this log, or it was changed" in done.stdout or "not a row" in done.stdout, (text, done)
        assert not proof_folder.check(tmp_path / "proof-120", None)["ok"], text


def test_a_folder_of_version_0_2_is_still_checked(tmp_path: Path) -> None:
    some_acts(3)
    publish(5, NOW)
    as_of_old(tmp_path / "proof", prove(5, 2))
    found = proof_folder.check(tmp_path / "proof", None)
    assert (found["ok"], found["row"]) == (True, 2)
    (tmp_path / "proof" / "row.txt").write_text(row_file(prove(5, 2).row))
    assert "there twice" in proof_folder.check(tmp_path / "proof", None)["sentence"]


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        ('"actor": ', '"actor": "staff:99",\n "actor": ', "there twice"),
        ('"facts_sha256": "', '"facts_sha256": "00', "were changed"),
        ('"version": ', '"seen_by": "everybody",\n "version": ', "'seen_by' is no field of a row"),
    ],
)
def test_whoever_reads_the_file_reads_what_is_proven(tmp_path: Path, old: str, new: str, why: str) -> None:
    some_acts(3)
    publish(5, NOW)
    found = prove(5, 2)
    as_of_old(tmp_path / "proof", found)
    sound = proof_folder.check(tmp_path / "proof", None)
    assert all(f"{found.row[name]}" in sound["sentence"] for name in ("at", "event", "subject", "actor"))
    row = tmp_path / "proof" / "row.json"
    assert old in row.read_text()
    row.write_text(row.read_text().replace(old, new, 1))
    assert why in proof_folder.check(tmp_path / "proof", None)["sentence"]


def test_a_proof_of_one_of_a_million_rows_with_two_witnesses_is_small() -> None:
    some_acts(3)
    publish(5, NOW)
    for number in (1, 2):
        cosigned_by(5, bytes([number]) * 32, f"a-university.example/witness/{number}", NOW)
    proof = prove(5, 1).proof
    assert proof.note.text.count("— a-university") == 2
    hashes = [tuple(inclusion_proof(at, MILLION, lambda _level, _index: bytes(32))) for at in (0, 500_000, MILLION - 1)]
    longest = max(hashes, key=len)
    assert len(longest) == 20
    text = replace(proof, index=MILLION - 1, hashes=longest).text
    assert len(text.encode()) + len(str(MILLION)) <= MOST_BYTES
