"""The proof of one row as a folder that is handed to a court: the row, its proof, and how to check both. Checked without Django."""

import json
import shutil
from pathlib import Path
from typing import Any

from leeward.audit.rules.chain import facts_digest
from leeward.audit.rules.notes import Key, NoteRefused
from leeward.audit.rules.policy import Policy
from leeward.audit.rules.proofs import ROW_LINES, Proof, entry_in, proven, row_file, row_in

ROW, PROOF, READ_ME, SCRIPT = "row.txt", "row.tlog-proof", "how-to-check.txt", "check-with-openssl.sh"
KEYS, OLD_ROW = "keys.txt", "row.json"
MOST_BYTES = 1024 * 1024
# What the file of a row held until version 0.2, beside the fields of the row.
_BESIDE = ("facts_sha256", "hash", "log")

_HOW = """How to check that this row stands in the log
============================================

{row} is the row: who did what, and when, each in a line. {proof} is the proof; it holds the statement (checkpoint) that the log
signed, and the lines of the witnesses that saw it.

Whose log it is, the keys say. Take them from a place that you trust, not from this folder. These were used ({keys_file}):

{keys}

With Leeward: leeward audit check-proof FOLDER --policy FILE, where FILE holds these lines.

With openssl (3.0 or newer) alone, and the script as Leeward publishes it (src/leeward/audit/data/{script}):

bash {script} {proof} {row} {vkeys}

The script hashes the row from {row} up to the root that the log signed. At its end it prints the row as it was hashed, and "this
row is line {number} of the log". What it printed there is what is proven: compare it, line by line, with whatever else you were
given about this row (a paper, a table, a statement).

To hash the row yourself: its hash is the SHA-256 of chain, number, at, event, actor, subject, the SHA-256 of the text of facts (as
64 hexadecimal digits), previous{nonce}; each as its length (4 bytes, the highest first) and its bytes in UTF-8. This row's hash:

{hash}

That hash and the 16 bytes of the nonce are the row's entry in the log: bash {script} {proof} --entry={entry} {vkeys}
checks the entry alone, and knows nothing of what the row says.
"""


def write(folder: Path, found: Any) -> list[Path]:
    """Write a `checkpoints.RowProof` into a new folder; return the files. Raises OSError, also if the folder exists, and NoteRefused, also
    where it proves nothing: no court shall be the first to find that the database was changed."""
    vkeys = [found.log_key, *found.witness_keys]
    keys = "".join([f"log {found.log_key}\n", *(f"witness {each}\n" for each in found.witness_keys)])
    entry = found.entry.hex()
    how = _HOW.format(
        row=ROW,
        proof=PROOF,
        script=SCRIPT,
        keys_file=KEYS,
        keys=keys.rstrip(),
        vkeys=" ".join(vkeys),
        number=found.row["number"],
        hash=found.row["hash"],
        entry=entry,
        nonce=", the 16 bytes of nonce" if found.row["version"] == 2 else "",
    )
    texts = {ROW: row_file(found.row), PROOF: found.proof.text, KEYS: keys, READ_ME: how}
    proven(found.proof, entry_in(row_in(texts[ROW])), Key.read(found.log_key), ())
    if entry_in(row_in(texts[ROW])) != found.entry:
        raise NoteRefused("the row's hash is not that of its fields")
    folder.mkdir(parents=True)
    for name, text in texts.items():
        (folder / name).write_bytes(text.encode())
    shutil.copyfile(Path(__file__).parents[1] / "data" / SCRIPT, folder / SCRIPT)
    return [folder / name for name in (*texts, SCRIPT)]


def check(folder: Path, policy: Policy | None) -> dict[str, Any]:
    """Return what a folder proves: `ok`, and a `sentence`. How old the witnesses' lines are doesn't matter for a row that is there."""
    try:
        row, log_key = _row_of(folder, is_key_needed=policy is None)
        proof = Proof.read(_text(folder / PROOF))
        log, witnesses = _keys(log_key, proof, policy)
        found = proven(proof, entry_in(row), log, witnesses)
        problem = "" if row["number"] == f"{found.number}" else "the row's number is not its line in the log"
        if policy and len(found.seen) < policy.need:
            problem = f"{len(found.seen)} of the {policy.need} witnesses needed saw this checkpoint"
    except NoteRefused as refused:
        return {"ok": False, "sentence": f"Not proven: {refused}."}
    except OSError as error:
        return {"ok": False, "sentence": f"Not proven: {error.filename}: {error.strerror}."}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {
            "ok": False,
            "sentence": f"Not proven: what {folder} holds is not a row as leeward audit prove writes it.",
        }
    if problem:
        return {"ok": False, "sentence": f"Not proven: {problem}."}
    by = f"signed by {log.name}" if policy else f"signed by a key that calls itself {log.name} and that you didn't name"
    return {
        "ok": True,
        "row": found.number,
        "size": found.checkpoint.size,
        "seen": dict(found.seen),
        "sentence": f"Row {found.number} ({row['at']}: {row['event']}, {row['subject']}, by {row['actor']}, facts {row['facts']}) "
        f"is in the log of {found.checkpoint.size} rows {by}, "
        f"seen by {len(found.seen)} witnesses.",
    }


def _row_of(folder: Path, *, is_key_needed: bool) -> tuple[dict[str, str], str]:
    """Return the fields of the row in a folder, and the key that the folder names for the log, "" if none is needed. Raises NoteRefused."""
    if (folder / OLD_ROW).exists():
        if (folder / ROW).exists():
            raise NoteRefused(f"the row is there twice, as {ROW} and as {OLD_ROW}")
        return _old_row(_text(folder / OLD_ROW))
    row = row_in(_text(folder / ROW))
    line = _text(folder / KEYS).partition("\n")[0] if is_key_needed else ""
    return row, line.removeprefix("log ")


def _old_row(text: str) -> tuple[dict[str, str], str]:
    """Return the same of a row as version 0.2 wrote it. Raises NoteRefused, also if its fields don't make its hash."""
    fields = json.loads(text, object_pairs_hook=_fields)
    if more := sorted({*fields} - {*ROW_LINES, *_BESIDE}):
        raise NoteRefused(f"{more[0][:50]!r} is no field of a row: nothing proves it")
    row = row_in(row_file(fields))
    if (
        entry_in(row) != bytes.fromhex(fields["hash"] + row["nonce"])
        or facts_digest(row["facts"]) != fields["facts_sha256"]
    ):
        raise NoteRefused("the row's fields were changed: they don't make its hash")
    return row, str(fields["log"])


def _fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return what a file says of each field. Raises NoteRefused where it names one twice: a reader may see the other."""
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise NoteRefused("a field of the row is there twice")
    return fields


def _keys(log_key: str, proof: Proof, policy: Policy | None) -> tuple[Key, tuple[Key, ...]]:
    if policy is None:
        return Key.read(log_key), ()
    for key in policy.logs:
        if proof.note.body.startswith(f"{key.name}\n"):
            return key, policy.witnesses
    raise NoteRefused(f"no key is trusted for {proof.note.body.partition(chr(10))[0]}")


def _text(path: Path) -> str:
    with path.open("rb") as file:
        raw = file.read(MOST_BYTES + 1)
    if len(raw) > MOST_BYTES:
        raise NoteRefused(f"{path.name} is larger than a proof can be")
    return raw.decode("utf-8")
