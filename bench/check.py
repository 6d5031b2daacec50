"""The upload check: p50 and p99 at 1, 8 and 32 clients, and of `Matcher` in one's own process, against 10,000,000 codes.

A whole installation (`leeward serve`) on loopback; clients run on the same machine and take part of it. LEEWARD_BENCH_CHECK_CODES
(default 10000000) says how many codes; 10,000,000 takes some three minutes and 3 GB of disk.
"""

import base64
import json
import os
import tempfile
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from PIL import Image

from bench.installed import command, served, set_up
from bench.matching.code_sets import code_file
from leeward.matching import Matcher
from leeward.matching.lists import ListBank, ListContent, Signer, write_list

CLIENTS = (1, 8, 32)
SECONDS = 6.0
PICTURE = (1600, 1200)


def run() -> Iterator[str]:
    """Print what was measured."""
    codes = code_file(int(os.environ.get("LEEWARD_BENCH_CHECK_CODES", "10000000")))
    with tempfile.TemporaryDirectory(prefix="leeward-bench-check-") as name:
        folder = Path(name)
        picture, known = _picture(folder / "picture.jpg", 7), _picture(folder / "known.jpg", 8)
        yield from _over_http(folder, codes, picture, known)
        yield from _in_process(folder / "list", codes, picture)


def _picture(path: Path, seed: int) -> Path:
    """A JPEG of 2 megapixels with a photograph's entropy: smooth shapes with noise over them."""
    rng = np.random.default_rng(seed)
    small = Image.fromarray(rng.integers(0, 256, (30, 40, 3), dtype=np.uint8)).resize(PICTURE, Image.Resampling.BICUBIC)
    noisy = np.asarray(small).astype(np.int16) + rng.integers(-12, 13, (PICTURE[1], PICTURE[0], 3))
    Image.fromarray(np.clip(noisy, 0, 255).astype(np.uint8)).save(path, "JPEG", quality=85)
    return path


def _over_http(folder: Path, codes: Path, picture: Path, known: Path) -> Iterator[str]:
    environment = set_up(folder)
    key = command(environment, "bench.check_world", str(codes), str(known)).split()[-1]
    with served(environment) as port:
        where = ("--port", str(port), "--key", key, "--picture", str(picture))
        for kind in ("hash", "image"):
            for clients in CLIENTS:
                _clients(*where, "--kind", kind, "--clients", str(clients), "--seconds", "1")
                times = np.array(_clients(*where, "--kind", kind, "--clients", str(clients), "--seconds", str(SECONDS)))
                p50, p99 = np.percentile(times, [50, 99])
                what = "one PDQ code" if kind == "hash" else f"a JPEG of {picture.stat().st_size // 1000} kB"
                yield (
                    f"POST /api/v1/check, {what}, {clients} clients: p50 {p50:.1f} ms, p99 {p99:.1f} ms, "
                    f"{len(times) / SECONDS:,.0f} answers/s"
                )


def _clients(*options: str) -> list[float]:
    times: list[float] = json.loads(command(os.environ, "bench.check_clients", *options))
    return times


def _in_process(folder: Path, codes: Path, picture: Path) -> Iterator[str]:
    """Measure `Matcher` on a list of the same codes, one thread."""
    array = np.ascontiguousarray(np.load(codes))
    rows = np.arange(len(array), dtype=np.uint32)
    content = ListContent(
        records=rows.astype(np.uint64),
        bank_of=np.zeros(len(array), np.uint16),
        classification_of=np.zeros(len(array), np.uint16),
        banks=(ListBank(0, "bench"),),
        codes=array,
        code_rows=rows,
    )
    key = Ed25519PrivateKey.generate()
    signer = Signer(
        base64.b64encode(key.public_key().public_bytes_raw()).decode(),
        lambda text: base64.b64encode(key.sign(text)).decode(),
    )
    started = time.perf_counter()
    write_list(folder, content, name="bench", serial=1, made_at=datetime.now(UTC), signer=signer)
    wrote = time.perf_counter() - started
    del array, content
    started = time.perf_counter()
    matcher = Matcher(folder, key=signer.public_key)
    opened = time.perf_counter() - started
    started = time.perf_counter()
    Matcher(folder, key=signer.public_key, verify=False)
    mapped = time.perf_counter() - started
    yield (
        f"Matcher, {len(matcher):,} rows: written in {wrote:.0f} s; opened in {opened:.1f} s with every checksum, "
        f"{mapped * 1e3:.0f} ms without"
    )
    rng = np.random.default_rng(5)
    data = picture.read_bytes()
    yield _timed(
        "Matcher.check_hashes, one PDQ code", lambda: matcher.check_hashes([{"pdq": rng.bytes(32).hex()}]), 2000
    )
    yield _timed(f"Matcher.check, a JPEG of {len(data) // 1000} kB", lambda: matcher.check(data), 100)


def _timed(what: str, act: Callable[[], object], times: int) -> str:
    for _ in range(5):
        act()
    taken = []
    for _ in range(times):
        started = time.perf_counter()
        act()
        taken.append((time.perf_counter() - started) * 1e3)
    p50, p99 = np.percentile(taken, [50, 99])
    return f"{what}: p50 {p50:.2f} ms, p99 {p99:.2f} ms"
