"""The public promises and the threat model say the same, and every promise names a test that exists and a mutant that it must kill."""

import re
import tomllib
from pathlib import Path

from leeward.web.rules.promises import PROMISES

ROOT = Path(__file__).parents[2]
ROW = re.compile(r"^\| (P\d+) \| (.+?) \| (.+?) \| (.+?) \|$", re.MULTILINE)
ANY_ROW = re.compile(r"^\| ([A-Z]\d+) \| .+ \| (.+?) \|$", re.MULTILINE)
TEST = re.compile(r"`(tests/[\w/]+\.py)(?:::(test_\w+))?`")


def rows() -> list[tuple[str, str, str, str]]:
    return ROW.findall((ROOT / "THREAT_MODEL.md").read_text(encoding="utf-8"))


def test_the_page_and_the_threat_model_promise_the_same() -> None:
    assert [row[:3] for row in rows()] == [(promise.id, promise.sentence, promise.how) for promise in PROMISES]


def test_every_promise_names_a_test_that_exists() -> None:
    text = (ROOT / "THREAT_MODEL.md").read_text(encoding="utf-8")
    for number, named in ANY_ROW.findall(text):
        tests = TEST.findall(named)
        assert tests, number
        for path, function in tests:
            assert (ROOT / path).is_file(), (number, path)
            assert not function or f"def {function}(" in (ROOT / path).read_text(encoding="utf-8"), (number, function)


def test_every_promise_has_a_number_of_its_own_and_a_mutant_that_fits() -> None:
    named = ANY_ROW.findall((ROOT / "THREAT_MODEL.md").read_text(encoding="utf-8"))
    mutants = tomllib.loads((ROOT / "tests" / "mutants" / "promises.toml").read_text(encoding="utf-8"))
    assert [number for number, _tests in named] == list(mutants)
    for number, tests in named:
        mutant = mutants[number]
        source = (ROOT / mutant["file"]).read_text(encoding="utf-8")
        assert source.count(mutant["old"]) == 1, number
        assert mutant["new"] != mutant["old"], number
        assert f"`{mutant['test']}`" in tests, number
