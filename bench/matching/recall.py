"""Altered pictures: how many are found, against 1,000,000 codes of other pictures, beside python-threatexchange with and without unletterbox.

The known list are Debian's wallpapers (JPEG and PNG, long side 1600); each is altered in twenty ways and sent as JPEG. Published with it: hits
on pictures that have nothing to do with the upload, and what an upload costs. LEEWARD_BENCH_RECALL_PHOTOS says how many are taken (default:
all), LEEWARD_BENCH_RECALL_CODES how many other codes there are; LEEWARD_BENCH_RECALL_PEER=0 leaves python-threatexchange out. The curve in
docs/why is drawn by `python -m bench.matching.recall_curve`.
"""

import io
import json
import os
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import nullcontext
from dataclasses import dataclass, field
from pathlib import Path
from statistics import mean, median

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from bench.matching.alterations import ALTERATIONS, upload
from bench.matching.peers import FOLDER, Peer
from bench.matching.photos import pictures
from bench.matching.strangers import strangers
from leeward.matching.hashing import Pdq, PictureHash, hash_picture
from leeward.matching.index import Index
from leeward.matching.index.soft import SoftLimits
from leeward.matching.variants.asking import Questions, questions

RADIUS = 31
LEAST_APART = 70
KNOWN_SIDE = 1600
SOFT = (0.0, 8.0, 12.0, 16.0, 18.0, 20.0, 22.0, 24.0, 28.0)
"""Soft limits of the curve; 0: variants by their bits alone."""
USED = SoftLimits().max_soft
OURS = ("plain", "variants", "stored windows")
THEIRS = ("theirs", "theirs, unletterbox") if os.environ.get("LEEWARD_BENCH_RECALL_PEER", "1") != "0" else ()


@dataclass(slots=True)
class Known:
    """A picture of the list: its code, and those of its stored windows."""

    picture: Image.Image
    code: bytes
    windows: tuple[bytes, ...]


@dataclass(slots=True)
class Tally:
    """Of one alteration: how many were sent, and found by whom; false hits by whom; found and false by soft limit."""

    sent: int = 0
    found: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    false: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    curve: dict[float, list[int]] = field(default_factory=lambda: {limit: [0, 0] for limit in SOFT})


def run() -> Iterator[str]:
    """Print what was measured."""
    try:
        known = list(known_pictures(windows=True))
        others = strangers(int(os.environ.get("LEEWARD_BENCH_RECALL_CODES", "1000000")))
    except (RuntimeError, subprocess.CalledProcessError) as problem:
        yield f"not measured: {problem}"
        return
    tallies, costs = measured(known, others)
    yield f"{len(known)} known pictures, {len(others):,} other codes, {len(ALTERATIONS)} alterations; found in %"
    names = (*THEIRS, *OURS)
    yield f"{'':32}" + "".join(f"{name:>21}" for name in names)
    for name, tally in tallies.items():
        yield f"{name:32}" + "".join(f"{100 * tally.found[who] / tally.sent:>21.0f}" for who in names)
    sent = sum(tally.sent for tally in tallies.values())
    yield f"{'false hits in 10,000 uploads':32}" + "".join(
        f"{1e4 * sum(tally.false[who] for tally in tallies.values()) / sent:>21.1f}" for who in names
    )
    yield from costs
    curve = [
        {
            "soft": limit,
            "recall": sum(tally.curve[limit][0] for tally in tallies.values()) / sent,
            "false": sum(tally.curve[limit][1] for tally in tallies.values()) / sent,
        }
        for limit in SOFT
    ]
    (FOLDER / "recall.json").write_text(json.dumps({"pictures": len(known), "sent": sent, "curve": curve}))
    for point in curve:
        yield f"soft distance up to {point['soft']:>4.0f}: mean recall {point['recall']:.1%}, false in {point['false']:.2%} of uploads"


def known_pictures(*, windows: bool = False) -> Iterator[Known]:
    """Give the pictures that the list holds: usable ones, further than 70 bits from each other, with their windows if wanted."""
    most = int(os.environ.get("LEEWARD_BENCH_RECALL_PHOTOS", "1000"))
    kept: list[Pdq] = []
    for path in pictures():
        with Image.open(path) as opened:
            picture = opened.convert("RGB")
        picture.thumbnail((KNOWN_SIDE, KNOWN_SIDE), Image.Resampling.LANCZOS)
        hashed = _hashed(_bytes(picture), exact=True, windows=windows)
        near = any(min(_bits(code, one.code) for code in hashed.pdq.dihedral) <= LEAST_APART for one in kept)
        if hashed.pdq.is_usable and not near and len(kept) < most:
            kept.append(hashed.pdq)
            yield Known(picture, hashed.pdq.code, hashed.windows)


def _bytes(picture: Image.Image) -> bytes:
    out = io.BytesIO()
    picture.save(out, "JPEG", quality=90)
    return out.getvalue()


def _hashed(data: bytes, *, exact: bool = False, variants: bool = False, windows: bool = False) -> PictureHash:
    found = hash_picture(io.BytesIO(data), exact=exact, variants=variants, windows=windows)
    assert found is not None
    return found


def _bits(one: bytes, two: bytes) -> int:
    return (int.from_bytes(one) ^ int.from_bytes(two)).bit_count()


def measured(known: list[Known], others: NDArray[np.uint8]) -> tuple[dict[str, Tally], list[str]]:
    """Alter, send, look up; return the tallies by alteration, and lines on what it costs."""
    codes = np.frombuffer(b"".join(one.code for one in known), np.uint8).reshape(-1, 32)
    stored = [(number, code) for number, one in enumerate(known) for code in one.windows]
    tallies: dict[str, Tally] = {}
    plain_ms, asking_ms, theirs_ms = [], [], []
    with (
        tempfile.TemporaryDirectory(prefix="leeward-bench-recall-") as place,
        Peer("peer_recall.py") if THEIRS else nullcontext() as peer,
    ):
        folder = Path(place)
        index = Index.build(folder / "known.index", np.concatenate([codes, others]))
        windows = Index.build(
            folder / "windows.index",
            np.concatenate([np.frombuffer(b"".join(code for _, code in stored), np.uint8).reshape(-1, 32), others]),
            ids=np.concatenate([[number for number, _ in stored], len(known) + np.arange(len(others))]),
        )
        for kind, name in enumerate(ALTERATIONS):
            tally = tallies[name] = Tally()
            for number, one in enumerate(known):
                data = upload(one.picture, name, 1000 * number + kind)
                tally.sent += 1
                if peer is not None:
                    (folder / "upload.jpg").write_bytes(data)
                    answer = peer.ask(path=str(folder / "upload.jpg"))
                    theirs_ms.append(1e3 * (answer["cpu"] + answer["trimmed_cpu"]))
                    _count_theirs(tally, number, codes, others, answer)
                spent = _count_ours(tally, number, data, (index, windows))
                plain_ms.append(spent[0])
                asking_ms.append(spent[1])
    cost = f"look-up of an upload, ms of processor: plain {median(plain_ms):.2f}, with variants {median(asking_ms):.2f} more"
    theirs = f"; theirs hashes in {mean(theirs_ms):.0f}, unletterbox included" if theirs_ms else ""
    return tallies, [f"{cost}{theirs}"]


def _count_theirs(
    tally: Tally, number: int, codes: NDArray[np.uint8], others: NDArray[np.uint8], answer: dict[str, str]
) -> None:
    """Compare by brute force at their threshold, so that no index of theirs can miss anything; `unletterbox` adds to the plain hash."""
    hits: set[int] = set()
    for who, text in (("theirs", answer["plain"]), ("theirs, unletterbox", answer["trimmed"])):
        if text:
            code = np.frombuffer(bytes.fromhex(text), np.uint8)
            for start, array in ((0, codes), (len(codes), others)):
                bits = np.bitwise_count(array.view(np.uint64) ^ code.view(np.uint64)).sum(axis=1)
                hits |= set((np.flatnonzero(bits <= RADIUS) + start).tolist())
        tally.found[who] += number in hits
        tally.false[who] += bool(hits - {number})


def _count_ours(tally: Tally, number: int, data: bytes, indexes: tuple[Index, Index]) -> tuple[float, float]:
    index, windows = indexes
    hashed = _hashed(data, variants=True)
    started = time.process_time()
    plain = dict.fromkeys([*hashed.pdq.dihedral, *hashed.pdq_nn512.dihedral])
    asked = np.frombuffer(b"".join(plain), np.uint8).reshape(-1, 32)
    hits = set(index.search(asked, RADIUS).id.tolist()) if hashed.pdq.is_usable else set()
    middle = time.process_time()
    found = _softest(index, questions(hashed.variants))
    ended = time.process_time()
    near = {record for record, soft in found.items() if soft <= USED}
    by_window = set(windows.search(asked, RADIUS).id.tolist()) if hashed.pdq.is_usable else set()
    for who, reached in (("plain", hits), ("variants", hits | near), ("stored windows", hits | near | by_window)):
        tally.found[who] += number in reached
        tally.false[who] += bool(reached - {number})
    for limit in SOFT:
        reached = hits | {record for record, soft in found.items() if soft <= limit}
        tally.curve[limit][0] += number in reached
        tally.curve[limit][1] += bool(reached - {number})
    return 1e3 * (middle - started), 1e3 * (ended - middle)


def _softest(index: Index, asked: Questions) -> dict[int, float]:
    """Return for each record that any variant meets its least soft distance; 0 where the bits alone are near enough."""
    found: dict[int, float] = {}
    for hit, soft in _with_soft(index, asked):
        found[hit] = min(soft, found.get(hit, soft))
    return found


def _with_soft(index: Index, asked: Questions) -> Iterator[tuple[int, float]]:
    hits = index.search_softly(asked.codes, asked.weights, SoftLimits(max_soft=max(SOFT)))
    assert hits.soft is not None
    for record, distance, soft in zip(hits.id.tolist(), hits.distance.tolist(), hits.soft.tolist(), strict=True):
        yield record, 0.0 if distance <= RADIUS else soft
