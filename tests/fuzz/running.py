"""Feeds damaged input to every parser here, and to every decoder in its child, and says what went wrong."""

import csv
import json
import resource
import tarfile
import time
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Any

from leeward.foundation.errors import LeewardError
from leeward.foundation.sandbox import Finding, Limits, Pool
from leeward.scanning.containers.bounds import BudgetSpent
from tests.contracts.growth import Reader, fetched, letters, lists, typed
from tests.fuzz.corpus import files
from tests.fuzz.mutating import damaged, damaged_text

READERS = [*typed.READERS, *fetched.READERS, *letters.READERS, *lists.READERS]
# Which files each decoder is given; what it is given beside them.
DECODERS: dict[str, tuple[tuple[str, ...], dict[str, object]]] = {
    "leeward.hosting.decoders.pages:read_page": (("page",), {"url": "http://a.example/", "charset": ""}),
    "leeward.hosting.decoders.pictures:picture_hashes": (
        ("PNG", "JPEG", "GIF", "WEBP", "TIFF", "BMP", "AVIF", "animation"),
        {"licensed": ""},
    ),
    "leeward.hosting.decoders.strips:strip": (("video",), {"width": 320, "blurred": True}),
    "leeward.matching.hashing.child:visual_hashes": (
        ("PNG", "JPEG", "GIF", "WEBP", "animation", "video"),
        {"name": "", "exact": False, "derived": ["variants"], "limits": [1000, 1.0, 10], "licensed": ""},
    ),
    "leeward.people.decoders.sound:only_sound": (
        ("sound",),
        {"form": "wav", "codec": "pcm_s16le", "most_seconds": 300},
    ),
    "leeward.tips.decoders.files:read": (("tip", "tips"), {"name": "a"}),
    "leeward.awareness.decoders.pages:read": (("repository",), {}),
    "leeward.hashbank.decoders.answers:read": (("hash sharing",), {}),
    "leeward.outputs.decoders.documents:cybertip_answer": (("receipt",), {}),
}
# A parser may refuse what it is given, by an error of ours or by one of those that say "this is no such text".
REFUSALS = (LeewardError, ValueError, EOFError, OSError, BudgetSpent, tarfile.TarError, zipfile.BadZipFile, csv.Error)
SLOW_SECONDS = 5.0
SIZES = (0, 3, 40, 400)
LIMITS = Limits(seconds=20.0)


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong: with whom, how, and the number with which `--seed` makes the same input again."""

    who: str
    what: str
    seed: int


def parse(reader: Reader, seed: int) -> Fault | None:
    """Give a parser one damaged input: it reads or refuses it, in good time."""
    random = Random(f"{reader.name} {seed}")
    shape = random.choice(list(reader.shapes.values()))
    whole = shape(random.choice(SIZES))
    given = _damaged(whole, random)
    started = time.thread_time()
    try:
        reader.read(given)
    except REFUSALS:
        pass
    except Exception as error:
        return Fault(reader.name, f"{type(error).__name__}: {str(error)[:80]}", seed)
    took = time.thread_time() - started
    return Fault(reader.name, f"took {took:.1f} s", seed) if took > SLOW_SECONDS else None


def decode(pool: Pool, function: str, seed: int) -> Fault | None:
    """Give a decoder one damaged file in its child: whatever happens there is an answer here."""
    random = Random(f"{function} {seed}")
    kinds, arguments = DECODERS[function]
    body = damaged(files()[random.choice(kinds)], random)
    try:
        answer = pool.call(function, body, LIMITS, **arguments)
    except Exception as error:
        return Fault(function, f"{type(error).__name__}: {str(error)[:80]}", seed)
    return Fault(function, "busy", seed) if isinstance(answer, Finding) and answer.code == "busy" else None


def everything(seeds: Iterator[int], pool: Pool) -> Iterator[tuple[str, Fault | None]]:
    """Go round all parsers and decoders for as long as there are seeds; yield who was fed, and what went wrong."""
    for seed in seeds:
        for reader in READERS:
            yield reader.name, parse(reader, seed)
        for function in DECODERS:
            yield function, decode(pool, function, seed)


def peak_megabytes() -> float:
    """Return the most memory that this process ever had."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def _damaged(whole: Any, random: Random) -> Any:
    """Damage whatever a parser reads: bytes, a text, lines of them, or what was JSON."""
    if isinstance(whole, bytes):
        return damaged(whole, random)
    if isinstance(whole, str):
        return damaged_text(whole, random)
    if isinstance(whole, list) and whole:
        copy = list(whole)
        at = random.randrange(len(copy))
        copy[at] = _damaged(copy[at], random)
        return copy
    if isinstance(whole, tuple) and whole:
        return tuple(_damaged(list(whole), random))
    if isinstance(whole, dict):
        try:
            found = json.loads(damaged_text(json.dumps(whole), random))
        except (ValueError, TypeError):
            return whole
        return found if isinstance(found, dict) else whole
    return whole
