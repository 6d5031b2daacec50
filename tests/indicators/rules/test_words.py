"""Words of a report are kept tidy, and bars are as long as their numbers say."""

from leeward.indicators.rules.drawn import shares_of
from leeward.indicators.rules.words import paragraphs, tidy


def test_a_text_is_tidy_whatever_wrote_it() -> None:
    assert tidy("\r\n\n one  two \r\nthree\r\r\r\n\tfour\n\n") == "one two\nthree\n\nfour"
    assert tidy(" \n\t\r\n") == ""
    assert tidy("one\n\n\n\n\ntwo") == "one\n\ntwo"


def test_paragraphs_keep_their_lines() -> None:
    assert paragraphs("one more\ntwo\n\nthree") == [["one more", "two"], ["three"]]
    assert paragraphs("") == []


def test_the_longest_bar_is_whole_and_a_hidden_number_has_none() -> None:
    assert shares_of([10, 3, None, 0, 2.5]) == ["100.0", "30.0", "", "0.0", "25.0"]
    assert shares_of([0, None]) == ["0.0", ""]
    assert shares_of([]) == []
    assert shares_of([0.5]) == ["100.0"]
