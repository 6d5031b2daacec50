"""What the engine's own record of a law says of the criteria, beside what was read passage by passage."""

from datetime import date

import pytest

from leeward.laws.register import packaged_register
from leeward.laws.rules.evidence import evidence_of
from leeward.laws.rules.provisions import Evidence, criteria_on, readings_of

TODAY = date(2026, 11, 27)


def _standings(code: str, on: date = TODAY) -> str:
    file = packaged_register().file(code)
    return " ".join(row.standing for row in criteria_on(readings_of(file, on), evidence_of(file, on)))


@pytest.mark.parametrize(
    ("code", "standings"),
    [
        ("JM", "met met unknown met not_found"),
        ("CA", "met met unknown met met"),
        ("GH", "met met met met unknown"),
        ("TV", "partly unknown unknown unknown unknown"),
    ],
)
def test_what_is_known_today(code: str, standings: str) -> None:
    assert _standings(code) == standings


def test_before_the_act_nothing_is_known() -> None:
    assert evidence_of(packaged_register().file("JM"), date(2009, 10, 20)) == []
    assert {row.criterion for row in evidence_of(packaged_register().file("JM"), date(2009, 10, 21))} >= {"c1", "c5"}


def test_a_duty_of_everybody_and_one_that_was_not_in_force_are_no_evidence() -> None:
    assert [row for row in evidence_of(packaged_register().file("GB"), date(2026, 4, 6)) if row.criterion == "c5"] == []
    (duty,) = (row for row in evidence_of(packaged_register().file("GB"), date(2026, 4, 7)) if row.criterion == "c5")
    assert (duty.value, "Online Safety Act 2023 s 66" in duty.citation) == ("yes", True)
    india = {
        row.citation.split(";")[0]
        for row in evidence_of(packaged_register().file("IN"), TODAY)
        if row.criterion == "c5"
    }
    assert "POCSO Act 2012 s 19" not in india


def test_two_records_that_disagree_settle_nothing() -> None:
    row = criteria_on([], [Evidence("c4", "yes", "a"), Evidence("c4", "no", "b")])[3]
    assert (row.standing, row.differ, row.citations) == ("unknown", True, ("a", "b"))


def _file(limbs: list[dict[str, object]], possession: str = "yes") -> dict[str, object]:
    work = {"id": "act", "short": "Act", "kind": "act", "made": "2001"}
    places = [{"id": "s1", "work": "act", "at": "s 1"}, {"id": "s2", "work": "act", "at": ""}]
    law = {"conduct": {"possession": possession}, "limbs": limbs}
    return {"known_on": "2020-01-01", "works": [work], "provisions": places, "legality": law}


def _limb(**changed: object) -> dict[str, object]:
    return {"media": ["video", "photograph"], "provisions": ["s1", "s2"], "age": {"below": 18}} | changed


@pytest.mark.parametrize(
    ("limb", "possession", "expected"),
    [
        (_limb(), "yes", [("c1", "yes"), ("c2", "yes"), ("c4", "yes")]),
        (_limb(), "no", [("c1", "yes"), ("c2", "yes"), ("c4", "no")]),
        (_limb(settled=True), "unknown", [("c1", "yes"), ("c2", "yes")]),
        (_limb(age=None), "unknown", [("c1", "yes")]),
        (_limb(settled=False), "yes", []),
        (_limb(media=["drawing"]), "yes", []),
        (_limb(**{"from": "2027-01-01"}), "yes", []),
        (_limb(until="2024-01-01"), "yes", []),
    ],
)
def test_what_a_limb_says_of_the_criteria(
    limb: dict[str, object], possession: str, expected: list[tuple[str, str]]
) -> None:
    found = evidence_of(_file([limb], possession), TODAY)
    assert [(row.criterion, row.value) for row in found] == expected
    assert {row.citation for row in found} <= {"Act s 1; Act"}


def test_one_limb_that_says_nothing_does_not_silence_the_next() -> None:
    found = evidence_of(_file([_limb(settled=False), _limb(media=["text"]), _limb(), _limb()], "unknown"), TODAY)
    assert [row.criterion for row in found] == ["c1", "c2"], "and the same is said once"


def test_a_file_without_recorded_law_says_nothing() -> None:
    assert evidence_of({"known_on": None, "beside": None}, TODAY) == []
    assert evidence_of({"known_on": None, "beside": {"no_duty": "none"}}, TODAY) == []
    known = {"known_on": "2020-01-01", "beside": {"no_duty": "none"}}
    assert evidence_of(known, date(2020, 1, 1)) == [Evidence("c5", "no", "none")]
    assert evidence_of(known, date(2019, 12, 31)) == []
