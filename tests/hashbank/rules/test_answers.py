"""What is said of a match, and why a person has to look."""

from leeward.hashbank.rules.answers import DOUBTED, NOTES, note_on, short_classification


def test_notes() -> None:
    assert note_on("confirmed", is_doubted=False) is None
    assert note_on("confirmed", is_doubted=True) == DOUBTED
    for state in ("conflict", "quarantined"):
        assert note_on(state, is_doubted=False) == note_on(state, is_doubted=True) == NOTES[state]
    assert note_on("harmless", is_doubted=False) is None


def test_the_shortest_word_for_what_a_record_shows() -> None:
    assert short_classification({"uk": "A", "a1_b2": "A1"}, ()) == "A1"
    assert short_classification({"a1_b2": "none", "uk": "A"}, ()) == "UK A"
    assert short_classification({"interpol": "not baseline", "sap": "4"}, ("x",)) == "SAP 4"
    assert short_classification({"copine": "7"}, ()) == "COPINE 7"
    assert short_classification({}, ("IWF: A", "other")) == "IWF: A"
    assert short_classification({}, ()) is None
