"""What a mail quotes of a reporter's words goes with them, however the mail program broke its lines."""

from textwrap import wrap

import pytest

from leeward.notices.rules.quoted import LEFT_OUT, without_words

WORDS = "He said that he comes back on Friday, and that nobody would believe me"
LINE = f"Report of 2026-11-30: “{WORDS}”"


@pytest.mark.parametrize("width", [20, 40, 72, 500])
@pytest.mark.parametrize("before", ["", "> ", ">> ", ">", "| "])
def test_a_quoted_line_goes_and_what_they_wrote_themselves_stays(before: str, width: int) -> None:
    quoted = "\n".join(f"{before}{part}" for part in wrap(f"  - {LINE}", width))
    left = without_words(f"We have got it.\n{quoted}\nTell us where he lives.", [LINE])
    assert "Friday" not in left
    assert "believe" not in left
    assert left.startswith("We have got it.")
    assert left.endswith("Tell us where he lives.")
    assert left.count(LEFT_OUT) == 1


def test_words_go_also_without_their_heading_each_time_they_stand_there() -> None:
    assert (
        without_words(f'"{WORDS}", you write. Again: {WORDS}.', [LINE])
        == f'"{LEFT_OUT}", you write. Again: {LEFT_OUT}.'
    )
    assert (
        without_words("Does zq pw still open it?", ["Password of the page or file: zq pw"])
        == f"Does {LEFT_OUT} still open it?"
    )


def test_what_is_short_or_part_of_another_word_or_not_there_stays() -> None:
    text = "A category, a cat."
    assert without_words(text, ["Animal: cat"]) == text
    assert without_words(text, ["Animal: gory"]) == text, "within a word"
    assert without_words(text, ["Animal: cate"]) == text, "the beginning of one"
    assert without_words(text, ["Animal: egory"]) == text, "the end of one"
    assert without_words("(egory, gorys)", ["Animal: gory"]) == "(egory, gorys)", "a letter more"
    assert without_words("XXXX", ["Animal: cat"]) == "XXXX"
    assert without_words(text, ["", "“”", "Report: ", "> |"]) == text
    assert without_words("", [LINE]) == ""
    assert without_words(text, ["Animal: A category, a cat."]) == LEFT_OUT, "all of it"


def test_four_letters_are_enough_and_only_the_first_colon_ends_a_heading() -> None:
    assert without_words("cate, yes", ["Animal: cate"]) == f"{LEFT_OUT}, yes"
    assert without_words("in b: cd ef now", ["Where: b: cd ef"]) == f"in {LEFT_OUT} now"


def test_what_overlaps_goes_too() -> None:
    assert without_words("-----", ["x: ----"]) == LEFT_OUT
    assert without_words("one two three four five", ["x: two three four", "y: four five"]) == f"one {LEFT_OUT}"
    assert without_words("abcd abcd abcd", ["x: abcd abcd"]) == LEFT_OUT


def test_a_long_mail_full_of_the_same_is_read_in_a_moment() -> None:
    assert without_words("word " * 4000, ["x: " + "word " * 800] * 50) == LEFT_OUT + " "
