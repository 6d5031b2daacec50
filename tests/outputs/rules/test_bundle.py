"""What a bundle of evidence holds, and that no byte of it can be changed unnoticed."""

import base64
import csv
import io
import zipfile
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from leeward.audit.rules.signatures import public_of
from leeward.outputs.rules import bundle
from leeward.outputs.rules.bundle import UNLISTED, archive, check, listed_files, manifest, proofs
from leeward.outputs.rules.papers import Proof
from leeward.outputs.rules.records import Row
from leeward.outputs.rules.refusals import Refusal
from tests.outputs.rules.cases import RECEIVED, proven, record

SEED = bytes(range(32))
PROOF_PAGE = "https://leeward.example/proof"
PLAIN = record(visits=(Row(RECEIVED, "seen", "by name"),))
RECORD = replace(PLAIN, log=(proven(PLAIN.log[0]), replace(PLAIN.log[0], number=15, covered=b"newer")))
SCRIPT = b"# checks"


def _signature(text: bytes) -> str:
    return base64.b64encode(Ed25519PrivateKey.from_private_bytes(SEED).sign(text)).decode()


def _files() -> dict[str, bytes]:
    return _signed(listed_files(RECORD, b"{}", PROOF_PAGE, SCRIPT))


def _signed(listed: dict[str, bytes]) -> dict[str, bytes]:
    """The same with everything that proves the list."""
    listing = manifest(RECORD, listed)
    facts = f'{{"manifest":"{sha256(listing).hexdigest()}"}}'
    receipt = b"row " + sha256(facts.encode()).hexdigest().encode()
    text = b"leeward-audit-head 1\n1\n13\n" + sha256(receipt).hexdigest().encode() + b"\nnow\n"
    head = Proof(public_of(SEED), text, _signature(text))
    return listed | proofs(listing, _signature(listing), head, receipt, facts)


def _checked(files: Mapping[str, bytes]) -> tuple[Refusal, ...]:
    return check(archive(files, datetime(2026, 11, 28, 12, 30, 58, tzinfo=UTC)))


WHOLE = _files()


def test_the_tables_are_what_the_record_holds() -> None:
    files = _files()
    tables = {
        name: list(csv.reader(io.StringIO(content.decode(), newline="")))
        for name, content in files.items()
        if name.endswith(".csv")
    }
    file, log = RECORD.files[0], RECORD.log[0]
    assert tables == {
        "hashes.csv": [
            ["address", "media", "bytes", "md5", "sha1", "sha256", "pdq"],
            [file.url, "image", "1234", file.md5, file.sha1, file.sha256, file.pdq],
        ],
        "findings.csv": [["at", "kind", "value", "source"], ["2026-11-20T09:00:00Z", "ip", "198.51.100.7", "DNS"]],
        "messages.csv": [["at", "what", "note"], ["2026-11-20T11:00:00Z", "Police told", "sent"]],
        "checks.csv": [["at", "what", "note"], ["2026-11-20T14:00:00Z", "same", "200"]],
        "visits.csv": [["at", "what", "note"], ["2026-11-20T09:00:00Z", "seen", "by name"]],
        "log/rows.csv": [
            ["number", "at", "event", "actor", "facts", "sha256"],
            ["12", log.at, "case.opened", "system", "{}", log.hash],
            ["15", log.at, "case.opened", "system", "{}", log.hash],
        ],
    }
    assert (files["case.json"], files["log/rows/12.bin"]) == (b"{}", log.covered)
    assert files["log/rows/12.txt"].decode() == log.text
    assert files["log/check-with-openssl.sh"] == SCRIPT
    assert {name: content.decode() for name, content in files.items() if name.startswith("log/proofs/")} == {
        "log/proofs/12.tlog-proof": log.proof,
        "log/proofs/12.keys": f"{log.keys[0]}\n",
    }
    assert "These rows are newer, and no checkpoint covers them yet: 15." in files["README.html"].decode()
    assert "Every row has one." in bundle.page(replace(RECORD, log=RECORD.log[:1]), PROOF_PAGE)
    assert PROOF_PAGE in files["README.html"].decode()


def test_a_whole_bundle_is_whole_and_always_the_same_bytes() -> None:
    assert _checked(_files()) == ()
    at = datetime(2026, 11, 28, 12, 30, 58, tzinfo=UTC)
    packed = archive(WHOLE, at)
    assert packed == archive(dict(reversed(WHOLE.items())), at)
    with zipfile.ZipFile(io.BytesIO(packed)) as opened:
        assert opened.namelist() == sorted(WHOLE)
        assert {one.date_time for one in opened.infolist()} == {(2026, 11, 28, 12, 30, 58)}
        assert {one.compress_type for one in opened.infolist()} == {zipfile.ZIP_STORED}


@pytest.mark.parametrize("name", sorted(WHOLE.keys() - {"key.pem"}))
def test_a_changed_file_is_named_and_a_missing_one_too(name: str) -> None:
    changed = _checked(WHOLE | {name: WHOLE[name][:-1] + bytes([WHOLE[name][-1] ^ 1])})
    assert changed
    assert {one.code for one in changed} <= {"manifest_bad", "proof_bad"}
    if name not in UNLISTED:
        assert Refusal("manifest_bad", name) in changed
    missing = _checked({other: content for other, content in WHOLE.items() if other != name})
    assert Refusal("manifest_bad", name) in missing
    is_of_proof = name.startswith("log/proofs/") or name in ("log/rows/12.bin", "log/rows/12.txt")
    assert is_of_proof or len(missing) == 1


@pytest.mark.parametrize(
    "changed",
    [
        {"log/rows/12.bin": b"covered otherwise"},
        {"log/rows/12.txt": b"zz"},
        {"log/rows/12.txt": RECORD.log[0].text.replace("case:7", "case:8").encode()},
        {"log/proofs/12.keys": b""},
        {"log/proofs/12.keys": b"log.example/2+00000000+AAAA"},
        {"log/proofs/12.tlog-proof": b""},
        {"log/proofs/12.tlog-proof": RECORD.log[0].proof.replace("index 11", "index 10").encode()},
    ],
)
def test_a_proof_that_does_not_hold_is_refused_whatever_is_signed(changed: dict[str, bytes]) -> None:
    listed = listed_files(RECORD, b"{}", PROOF_PAGE, SCRIPT) | changed
    assert _checked(_signed(listed)) == (Refusal("proof_bad", "log/proofs/12.tlog-proof"),)


def test_a_proof_of_another_row_or_without_its_parts_is_refused() -> None:
    listed = listed_files(RECORD, b"{}", PROOF_PAGE, SCRIPT)
    moved = {
        name.replace("/12.", "/15."): content for name, content in listed.items() if name.startswith("log/proofs/")
    }
    moved |= {f"log/rows/15.{end}": listed[f"log/rows/12.{end}"] for end in ("bin", "txt")}
    assert _checked(_signed(listed | moved)) == (Refusal("proof_bad", "log/proofs/15.tlog-proof"),), "it is row 12"
    for name in ("log/rows/12.txt", "log/proofs/12.keys", "log/rows/12.bin"):
        less = {other: content for other, content in listed.items() if other != name}
        assert _checked(_signed(less)) == (Refusal("proof_bad", "log/proofs/12.tlog-proof"),), name
    for name in ("first", "12.5"):
        assert _checked(_signed(listed | {f"log/proofs/{name}.tlog-proof": b"x"})), name


def test_a_bundle_that_would_fill_the_memory_is_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    size = sum(map(len, WHOLE.values()))
    monkeypatch.setattr(bundle, "MOST_BYTES", size)
    assert _checked(WHOLE) == ()
    monkeypatch.setattr(bundle, "MOST_BYTES", size - 1)
    assert _checked(WHOLE) == (Refusal("too_long"),)


@pytest.mark.parametrize(
    "key",
    [
        b"",
        b"no key",
        b"\xff\n\xff\n\xff",
        b"-\nabcde\n-",
        WHOLE["key.pem"].lower(),
        WHOLE["key.pem"] + WHOLE["key.pem"],
    ],
)
def test_a_key_that_is_not_as_we_write_it_proves_nothing(key: bytes) -> None:
    found = _checked(WHOLE | {"key.pem": key})
    assert found == tuple(Refusal("manifest_bad", name) for name in ("key.pem", "manifest.sig", "log/head.sig"))


def test_an_archive_that_programs_may_open_otherwise_is_refused() -> None:
    out = io.BytesIO(archive(WHOLE, RECEIVED))
    with zipfile.ZipFile(out, "a") as packed, pytest.warns(UserWarning, match="Duplicate"):
        packed.writestr("case.json", b"{}")
    assert check(out.getvalue()) == (Refusal("malformed"),)
    pressed = io.BytesIO()
    with zipfile.ZipFile(pressed, "w", zipfile.ZIP_LZMA) as packed:
        packed.writestr("case.json", b"{}")
    assert check(pressed.getvalue()) == (Refusal("malformed"),)
    locked = bytearray(archive(WHOLE, RECEIVED))
    for mark, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        locked[locked.index(mark) + flags] |= 1
    assert check(bytes(locked)) == (Refusal("malformed"),)


def test_another_key_a_further_file_and_another_title_are_found() -> None:
    other = proofs(b"", "", Proof(public_of(SEED[::-1]), b"", ""), b"", "")["key.pem"]
    assert [one.where for one in _checked(WHOLE | {"key.pem": other})] == ["manifest.sig", "log/head.sig"]
    assert _checked(WHOLE | {"more.txt": b""}) == (Refusal("manifest_bad", "more.txt"),)
    for name in ("manifest.txt", "log/head.txt"):
        assert name.replace(".txt", ".sig") in [one.where for one in _checked(WHOLE | {name: b"\xff"})]
    assert check(b"no archive") == (Refusal("malformed"),)
    titled = WHOLE["manifest.txt"].replace(b"bundle 1", b"bundle 2")
    found = [one.where for one in _checked(WHOLE | {"manifest.txt": titled})]
    assert found == ["manifest.txt", "manifest.sig", "manifest.txt"]


def test_no_cell_that_others_wrote_is_a_formula_in_a_spreadsheet() -> None:
    said = ('=HYPERLINK("http://a.example")', " +1", "-1", "@SUM(A1)", "\uff1d1+1", "\t=1", "a=b", "")
    findings = tuple(("registrar", one, "WHOIS", RECEIVED) for one in said)
    files = listed_files(record(findings=findings), b"{}", PROOF_PAGE, SCRIPT)
    rows = list(csv.reader(io.StringIO(files["findings.csv"].decode(), newline="")))[1:]
    assert [row[2] for row in rows] == [*(f"'{one}" for one in said[:-2]), "a=b", ""]
