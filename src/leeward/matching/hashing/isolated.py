"""Hash a file without decoding it here: digests in this process, visual hashes in a child (`foundation/sandbox`)."""

from collections.abc import Collection
from dataclasses import replace
from io import BytesIO
from typing import Any

from leeward.foundation import sandbox
from leeward.matching.hashing.digests import Digests, digest_stream
from leeward.matching.hashing.files import (
    DERIVED_FIELDS,
    FIELDS,
    PICTURE_FIELDS,
    START_BYTES,
    FileHashes,
    for_video,
    hash_stream,
)
from leeward.matching.hashing.licensed import LicensedHasher, name_of
from leeward.matching.hashing.pdq import Pdq
from leeward.matching.hashing.video import looks_like_video
from leeward.matching.hashing.visual import PICTURE_LIMITS, Frame, Limits

WAIT_SECONDS = 10.0
_GRACE_SECONDS = 2.0  # a decoder within its limits finishes before this
_CODE_BYTES, _CODES = 32, 8


def hash_bytes(
    data: bytes,
    *,
    name: str = "",
    only: Collection[str] = (),
    exact: bool = False,
    limits: Limits = PICTURE_LIMITS,
    licensed: Collection[LicensedHasher] = (),
    isolated: bool,
) -> FileHashes:
    """Hash the bytes of a file as `hash_stream` does.

    `isolated`: decode it in a child process, so that nothing in the file can harm this one; a crash or excessive
    resource use of a decoder then becomes the `error`. Adapters for licensed hashes are created again in the child, by
    their names.
    """
    if not isolated:
        return hash_stream(BytesIO(data), name=name, only=only, exact=exact, limits=limits, licensed=licensed)
    wanted = set(only) or set(FIELDS)
    visual_fields = {*PICTURE_FIELDS, *DERIVED_FIELDS}
    kinds = wanted - visual_fields - {"size"}
    digests = digest_stream(BytesIO(data), wanted) if kinds else Digests(len(data))
    if not data or not (wanted & visual_fields or licensed):
        return FileHashes(name, digests, error=None if data else "the file is empty")
    seconds = (for_video(limits) if looks_like_video(data[:START_BYTES]) else limits).seconds
    found = sandbox.call(
        "leeward.matching.hashing.child:visual_hashes",
        data,
        sandbox.Limits(seconds + _GRACE_SECONDS, WAIT_SECONDS),
        name=name,
        exact=exact,
        derived=sorted(wanted & set(DERIVED_FIELDS)),
        limits=[limits.pixels, limits.seconds, limits.frames],
        licensed=",".join(map(name_of, licensed)),
    )
    if isinstance(found, sandbox.Finding):
        return FileHashes(name, digests, error=f"this file could not be decoded: {found.why}")
    return replace(_read(found), path=name, digests=digests)


def _read(found: dict[str, Any]) -> FileHashes:
    from leeward.matching.variants.plain import unpacked  # variants import this package

    size = _CODE_BYTES * (1 + _CODES)
    frames = tuple(
        Frame(second, _pdq(quality, found["codes"][number * size : (number + 1) * size]))
        for number, (second, quality) in enumerate(zip(found["seconds"], found["qualities"], strict=True))
    )
    return FileHashes(
        "",
        pdq=_pdq(*found["pdq"]) if found["pdq"] else None,
        pdq_nn512=_pdq(*found["pdq_nn512"]) if found["pdq_nn512"] else None,
        frames=frames,
        error=found["error"],
        licensed=tuple((kind, code) for kind, code in found["licensed"]),
        variants=unpacked(found["variants"]),
        windows=tuple(found["windows"]),
    )


def _pdq(quality: int, raw: bytes) -> Pdq:
    codes = [raw[start : start + _CODE_BYTES] for start in range(0, len(raw), _CODE_BYTES)]
    return Pdq(codes[0], quality, tuple(codes[1:]))
