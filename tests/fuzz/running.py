"""Feeds damaged input to every parser here, and to every decoder in its child, and says what went wrong."""

import csv
import io
import json
import resource
import tarfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from random import Random
from typing import Any

import hypothesis
from hypothesis import strategies
from hypothesis.errors import Flaky

from leeward.foundation.errors import LeewardError
from leeward.foundation.sandbox import Finding, Limits, Pool
from leeward.scanning.containers.bounds import BudgetSpent
from tests.contracts.growth import Reader, fetched, letters, lists, typed
from tests.fuzz.corpus import PICTURES, files
from tests.fuzz.mutating import damaged, damaged_text

READERS = [*typed.READERS, *fetched.READERS, *letters.READERS, *lists.READERS]
# Which files each function that runs in a child is given; what it is given beside them. `tests/fuzz/test_fuzz.py` finds the others.
DECODERS: dict[str, tuple[tuple[str, ...], dict[str, object]]] = {
    "leeward.hosting.decoders.pages:read_page": (("page",), {"url": "http://a.example/", "charset": ""}),
    "leeward.hosting.decoders.page_view:read_view": (("page",), {"charset": ""}),
    "leeward.hosting.decoders.pictures:picture_hashes": (
        (*PICTURES, "JPEG2000", "animation"),
        {"licensed": ""},
    ),
    "leeward.hosting.decoders.pictures:small": (
        (*PICTURES, "JPEG2000", "animation"),
        {"width": 320, "blurred": True, "part": 1.0},
    ),
    "leeward.hosting.decoders.strips:strip": (("video", "film"), {"width": 320, "blurred": True}),
    "leeward.matching.hashing.child:visual_hashes": (
        (*PICTURES, "MPO", "HEIF", "animation", "video", "film"),
        {"name": "", "exact": False, "derived": ["variants"], "limits": [1_000_000, 10.0, 10], "licensed": ""},
    ),
    "leeward.people.decoders.sound:only_sound": (
        ("wav", "mp3", "ogg"),
        {"most_seconds": 300},
    ),
    "leeward.tips.decoders.files:read": (("tip", "tips"), {"name": "a"}),
    "leeward.awareness.decoders.pages:read": (("repository",), {}),
    "leeward.hashbank.decoders.answers:read": (("ncmec",), {}),
    "leeward.hashbank.decoders.lists:entries": (("vics", "ncmec", "threatexchange"), {}),
    "leeward.outputs.decoders.documents:cybertip_answer": (("receipt",), {}),
    "leeward.outputs.decoders.documents:cybertip_faults": (("report",), {"now": "2026-11-29T12:00:00+00:00"}),
    "leeward.outputs.decoders.documents:goaml_faults": (("report",), {}),
    "leeward.outputs.decoders.schemas:why_unusable": (("schema",), {}),
    "leeward.outputs.decoders.schemas:faults": (("schema",), {"document": "<report/>"}),
    "leeward.foundation.sandbox.paper:make": (("paper",), {}),
}
STREAMS = frozenset({"leeward.hashbank.decoders.lists:entries"})
# What is said of a file of each kind, beside what every file of a decoder is given.
OF_KIND: dict[str, dict[str, dict[str, object]]] = {
    "leeward.hashbank.decoders.lists:entries": {kind: {"form": kind} for kind in ("vics", "ncmec", "threatexchange")},
    "leeward.people.decoders.sound:only_sound": {
        kind: {"form": form, "codec": codec}
        for kind, form, codec in (("wav", "wav", "pcm_s16le"), ("mp3", "mp3", "mp3"), ("ogg", "ogg", "opus"))
    },
}
# A parser may refuse what it is given, by an error of ours or by one of those that say "this is no such text".
REFUSALS = (LeewardError, ValueError, EOFError, OSError, BudgetSpent, tarfile.TarError, zipfile.BadZipFile, csv.Error)
SLOW_SECONDS = 5.0
SIZES = (0, 3, 40, 400)
A_TURN = 20  # inputs for one of them, before it is the next one’s turn
LIMITS = Limits(seconds=20.0)


@dataclass(frozen=True, slots=True)
class Fault:
    """What went wrong: with whom, how, and what it had been given."""

    who: str
    what: str
    given: object


type Feed = Callable[[Random], Fault | None]


def parse(reader: Reader, random: Random) -> Fault | None:
    """Give a parser one damaged input: it reads or refuses it, in good time."""
    shape = random.choice(list(reader.shapes.values()))
    whole = shape(random.choice(SIZES))
    given = _damaged(whole, random)
    started = time.thread_time()
    try:
        reader.read(given)
    except REFUSALS:
        pass
    except Exception as error:
        return Fault(reader.name, f"{type(error).__name__}: {str(error)[:80]}", given)
    took = time.thread_time() - started
    return Fault(reader.name, f"took {took:.1f} s", given) if took > SLOW_SECONDS else None


def answer_of(pool: Pool, function: str, kind: str, body: bytes) -> object:
    """Return what a decoder says of a file of a kind; of a stream, the last that it says."""
    arguments = DECODERS[function][1] | OF_KIND.get(function, {}).get(kind, {})
    if function not in STREAMS:
        return pool.call(function, body, LIMITS, **arguments)
    found = list(pool.stream(function, io.BytesIO(body), LIMITS, **arguments))
    return found[-1] if found else None


def decode(pool: Pool, function: str, random: Random) -> Fault | None:
    """Give a decoder one damaged file in its child: whatever happens there is an answer here."""
    kind = random.choice(DECODERS[function][0])
    body = damaged(files()[kind], random)
    try:
        answer = answer_of(pool, function, kind, body)
    except Exception as error:
        return Fault(function, f"{type(error).__name__}: {str(error)[:80]}", body)
    return Fault(function, "busy", body) if isinstance(answer, Finding) and answer.code == "busy" else None


def hunt(feed: Feed, *, examples: int, seed: int) -> Fault | None:
    """Feed what Hypothesis draws, as many times; return the least damage at which something went wrong, or None."""
    found: list[Fault] = []

    @hypothesis.settings(
        max_examples=examples,
        deadline=None,
        database=None,
        report_multiple_bugs=False,
        suppress_health_check=list(hypothesis.HealthCheck),
        verbosity=hypothesis.Verbosity.quiet,
    )
    @hypothesis.seed(seed)
    @hypothesis.given(strategies.randoms(use_true_random=False))
    def fed(random: Random) -> None:
        fault = feed(random)
        if fault is not None:
            found.append(fault)
            raise AssertionError(fault.what)

    try:
        fed()
    except (AssertionError, Flaky):
        return found[-1]  # what was shrunk to is fed once more at the end
    return None


def everybody(pool: Pool) -> dict[str, Feed]:
    """Return how each parser and each decoder is fed, by its name."""
    parsers: dict[str, Feed] = {reader.name: partial(parse, reader) for reader in READERS}
    return parsers | {function: partial(decode, pool, function) for function in DECODERS}


def everything(seeds: Iterator[int], pool: Pool) -> Iterator[tuple[str, Fault | None]]:
    """Go round all parsers and decoders for as long as there are seeds; yield who was fed, and what went wrong."""
    for seed in seeds:
        for who, feed in everybody(pool).items():
            yield who, hunt(feed, examples=A_TURN, seed=seed)


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
