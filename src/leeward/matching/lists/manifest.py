"""The signed manifest of a list: its description, its banks, and its files with their checksums."""

import base64
import json
from binascii import Error as NotBase64
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from leeward.matching.lists.banks import ListBank, list_bank_from
from leeward.matching.lists.errors import HashListRefused

MANIFEST = "MANIFEST"
FIRST_LINE = b"leeward-hash-list 1\n"
MOST_BYTES = 16 << 20


@dataclass(frozen=True, slots=True)
class Part:
    """One file of a list."""

    file: str
    bytes: int
    sha256: str


@dataclass(frozen=True, slots=True)
class Manifest:
    """A list's description; `made_at` is ISO 8601 in UTC, `entries` counts rows, `classifications` are their words."""

    name: str
    serial: int
    made_at: str
    entries: int
    banks: tuple[ListBank, ...]
    classifications: tuple[str, ...]
    parts: dict[str, Part] = field(default_factory=dict)

    def as_bytes(self) -> bytes:
        """Return the JSON that is signed."""
        return json.dumps(asdict(self), ensure_ascii=False, separators=(",", ":"), sort_keys=True).encode()


@dataclass(frozen=True, slots=True)
class Signer:
    """The signer of a list: its public key (32 bytes in base 64) and a function that signs bytes (returning base 64)."""

    public_key: str
    sign: Callable[[bytes], str]


def signed_manifest(manifest: Manifest, signer: Signer) -> bytes:
    """Return the content of the file MANIFEST."""
    text = manifest.as_bytes()
    signature = signer.sign(FIRST_LINE + text)
    return FIRST_LINE + f"ed25519 {signer.public_key} {signature}\n".encode() + text


def read_manifest(path: Path, key: str | None) -> tuple[Manifest, str]:
    """Read and verify MANIFEST in the folder `path`; return it with the key that signed it.

    `key`: the only trusted key (base 64); None accepts the one in the file, which detects damage but not forgery.
    Raises HashListRefused, OSError when there is no such file.
    """
    with (path / MANIFEST).open("rb") as stream:
        data = stream.read(MOST_BYTES + 1)
    if len(data) > MOST_BYTES:
        raise HashListRefused(path, "MANIFEST", f"has more than {MOST_BYTES} bytes")
    if not data.startswith(FIRST_LINE):
        raise HashListRefused(path, "MANIFEST", "does not begin like that of a list of version 1")
    line, end, text = data[len(FIRST_LINE) :].partition(b"\n")
    words = line.decode("ascii", "replace").split(" ")
    if not end or len(words) != 3 or words[0] != "ed25519":
        raise HashListRefused(path, "signature", "is missing")
    if key is not None and key.strip() != words[1]:
        raise HashListRefused(path, "signature", f"is by another key ({words[1][:60]}) than the one that is trusted")
    if not is_signature(FIRST_LINE + text, words[2], words[1]):
        raise HashListRefused(path, "signature", "does not fit: the list was altered or cut off")
    return _parsed(path, text), words[1]


def is_signature(text: bytes, signature: str, key: str) -> bool:
    """Whether `signature` is that of `key` under `text` (both in base 64)."""
    try:
        public = Ed25519PublicKey.from_public_bytes(base64.b64decode(key, validate=True))
        public.verify(base64.b64decode(signature, validate=True), text)
    except (InvalidSignature, NotBase64, ValueError):
        return False
    return True


def _parsed(path: Path, text: bytes) -> Manifest:
    try:
        row: dict[str, Any] = json.loads(text)
        parts = {
            str(name): Part(str(part["file"]), int(part["bytes"]), str(part["sha256"]))
            for name, part in row["parts"].items()
        }
        manifest = Manifest(
            name=str(row["name"]),
            serial=int(row["serial"]),
            made_at=str(row["made_at"]),
            entries=int(row["entries"]),
            banks=tuple(list_bank_from(bank) for bank in row["banks"]),
            classifications=tuple(str(word) for word in row["classifications"]),
            parts=parts,
        )
    except (AttributeError, KeyError, TypeError, ValueError) as error:
        raise HashListRefused(path, "MANIFEST", "does not say what it must") from error
    for part in parts.values():
        if "/" in part.file or "\\" in part.file or part.file.startswith("."):
            raise HashListRefused(path, "MANIFEST", f"names a file outside the list ({part.file[:60]!r})")
    return manifest
