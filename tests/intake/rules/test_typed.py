"""What people type, made safe to keep."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.intake.rules.typed import clean, clean_line, has_nul, is_number, mail_problem

ANYTHING = st.text(st.characters())


@given(ANYTHING)
def test_clean_text_has_no_control_characters_and_stays_as_it_is(text) -> None:
    cleaned = clean(text)
    assert clean(cleaned) == cleaned
    assert not has_nul(cleaned)
    assert all(letter in "\n\t" or unicodedata.category(letter) not in {"Cc", "Cs"} for letter in cleaned)
    cleaned.encode()


@given(ANYTHING)
def test_a_line_is_one_line(text) -> None:
    line = clean_line(text)
    assert "\n" not in line
    assert clean_line(line) == line


def test_words_and_direction_marks_survive() -> None:
    text = "میں نے ایک صفحہ دیکھا\u200f\r\nIt was here.\x07"
    assert clean(text) == "میں نے ایک صفحہ دیکھا\u200f\nIt was here."


@pytest.mark.parametrize(
    ("mail", "problem"),
    [
        ("someone@mail.example", None),
        ("some.one+here@mail.example", None),
        ("کوئی@mail.example", None),
        ("someone", "mail_no_at"),
        ("someone@", "mail_incomplete"),
        ("someone@mail", "mail_incomplete"),
        ("@mail.example", "mail_incomplete"),
        ("someone@mail.example.", "mail_incomplete"),
        ("someone@mail..example", "mail_unreadable"),
        ("some one@mail.example", "mail_unreadable"),
        ("a@b@mail.example", "mail_unreadable"),
        ("someone@.mail.example", "mail_incomplete"),
        ("someone@.", "mail_incomplete"),
        ("a@b.example@mail", "mail_incomplete"),
        ("x" * 64 + "@" + "y" * 181 + ".example", None),
        ("x" * 64 + "@" + "y" * 182 + ".example", "mail_too_long"),
        ("x" * 250 + "@mail.example", "mail_too_long"),
    ],
)
def test_an_address_says_what_is_missing(mail, problem) -> None:
    assert mail_problem(mail) == problem


@given(ANYTHING)
def test_no_address_is_an_error(text) -> None:
    assert mail_problem(text) in {None, "mail_no_at", "mail_incomplete", "mail_unreadable", "mail_too_long"}


def test_line_ends_of_every_system_are_one_and_a_line_has_single_spaces_where_it_was_broken() -> None:
    assert clean(" a\r\nb\rc\n\td ") == "a\nb\nc\n\td"
    assert clean_line("a \tb\n\n c d ") == "a b c d"
    assert has_nul("a\x00b")


@pytest.mark.parametrize(
    ("line", "can_be_called"),
    [
        ("+1 (876) 555-0101", True), ("876/555.0101", True), ("123456", True), ("1" * 15, True),
        ("12345", False), ("1" * 16, False), ("call 123456", False), ("123456X", False), ("a@b.example", False), ("", False),
    ],
)  # fmt: skip
def test_what_can_be_a_telephone_number(line: str, can_be_called: bool) -> None:
    assert is_number(line) == can_be_called
