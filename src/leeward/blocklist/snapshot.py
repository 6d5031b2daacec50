"""A list as one file that any number of processes map and ask: a million expressions open at once and are shared by all of them.

The file is never changed: a new state is written beside it and takes its place by one rename, so a reader has the old list or the
new one and nothing between. All numbers are little-endian:

    8 bytes   magic
    4 bytes   length of the heading, then 4 bytes CRC-32 of it
    heading   JSON: name, serial, made_at, method, epoch, entries, buckets, body_sha256
    padding   up to a multiple of 64 bytes
    4 bytes * (buckets + 1)   where each bucket of digests begins; a bucket is the digest's first bits
    32 bytes * entries        digests, sorted
    1 byte * entries          scopes of each digest (1 url, 2 path, 4 host, 8 domain)

The digests are SHA-256 of the expressions, or HMAC-SHA-256 under a key that the file does not hold.
"""

import json
import mmap
import os
import struct
import zlib
from collections.abc import Callable, Iterable
from dataclasses import asdict, dataclass, replace
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Literal, Self

import numpy as np

from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.expressions import digest
from leeward.blocklist.rules.lookup import Hit, comparable_of, first_hit, tunnel_hit
from leeward.blocklist.rules.rice import Numbers
from leeward.blocklist.rules.scopes import Scopes
from leeward.blocklist.rules.search import Found
from leeward.foundation.errors import LeewardError

MAGIC = b"\x89LWBLK1\n"
_FIXED = struct.Struct("<8sII")
_PAIR = struct.Struct("<II")
_FIRST_BITS = struct.Struct(">I")
_ALIGNMENT = 64
_DIGEST_BYTES = 32
_MAX_HEADING_BYTES = 1 << 16
_MAX_BUCKET_BITS = 24
_MOST_WIDE = 10_000  # 1.5 MB in each process that asks
Method = Literal["sha256", "hmac-sha256"]


class SnapshotRefused(LeewardError):
    """The file is not a snapshot that this version can trust."""

    code = "snapshot_refused"
    sentence = "{path} is refused as a snapshot of a list: {why}."
    hint = "Fetch it again, or make it again from its source."

    def __init__(self, path: object, why: str) -> None:
        super().__init__(path=path, why=why)


@dataclass(frozen=True, slots=True)
class Heading:
    """The heading of a snapshot; `made_at` is ISO 8601 in UTC, `epoch` that of the key, "" for plain digests."""

    name: str
    serial: int
    made_at: str
    method: Method = "sha256"
    epoch: str = ""
    entries: int = 0
    buckets: int = 1
    body_sha256: str = ""


def scopes_by_digest(entries: Iterable[ListEntry], digest_of: Callable[[str], bytes] = digest) -> dict[bytes, int]:
    """Return the digests of entries with the scopes of each; raises NotExpressible."""
    found: dict[bytes, int] = {}
    for entry in entries:
        key = digest_of(entry.expression)
        found[key] = found.get(key, 0) | entry.scope.bit
    return found


def write_snapshot(path: Path, heading: Heading, scopes: dict[bytes, int]) -> Heading:
    """Write a snapshot and replace the existing one atomically; return its heading as written."""
    digests = sorted(scopes)
    bits = min(_MAX_BUCKET_BITS, max(1, len(digests).bit_length()))
    firsts = np.frombuffer(b"".join(one[:4] for one in digests), ">u4") >> np.uint32(32 - bits)
    begins = np.zeros((1 << bits) + 1, "<u4")
    np.cumsum(np.bincount(firsts, minlength=1 << bits), out=begins[1:])
    body = b"".join([begins.tobytes(), *digests, bytes(scopes[one] for one in digests)])
    written = replace(heading, entries=len(digests), buckets=1 << bits, body_sha256=sha256(body).hexdigest())
    text = json.dumps(asdict(written), separators=(",", ":")).encode()
    start = _FIXED.pack(MAGIC, len(text), zlib.crc32(text)) + text
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    with temporary.open("wb") as stream:
        stream.write(start + bytes(-len(start) % _ALIGNMENT))
        stream.write(body)
        stream.flush()
        os.fsync(stream.fileno())
    temporary.replace(path)
    return written


class Snapshot:
    """A mapped snapshot. Close it, or use it as a context manager; using a closed one raises ValueError."""

    def __init__(self, path: Path, mapped: mmap.mmap, heading: Heading, body: int, inode: int) -> None:
        self.path = path
        self.heading = heading
        self._mapped = mapped
        self._inode = inode
        self._body = body
        self._digests = body + 4 * (heading.buckets + 1)
        self._scopes = self._digests + _DIGEST_BYTES * heading.entries
        self._shift = 32 - (heading.buckets.bit_length() - 1)
        scopes = np.frombuffer(mapped[self._scopes :], np.uint8)
        self._among = int(np.bitwise_or.reduce(scopes))
        self._of_wide = self._wide(scopes)
        self._of_plain_digests = _answers(mapped, body, self._shift, self._digests, self._scopes)

    def _wide(self, scopes: np.ndarray) -> Callable[[str], int] | None:
        """Return `scopes_of` for expressions that block more than a page, from a table that the processor’s cache holds; None where
        there are too many. Nearly all that is asked is a page at first, and then up to ten of these."""
        (places,) = np.nonzero(scopes & ~np.uint8(Scopes.URL))
        if len(places) > _MOST_WIDE:
            return None
        begins = (self._digests + _DIGEST_BYTES * int(place) for place in places)
        wide = {
            self._mapped[begin : begin + _DIGEST_BYTES]: int(scopes[place])
            for begin, place in zip(begins, places, strict=True)
        }
        return lambda expression: wide.get(sha256(expression.encode()).digest(), 0)

    @classmethod
    def open(cls, path: Path, *, verify: bool = False) -> Self:
        """Map a snapshot after checking every number in its heading; `verify` also reads the whole body and checks its
        SHA-256.

        Raises SnapshotRefused, or OSError when the file can't be read.
        """
        with path.open("rb") as stream:
            status = os.fstat(stream.fileno())
            if status.st_size < _FIXED.size:
                raise SnapshotRefused(path, "it is too short")
            mapped = mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ)
        heading, body = _read_heading(path, mapped)
        opened = cls(path, mapped, heading, body, status.st_ino)
        if len(mapped) != opened._scopes + heading.entries:
            raise SnapshotRefused(path, "its length is not what its heading says")
        if _PAIR.unpack_from(mapped, opened._digests - 8)[1] != heading.entries:
            raise SnapshotRefused(path, "its buckets don't end with its entries")
        if verify and sha256(memoryview(mapped)[body:]).hexdigest() != heading.body_sha256:
            raise SnapshotRefused(path, "its checksum does not fit")
        return opened

    def __len__(self) -> int:
        return self.heading.entries

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Unmap the file."""
        self._mapped.close()

    def reopened(self) -> Self:
        """Return this snapshot, or the one that has replaced it meanwhile (this one is then closed)."""
        if self.path.stat().st_ino == self._inode:
            return self
        fresh = self.open(self.path)
        self.close()
        return fresh

    def scopes_of(self, key: bytes) -> int:
        """Return the scopes of a digest, 0 for none."""
        mapped = self._mapped
        first: int
        first, end = _PAIR.unpack_from(mapped, self._body + 4 * (_FIRST_BITS.unpack_from(key)[0] >> self._shift))
        while first < end:
            begin = self._digests + _DIGEST_BYTES * first
            if mapped[begin : begin + _DIGEST_BYTES] == key:
                return mapped[self._scopes + first]
            first += 1
        return 0

    def look_up(self, comparable: str, digest_of: Callable[[str], bytes] = digest) -> Hit | None:
        """Return the most exact entry that blocks an address in its comparable form."""
        plain = digest_of is digest
        scopes_of = self._of_plain_digests if plain else lambda text: self.scopes_of(digest_of(text))
        return first_hit(comparable, scopes_of, self._among, self._of_wide if plain else None)

    def look_up_url(self, url: str) -> Hit | None:
        """Return the most exact entry that blocks an address as it was typed; raises BadAddress if it is not a web
        address.
        """
        return self.look_up(comparable_of(url))

    def look_up_tunnel(self, host: str, digest_of: Callable[[str], bytes] = digest) -> Hit | None:
        """Return the entry that blocks a host as a whole."""
        return tunnel_hit(host, lambda expression: self.scopes_of(digest_of(expression)))

    def behind(self, prefix: bytes) -> list[Found]:
        """Return every entry whose digest begins with a prefix of four bytes."""
        bucket = _FIRST_BITS.unpack_from(prefix)[0] >> self._shift
        first, end = _PAIR.unpack_from(self._mapped, self._body + 4 * bucket)
        found = []
        for place in range(first, end):
            begin = self._digests + _DIGEST_BYTES * place
            key = self._mapped[begin : begin + _DIGEST_BYTES]
            if key.startswith(prefix):
                found.append(Found(key, self._mapped[self._scopes + place]))
        return found

    def prefixes(self) -> Numbers:
        """Return the sorted prefixes of all digests, as prefix lists hold them."""
        raw = np.frombuffer(self._mapped[self._digests : self._scopes], np.uint8)
        return np.unique(raw.reshape(-1, _DIGEST_BYTES)[:, :4].copy().view(">u4").astype(np.uint32))


def _read_heading(path: Path, mapped: mmap.mmap) -> tuple[Heading, int]:
    """Return the heading of a mapped file and the offset of its body."""
    magic, length, checksum = _FIXED.unpack_from(mapped)
    if magic != MAGIC:
        raise SnapshotRefused(path, "it does not begin like one")
    if length > _MAX_HEADING_BYTES:
        raise SnapshotRefused(path, "its heading is too long")
    text = mapped[_FIXED.size : _FIXED.size + length]
    if zlib.crc32(text) != checksum:
        raise SnapshotRefused(path, "its heading is damaged")
    try:
        heading = Heading(**json.loads(text))
        bits = heading.buckets.bit_length() - 1
        is_sound = heading.buckets == 1 << bits and bits <= _MAX_BUCKET_BITS and 0 <= heading.entries < 1 << 32
    except (TypeError, ValueError, AttributeError) as error:
        raise SnapshotRefused(path, "its heading does not say what it must") from error
    if not is_sound:
        raise SnapshotRefused(path, "its heading holds an impossible number")
    end = _FIXED.size + length
    return heading, end + -end % _ALIGNMENT


def _answers(mapped: mmap.mmap, body: int, shift: int, digests: int, scopes: int) -> Callable[[str], int]:
    """Return `scopes_of` for expressions whose digests are plain: nearly all look-ups come by here, so nothing is looked for
    that could be at hand."""
    first_of, pair_at, sha = _FIRST_BITS.unpack_from, _PAIR.unpack_from, sha256

    def scopes_of_text(expression: str) -> int:
        key = sha(expression.encode()).digest()
        first: int
        first, end = pair_at(mapped, body + ((first_of(key)[0] >> shift) << 2))
        while first < end:
            begin = digests + (first << 5)
            if mapped[begin : begin + 32] == key:
                return mapped[scopes + first]
            first += 1
        return 0

    return scopes_of_text
