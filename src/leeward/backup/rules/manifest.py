"""What a backup says of itself: a sealed manifest, and around it a cover that can be read without the key."""

import hashlib
import json
from collections.abc import Collection
from datetime import UTC, datetime
from pathlib import PurePosixPath
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from leeward.audit.rules.signatures import is_signed

FORMAT: Literal["leeward backup 1"] = "leeward backup 1"
SUFFIX = ".backup"
_STAMP = "%Y%m%dT%H%M%S.%fZ"
_MOST_VERSION = 20


def _inside(path: str) -> str:
    parts = PurePosixPath(path).parts
    if not parts or path.startswith("/") or ".." in parts or "\0" in path:
        raise ValueError("leads out of the folder")
    return path


type Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)


class File(_Part):
    """One file: its place, its size, its SHA-256 and the pieces that it is made of, in order."""

    path: Annotated[str, AfterValidator(_inside)]
    size: int = Field(ge=0)
    sha256: Digest
    pieces: list[Digest]


class LogHead(_Part):
    """How far one chain of the log had come."""

    chain: int
    number: int
    hash: str


class Manifest(_Part):
    """Everything in a backup. `made_at` is ISO 8601 in UTC. `waiting_since`: when the oldest of what waited on the public face came in, which is in
    no backup; None if nothing did."""

    format: Literal["leeward backup 1"]
    made_at: str
    waiting_since: AwareDatetime | None = None
    leeward: str
    database: Literal["sqlite", "postgresql"]
    files: list[File]
    heads: list[LogHead]

    @property
    def pieces(self) -> set[str]:
        """Return the names of all pieces."""
        return {name for file in self.files for name in file.pieces}


class Cover(_Part):
    """What whoever keeps the folder may read: when, how much, which pieces. `sealed` is the manifest (base64), `signature` that of
    the log's key `signed_by` for everything else. `words_signed`: the copy of the keys of words that lies beside it has a stamp; those
    of before had none. `sizes` are those of the pieces as they lie there, in their order. `number`: one more than the highest there, and
    than any that was made before, when it was made. `held`: a restored installation made it before anybody confirmed that. `sealed_to`: the
    public keys that it and its pieces are sealed to, in order. Older ones say none of the four."""

    format: Literal["leeward backup 1"]
    made_at: str
    leeward: str
    size: int
    pieces: list[Digest]
    sealed: str
    signed_by: str
    signature: str
    words_signed: bool = False
    sizes: list[int] = []
    number: int = Field(default=0, ge=0)
    held: bool = False
    sealed_to: list[str] = []

    def written(self) -> bytes:
        """Return the file of a backup; what says nothing is left out, as before there was such a field."""
        return self.model_dump_json(exclude_defaults=True).encode()

    def signed_text(self) -> bytes:
        """Return the bytes that the signature is for."""
        rest = self.model_dump_json(exclude={"signature"}, exclude_defaults=True).encode()
        return b"leeward-backup 1\n" + hashlib.sha256(rest).hexdigest().encode() + b"\n"

    def proved_text(self) -> bytes:
        """Return the bytes that whoever restored it for trial signs, by the key in it."""
        return b"leeward-backup proved 1\n" + hashlib.sha256(self.signed_text()).hexdigest().encode() + b"\n"


class Stamp(_Part):
    """What stands at the end of the copy of the keys of words: when it was written, the number of the backup that it was written for (0:
    an older version said none), the signature of the log's key `signed_by`, and the names of the files in it that open its keys (none: an
    older version named none)."""

    made_at: AwareDatetime
    signed_by: str
    signature: str
    number: int = Field(default=0, ge=0)
    files: list[Annotated[str, Field(pattern="^[0-9a-f]{16}$")]] = []

    def signed_text(self, digest: str) -> bytes:
        """Return the bytes that the signature is for, given the SHA-256 of the copy before the stamp."""
        if self.files:
            return f"leeward-words 3\n{self.number}\n{' '.join(self.files)}\n{self.made_at.isoformat()}\n{digest}\n".encode()
        begins = f"leeward-words 2\n{self.number}" if self.number else "leeward-words 1"
        return f"{begins}\n{self.made_at.isoformat()}\n{digest}\n".encode()


def read_cover(raw: bytes) -> Cover | None:
    """Return the cover, or None if this is not a whole one."""
    try:
        return Cover.model_validate_json(raw)
    except ValidationError:
        return None


def read_manifest(raw: bytes) -> Manifest | None:
    """Return the manifest, or None if this is not a whole one."""
    try:
        return Manifest.model_validate_json(raw)
    except ValidationError:
        return None


def newer_version(raw: bytes) -> str:
    """Return by which version a cover or a manifest was made that this one can't read: it says more than we know; "" for what is none."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return ""
    if not isinstance(found, dict) or not str(found.get("format")).startswith(FORMAT.rpartition(" ")[0]):
        return ""
    has_more = found["format"] != FORMAT or found.keys() - Cover.model_fields.keys() - Manifest.model_fields.keys()
    return str(found.get("leeward"))[:_MOST_VERSION] if has_more else ""


def read_stamp(raw: bytes) -> Stamp | None:
    """Return the stamp, or None if this is not a whole one."""
    try:
        return Stamp.model_validate_json(raw)
    except ValidationError:
        return None


def is_current(stamp: Stamp | None, digest: str, keys: Collection[str], *, since: datetime, number: int) -> bool:
    """Return whether one of these keys signed a copy with this SHA-256, for no backup before the one of this number, whatever a clock said;
    where the copy has no number, or backups have none that tells (0), not before a moment."""
    if stamp is None or stamp.signed_by not in keys:
        return False
    if stamp.number < number if stamp.number and number else stamp.made_at < since:
        return False
    return is_signed(stamp.signed_text(digest), stamp.signature, stamp.signed_by)


def belong_together(cover: Cover, manifest: Manifest) -> bool:
    """Return whether the cover tells the truth about the manifest in it."""
    return (cover.made_at, cover.leeward, set(cover.pieces), cover.size) == (
        manifest.made_at,
        manifest.leeward,
        manifest.pieces,
        sum(file.size for file in manifest.files),
    )


def is_named(cover: Cover, name: str) -> bool:
    """Return whether a backup has the name that it was made with: under a later one, an older backup would pass for the newest."""
    try:
        return name_at(datetime.fromisoformat(cover.made_at)) == name
    except (ValueError, OverflowError):
        return False


def name_at(moment: datetime) -> str:
    """Return the name of a backup that is made now; names sort by time."""
    return moment.astimezone(UTC).strftime(_STAMP) + SUFFIX


def moment_of(name: str) -> datetime | None:
    """Return when a backup of this name was made, or None if it is no such name."""
    try:
        return datetime.strptime(name.removesuffix(SUFFIX), _STAMP).replace(tzinfo=UTC)
    except ValueError:
        return None
