"""The proof that one row stands in a log, as one file (c2sp.org/tlog-proof), and what it proves to whom. Pure."""

import base64
import hmac
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Self

from leeward.audit.rules.chain import NONCE, facts_digest, row_hash
from leeward.audit.rules.merkle import is_included, leaf_hash
from leeward.audit.rules.notes import Checkpoint, Key, Note, NoteRefused, hash_in, lines_of, seen_at, size_in

HEADER = "c2sp.org/tlog-proof@v1"
MOST_HASHES = 63
NONCE_BYTES = 16
# A row as a file has these lines, each with its value behind a space. From them alone its entry is made, so that what is read there is
# what was hashed; `version` says whether the nonce is part of the row's hash (2) or only stands beside it (1).
ROW_LINES = ("version", "chain", "number", "at", "event", "actor", "subject", "facts", "previous", "nonce")


@dataclass(frozen=True, slots=True)
class Proof:
    """Row `index` + 1 of the log, the hashes from it up to the root, and the signed note with that root."""

    index: int
    hashes: tuple[bytes, ...]
    note: Note

    @property
    def text(self) -> str:
        """Return the proof as a file."""
        lines = [HEADER, f"index {self.index}", *(base64.b64encode(each).decode() for each in self.hashes)]
        return "\n".join(lines) + "\n\n" + self.note.text

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the proof in a file; raises NoteRefused."""
        head, _, note = text.partition("\n\n")
        lines = head.split("\n")
        if len(lines) < 2 or lines[0] != HEADER or not lines[1].startswith("index "):
            raise NoteRefused(f"this is not a proof: its first lines are {HEADER} and the row's index")
        if len(lines) > MOST_HASHES + 2:
            raise NoteRefused("a proof has at most 63 hashes")
        return cls(
            size_in(lines[1].removeprefix("index ")), tuple(hash_in(each) for each in lines[2:]), Note.read(note)
        )


@dataclass(frozen=True, slots=True)
class Proven:
    """What a proof shows: the row's number, the log's checkpoint, and when which witnesses saw it (newest time each)."""

    number: int
    checkpoint: Checkpoint
    seen: tuple[tuple[str, int], ...]


def proven(proof: Proof, entry: bytes, log: Key, witnesses: Collection[Key]) -> Proven:
    """Return what the proof shows about this entry to somebody who trusts these keys; raises NoteRefused."""
    checkpoint, seen = vouched(proof.note, log, witnesses)
    if not is_included(proof.index, checkpoint.size, leaf_hash(entry), proof.hashes, checkpoint.root):
        raise NoteRefused("the row is not in this log, or it was changed")
    return Proven(proof.index + 1, checkpoint, seen)


def vouched(note: Note, log: Key, witnesses: Collection[Key]) -> tuple[Checkpoint, tuple[tuple[str, int], ...]]:
    """Return the checkpoint of a note that the log signed, and when each witness saw it; a key counts once, under two
    names too. Raises NoteRefused."""
    checkpoint = Checkpoint.read(note.body)
    if checkpoint.origin != log.name:
        raise NoteRefused(f"this is the checkpoint of another log: {checkpoint.origin}")
    if not lines_of(note, [log]):
        raise NoteRefused("the log didn't sign this checkpoint")
    names = {key.raw: key.name for key in witnesses if key.raw != log.raw}
    found = lines_of(note, [key for key in witnesses if key.raw in names])
    return checkpoint, tuple(sorted((names[raw], max(map(seen_at, lines))) for raw, lines in found.items()))


def entry_of(row_hash: str, nonce: str) -> bytes:
    """Return the bytes of a row in the tree: its hash (32) and its nonce (16), both given in hexadecimal digits."""
    return bytes.fromhex(row_hash) + bytes.fromhex(nonce)


def row_file(row: Mapping[str, object]) -> str:
    """Return a row as a file. Raises NoteRefused if a field of it would take more than its line."""
    values = {name: str(row[name]) for name in ROW_LINES}
    if bad := [name for name, value in values.items() if "\n" in value or "\0" in value]:
        raise NoteRefused(f"the row's {bad[0]} has more than one line")
    return "".join(f"{name} {value}\n" for name, value in values.items())


def row_in(text: str) -> dict[str, str]:
    """Return the fields of a row in a file, whose lines may be no others and in no other order. Raises NoteRefused."""
    lines = [line.partition(" ") for line in text.split("\n")]
    row = {name: value for name, _, value in lines[:-1]}
    if tuple(name for name, _, _ in lines) != (*ROW_LINES, "") or row["version"] not in {"1", "2"} or "\0" in text:
        raise NoteRefused(f"a row has these lines and no others: {', '.join(ROW_LINES)}")
    return row


def entry_in(row: Mapping[str, str]) -> bytes:
    """Return the entry of a row in a file, made of all its fields. Raises NoteRefused where one isn't written as it is hashed."""
    chain, number, nonce = size_in(row["chain"]), size_in(row["number"]), row["nonce"]
    if not NONCE.match(nonce):
        raise NoteRefused("the row's nonce is not 32 hexadecimal digits")
    made = row_hash(
        chain=chain,
        number=number,
        facts_sha256=facts_digest(row["facts"]),
        nonce=None if row["version"] == "1" else nonce,
        **{name: row[name] for name in ("at", "event", "actor", "subject", "previous")},
    )
    return entry_of(made, nonce)


def old_nonce(salt: str, number: int) -> str:
    """Return the nonce of a row that was written without one: nobody can work it out who doesn't have the salt."""
    return hmac.digest(bytes.fromhex(salt), str(number).encode(), "sha256")[:NONCE_BYTES].hex()
