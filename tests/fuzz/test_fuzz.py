"""A few rounds of what `make fuzz` does for ten minutes, always the same ones."""

import re
from functools import partial
from pathlib import Path
from random import Random

import pytest

import leeward
from leeward.foundation.sandbox import Pool
from tests.contracts.growth import Reader
from tests.fuzz import running
from tests.fuzz.corpus import files
from tests.fuzz.mutating import damaged

# Web applications that a server starts, and a decoder’s word about itself, which reads no bytes.
NO_DECODERS = {
    "leeward.site.served:application",
    "leeward.site.stopped:application",
    "leeward.foundation.sandbox.fences:seen",
}
ROUNDS, ROUNDS_OF_DECODERS = 12, 6
# Seeds that found something once.
FOUND = {
    "VICS": (184,),
    "a registry's answer": (1279777642,),
    "ThreatExchange": (382,),
    "the scans of a JPEG": (1548299156,),
}


@pytest.mark.parametrize("reader", running.READERS, ids=lambda reader: reader.name)
def test_a_parser_reads_or_refuses_what_is_damaged(reader: Reader) -> None:
    feed = partial(running.parse, reader)
    assert running.hunt(feed, examples=ROUNDS, seed=0) is None
    for seed in FOUND.get(reader.name, ()):
        assert feed(Random(f"{reader.name} {seed}")) is None


def test_whatever_a_decoder_is_given_ends_in_its_child() -> None:
    pool = Pool(idle_seconds=600)
    try:
        before = running.peak_megabytes()
        for function in running.DECODERS:
            assert running.hunt(partial(running.decode, pool, function), examples=ROUNDS_OF_DECODERS, seed=0) is None
        assert running.peak_megabytes() - before < 100
    finally:
        for child in pool._idle:
            child.end()


def test_every_file_is_taken_before_it_is_damaged() -> None:
    """Else the decoders would refuse everything at the door, and nothing would be tried."""
    pool = Pool(idle_seconds=600)
    try:
        for function, (kinds, _arguments) in running.DECODERS.items():
            for kind in kinds:
                answer = running.answer_of(pool, function, kind, files()[kind])
                assert answer is not None, (function, kind)
                assert not isinstance(answer, running.Finding), (function, kind, answer)
                if isinstance(answer, dict):
                    wrong = {name: answer.get(name) for name in ("problem", "why", "error", "unreadable", "is_end")}
                    assert not any(wrong.values()), (function, kind, wrong)
    finally:
        for child in pool._idle:
            child.end()


def test_every_function_that_runs_in_a_child_is_fuzzed() -> None:
    """Found where the source has something run there, by the name that it gives."""
    found = set()
    for path in Path(leeward.__file__).parent.rglob("*.py"):
        text = path.read_text(encoding="utf-8")
        places = dict(re.findall(r'^(_\w+) = "(leeward[\w.]+)"$', text, re.MULTILINE))
        found |= set(re.findall(r'"(leeward\.[\w.]+:\w+)"', text))
        found |= {f"{places[name]}:{function}" for name, function in re.findall(r'f"\{(_\w+)\}:(\w+)"', text)}
        calls = len(re.findall(r"sandbox\.(?:call|stream)\(", text))
        named = len(re.findall(r'sandbox\.(?:call|stream)\(\s*(?:f?"[^"]+:\w+"|ONLY_SOUND|self\._function)', text))
        assert calls == named, f"{path} has a function run whose name this test can’t read"
    assert found - NO_DECODERS == set(running.DECODERS)


def test_what_is_found_is_made_small() -> None:
    """A fault is told with the least damage that makes it, by whoever tries the same seed."""
    whole = b"a harbour"

    def stumbles(random: Random) -> running.Fault | None:
        given = damaged(whole, random)
        return running.Fault("one who stumbles", "over a nought", given) if b"\0" in given else None

    found = running.hunt(stumbles, examples=300, seed=1)
    assert found is not None
    assert isinstance(found.given, bytes)
    assert found.given.count(b"\0") == 1
    assert len(found.given) <= len(whole) + 1
    assert running.hunt(stumbles, examples=300, seed=1) == found
    assert running.hunt(lambda random: None, examples=10, seed=1) is None
