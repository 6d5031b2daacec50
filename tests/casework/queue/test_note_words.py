"""Words of a note are found by their beginnings, whatever their accents and capitals."""

import pytest

from leeward.casework.queue.rules.note_words import MOST_WORDS, has_all, plain, terms_of

NOTE = "Asked the Café-host by telephone; number 5551234. ÉTÉ, straße"


@pytest.mark.parametrize(
    "asked", ["telephone cafe", "5551", "ASKED the", "café", "hos", "ete", "STRASSE", "tel num", "", "asked asked"]
)
def test_what_is_found(asked: str) -> None:
    assert has_all(NOTE, [plain(term) for term in terms_of(asked)])


@pytest.mark.parametrize("asked", ["elephone", "551", "ost", "telephone nobody", "afe", "1234"])
def test_what_is_not_found(asked: str) -> None:
    assert not has_all(NOTE, [plain(term) for term in terms_of(asked)])


def test_a_word_counts_where_it_begins_also_after_it_stood_within_another() -> None:
    assert has_all("afterword word", ["word"])
    assert has_all("word afterword", ["word"])
    assert has_all("xword word yword", ["word"])
    assert not has_all("xword", ["word"])
    assert has_all("word", ["word"])
    assert not has_all("afterword", ["word"])
    assert not has_all("", ["word"])


def test_only_letters_and_digits_are_asked_for_and_not_too_many() -> None:
    assert terms_of('a-b "c" OR 7%') == ["a", "b", "c", "OR", "7"]
    assert len(terms_of("x " * 50)) == MOST_WORDS == 12


def test_accents_of_every_kind_go() -> None:
    assert plain("ÀÉÎÕÜ \u0300\u036fx") == "aeiou x"
    assert plain("\u0370") == "\u0371"
