"""The proof of one row as a folder that is handed to a court: the row, its proof, and how to check both. Checked without Django."""

import json
import shutil
from pathlib import Path
from typing import Any

from leeward.audit.rules.chain import facts_digest, row_hash
from leeward.audit.rules.notes import Key, NoteRefused
from leeward.audit.rules.policy import Policy
from leeward.audit.rules.proofs import Proof, entry_of, proven

ROW, PROOF, READ_ME, SCRIPT = "row.json", "row.tlog-proof", "how-to-check.txt", "check-with-openssl.sh"
MOST_BYTES = 1024 * 1024
# The fields of a row of which its hash is made as they are, and what else the file holds.
_HASHED = ("chain", "number", "at", "event", "actor", "subject", "previous")
_BESIDE = ("facts", "facts_sha256", "nonce", "version", "hash", "log")

_HOW = """How to check that this row stands in the log
============================================

{row} is the row: who did what, and when. {proof} is the proof; it holds the statement (checkpoint) that the log signed, and the
lines of the witnesses that saw it.

Whose log it is, the keys say. Take them from a place that you trust, not from this folder. These were used:

{keys}

With Leeward: leeward audit check-proof FOLDER --policy FILE, where FILE holds these lines.

With openssl (3.0 or newer) alone:

bash {script} {proof} {entry} {vkeys}

The long number is the row's entry: its hash (32 bytes) and its nonce (16), as in {row}. The row's hash is the SHA-256 of its fields:
chain, number, at, event, actor, subject, facts_sha256, previous{nonce}; each as its length (4 bytes, the highest first) and its bytes
in UTF-8. facts_sha256 is the SHA-256 of the text of facts.
"""


def write(folder: Path, found: Any) -> list[Path]:
    """Write a `checkpoints.RowProof` into a new folder; return the files. Raises OSError, also if the folder exists."""
    folder.mkdir(parents=True)
    vkeys = [found.log_key, *found.witness_keys]
    lines = [f"log {found.log_key}", *(f"witness {each}" for each in found.witness_keys)]
    how = _HOW.format(
        row=ROW,
        proof=PROOF,
        script=SCRIPT,
        keys="\n".join(lines),
        vkeys=" ".join(vkeys),
        entry=found.entry.hex(),
        nonce=", nonce (its 16 bytes)" if found.row["version"] == 2 else "",
    )
    texts = {
        ROW: json.dumps(found.row | {"log": found.log_key}, ensure_ascii=False, indent=1) + "\n",
        PROOF: found.proof.text,
        READ_ME: how,
    }
    for name, text in texts.items():
        (folder / name).write_text(text, encoding="utf-8")
    shutil.copyfile(Path(__file__).parents[1] / "data" / SCRIPT, folder / SCRIPT)
    return [folder / name for name in (*texts, SCRIPT)]


def check(folder: Path, policy: Policy | None) -> dict[str, Any]:
    """Return what a folder proves: `ok`, and a `sentence`. How old the witnesses' lines are doesn't matter for a row that is there."""
    try:
        row = json.loads(_text(folder / ROW), object_pairs_hook=_fields)
        proof = Proof.read(_text(folder / PROOF))
        entry = entry_of(_hash_of(row), str(row["nonce"]))
        log, witnesses = _keys(row, proof, policy)
        found = proven(proof, entry, log, witnesses)
        problem = ""
        if policy and len(found.seen) < policy.need:
            problem = f"{len(found.seen)} of the {policy.need} witnesses needed saw this checkpoint"
    except NoteRefused as refused:
        return {"ok": False, "sentence": f"Not proven: {refused}."}
    except OSError as error:
        return {"ok": False, "sentence": f"Not proven: {error.filename}: {error.strerror}."}
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return {"ok": False, "sentence": f"Not proven: {folder / ROW} is not a row as leeward audit prove writes it."}
    if problem:
        return {"ok": False, "sentence": f"Not proven: {problem}."}
    by = f"signed by {log.name}" if policy else f"signed by a key that calls itself {log.name} and that you didn't name"
    return {
        "ok": True,
        "row": found.number,
        "size": found.checkpoint.size,
        "seen": dict(found.seen),
        "sentence": f"Row {found.number} ({row['at']}: {row['event']}, {row['subject']}, by {row['actor']}) "
        f"is in the log of {found.checkpoint.size} rows {by}, "
        f"seen by {len(found.seen)} witnesses.",
    }


def _hash_of(row: dict[str, Any]) -> str:
    """Return the hash of a row's fields. Raises NoteRefused if it isn't what the row says."""
    if more := sorted({*row} - {*_HASHED, *_BESIDE}):
        raise NoteRefused(f"{more[0][:50]!r} is no field of a row: nothing proves it")
    digest = facts_digest(row["facts"])
    nonce = None if row["version"] == 1 else row["nonce"]
    made = row_hash(**{name: row[name] for name in _HASHED}, facts_sha256=digest, nonce=nonce)
    if made != row["hash"] or digest != row["facts_sha256"]:
        raise NoteRefused("the row's fields were changed: they don't make its hash")
    return made


def _fields(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """Return what a file says of each field. Raises NoteRefused where it names one twice: a reader may see the other."""
    fields = dict(pairs)
    if len(fields) < len(pairs):
        raise NoteRefused("a field of the row is there twice")
    return fields


def _keys(row: dict[str, Any], proof: Proof, policy: Policy | None) -> tuple[Key, tuple[Key, ...]]:
    if policy is None:
        return Key.read(str(row["log"])), ()
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
