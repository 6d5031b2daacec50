"""Addresses as they come, and all that is made of each: `tests/vectors/address`, a line a case. A line that changes says what changed."""

import json
from pathlib import Path
from typing import Any

import pytest

from leeward.hosting.rules.address import recognise
from leeward.hosting.rules.sentences import NOTES, PROBLEMS
from leeward.hosting.rules.urls import MOST_LETTERS, BadAddress, canonical_url, shortened

FOLDER = Path(__file__).parents[2] / "vectors" / "address"


def vectors(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (FOLDER / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()]


def test_all_that_is_made_of_a_text() -> None:
    for row in vectors("recognised"):
        found = recognise(row["text"])
        said = [
            [
                one.kind, one.typed, one.display, one.comparable, one.service, list(one.undone),
                next((code for code, sentence in PROBLEMS.items() if sentence == one.problem), ""),
                [code for note in one.notes for code, sentence in NOTES.items() if sentence == note],
            ]
            for one in found
        ]  # fmt: skip
        assert said == row["found"], row["text"]
        assert [one.problem is None for one in found] == [not one[6] for one in said]


def test_all_that_is_made_of_a_web_address() -> None:
    for row in vectors("canonical"):
        text, problem = row.pop("text"), row.pop("problem", "")
        if problem:
            with pytest.raises(BadAddress) as bad:
                canonical_url(text)
            assert bad.value.problem == problem, text
            assert str(bad.value) == f"“{shortened(text)}” is not a web address. {PROBLEMS[problem]}"
            continue
        url = canonical_url(text)
        assert url.input == text.removeprefix("\ufeff")
        assert {name: getattr(url, name) for name in row} == row | {"notes": tuple(row["notes"])}, text


def test_a_web_address_has_its_greatest_length() -> None:
    start = "http://a.example/"
    assert canonical_url(start + "x" * (MOST_LETTERS - len(start))).host == "a.example"
    with pytest.raises(BadAddress) as bad:
        canonical_url(start + "x" * (MOST_LETTERS - len(start) + 1))
    assert bad.value.problem == "too_long"
    assert str(bad.value) == f"“{start}{'x' * 62}…” is not a web address. {PROBLEMS['too_long']}"


@pytest.mark.parametrize(
    ("text", "most", "shown"),
    [
        ("a  b\n\tc\x00d", 80, "a b c d"),
        ("x" * 80, 80, "x" * 80),
        ("x" * 81, 80, "x" * 79 + "…"),
        ("abcdef", 5, "abcd…"),
        (" " * 4 + "abc", 2, ""),
        (" " * 4 + "abc", 3, "ab"),
    ],
)
def test_a_text_is_shortened_for_a_sentence(text: str, most: int, shown: str) -> None:
    assert shortened(text, most) == shown
    assert len(shortened(text * 40)) <= 80
