"""Words of a report are kept tidy, and bars are as long as their numbers say."""

from leeward.indicators.rules.drawn import shares_of
from leeward.indicators.rules.words import one_line, paragraphs, tidy


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


def test_a_line_has_nothing_that_no_feed_can_hold() -> None:
    bad = "".join(map(chr, (0, 8, 14, 27, 127, 0xD800, 0xDFFF, 0xFFFE, 0xFFFF)))
    assert one_line(f" a{bad}b\t\x0b\x1c c\u200cd\x1a ") == "ab c\u200cd"
    assert tidy(f"a{bad}\n{bad}\nb") == "a\n\nb"
