"""Hashes whose algorithm is licensed, such as PhotoDNA: the place where a licensee plugs a hasher in. None is here.

Records, lists and VICS files carry such codes as bytes; an index finds them by Hamming distance only where that means
something for the kind, otherwise `nearest` compares them by the kind's own distance.
"""

from base64 import b64decode
from collections.abc import Iterator
from dataclasses import dataclass
from typing import IO, Protocol

import numpy as np
from numpy.typing import NDArray

from leeward.matching.index.errors import CodesRefused

PHOTODNA_BYTES = 144
_BLOCK_ROWS = 1 << 15


class LicensedHasher(Protocol):
    """What a licensee provides: a kind of hash, its length, how to compute it and how far two are apart."""

    kind: str
    code_bytes: int
    near_distance: float

    def hash_picture(self, stream: IO[bytes]) -> bytes | None:
        """Return the code of a picture, None when the bytes are none that it can read."""
        ...

    def distances(self, code: NDArray[np.uint8], codes: NDArray[np.uint8]) -> NDArray[np.float64]:
        """Return the distance of one code [bytes] from each of codes [n, bytes]."""
        ...


@dataclass(frozen=True, slots=True)
class LicensedHit:
    """One match: row number of the query, row number of the code, the distance in the kind's own measure."""

    query: int
    row: int
    distance: float


def nearest(
    hasher: LicensedHasher,
    codes: NDArray[np.uint8],
    queries: NDArray[np.uint8],
    max_distance: float | None = None,
) -> Iterator[LicensedHit]:
    """Yield every code [n, bytes] within `max_distance` (default: the kind's own) of each query [q, bytes], by comparing all."""
    for array in (codes, queries):
        if array.dtype != np.uint8 or array.ndim != 2 or array.shape[1] != hasher.code_bytes:
            raise CodesRefused(f"{hasher.kind} codes have {hasher.code_bytes} bytes")
    limit = hasher.near_distance if max_distance is None else max_distance
    for number, query in enumerate(queries):
        for start in range(0, len(codes), _BLOCK_ROWS):
            distances = hasher.distances(query, codes[start : start + _BLOCK_ROWS])
            for row in np.flatnonzero(distances <= limit).tolist():
                yield LicensedHit(number, start + row, float(distances[row]))


def photodna_code(text: str) -> bytes:
    """Read a PhotoDNA code as files carry it (base 64 of 144 bytes, or hexadecimal); raises CodesRefused."""
    text = text.strip()
    try:
        code = bytes.fromhex(text) if len(text) == 2 * PHOTODNA_BYTES else b64decode(text, validate=True)
    except ValueError as error:
        raise CodesRefused("a PhotoDNA code is neither base 64 nor hexadecimal") from error
    if len(code) != PHOTODNA_BYTES:
        raise CodesRefused(f"a PhotoDNA code has {PHOTODNA_BYTES} bytes, this one {len(code)}")
    return code
