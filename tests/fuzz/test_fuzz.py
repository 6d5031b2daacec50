"""A few rounds of what `make fuzz` does for ten minutes, always the same ones."""

import re
from pathlib import Path

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
    seeds = (*range(ROUNDS), *FOUND.get(reader.name, ()))
    assert [fault for seed in seeds if (fault := running.parse(reader, seed))] == []


def test_whatever_a_decoder_is_given_ends_in_its_child() -> None:
    pool = Pool(idle_seconds=600)
    try:
        before = running.peak_megabytes()
        faults = [
            running.decode(pool, function, seed) for function in running.DECODERS for seed in range(ROUNDS_OF_DECODERS)
        ]
        assert [fault for fault in faults if fault] == []
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


def test_a_seed_makes_the_same_input_again() -> None:
    assert damaged(b"a harbour" * 9, running.Random("x 1")) == damaged(b"a harbour" * 9, running.Random("x 1"))
