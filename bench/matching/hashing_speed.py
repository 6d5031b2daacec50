"""PDQ of JPEG photographs from bytes in memory, against PIL and pdqhash, one core each.

The machine may be shared: times are CPU seconds of one thread, ours and theirs in turn for each photograph. Ours is both
conventions, quality and 8 dihedral hashes; theirs one hash.
"""

import io
import time
from collections.abc import Iterator
from statistics import mean, median

import numpy as np
from PIL import Image

from bench.matching.peers import Peer
from bench.matching.photos import photos
from leeward.matching.hashing import PictureHash, hash_picture
from leeward.matching.hashing.pdq import pdq

REPEATS = 3


def run() -> Iterator[str]:
    """Print what was measured over all photographs, then for those near 8 megapixels."""
    rows = []
    _warm()
    with Peer("peer_hashing.py") as peer:
        for path in photos():
            data = path.read_bytes()
            theirs = peer.ask(path=str(path))
            fast, fast_seconds = _timed(data, exact=False)
            exact, exact_seconds = _timed(data, exact=True)
            rows.append(
                {
                    "pixels": fast.width * fast.height,
                    "theirs": theirs["cpu"],
                    "decode": theirs["decode"],
                    "fast": fast_seconds,
                    "exact": exact_seconds,
                    "step": _hash_step(data),
                    "usable": theirs["quality"] >= 50,
                    "fast_bits": _bits(fast.pdq.hex, theirs["code"]),
                    "exact_bits": _bits(exact.pdq.hex, theirs["code"]),
                    "nn512_bits": fast.pdq_nn512.bits_from(exact.pdq_nn512),
                }
            )
    yield from _told("all photographs", rows)
    yield from _told("of 6 to 10 megapixels", [row for row in rows if 6e6 <= row["pixels"] <= 10e6])


def _told(what: str, rows: list[dict[str, float]]) -> Iterator[str]:
    total = {name: sum(row[name] for row in rows) for name in ("theirs", "decode", "fast", "exact", "step")}
    pixels = sum(row["pixels"] for row in rows)
    yield (
        f"{what} ({len(rows)}, median {median(row['pixels'] for row in rows) / 1e6:.1f} MP): "
        f"{total['theirs'] / total['fast']:.1f} x PIL and pdqhash "
        f"({len(rows) / total['fast']:.1f} against {len(rows) / total['theirs']:.1f} pictures/s, "
        f"{pixels / total['fast'] / 1e6:.0f} MP/s), exact {total['theirs'] / total['exact']:.1f} x; "
        f"hashing without decoding {(total['theirs'] - total['decode']) / total['step']:.0f} x"
    )
    yield (
        f"{what}: theirs spends {total['decode'] / total['theirs']:.0%} decoding, ours "
        f"{1 - total['step'] / total['fast']:.0%}; median ratio of one picture "
        f"{median(row['theirs'] / row['fast'] for row in rows):.1f}"
    )
    usable = [row for row in rows if row["usable"]]
    for name, label in (("fast_bits", "fast"), ("exact_bits", "exact"), ("nn512_bits", "nn512 fast against exact")):
        values = [row[name] for row in usable]
        yield (
            f"{what}: {label}: bits from the full-resolution reference: median {median(values):.0f}, mean "
            f"{mean(values):.2f}, maximum {max(values):.0f}"
        )


def _timed(data: bytes, *, exact: bool) -> tuple[PictureHash, float]:
    times = []
    for _ in range(1 if exact else REPEATS):
        started = time.process_time()
        found = hash_picture(io.BytesIO(data), exact=exact)
        times.append(time.process_time() - started)
    assert found is not None
    return found, median(times)


def _hash_step(data: bytes) -> float:
    """Return the CPU time of our hashing alone, one convention, on the pixels that were decoded."""
    picture = Image.open(io.BytesIO(data))
    size = (picture.height, picture.width)
    picture.draft("L", (512, 512))
    pixels = np.asarray(picture.convert("L"))
    pdq(pixels, original=size)
    started = time.process_time()
    for _ in range(5):
        pdq(pixels, original=size)
    return (time.process_time() - started) / 5


def _bits(one: str, other: str) -> int:
    return (int(one, 16) ^ int(other, 16)).bit_count()


def _warm() -> None:
    noise = Image.fromarray(np.random.default_rng(0).integers(0, 256, (600, 600, 3), dtype=np.uint8))
    for kind in ("JPEG", "PNG"):
        stream = io.BytesIO()
        noise.save(stream, kind)
        stream.seek(0)
        hash_picture(stream)
