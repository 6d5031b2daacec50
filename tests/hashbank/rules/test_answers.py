"""What the upload check answers: block what is sure, a person for what is not, and why."""

import pytest

from leeward.hashbank.records.rows import AlteredKnown
from leeward.hashbank.rules.altered import altered_answer
from leeward.hashbank.rules.answers import (
    DOUBTED,
    MIXED,
    NOTES,
    OWN_PICTURE_COMMON,
    OWN_PICTURE_NOTE,
    UNCONFIRMED,
    answer_of,
    joined_notes,
    note_on,
    own_picture_answer,
    short_classification,
)
from leeward.matching.lists import Answer, Lookup
from leeward.matching.lists.digests import DULL_NOTE
from tests.hashbank.rules.known import known

PLAIN = Lookup()


def test_notes() -> None:
    assert note_on("confirmed", is_doubted=False) is None
    assert note_on("confirmed", is_doubted=True) == DOUBTED
    for state in ("conflict", "quarantined"):
        assert note_on(state, is_doubted=False) == note_on(state, is_doubted=True) == NOTES[state]
    assert note_on("harmless", is_doubted=False) is None
    assert note_on("confirmed", is_doubted=False, is_dull=True) == DULL_NOTE
    assert note_on("confirmed", is_doubted=True, is_dull=True, is_mixed=True) == DOUBTED
    assert note_on("confirmed", is_doubted=False, is_dull=True, is_mixed=True) == MIXED
    assert note_on("conflict", is_doubted=False, is_mixed=True) == NOTES["conflict"]
    assert note_on("quarantined", is_doubted=True, is_unconfirmed=True) == UNCONFIRMED


def test_an_own_picture_is_for_review_whatever_it_equals() -> None:
    note = f"{OWN_PICTURE_NOTE} It is small."
    answer = own_picture_answer(0, "It is small.", is_common=False)
    assert answer == Answer("near", 0, "own pictures", None, None, "review", note)
    doubted = own_picture_answer(31, None, is_common=True)
    assert (doubted.distance, doubted.advice) == (31, "review")
    assert doubted.note == f"{OWN_PICTURE_NOTE} {OWN_PICTURE_COMMON}"


def test_notes_are_joined_without_saying_one_twice() -> None:
    assert joined_notes("a.", None, "b.", "", "a.") == "a. b."
    assert joined_notes(None, "") is None


def test_the_shortest_word_for_what_a_record_shows() -> None:
    assert short_classification({"uk": "A", "a1_b2": "A1"}, ()) == "A1"
    assert short_classification({"a1_b2": "none", "uk": "A"}, ()) == "UK A"
    assert short_classification({"interpol": "not baseline", "sap": "4"}, ("x",)) == "SAP 4"
    assert short_classification({"copine": "7"}, ()) == "COPINE 7"
    assert short_classification({}, ("IWF: A", "other")) == "IWF: A"
    assert short_classification({}, ()) is None


def test_a_known_file_is_blocked_and_named() -> None:
    assert answer_of(Lookup(note="half."), [known(note="doubted."), known(record_id=8)]) == Answer(
        match="known", distance=3, bank="own", classification="UK B", record=7, advice="block", note="doubted. half."
    )


@pytest.mark.parametrize(
    ("changes", "match", "advice"),
    [
        ({"is_same_file": False}, "near", "block"),
        ({"match": "near", "is_same_file": False}, "near", "review"),
        ({"state": "quarantined"}, "known", "review"),
        ({"match": "conflict", "is_harmless": True, "state": "conflict"}, "known", "review"),
        ({"is_harmless": True}, "none", "allow"),
    ],
)
def test_what_is_not_sure_is_left_to_a_person(changes: dict[str, object], match: str, advice: str) -> None:
    found = answer_of(PLAIN, [known(**changes)])
    assert (found.match, found.advice) == (match, advice)


def test_a_source_s_own_word_is_given_where_no_scale_has_one() -> None:
    assert answer_of(PLAIN, [known(classification={})]).classification == "IWF: B"


def test_a_match_behind_a_harmless_one_counts() -> None:
    assert answer_of(PLAIN, [known(is_harmless=True, record_id=1), known(record_id=2)]).record == 2


def test_a_file_that_is_not_known_is_allowed_unless_it_could_not_be_read() -> None:
    assert answer_of(PLAIN, []) == Answer("none", None, None, None, None, "allow", None)
    broken = Lookup(note="It is broken.", is_broken=True)
    assert answer_of(broken, []) == Answer("none", None, None, None, None, "review", "It is broken.")


def test_an_altered_picture_is_for_a_person_whatever_its_record_says() -> None:
    altered = AlteredKnown(known(), alteration="rotated", distance_bits=11, soft_distance=0.5)
    assert altered_answer(Lookup(note="half."), altered) == Answer(
        "altered", 11, "own", "UK B", 7, "review", "half.", "rotated"
    )
    assert altered_answer(PLAIN, AlteredKnown(known(classification={}), "rotated", 1, 0.5)).classification == "IWF: B"
