"""`leeward law` as it is typed."""

import json
from pathlib import Path
from typing import Any

import pytest

from leeward.cli import main

FACTS = {
    "real_person": "yes",
    "known_age": None,
    "apparent_age": [8, 9],
    "medium": "photograph",
    "sap_level": 4,
    "exploitative": "unknown",
}


@pytest.fixture(autouse=True)
def _only_this_noun(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(main, "NOUNS", {"law": main.NOUNS["law"]})
    monkeypatch.setattr(main, "VERBS", ())
    monkeypatch.setattr(main, "app", __import__("typer").Typer())


def _rows(capsys: pytest.CaptureFixture[str], *words: str) -> list[dict[str, Any]]:
    assert main.run(["law", *words, "--json"]) == 0
    out = capsys.readouterr()
    assert out.err == ""
    return [json.loads(line) for line in out.out.splitlines()]


def _complaint(capsys: pytest.CaptureFixture[str], *words: str) -> str:
    assert main.run(["law", *words]) == 2
    out = capsys.readouterr()
    assert out.out == ""
    assert out.err.count("\n") == 1
    return out.err


@pytest.fixture
def facts(tmp_path: Path) -> str:
    path = tmp_path / "facts.json"
    path.write_text(json.dumps(FACTS), encoding="utf-8")
    return str(path)


def test_status(capsys: pytest.CaptureFixture[str]) -> None:
    rows = _rows(capsys, "status", "--edition", "7")
    assert len(rows) == 56
    assert {"iso2", "name", "band", "c1", "c2", "c3", "c4", "c5"} <= set(rows[0])
    assert len(_rows(capsys, "status", "--edition", "7", "--band", "1-3")) == 15


def test_gaps(capsys: pytest.CaptureFixture[str]) -> None:
    nauru, jamaica = _rows(capsys, "gaps", "NR", "jm")
    assert (nauru["fewest"], nauru["most"]) == (4, 4)
    assert (jamaica["fewest"], jamaica["most"], jamaica["grooming"]) == (0, 1, "listed")


def test_figures(capsys: pytest.CaptureFixture[str]) -> None:
    assert len(_rows(capsys, "figures")) == 43


def test_legality(capsys: pytest.CaptureFixture[str], facts: str) -> None:
    rows = _rows(capsys, "legality", "--facts", facts, "--jurisdiction", "JM", "--jurisdiction", "INTERPOL_BASELINE")
    assert [(row["jurisdiction"], row["opinion"]) for row in rows] == [
        ("JM", "likely"),
        ("INTERPOL_BASELINE", "likely"),
    ]
    assert rows[0]["because"][0] == "Child Pornography (Prevention) Act 2009 s 2(1)(a)"


def test_legality_of_every_jurisdiction_is_one_of_three_words(capsys: pytest.CaptureFixture[str], facts: str) -> None:
    rows = _rows(capsys, "legality", "--facts", facts)
    assert len(rows) == 64
    assert {row["opinion"] for row in rows} <= {"likely", "unlikely", "undetermined"}
    assert all(bool(row["would_settle"]) == (row["opinion"] == "undetermined") for row in rows)


def test_jurisdictions_may_follow_each_other(capsys: pytest.CaptureFixture[str], facts: str) -> None:
    rows = _rows(capsys, "legality", "--facts", facts, "--jurisdiction", "GB", "CA", "nz,us")
    assert [row["jurisdiction"] for row in rows] == ["GB", "CA", "NZ", "US"]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["gaps", "XX"], "no jurisdiction XX"),
        (["status", "--edition", "99"], "edition 99"),
        (["status", "--band", "7"], "--band"),
        (["legality", "--facts", "FACTS", "--on", "1500-01-01"], "before any law"),
        (["legality", "--facts", "FACTS", "--on", "yesterday"], "YYYY-MM-DD"),
        (["legality", "--facts", "FACTS", "--jurisdiction", "XX"], "no jurisdiction XX"),
        (["legality", "--facts", "no-such-file.json"], "no-such-file.json"),
    ],
)
def test_wrong_use_is_one_line(capsys: pytest.CaptureFixture[str], facts: str, words: list[str], sentence: str) -> None:
    assert sentence in _complaint(capsys, *(facts if word == "FACTS" else word for word in words))


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ('{"real_person": ', "line 1"),
        ('{"age_band": "adult",\n "pubertal_stage": "infant"}', "age_band is adult and pubertal_stage is infant"),
        ("[]", "names and values"),
        ('{"medium": "clay"}', "medium"),
    ],
)
def test_bad_facts_are_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path, text: str, sentence: str) -> None:
    path = tmp_path / "facts.json"
    path.write_text(text, encoding="utf-8")
    assert sentence in _complaint(capsys, "legality", "--facts", str(path))
