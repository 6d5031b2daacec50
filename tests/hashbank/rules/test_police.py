"""What police are told of a match: as much as their case needs, and whom to call."""

from dataclasses import replace
from datetime import date

import pytest

from leeward.foundation.errors import BadInput
from leeward.hashbank.records.rows import AlteredKnown, Known
from leeward.hashbank.rules.police import (
    Asker,
    Call,
    PoliceAnswer,
    answer_for,
    is_same_agency,
    revealed_records,
    tidy_asker,
)
from tests.hashbank.rules.known import known

HOTLINE = Call("Hotline", "", "call@hotline.example")
FORCE = Call("Force", "F1", "f@force.example", "open")
OTHER = Call("Other", "O1", "o@other.example")
FULL = PoliceAnswer(
    match="known", distance=3, is_harmless=False, is_conflict=False, says={"confirm": 2}, record=7,
    since=date(2026, 3, 4), classification="UK B", levels={"uk": "B"}, victim="identified", offender="charged",
    outcome="rescued", call=(FORCE,), also_asked=(OTHER,), note="doubted. half.", alteration=None,
)  # fmt: skip


def answered(*rows: Known, note: str | None = None, altered: AlteredKnown | None = None) -> PoliceAnswer:
    calls, asked = {7: [FORCE]}, {7: [OTHER]}
    return answer_for(rows, note=note, calls=calls, also_asked=asked, hotline=HOTLINE, altered=altered)


def test_all_that_is_known_of_a_record_is_told() -> None:
    assert answered(known(note="doubted."), note="half.") == FULL


def test_a_record_that_nobody_investigates_names_the_hotline() -> None:
    found = answered(known(record_id=8, outcome="", classification={}))
    assert (found.classification, found.levels) == ("IWF: B", {})
    assert (found.call, found.also_asked, found.outcome) == ((HOTLINE,), (), None)


def test_nothing_known_leaves_only_the_note() -> None:
    assert answered(note="half.") == PoliceAnswer("none", note="half.")


def test_a_harmless_look_alike_tells_of_nobody() -> None:
    found = answered(known(is_harmless=True, note="doubted."), note="half.")
    assert found == PoliceAnswer("known", 3, is_harmless=True, record=7, note="doubted. half.")
    assert answered(known(is_harmless=True, record_id=1), known(is_harmless=True, record_id=2)).record == 1
    assert answered(known(is_harmless=True, record_id=1), known()).record == 7


@pytest.mark.parametrize(
    ("changes", "conflict"),
    [
        ({}, False),
        ({"match": "conflict"}, True),
        ({"state": "conflict"}, True),
        ({"state": "quarantined"}, True),
    ],
)
def test_disagreement_of_sources_is_told(changes: dict[str, str], conflict: bool) -> None:
    assert answered(known(**changes)).is_conflict is conflict
    found = answered(known(is_harmless=True, **changes))
    assert (found.is_harmless, found.is_conflict) == ((False, True) if changes.get("match") else (True, False))


def test_how_near_a_match_is_and_what_was_undone() -> None:
    near = known(is_same_file=False)
    assert answered(near).match == "near"
    found = answered(near, altered=AlteredKnown(near, "rotated", 11, 0.5))
    assert (found.match, found.distance, found.alteration) == ("altered", 11, "rotated")


def test_the_answer_as_json() -> None:
    call = {"agency": "Force", "reference": "F1", "contact": "f@force.example", "outcome": "open"}
    other = {"agency": "Other", "reference": "O1", "contact": "o@other.example", "outcome": ""}
    assert replace(FULL, alteration="rotated").as_dict() == {
        "match": "known", "distance": 3, "is_harmless": False, "is_conflict": False, "says": {"confirm": 2},
        "record": 7, "since": "2026-03-04", "classification": "UK B", "levels": {"uk": "B"}, "victim": "identified",
        "offender": "charged", "outcome": "rescued", "call": [call], "also_asked": [other], "note": "doubted. half.",
        "alteration": "rotated",
    }  # fmt: skip
    assert PoliceAnswer("none").as_dict()["since"] is None


def test_an_asker_is_tidied() -> None:
    messy = Asker(" The\0Force ", "F\t1", " f@force.example\n", " Order  3")
    assert tidy_asker(messy) == Asker("The Force", "F 1", "f@force.example", "Order 3")
    assert Asker("a", "b", restriction="c").is_restricted
    assert not Asker("a", "b").is_restricted


@pytest.mark.parametrize("asker", [Asker("", "F1"), Asker("Force", " \0 ")])
def test_nobody_asks_without_an_agency_and_a_case(asker: Asker) -> None:
    with pytest.raises(BadInput) as refused:
        tidy_asker(asker)
    assert refused.value.text == ("The look-up can't be read: it needs the agency and the reference of its case.")


@pytest.mark.parametrize(("name", "most"), [("agency", 120), ("reference", 80), ("contact", 200), ("restriction", 120)])
def test_no_text_of_an_asker_is_too_long(name: str, most: int) -> None:
    asker = Asker("Force", "F1")
    assert getattr(tidy_asker(replace(asker, **{name: "x" * most})), name) == "x" * most
    with pytest.raises(BadInput) as refused:
        tidy_asker(replace(asker, **{name: "x" * (most + 1)}))
    assert refused.value.text == (f"The look-up can't be read: a text in it is longer than {most} characters.")


def test_one_agency_in_two_spellings() -> None:
    assert is_same_agency(" The  FORCE", "the force ")
    assert not is_same_agency("The Force", "Another Force")


def test_the_strongest_match_of_a_record_is_what_was_revealed() -> None:
    one, other = PoliceAnswer("known", record=1), PoliceAnswer("near", record=1)
    assert revealed_records([one, other]) == revealed_records([other, one]) == {1: "known"}
    assert revealed_records([PoliceAnswer("altered", record=2), PoliceAnswer("none")]) == {2: "near"}
    assert revealed_records([PoliceAnswer("known", record=3, is_harmless=True), other]) == {1: "near"}
