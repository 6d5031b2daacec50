"""A case is exported by its country's analysts, by a program with a key and by the command; every verdict is kept."""

import io
import json
import os
import shutil
import subprocess
import zipfile
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from lxml import etree
from pysequoia import Tsk, decrypt

from leeward.audit.models import AuditRow
from leeward.cli.export import _write as write_export
from leeward.cli.output import NotWritten
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotAllowed
from leeward.outputs import services
from leeward.outputs.models import Export
from leeward.outputs.rules import bundle
from leeward.people.services.tokens import issue_token
from tests.audit.test_tree import cosigned_by
from tests.casework.conftest import Desk
from tests.casework.test_own_pictures import sent
from tests.signers import signing_here

pytestmark = pytest.mark.django_db
# Every format of a case but the one about payments (`test_fiu.py`); the PDF needs a library that an installation may lack.
FORMATS = [name for name in services.FORMATS if services.is_installed(name) and name != "goaml"]
# Facts that leave no doubt about a class.
CERTAIN = {"medium": "photograph", "age_band": "7-10", "act": "act_no_adult", "real_person": "yes"}


@pytest.fixture
def decided(desk: Desk) -> Any:
    """A case that was decided as illegal."""
    case = desk.first()
    desk.assess(case, facts=CERTAIN)
    return case


def export(desk: Desk, case: Any, name: str, **options: Any) -> services.Exported:
    return services.export_case(name, case.reference, options=services.Options(**options), actor=desk.cast["ana"].actor)


def test_every_format_holds_and_its_verdict_is_kept(desk: Desk, decided: Any) -> None:
    for name in FORMATS:
        made = export(desk, decided, name)
        assert made.refusals == (), name
        assert b"I found a bad page" not in made.content, name
        assert b"Ana" not in made.content.replace(b"Analyst", b""), name
    rows = list(Export.objects.order_by("pk"))
    assert len(rows) == len(FORMATS)
    assert all(row.is_valid and row.validator and len(row.digest) == 64 for row in rows)
    acts = AuditRow.objects.filter(event="case.exported", subject=f"case:{decided.pk}")
    assert [json.loads(row.facts)["format"] for row in acts.order_by("number")] == [row.format for row in rows]
    paper = json.loads(export(desk, decided, "police").content)
    assert paper["log"][-1]["event"] == "case.exported"
    assert paper["files"][0]["sha256"]


def test_what_is_not_decided_is_refused_and_that_is_kept_too(desk: Desk) -> None:
    case = desk.first()
    made = export(desk, case, "xarf")
    assert made.content == b""
    assert [one.code for one in made.refusals] == ["not_decided"]
    row = Export.objects.get()
    assert (row.is_valid, row.refusals, row.digest) == (False, [["not_decided", ""]], "")
    assert json.loads(AuditRow.objects.get(event="case.export_refused").facts)["codes"] == ["not_decided"]
    assert json.loads(export(desk, case, "police").content)["facts"] is None, "undecided facts are nobody's"


def test_no_paper_for_the_police_is_made_where_a_person_asked_that_they_are_not_told(desk: Desk) -> None:
    quiet, open_to_police = sent(desk), sent(desk, wish="police")
    for name in sorted({"police", "police-pdf", "bundle"} & set(FORMATS)):
        assert [one.code for one in export(desk, quiet, name).refusals] == ["kept_quiet"], name
        assert export(desk, open_to_police, name).refusals == (), name


# All that the commands of a bundle's page may use: OpenSSL, a shell, and what every Unix has.
TOOLS = (
    "openssl", "sh", "bash", "awk", "basename", "cat", "cmp", "cut", "date", "echo", "grep", "head", "mktemp", "mv", "od", "printf",
    "rm", "sed", "tail", "test", "tr",
)  # fmt: skip


@pytest.mark.slow
@pytest.mark.skipif(shutil.which("openssl") is None, reason="no openssl here")
def test_a_bundle_is_verified_with_openssl_alone_by_the_commands_on_its_page(
    desk: Desk, decided: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    signing_here(monkeypatch, tmp_path / "signer")
    cosigned_by(decided.hotline_id, b"1" * 32, "witness.example/1", datetime.now(UTC))
    export(desk, decided, "xarf")  # a row that is newer than the checkpoint
    with zipfile.ZipFile(io.BytesIO(export(desk, decided, "bundle").content)) as packed:
        packed.extractall(tmp_path)
    (tmp_path / "bin").mkdir()
    for tool in TOOLS:
        (tmp_path / "bin" / tool).symlink_to(str(shutil.which(tool)))
    page = (tmp_path / "README.html").read_text(encoding="utf-8")
    commands = unescape(page.partition("<pre>")[2].partition("</pre>")[0])
    assert commands == bundle.COMMANDS

    def verified() -> str:
        alone = {"PATH": str(tmp_path / "bin")}
        done = subprocess.run(
            ["sh", "-c", commands], cwd=tmp_path, env=alone, capture_output=True, text=True, check=False
        )
        return done.stdout + done.stderr

    found = verified()
    assert found.count("Signature Verified Successfully") == 2
    assert "CHANGED" not in found
    from leeward.audit.keys import public_key

    assert found.startswith(f"{public_key()}\n"), "before anything of the bundle is run"
    rows = [row.number for row in AuditRow.objects.filter(subject=f"case:{decided.pk}").order_by("number")]
    assert sorted(int(path.stem) for path in (tmp_path / "log/proofs").glob("*.tlog-proof")) == rows[:-2]
    for row in rows[:-2]:
        assert (
            f"\n{(tmp_path / f'log/rows/{row}.txt').read_text(encoding='utf-8')}this row is line {row} of the log"
            in found
        )
    assert f"no checkpoint covers them yet: {rows[-2]}." in page
    proof = tmp_path / f"log/proofs/{rows[0]}.tlog-proof"
    kept = proof.read_text(encoding="utf-8")
    for wrong in (kept.replace(f"index {rows[0] - 1}", f"index {rows[1] - 1}"), kept.replace("\n\n", "\nAAAA\n\n", 1)):
        proof.write_text(wrong, encoding="utf-8")
        assert f"CHANGED: log/proofs/{rows[0]}.tlog-proof" in verified()
    proof.write_text(kept, encoding="utf-8")
    row = tmp_path / f"log/rows/{rows[0]}.txt"
    true = row.read_bytes()
    for forged in (true.replace(b"\nactor ", b"\nactor staff:99 ", 1), true + b"seen by everybody\n"):
        row.write_bytes(forged)
        found = verified()
        assert f"CHANGED: log/proofs/{rows[0]}.tlog-proof" in found, "the proof is of another row"
        assert f"CHANGED: log/rows/{rows[0]}.txt" in found
    row.write_bytes(true)
    keys = tmp_path / f"log/proofs/{rows[0]}.keys"
    assert "witness.example/1" in keys.read_text(encoding="utf-8")
    keys.write_text(
        keys.read_text(encoding="utf-8").replace("witness.example/1+", "witness.example/2+"), encoding="utf-8"
    )
    assert f"CHANGED: log/proofs/{rows[0]}.tlog-proof" in verified()
    (tmp_path / "case.json").write_bytes(b"{}")
    assert "CHANGED: case.json" in verified()
    listing = (tmp_path / "manifest.txt").read_bytes()
    (tmp_path / "manifest.txt").write_bytes(listing.replace(b"made 2", b"made 3"))
    found = verified()
    assert found.count("Signature Verified Successfully") == 1
    assert "CHANGED: manifest.txt" in found


def test_an_officers_key_gets_it_encrypted(desk: Desk, decided: Any) -> None:
    key = Tsk.generate("Officer <officer@constabulary.example>")
    made = export(desk, decided, "police", certificate=str(key.extract_certificate()))
    assert made.name == f"{decided.reference}-police.json.asc"
    opened = decrypt(made.content, key.decryptor())
    assert json.loads(bytes(opened.bytes))["case"] == decided.reference
    assert Export.objects.get().is_sealed
    for name in ("police", "bundle"):
        with pytest.raises(Exception, match="can't be read"):
            export(desk, decided, name, certificate="no key")
    assert Export.objects.count() == AuditRow.objects.filter(event="case.exported").count() == 1
    with pytest.raises(Exception, match="not encrypted"):
        export(desk, decided, "dsa16", certificate=str(key.extract_certificate()))


def test_on_the_page_there_is_a_preview_first_and_a_refusal_says_why(desk: Desk) -> None:
    case = desk.first()
    client, path = desk.signed_in("ana"), f"/desk/case/{case.reference}/exports"
    assert path in client.get(f"/desk/case/{case.reference}").content.decode()
    page = client.get(f"{path}?format=iccam").content.decode()
    assert "The case was not decided as illegal." in page
    assert Export.objects.count() == 0, "a preview keeps nothing"
    assert client.post(path, {"format": "iccam"}).status_code == 409
    desk.assess(case, facts=CERTAIN)
    page = client.get(f"{path}?format=xarf").content.decode()
    assert "xarf_version" in page
    assert "Refused" in page
    answer = client.post(path, {"format": "xarf", "exploitation": "grooming"})
    assert answer.headers["Content-Disposition"] == f'attachment; filename="{case.reference}-xarf.json"'
    assert json.loads(answer.content)["type"] == "csem"
    assert client.post(path, {"format": "nothing"}).status_code == 404
    assert desk.signed_in("dora").get(path).status_code == 404, "another country sees nothing"
    assert desk.signed_in("pia").get(path).status_code == 403


def test_a_program_needs_a_key_for_it(desk: Desk, decided: Any) -> None:
    def key(scope: str) -> dict[str, str]:
        made = issue_token(name="Police desk", scopes=[scope], actor=desk.cast["adam"].actor)
        return {"HTTP_AUTHORIZATION": f"Bearer {made}"}

    good, path = key("export"), f"/api/v1/exports/cybertipline/{decided.reference}"
    answer = Client().post(path, {}, content_type="application/json", **good)
    assert answer.status_code == 200
    assert etree.fromstring(answer.content).tag == "report"
    (row,) = Client().get(f"/api/v1/exports/{decided.reference}", **good).json()
    assert (row["format"], row["is_valid"]) == ("cybertipline", True)
    assert Client().post(path, {}, content_type="application/json", **key("statistics")).status_code == 403
    refused = Client().post(path, {"exploitation": "theft"}, content_type="application/json", **good)
    assert (refused.status_code, refused.json()["code"]) == (409, "export_refused")
    other = Actor("token", 1, "x", hotline_id=desk.cast.hotline_id + 1, roles=frozenset({"export"}))
    with pytest.raises(NotAllowed):
        services.export_case("xarf", decided.reference, options=services.Options(), actor=other)


def test_the_figures_of_a_quarter(desk: Desk, decided: Any) -> None:
    now = datetime.now(UTC)
    quarter = f"{now.year}Q{(now.month + 2) // 3}"
    made = services.export_quarter(quarter, hotline_id=desk.cast.hotline_id, actor=desk.cast["carl"].actor)
    rows = {line.split(",")[2]: line.split(",")[3] for line in made.content.decode().splitlines()}
    assert (rows["reports"], rows["items"], rows["cases"], rows["illegal"]) == ("1", "1", "1", "1")
    assert rows["age_band:7-10"] == "1"
    client = desk.signed_in("ana")
    for wrong in ("soon", "9999Q4"):
        assert client.post("/desk/figures", {"quarter": wrong}).status_code == 400, wrong
    assert client.post("/desk/figures", {"quarter": "2020Q1"}).content.decode().count(",0,") == 9


def test_the_command_writes_a_file_or_says_why_not(
    desk: Desk, decided: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from leeward.cli.main import run

    out, words = tmp_path / "report.json", tmp_path / "words.json"
    words.write_text(json.dumps({"labels": [{"code": "P", "when": {"medium": ["photograph"]}}]}))
    command = ["export", "iccam", decided.reference, "--vocabulary", str(words), "--hotline", "jm", "--out", str(out)]
    assert run(command) == 0, capsys.readouterr()
    assert json.loads(out.read_text())["labels"] == ["P"]
    assert run(command) == 2, "a file that exists is left alone"
    words.write_text(json.dumps({"labels": [{"code": "P", "when": {"medium": "a photograph"}}]}))
    command[-1] = str(tmp_path / "another.json")
    assert run(command) == 2, "values are a list: in a text every part of it would be one"
    assert Export.objects.filter(format="iccam").count() == 1
    command[1], command[-1] = "stats-inhope", str(tmp_path / "figures.csv")
    assert run(command) == 2, "a case is no quarter"
    assert not (tmp_path / "figures.csv").exists()


def test_a_full_disk_leaves_no_half_of_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Half a bundle would be taken for one that was tampered with, and stand in the way of the next try."""

    def full(_file: int) -> None:
        raise OSError(28, "No space left on device")

    out = tmp_path / "bundle.zip"
    with monkeypatch.context() as disk:
        disk.setattr(os, "fsync", full)
        with pytest.raises(NotWritten, match="can't be written: no space left"):
            write_export(out, b"whole")
    assert list(tmp_path.iterdir()) == []
    (tmp_path / ".bundle.zip.part").write_bytes(b"of one that was killed")
    write_export(out, b"whole")
    assert [(one.name, one.read_bytes()) for one in tmp_path.iterdir()] == [("bundle.zip", b"whole")]
    with pytest.raises(NotWritten, match="can't be written: it exists already"):
        write_export(out, b"another")
    assert out.read_bytes() == b"whole"
