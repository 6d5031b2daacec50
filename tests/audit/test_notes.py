"""Signed notes and proofs as files, against the published vectors (`tests/vectors/log`)."""

import base64
import hashlib
import json
import subprocess
from contextlib import suppress
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from leeward.audit.rules import proofs
from leeward.audit.rules.notes import (
    LOG,
    WITNESS,
    Checkpoint,
    Key,
    Line,
    Note,
    NoteRefused,
    cosigned,
    hash_in,
    holds,
    line_in,
    seen_at,
    signed_checkpoint,
    size_in,
)
from leeward.audit.rules.proofs import (
    ROW_LINES,
    Proof,
    entry_in,
    entry_of,
    old_nonce,
    proven,
    row_file,
    row_in,
    vouched,
)
from leeward.audit.rules.witnessing import Answer, Watched, answer, contradicts, read_request

SCRIPT = Path(proofs.__file__).parents[1] / "data" / "check-with-openssl.sh"
VECTORS = Path(__file__).parent.parent / "vectors" / "log"
KEYS = json.loads((VECTORS / "keys.json").read_text())
LOG_KEY = Key.read(KEYS["vkeys"]["log"])
WITNESSES = [Key.read(KEYS["vkeys"][name]) for name in ("litewitness", "aics_witness", "own_witness")]
NOTES = json.loads((VECTORS / "notes.json").read_text())
ROWS = json.loads((VECTORS / "rows.json").read_text())["rows"]
REQUESTS = json.loads((VECTORS / "add_checkpoint.json").read_text())
AT_13 = 1795786234


def private(name: str) -> Ed25519PrivateKey:
    return Ed25519PrivateKey.from_private_bytes(bytes.fromhex(KEYS["seeds"][name]))


def test_a_row_from_before_there_were_nonces_has_one_of_its_chains_salt() -> None:
    assert old_nonce("ab" * 32, 7) == "ef681d284d7bb8c3ccfac360917a01f5"


def test_keys_are_read_as_they_are_written() -> None:
    for name, text in KEYS["vkeys"].items():
        key = Key.read(text)
        assert key.text == text
        assert key.kind == (LOG if "log" in name else WITNESS)
    text = LOG_KEY.text
    for wrong in ("", "a+b", text.replace("44bf", "44be"), text[:-1], text.replace("a.hot", "a hot"), text + "A"):
        with pytest.raises(NoteRefused):
            Key.read(wrong)
    ml_dsa = base64.b64encode(bytes([6]) + LOG_KEY.raw).decode()
    with pytest.raises(NoteRefused, match="Ed25519"):
        Key.read(f"x+00000000+{ml_dsa}")


def judged(note: str, witnesses: list[Key], now: int = AT_13 + 60) -> int | None:
    try:
        _, seen = vouched(Note.read(note), LOG_KEY, witnesses)
    except NoteRefused:
        return None
    return sum(now - 26 * 3600 <= at <= now + 300 for _, at in seen)


@pytest.mark.parametrize("case", NOTES["cases"], ids=lambda case: case["what"])
def test_published_notes_are_judged_as_published(case: dict) -> None:
    witnesses = [*WITNESSES, Key.read(NOTES["alias_vkey"])] if "two names" in case["what"] else WITNESSES
    assert judged(case["note"], witnesses) == case["count"]


def test_notes_are_written_as_published() -> None:
    for name in ("checkpoint-5.txt", "checkpoint-13.txt", "sigsum-13.txt"):
        text = (VECTORS / name).read_text()
        note = Note.read(text)
        assert note.text == text
        assert Checkpoint.read(note.body).text == note.body
    note = Note.read((VECTORS / "checkpoint-13.txt").read_text())
    checkpoint = Checkpoint.read(note.body)
    assert signed_checkpoint(checkpoint, LOG_KEY, private("log").sign) == note.lines[0]
    ours = next(line for line in note.lines if line.name == WITNESSES[2].name)
    assert cosigned(checkpoint, WITNESSES[2], seen_at(ours), private("witness").sign) == ours
    assert holds(note.body, ours, WITNESSES[2])
    assert not holds(note.body, ours, LOG_KEY)
    assert not holds(note.body, Line(ours.name, ours.key_id, ours.signed[:-1]), WITNESSES[2])


def test_the_logs_own_key_is_no_witness() -> None:
    """Two trusted lines of one hand would count as two."""
    checkpoint = Checkpoint.read(Note.read((VECTORS / "checkpoint-13.txt").read_text()).body)
    as_witness = Key("x.example", WITNESS, LOG_KEY.raw)
    lines = (
        signed_checkpoint(checkpoint, LOG_KEY, private("log").sign),
        cosigned(checkpoint, as_witness, AT_13, private("log").sign),
    )
    assert vouched(Note(checkpoint.text, lines), LOG_KEY, [as_witness]) == (checkpoint, ())


def test_a_proof_is_read_checked_and_written_as_published() -> None:
    text = (VECTORS / "row-5.tlog-proof").read_text()
    proof = Proof.read(text)
    assert proof.text == text
    entry = entry_of(ROWS[4]["hash"], ROWS[4]["nonce"])
    found = proven(proof, entry, LOG_KEY, WITNESSES)
    assert (found.number, found.checkpoint.size) == (5, 13)
    assert dict(found.seen) == {
        "witness.example/w1": AT_13,
        "witness.example/a1": AT_13,
        "b.hotline.example/witness": AT_13,
    }
    with pytest.raises(NoteRefused, match="not in this log"):
        proven(proof, entry_of(ROWS[5]["hash"], ROWS[5]["nonce"]), LOG_KEY, WITNESSES)
    with pytest.raises(NoteRefused, match="another log"):
        proven(proof, entry, Key.read(KEYS["vkeys"]["sigsum_log"]), WITNESSES)
    other = Key(LOG_KEY.name, LOG, WITNESSES[0].raw)
    with pytest.raises(NoteRefused, match="didn't sign"):
        proven(proof, entry, other, WITNESSES)
    assert proven(proof, entry, LOG_KEY, []).seen == ()
    for wrong in (
        text.replace("index 4", "index 04"),
        text.replace("@v1", "@v2"),
        text.replace("index", "row"),
        "",
        "\n\n",
    ):
        with pytest.raises(NoteRefused):
            Proof.read(wrong)
    too_long = text.replace("index 4\n", "index 4\n" + "A" * 43 + "=\n" * 1 + ("A" * 43 + "=\n") * 60)
    with pytest.raises(NoteRefused, match="at most 63"):
        Proof.read(too_long)


def test_openssl_alone_agrees(tmp_path: Path) -> None:
    entry = entry_of(ROWS[4]["hash"], ROWS[4]["nonce"]).hex()
    keys = [LOG_KEY.text, *(key.text for key in WITNESSES)]
    command = ["bash", SCRIPT, VECTORS / "row-5.tlog-proof", f"--entry={entry}", *keys]
    good = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (good.returncode, good.stdout.splitlines()[-1]) == (0, "the row with this entry is line 5 of the log")
    command[3] = f"--entry={entry[::-1]}"
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1
    row = tmp_path / "row.txt"
    row.write_text(row_file(ROWS[4]), encoding="utf-8")
    command[3] = row
    good = subprocess.run(command, capture_output=True, text=True, check=False)
    assert good.stdout.endswith(f"{row.read_text(encoding='utf-8')}this row is line 5 of the log\n"), good
    assert good.returncode == 0
    row.write_text(row_file(ROWS[3]), encoding="utf-8")
    assert subprocess.run(command, capture_output=True, check=False).returncode == 1, "another row of the same log"


def test_the_published_requests_are_answered_as_the_specification_wants() -> None:
    """One witness, nineteen requests in order: its state moves only by what it cosigned."""
    state = Watched(REQUESTS["origin"], (Key.read(REQUESTS["log_vkey"]),))
    evidence = 0
    for case in REQUESTS["cases"]:
        try:
            request = read_request(case["request"])
        except NoteRefused:
            assert case["spec"] == 400, case["what"]
            continue
        known = state if request.checkpoint.origin == state.origin else None
        given = answer(request, known)
        assert given == case["spec"], case["what"]
        if known and given in (Answer.OTHER_SIZE, Answer.FORK):
            evidence += contradicts(request, state)
        if given is Answer.COSIGNED:
            state = Watched(state.origin, state.keys, request.checkpoint.size, request.checkpoint.root)
    assert (state.size, evidence) == (13, 4)


def test_what_is_no_request_is_refused() -> None:
    good = REQUESTS["cases"][3]["request"]
    for wrong in (good.replace("old ", "new "), good.replace("\n\n", "\n", 1), "old 0\n" + "A" * 43 + "=\n" + "x", ""):
        with pytest.raises(NoteRefused):
            read_request(wrong)
    with pytest.raises(NoteRefused, match="at most 63"):
        read_request("old 0\n" + ("A" * 43 + "=\n") * 64 + "\n" + good.partition("\n\n")[2])


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("\nnumber 5\n", "\nnumber 5\nnumber 6\n"),
        ("\nnumber 5\n", "\nnumber 05\n"),
        ("\nchain 1\n", "\nchain 1 \n"),
        ("\nchain 1\n", "\nchain \u0661\n"),
        ("\nversion ", "\nversion  "),
        ("version 1", "version 3"),
        ("\nat ", "\nseen by all\nat "),
        ("\nnonce ", "\nnonce  "),
        ("\nnonce ", "\nfacts {}\nnonce "),
        ("\nprevious ", "\n\nprevious "),
    ],
)
def test_a_row_is_read_only_as_it_is_hashed(old: str, new: str) -> None:
    """Nothing can stand in its file beside what the hash covers, for a court would read it."""
    text = row_file(ROWS[4])
    changed = ("\n" + text).replace(old, new, 1)[1:] if old in "\n" + text else text[:-1]
    with pytest.raises(NoteRefused):
        entry_in(row_in(changed))
    for wrong in (text[:-1], text + "\n", text + "more\n", text.replace("\n", "\r\n")):
        with pytest.raises(NoteRefused):
            entry_in(row_in(wrong))
    for value in ("a\nb", "a\0b"):
        with pytest.raises(NoteRefused):
            row_file(ROWS[4] | {"subject": value})


@given(st.text(alphabet="abc \n—+=/0123456789", max_size=200))
def test_whatever_comes_is_read_or_refused(text: str) -> None:
    for read in (Note.read, Key.read, Checkpoint.read, Proof.read, read_request, line_in, size_in, hash_in, row_in):
        with suppress(NoteRefused):
            read(text)


def test_the_entry_and_leaf_of_each_published_row() -> None:
    for row in ROWS:
        entry = entry_of(row["hash"], row["nonce"])
        assert entry.hex() == row["entry"]
        assert entry_in(row_in(row_file(row))) == entry
        assert hashlib.sha256(b"\0" + entry).hexdigest() == row["leaf"]


def test_a_row_whose_values_have_spaces_is_read_as_it_was_written() -> None:
    row = {name: str(value) for name, value in ROWS[4].items() if name in ROW_LINES} | {"subject": "a case of two"}
    assert row_in(row_file(row)) == row


@pytest.mark.parametrize(
    ("changed", "why"),
    [
        ({"nonce": "0" * 31}, "the row's nonce is not 32 hexadecimal digits"),
        ({"version": "3"}, "a row has these lines and no others: " + ", ".join(ROW_LINES)),
    ],
)
def test_what_is_wrong_with_a_row_is_named(changed: dict[str, str], why: str) -> None:
    with pytest.raises(NoteRefused) as refused:
        entry_in(row_in(row_file(ROWS[4] | changed)))
    assert refused.value.args == (why,)


def test_a_row_has_no_nul_which_a_shell_would_lose() -> None:
    with pytest.raises(NoteRefused):
        row_in(row_file(ROWS[4]).replace("subject ", "subject \0"))
    with pytest.raises(NoteRefused) as refused:
        row_file(ROWS[4] | {"subject": "one\ntwo"})
    assert "the row's subject has more than one line" in str(refused.value.args)
