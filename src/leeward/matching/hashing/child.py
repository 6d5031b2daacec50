"""The child process of `isolated.py`: loads every decoder and the compiled kernels before any file arrives."""

from io import BytesIO
from typing import Any

from leeward.matching.engine import compiled
from leeward.matching.hashing import pictures  # noqa: F401 - loads Pillow
from leeward.matching.hashing.files import PICTURE_FIELDS, hash_stream
from leeward.matching.hashing.licensed import loaded
from leeward.matching.hashing.pdq import Pdq
from leeward.matching.hashing.visual import Limits
from leeward.matching.variants.plain import packed

compiled("leeward.matching.hashing.kernels")
compiled("leeward.matching.variants.kernels")


def prepare(licensed: str) -> None:
    """Load the named adapters before the child is closed off."""
    loaded(licensed)


def visual_hashes(
    body: bytes, *, name: str, exact: bool, derived: list[str], limits: list[Any], licensed: str
) -> dict[str, Any]:
    """Return a file's visual hashes as plain data. `derived`: "variants", "windows". Runs in a child process."""
    hashers = loaded(licensed).values()
    found = hash_stream(
        BytesIO(body),
        name=name,
        only=(*PICTURE_FIELDS, *derived),
        exact=exact,
        limits=Limits(*limits),
        licensed=list(hashers),
    )
    return {
        "pdq": found.pdq and _plain(found.pdq),
        "pdq_nn512": found.pdq_nn512 and _plain(found.pdq_nn512),
        "seconds": [frame.second for frame in found.frames],
        "qualities": [frame.pdq.quality for frame in found.frames],
        "codes": b"".join(_plain(frame.pdq)[1] for frame in found.frames),
        "error": found.error,
        "licensed": found.licensed,
        "variants": packed(found.variants),
        "windows": list(found.windows),
    }


def _plain(one: Pdq) -> tuple[int, bytes]:
    return one.quality, b"".join((one.code, *one.dihedral))
