"""Receipt numbers: mistakes are found, every script's digits are read."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.foundation.check_digit import check_digit, in_groups, passes, plain_digits

FIFTEEN = st.text("0123456789", min_size=15, max_size=15)
SCRIPTS = [
    chr(code)
    for code in range(0x110000)
    if unicodedata.category(chr(code)) == "Nd" and unicodedata.decimal(chr(code)) == 0
]


def test_damm_published_example() -> None:
    assert check_digit("572") == "4"


@given(FIFTEEN, st.integers(0, 15), st.integers(1, 9))
def test_one_wrong_digit_is_found(digits: str, place: int, shift: int) -> None:
    number = digits + check_digit(digits)
    wrong = number[:place] + str((int(number[place]) + shift) % 10) + number[place + 1 :]
    assert passes(number)
    assert not passes(wrong)


@given(FIFTEEN, st.integers(0, 14))
def test_two_swapped_neighbours_are_found(digits: str, place: int) -> None:
    number = digits + check_digit(digits)
    swapped = number[:place] + number[place + 1] + number[place] + number[place + 2 :]
    assert swapped == number or not passes(swapped)


@pytest.mark.parametrize("zero", SCRIPTS)
def test_digits_of_every_script_are_read(zero: str) -> None:
    typed = "".join(chr(ord(zero) + int(digit)) for digit in "1234567890123456")
    assert plain_digits(f"{typed[:4]} {typed[4:8]}–{typed[8:12]}\u200f {typed[12:]}") == "1234567890123456"


def test_what_is_no_number_stays_so() -> None:
    assert not passes(plain_digits("12a4"))
    assert plain_digits("") == ""
    assert not passes("")


def test_groups_of_four() -> None:
    assert in_groups("1234567890123456") == ["1234", "5678", "9012", "3456"]
