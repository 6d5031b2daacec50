"""Signed notes: a short text with the signatures of its log and of witnesses below it (c2sp.org/signed-note,
tlog-checkpoint and tlog-cosignature, in their releases of 2025 and 2026). Pure."""

import base64
import binascii
import hashlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Self

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

LOG, WITNESS = 1, 4
"""What a key signs: checkpoints of its own log, or that it saw those of others."""
DASH = "\u2014"
MOST_CHARACTERS = 64 * 1024
MOST_SIGNATURES = 100
_KEY_BYTES, _SIGNATURE_BYTES = 32, 64


class NoteRefused(ValueError):
    """A note, key or checkpoint isn't as the specification wants it; the words say why."""


@dataclass(frozen=True, slots=True)
class Key:
    """A public key with its name, as people exchange it (a *vkey*)."""

    name: str
    kind: int
    raw: bytes

    @property
    def id(self) -> bytes:
        """Return the four bytes by which a signature line names this key."""
        return hashlib.sha256(f"{self.name}\n".encode() + bytes([self.kind]) + self.raw).digest()[:4]

    @property
    def text(self) -> str:
        """Return the key as one line: name, id in hexadecimal digits, kind and key in base64, with plus signs between."""
        return f"{self.name}+{self.id.hex()}+{base64.b64encode(bytes([self.kind]) + self.raw).decode()}"

    @property
    def base64(self) -> str:
        """Return the 32 bytes of the key alone, in base64."""
        return base64.b64encode(self.raw).decode()

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the key that a line describes; raises NoteRefused. Base64 may itself hold plus signs."""
        parts = text.strip().split("+", 2)
        if len(parts) != 3 or not is_name(parts[0]):
            raise NoteRefused("a key has three parts: name+id+base64")
        blob = unbase64(parts[2])
        if len(blob) != _KEY_BYTES + 1 or blob[0] not in (LOG, WITNESS):
            raise NoteRefused("this is not an Ed25519 key of a log or a witness")
        key = cls(parts[0], blob[0], blob[1:])
        if key.id.hex() != parts[1]:
            raise NoteRefused("the id doesn't belong to this name and key: a character was mistyped")
        return key


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log states: how many rows it has, and the root over them."""

    origin: str
    size: int
    root: bytes

    @property
    def text(self) -> str:
        """Return the three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the checkpoint in a text; raises NoteRefused. Further lines are refused, as some witnesses do."""
        lines = text.split("\n")
        if len(lines) != 4 or lines[3] or not lines[0]:
            raise NoteRefused("a checkpoint is three lines: origin, size, root")
        return cls(lines[0], size_in(lines[1]), hash_in(lines[2]))


@dataclass(frozen=True, slots=True)
class Line:
    """One signature below a note: the name before it, the key's id, and the rest of its bytes."""

    name: str
    key_id: bytes
    signed: bytes

    @property
    def text(self) -> str:
        """Return the line as it stands in a note."""
        return f"{DASH} {self.name} {base64.b64encode(self.key_id + self.signed).decode()}\n"


@dataclass(frozen=True, slots=True)
class Note:
    """A text and the lines below it; which of them hold is another question."""

    body: str
    lines: tuple[Line, ...]

    @property
    def text(self) -> str:
        """Return the whole note."""
        return self.body + "\n" + "".join(line.text for line in self.lines)

    @classmethod
    def read(cls, text: str) -> Self:
        """Return the note in a text; raises NoteRefused."""
        if len(text) > MOST_CHARACTERS or any(ord(each) < 32 and each != "\n" for each in text):
            raise NoteRefused("a note is at most 64 KiB of text without control characters")
        body, parted, below = text.rpartition("\n\n")
        if not parted or not below.endswith("\n") or not body:
            raise NoteRefused("a note is a text, an empty line, and signature lines that end with a newline")
        lines = below[:-1].split("\n")
        if len(lines) > MOST_SIGNATURES:
            raise NoteRefused("a note has at most 100 signatures")
        return cls(body + "\n", tuple(line_in(line) for line in lines))


def line_in(text: str) -> Line:
    """Return the signature in one line without its newline; raises NoteRefused."""
    parts = text.split(" ")
    if len(parts) != 3 or parts[0] != DASH or not is_name(parts[1]):
        raise NoteRefused("a signature line is a dash (U+2014), a name and base64")
    blob = unbase64(parts[2])
    if len(blob) < 5:
        raise NoteRefused("a signature is longer than its key's id")
    return Line(parts[1], blob[:4], blob[4:])


def signed_checkpoint(checkpoint: Checkpoint, key: Key, sign: Callable[[bytes], bytes]) -> Line:
    """Return the log's own line for a checkpoint; `sign` is given the bytes and returns 64."""
    return Line(key.name, key.id, sign(checkpoint.text.encode()))


def cosigned(checkpoint: Checkpoint, key: Key, at: int, sign: Callable[[bytes], bytes]) -> Line:
    """Return a witness's line: that at `at` (seconds since 1970) this was the largest state of the log it knew."""
    return Line(key.name, key.id, at.to_bytes(8, "big") + sign(cosigned_text(checkpoint.text, at)))


def cosigned_text(body: str, at: int) -> bytes:
    """Return the bytes that a witness signs."""
    return f"cosignature/v1\ntime {at}\n{body}".encode()


def lines_of(note: Note, keys: Iterable[Key]) -> dict[bytes, list[Line]]:
    """Return the lines that hold, by the raw key that signed each. Raises NoteRefused if a line bears the name and id of
    one of these keys but its signature is false: that condemns the note."""
    known = {(key.name, key.id): key for key in keys}
    found: dict[bytes, list[Line]] = {}
    for line in note.lines:
        if (key := known.get((line.name, line.key_id))) is None:
            continue
        if not holds(note.body, line, key):
            raise NoteRefused(f"the signature of {line.name} is false")
        found.setdefault(key.raw, []).append(line)
    return found


def holds(body: str, line: Line, key: Key) -> bool:
    """Return whether the line is this key's signature of the text."""
    if key.kind == LOG:
        text, signature = body.encode(), line.signed
    elif len(line.signed) == 8 + _SIGNATURE_BYTES:
        text, signature = cosigned_text(body, seen_at(line)), line.signed[8:]
    else:
        return False
    try:
        Ed25519PublicKey.from_public_bytes(key.raw).verify(signature, text)
    except (InvalidSignature, ValueError):
        return False
    return True


def seen_at(line: Line) -> int:
    """Return when a witness signed, in seconds since 1970."""
    return int.from_bytes(line.signed[:8], "big")


def is_name(text: str) -> bool:
    """Return whether a text may name a key: not empty, no space, no plus sign."""
    return bool(text) and len(text) <= 255 and not any(each.isspace() or each == "+" for each in text)


def size_in(text: str) -> int:
    """Return the number of rows in a text: decimal digits without a leading zero. Raises NoteRefused."""
    if not (text.isascii() and text.isdigit()) or len(text) > 18 or (text[0] == "0" and text != "0"):
        raise NoteRefused("a size is a decimal number without leading zeros")
    return int(text)


def hash_in(text: str) -> bytes:
    """Return a hash in base64; raises NoteRefused."""
    blob = unbase64(text)
    if len(blob) != 32:
        raise NoteRefused("a hash is 32 bytes")
    return blob


def unbase64(text: str) -> bytes:
    """Return bytes in canonical base64, the only form that a text has one of; raises NoteRefused."""
    try:
        blob = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoteRefused("this is not base64") from error
    if base64.b64encode(blob).decode() != text:
        raise NoteRefused("this is base64, but not as it would be written")
    return blob
