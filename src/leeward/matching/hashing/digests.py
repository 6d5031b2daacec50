"""Every digest of a file in one read: cryptographic ones and the identifiers used by file-sharing networks."""

import hashlib
from base64 import b32encode
from collections.abc import Collection
from dataclasses import dataclass
from typing import IO, Protocol

from leeward.matching.hashing.bittorrent import PieceRoot
from leeward.matching.hashing.edonkey import Aich, Ed2k
from leeward.matching.hashing.rhash import RHashTree, library
from leeward.matching.hashing.tiger import TigerTree

READ_BYTES = 1 << 20
ALL_DIGESTS = ("md5", "sha1", "sha256", "sha512", "ed2k", "ed2k_alt", "aich", "tth", "bt2")


@dataclass(frozen=True, slots=True)
class Digests:
    """The digests of one file; None for those that were not requested.

    md5, sha1, sha256, sha512, ed2k, ed2k_alt and bt2 in hexadecimal, aich and tth in base 32. `ed2k_alt` differs from
    `ed2k` (which is eMule's) for sizes that are an exact multiple of 9,728,000; `bt2` is None for an empty file.
    """

    size: int
    md5: str | None = None
    sha1: str | None = None
    sha256: str | None = None
    sha512: str | None = None
    ed2k: str | None = None
    ed2k_alt: str | None = None
    aich: str | None = None
    tth: str | None = None
    bt2: str | None = None


class _Fed(Protocol):
    def update(self, data: bytes, /) -> None: ...


def digest_stream(stream: IO[bytes], only: Collection[str] = ALL_DIGESTS) -> Digests:
    """Read a stream to its end once and return its digests."""
    digester = Digester(only)
    while data := stream.read(READ_BYTES):
        digester.update(data)
    return digester.digests()


def tiger_tree() -> RHashTree | TigerTree:
    """Return a new Tiger tree: RHash's where its library is installed, otherwise our own. Both give the same root."""
    found = library()
    return TigerTree() if found is None else RHashTree(found)


class Digester:
    """Takes a file in chunks of any size and computes all requested digests."""

    def __init__(self, only: Collection[str] = ALL_DIGESTS) -> None:
        wanted = set(only)
        self._plain = {
            name: hashlib.new(name, usedforsecurity=False)
            for name in ("md5", "sha1", "sha256", "sha512")
            if name in wanted
        }
        self._ed2k = Ed2k() if wanted & {"ed2k", "ed2k_alt"} else None
        self._aich = Aich() if "aich" in wanted else None
        self._tth = tiger_tree() if "tth" in wanted else None
        self._bt2 = PieceRoot() if "bt2" in wanted else None
        shared = (self._ed2k, self._aich, self._tth, self._bt2)
        self._fed: list[_Fed] = [*self._plain.values(), *(one for one in shared if one is not None)]
        self._only = wanted
        self.size = 0

    def update(self, data: bytes) -> None:
        """Take the next bytes of the file."""
        self.size += len(data)
        for one in self._fed:
            one.update(data)

    def digests(self) -> Digests:
        """Return the digests of the data; call it once, at the end."""
        red, blue = self._ed2k.digests() if self._ed2k else (None, None)
        root = self._bt2.digest() if self._bt2 else None
        return Digests(
            size=self.size,
            **{name: one.hexdigest() for name, one in self._plain.items()},
            ed2k=red.hex() if red and "ed2k" in self._only else None,
            ed2k_alt=blue.hex() if blue and "ed2k_alt" in self._only else None,
            aich=base32(self._aich.digest()) if self._aich else None,
            tth=base32(self._tth.digest()) if self._tth else None,
            bt2=root.hex() if root else None,
        )


def base32(digest: bytes) -> str:
    """Encode a digest in base 32 without padding, as file-sharing networks do."""
    return b32encode(digest).decode().rstrip("=")
