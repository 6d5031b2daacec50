"""Licensed hashes such as PhotoDNA: adapters that a licensee plugs in, and look-ups by their own distance.

We ship no adapter. `LEEWARD_LICENSED_HASHERS` names objects that implement
`leeward.matching.hashing.licensed.LicensedHasher`; for a kind without one, only equal codes are found. The codes of a
kind are cached in memory and follow the rows; codes that were put aside or removed since then are filtered out when the
caller reads the rows.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from itertools import batched
from threading import Lock

import numpy as np
from django.conf import settings
from numpy.typing import NDArray

from leeward.hashbank.models import RecordHash
from leeward.hashbank.rules.kinds import KINDS
from leeward.hashbank.scene import hotline_here
from leeward.matching.hashing.licensed import SCALE_BITS, LicensedHasher, bits_of, loaded, nearest

_AT_ONCE = 20_000


@dataclass(slots=True)
class _Kept:
    """The codes of one kind in one hotline's bank, in blocks, with the ids of their rows; complete up to `last`."""

    last: int = 0
    blocks: list[tuple[NDArray[np.int64], NDArray[np.uint8]]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class OwnHit:
    """A code of the bank that is near a queried one: the query's place, the row, the code, the kind's own distance, and
    that distance on the bit scale of picture hashes, so that both can be sorted together.
    """

    place: int
    hash_id: int
    code: bytes
    distance: float
    as_bits: int


_kept: dict[tuple[int, str], _Kept] = {}
_lock = Lock()


def hashers() -> Mapping[str, LicensedHasher]:
    """Return the installed adapters by kind; raises BadInput naming one that cannot be used."""
    return loaded(settings.LEEWARD.licensed_hashers)


def forget_codes() -> None:
    """Clear the cache; the next query reads the codes again."""
    with _lock:
        _kept.clear()


def near_by_own_distance(hasher: LicensedHasher, wanted: list[tuple[int, bytes]], radius: int) -> Iterator[OwnHit]:
    """Yield every code of this hotline's bank that is near one of `wanted` (place, code).

    `radius` is on the scale of picture hashes: 31 includes everything that the kind itself calls near, a smaller one
    the corresponding share.
    """
    limit = hasher.near_distance * min(radius, SCALE_BITS) / SCALE_BITS
    queries = np.frombuffer(b"".join(code for _, code in wanted), np.uint8).reshape(len(wanted), hasher.code_bytes)
    for ids, codes in _blocks(hasher):
        for hit in nearest(hasher, codes, queries, limit):
            bits = bits_of(hasher, hit.distance)
            yield OwnHit(wanted[hit.query][0], int(ids[hit.row]), codes[hit.row].tobytes(), hit.distance, bits)


def _blocks(hasher: LicensedHasher) -> list[tuple[NDArray[np.int64], NDArray[np.uint8]]]:
    hotline_id = hotline_here()
    with _lock:
        kept = _kept.setdefault((hotline_id, hasher.kind), _Kept())
        rows = RecordHash.objects.filter(hotline_id=hotline_id, kind=KINDS[hasher.kind].number, id__gt=kept.last)
        found = rows.order_by("id").values_list("id", "value").iterator(chunk_size=_AT_ONCE)
        for some in batched(found, _AT_ONCE):
            codes = np.frombuffer(b"".join(bytes(value) for _, value in some), np.uint8)
            ids = np.fromiter((number for number, _ in some), np.int64, len(some))
            kept.blocks.append((ids, codes.reshape(len(some), hasher.code_bytes)))
            kept.last = int(ids[-1])
        if (
            len(kept.blocks) > 64 and len(kept.blocks[-1][0]) < _AT_ONCE
        ):  # many small blocks: join them, so that queries stay fast
            kept.blocks = [
                (np.concatenate([one for one, _ in kept.blocks]), np.concatenate([one for _, one in kept.blocks]))
            ]
        return list(kept.blocks)
