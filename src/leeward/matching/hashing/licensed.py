"""The interface for hashes whose algorithm is licensed, such as PhotoDNA. A licensee plugs a hasher in; we ship none.

Records, lists and VICS files carry such codes as bytes. An index finds them by Hamming distance only where that is
meaningful for the kind; otherwise `nearest` compares them by the kind's own distance.
"""

from base64 import b64decode
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from io import BytesIO
from types import MappingProxyType
from typing import IO, Protocol

import numpy as np
from numpy.typing import NDArray

from leeward.foundation.errors import BadInput
from leeward.matching.index.errors import CodesRefused

PHOTODNA_BYTES = 144
LICENSED_BYTES = {"photodna": PHOTODNA_BYTES}
"""The kinds that records and lists carry, with the bytes of a code."""
SCALE_BITS = 31
"""A kind's own limit of nearness corresponds to this many bits, so that its hits can be sorted together with PDQ's."""
_BLOCK_ROWS = 1 << 15


class LicensedHasher(Protocol):
    """What a licensee provides: a kind of hash, its length, how to compute it and how far two are apart."""

    kind: str
    code_bytes: int
    near_distance: float

    def hash_picture(self, stream: IO[bytes]) -> bytes | None:
        """Return the code of a picture, or None when it can't read the bytes."""
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
    """Yield every code [n, bytes] within `max_distance` (default: the kind's own) of each query [q, bytes].

    All of them are compared.
    """
    for array in (codes, queries):
        if array.dtype != np.uint8 or array.ndim != 2 or array.shape[1] != hasher.code_bytes:
            raise CodesRefused(f"{hasher.kind} codes have {hasher.code_bytes} bytes")
    limit = hasher.near_distance if max_distance is None else max_distance
    for number, query in enumerate(queries):
        for start in range(0, len(codes), _BLOCK_ROWS):
            distances = hasher.distances(query, codes[start : start + _BLOCK_ROWS])
            for row in np.flatnonzero(distances <= limit).tolist():
                yield LicensedHit(number, start + row, float(distances[row]))


def bits_of(hasher: LicensedHasher, distance: float) -> int:
    """Convert a distance to the scale of 31 bits, as its share of what the adapter calls near."""
    return round(SCALE_BITS * distance / hasher.near_distance) if hasher.near_distance else 0


_NAMES: dict[int, str] = {}  # of the adapters made by `loaded`, which are kept for good


def name_of(hasher: LicensedHasher) -> str:
    """Return the name by which another process can load an adapter; it instantiates the class without arguments."""
    return _NAMES.get(id(hasher)) or f"{type(hasher).__module__}:{type(hasher).__qualname__}"


@cache
def loaded(names: str) -> Mapping[str, LicensedHasher]:
    """Load the named adapters, given as `package.module:Name` separated by commas, by kind; raises BadInput naming one
    that can't be used.
    """
    found: dict[str, LicensedHasher] = {}
    for name in filter(None, (part.strip() for part in names.split(","))):
        module, _, attribute = name.partition(":")
        try:
            made = getattr(import_module(module), attribute)
            hasher: LicensedHasher = made() if isinstance(made, type) else made
            kind, size = hasher.kind, hasher.code_bytes
        except Exception as error:  # third-party code
            raise BadInput(what=f"LEEWARD_LICENSED_HASHERS: {name}", why=f"it can't be loaded ({error})") from error
        if LICENSED_BYTES.get(kind) != size:
            why = f"lists carry {', '.join(f'{one} of {count} bytes' for one, count in LICENSED_BYTES.items())}"
            raise BadInput(
                what=f"LEEWARD_LICENSED_HASHERS: {name}", why=f"{why}, this one is for {str(kind)[:20]} of {size}"
            )
        found[kind] = hasher
        _NAMES[id(hasher)] = name
    return MappingProxyType(found)


def codes_of(
    hashers: Iterable[LicensedHasher], picture: bytes | IO[bytes]
) -> tuple[tuple[tuple[str, bytes], ...], str | None]:
    """Let every adapter hash a picture; return the codes by kind, and the first problem or None. Raises only
    MemoryError.
    """
    codes: list[tuple[str, bytes]] = []
    problem = None
    for hasher in hashers:
        try:
            stream = BytesIO(picture) if isinstance(picture, bytes) else picture
            stream.seek(0)
            code = hasher.hash_picture(stream)
            if code is not None and len(code) != hasher.code_bytes:
                raise ValueError(f"{len(code)} bytes")
        except MemoryError:  # caused by the file; reported by whoever limits the memory
            raise
        except Exception as error:  # third-party code: no file may stop the program
            problem = f"the adapter for {hasher.kind} can't hash it ({type(error).__name__})"
            continue
        if code is not None:
            codes.append((hasher.kind, bytes(code)))
    return tuple(codes), problem


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
