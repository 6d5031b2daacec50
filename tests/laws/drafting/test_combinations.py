"""Choices that meet in one draft: each value of each choice with each value of every other, for each kind of paper."""

import io
import itertools
import os
import random
import re
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from leeward.laws.drafting.formats import draft, need_for, render
from leeward.laws.rules.bill_clauses import Bill, Clause, Reference
from leeward.laws.rules.bill_options import (
    CLAUSES,
    MODALS,
    OWN_IMAGES,
    PRIVILEGES,
    SILENCES,
    SOLICITATIONS,
    SPEEDS,
    TERMS,
    YES_OR_NO,
    BillOptions,
    parse_options,
)
from leeward.laws.rules.bill_styles import STYLES
from tests.laws.drafts import drafting_register

TODAY = date(2026, 11, 27)
AKN = {"an": "http://docs.oasis-open.org/legaldocml/ns/akn/3.0"}
KINDS = ("act", "amending", "instructions", "model")
type Pair = tuple[tuple[str, Any], tuple[str, Any]]
CHOICES: Mapping[str, Sequence[Any]] = {
    "clauses": CLAUSES,
    "modal": MODALS,
    "own_images": OWN_IMAGES,
    "privilege": PRIVILEGES,
    "silence": SILENCES,
    "solicitation": SOLICITATIONS,
    "speed": SPEEDS,
    "term": TERMS,
    "style": ("", *STYLES),
    "preservation_days": (None, 21),
    "age_of_consent": (None, 16),
    "reporting_entity": (None, "the police & “the hotline”"),
    "title": (None, "Act <2027>"),
    **dict.fromkeys(YES_OR_NO, ("yes", "no")),
}


def _pairs(row: Mapping[str, Any]) -> Iterator[Pair]:
    return itertools.combinations(sorted(row.items(), key=lambda item: item[0]), 2)


def _every_pair() -> set[Pair]:
    found: set[Pair] = set()
    for one, other in itertools.combinations(sorted(CHOICES), 2):
        found |= {((one, a), (other, b)) for a in CHOICES[one] for b in CHOICES[other]}
    return found


def _rows() -> list[dict[str, Any]]:
    """Few sets of choices in which every pair stands: each begins with a pair that is wanted and takes what adds most."""
    left, turns, rows = _every_pair(), random.Random(12), []
    while left:
        row: dict[str, Any] = dict(min(left, key=repr))
        others = [name for name in CHOICES if name not in row]
        turns.shuffle(others)
        for name in others:
            values = list(CHOICES[name])
            turns.shuffle(values)
            row[name] = max(values, key=lambda value: _adds(row, name, value, left))
        rows.append(row)
        left -= set(_pairs(row))
    return rows


def _adds(row: Mapping[str, Any], name: str, value: Any, left: set[Pair]) -> int:
    new = (name, value)
    return sum(
        (new, (other, has)) in left if name < other else ((other, has), new) in left for other, has in row.items()
    )


ROWS = _rows()


def _states(kind: str) -> list[str]:
    """The states that get this kind of paper where nothing is chosen: each set of choices goes to another of them."""
    laws = drafting_register()
    found = [code for code, file in laws.files.items() if file["commonwealth"] and _kind(code) == kind]
    assert found
    return found


def _kind(code: str) -> str | None:
    return need_for(drafting_register(), code, BillOptions(), TODAY).kind


@pytest.fixture(scope="module")
def schema() -> etree.XMLSchema:
    folder = os.environ.get("LEEWARD_REFERENCE_DATA")
    if not folder:
        pytest.skip("LEEWARD_REFERENCE_DATA is not set: the schema of Akoma Ntoso is not part of Leeward")
    return etree.XMLSchema(etree.parse(str(Path(folder) / "law" / "akomantoso30.xsd")))


def test_the_sets_of_choices_hold_every_pair_and_are_few() -> None:
    assert {pair for row in ROWS for pair in _pairs(row)} == _every_pair()
    assert len(ROWS) < 90


@pytest.mark.parametrize("kind", KINDS)
def test_every_pair_of_choices_makes_a_valid_paper_whose_references_resolve(kind: str, schema: etree.XMLSchema) -> None:
    for row, code in zip(ROWS, itertools.cycle(_states(kind)), strict=False):
        made = draft(drafting_register(), code, parse_options(row), TODAY)
        content = render(made, "akn")
        text, tree = content.decode(), etree.fromstring(content)
        assert schema.validate(tree), (code, row, schema.error_log)
        names = [str(element.get("eId")) for element in tree.iter() if element.get("eId")]
        assert len(set(names)) == len(names), (code, row)
        assert {str(ref.get("href"))[1:] for ref in tree.iterfind(".//an:ref", AKN)} <= set(names), (code, row)
        assert not any(mark in text for mark in ("{", "}", "&lt;&lt;", "|")), (code, row)
        _check_numbers(made.bill)


def _check_numbers(bill: Bill) -> None:
    """Each number of a reference is that of the clause that it names, and they stand in one another."""
    above: dict[str, Clause] = {}
    for clause in bill.walk():
        above |= {child.id: clause for child in (*clause.children, *clause.quoted)}
    for clause in bill.walk():
        for run in (run for run in clause.runs if isinstance(run, Reference)):
            for (outer, _number), (inner, _inner) in itertools.pairwise(run.pieces):
                assert above[bill.clause(inner).id].id == bill.clause(outer).id, (bill.country, run)
            for name, number in run.pieces:
                assert number == bill.clause(name).number, (bill.country, run)


@pytest.mark.parametrize("kind", KINDS)
def test_references_of_docx_are_bound_to_the_clauses_that_they_name(kind: str) -> None:
    """A word processor that renews the fields finds each bookmark, once, and until it does the right numbers stand there."""
    pytest.importorskip("docx")
    for row, code in list(zip(ROWS, itertools.cycle(_states(kind)), strict=False))[::12]:
        made = draft(drafting_register(), code, parse_options(row), TODAY)
        body = zipfile.ZipFile(io.BytesIO(render(made, "docx"))).read("word/document.xml").decode()
        marks = re.findall(r'w:bookmarkStart [^>]*w:name="(c_\d+)"', body)
        named = {f"c_{at}": clause for at, clause in enumerate(made.bill.walk(), 1)}
        assert len(set(marks)) == len(marks)
        fields = re.findall(r"REF (c_\d+) .*?<w:t[^>]*>([^<]*)</w:t>", body, re.DOTALL)
        pieces = [
            number
            for clause in made.bill.walk()
            for run in clause.runs
            if isinstance(run, Reference)
            for _name, number in run.pieces
        ]
        assert sorted(shown for _mark, shown in fields) == sorted(pieces)
        for mark, shown in fields:
            assert mark in marks, (code, row)
            assert shown == named[mark].number, (code, row)
