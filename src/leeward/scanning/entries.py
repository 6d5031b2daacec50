"""One row of a scan's output: where a thing is, what it is, what it matches, what is wrong with it."""

import json
import os
from base64 import b64encode
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any

from leeward.matching.hashing import FileHashes

DIGESTS = ("md5", "sha1", "sha256", "sha512", "ed2k", "ed2k_alt", "tth", "aich", "bt2")


@dataclass(frozen=True, slots=True)
class Place:
    """A path or URL, and the names on the way into archives and mailboxes."""

    path: str
    inside: tuple[str, ...] = ()

    def member(self, name: str) -> "Place":
        """Return the place of something inside this one."""
        return Place(self.path, (*self.inside, name))

    @property
    def name(self) -> str:
        """The last name on the way."""
        return self.inside[-1] if self.inside else PurePosixPath(self.path).name

    def as_dict(self) -> dict[str, Any]:
        """Return readable names, and the exact bytes in base 64 of a path that is not UTF-8."""
        row: dict[str, Any] = {"path": readable(self.path), "inside": [readable(name) for name in self.inside]}
        if row["path"] != self.path:
            row["path_base64"] = b64encode(os.fsencode(self.path)).decode()
        return row


@dataclass(frozen=True, slots=True)
class Match:
    """One entry of a list that a file meets. `id` is the list's own number (the line of a text file, the record of a bank).

    kind: the hash that agrees; "file" where a signed list says no more than that it is the same file.

    distance in bits, 0 for digests, for licensed kinds their own distance as a share of 31 bits; `turned`: only the picture turned
    or mirrored matches; `alteration`: it matches only once that is undone, which is
    for a person to look at; `frames`: how many frames of a video or animation match, `percent` of those that could be compared, the
    nearest at `second`; `file`: which file of a torrent.
    """

    list: str
    kind: str
    id: int
    distance: int = 0
    bank: str | None = None
    classification: str | None = None
    turned: bool | None = None
    frames: int | None = None
    percent: float | None = None
    second: float | None = None
    file: str | None = None
    alteration: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the output's fields; those that don't apply are left out."""
        values = {name: getattr(self, name) for name in self.__slots__}
        return {name: value for name, value in values.items() if value is not None}


@dataclass(frozen=True, slots=True)
class Entry:
    """What was found at one place. `error` is why it could not be examined, or not completely; `note` is a remark.

    `members`: how many things of an archive or mailbox were examined; `torrent`: the infohashes of a .torrent file.
    """

    place: Place
    kind: str
    hashes: FileHashes | None = None
    matches: tuple[Match, ...] = ()
    error: str | None = None
    note: str | None = None
    members: int | None = None
    torrent: tuple[str | None, str | None] | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the row; hashes that were not computed are left out."""
        row = {**self.place.as_dict(), "kind": self.kind, **self._hashes()}
        if self.torrent is not None:
            row |= {"btih": self.torrent[0], "btmh": self.torrent[1]}
        if self.members is not None:
            row["members"] = self.members
        if self.note is not None:
            row["note"] = readable(self.note)
        return {
            **row,
            "matches": [match.as_dict() for match in self.matches],
            "error": None if self.error is None else readable(self.error),
        }

    def line(self) -> bytes:
        """Return the row as one line of JSON."""
        return json_line(self.as_dict())

    def _hashes(self) -> dict[str, Any]:
        found = self.hashes
        if found is None:
            return {"size": None}
        digests = found.digests
        row: dict[str, Any] = {"size": digests and digests.size}
        row |= {name: value for name in DIGESTS if (value := getattr(digests, name, None)) is not None}
        if found.pdq is not None:
            row |= {"pdq": found.pdq.hex, "quality": found.pdq.quality}
        if found.pdq_nn512 is not None:
            row["pdq_nn512"] = found.pdq_nn512.hex
        row |= {kind: code.hex() for kind, code in found.licensed}
        if found.frames:
            row["frames"] = len(found.frames)
        return row


def json_line(row: dict[str, Any]) -> bytes:
    """Return one row as a line of JSON in UTF-8."""
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"


def readable(text: str) -> str:
    """Return text that can be written as UTF-8; bytes that were not UTF-8 become \\xNN."""
    try:
        text.encode()
    except UnicodeEncodeError:
        try:
            return text.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
        except UnicodeEncodeError:
            return text.encode("utf-8", "backslashreplace").decode()
    return text
