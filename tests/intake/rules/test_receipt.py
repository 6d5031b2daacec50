"""Receipts: what follows from a form's key, what is kept, what people type."""

import hashlib
import hmac
import re
import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.foundation.check_digit import passes
from leeward.intake.rules.receipt import (
    KEPT,
    NO_RECEIPT,
    kind_of,
    read_receipt,
    receipt_for,
    receipt_hash,
    receipt_hash_before,
)

KEYS = st.text(string.ascii_letters + string.digits + "-_", min_size=32, max_size=32)
KINDS = st.sampled_from(["report", "appeal"])
# Digits of ASCII, Arabic-Indic, extended Arabic-Indic (Urdu), Devanagari, Bengali and wide forms.
ZEROS = (ord("0"), 0x660, 0x6F0, 0x966, 0x9E6, 0xFF10)


@given(KEYS, KINDS, st.integers(0, 3))
def test_a_receipt_has_sixteen_digits_whose_last_checks_the_others(key, kind, turn) -> None:
    digits = receipt_for(b"secret", key, kind=kind, turn=turn)
    assert len(digits) == 16
    assert passes(digits)
    assert kind_of(digits) == kind
    assert digits == receipt_for(b"secret", key, kind=kind, turn=turn)
    assert digits != receipt_for(b"another secret", key, kind=kind, turn=turn)


@given(KEYS, KINDS)
def test_another_turn_or_another_key_is_another_number(key, kind) -> None:
    numbers = {receipt_for(b"secret", key, kind=kind, turn=turn) for turn in range(4)}
    assert len(numbers) == 4
    assert receipt_for(b"secret", key[::-1] + "x", kind=kind) not in numbers


@given(KEYS, st.sampled_from(ZEROS), st.sampled_from(["", " ", "-", "–", " ", "  "]))
def test_it_is_read_in_digits_of_any_script_with_spaces_and_dashes(key, zero, between) -> None:
    digits = receipt_for(b"secret", key, kind="report")
    written = between.join("".join(chr(zero + int(digit)) for digit in digits[at : at + 4]) for at in (0, 4, 8, 12))
    assert read_receipt(written) == digits


@given(st.text())
def test_anything_else_is_no_receipt_and_never_an_error(typed) -> None:
    read = read_receipt(typed)
    assert read == NO_RECEIPT or (len(read) == 16 and read.isascii() and read.isdigit())


@given(st.integers(0, 9), st.integers(0, 14))
def test_one_wrong_digit_or_two_swapped_ones_never_pass(digit, at) -> None:
    right = receipt_for(b"secret", "k" * 32, kind="report")
    wrong = right[:at] + str(digit) + right[at + 1 :]
    assert wrong == right or not passes(wrong)
    swapped = right[:at] + right[at + 1] + right[at] + right[at + 2 :]
    assert swapped == right or not passes(swapped)


def test_what_is_kept_depends_on_the_salt_and_has_nothing_of_the_number() -> None:
    kept = receipt_hash(b"salt of ours", "1234567890123456")
    assert kept == receipt_hash(b"salt of ours", "1234567890123456")
    assert kept != receipt_hash(b"another salt", "1234567890123456")
    assert len(kept) == 64


def test_what_is_kept_is_argon2id_as_others_make_it() -> None:
    """As `echo -n 1234567890123456 | argon2 "salt of one installation" -id -t 1 -k 2048 -p 1 -l 31 -r` of the reference prints it."""
    kept = "b989ea71c99ae617fa58323fbe3b6fb36fe39fb6d9193ceaa9441ddab69bdc"
    assert receipt_hash(b"salt of one installation", "1234567890123456") == f"id{kept}"


@pytest.mark.parametrize("kept_of", [receipt_hash, receipt_hash_before])
def test_both_ways_of_keeping_are_known_and_no_others(kept_of) -> None:
    kept = kept_of(b"salt of ours", "1234567890123456")
    assert re.fullmatch(KEPT, kept)
    assert not any(re.fullmatch(KEPT, wrong) for wrong in ("", kept[:-1], f"{kept}0", f"id{kept}", kept.upper()))


@pytest.mark.parametrize(
    "typed", ["", "1234", NO_RECEIPT, "1234 5678 9012 345", "1234 5678 9012 34567", "one two three"]
)
def test_too_short_too_long_or_words_are_no_receipt(typed) -> None:
    assert read_receipt(typed) == NO_RECEIPT


def test_receipts_that_people_hold_stay_good() -> None:
    """Another way from the key to the number, or from the number to what is kept of it, would lock every reporter out."""
    key = "k" * 32
    assert [receipt_for(b"secret", key, kind="report", turn=turn) for turn in (0, 1)] == [
        "1758739448064231",
        "3533361386240307",
    ]
    assert receipt_for(b"secret", key, kind="appeal") == "9348256961767677"
    salt = hmac.new(b"secret", b"leeward receipt salt", hashlib.sha256).digest()
    kept = "id54d43ad557d7e067f2c0ed7b403d0f5cb711244e564dd00c0f777dcc15c6a5"
    assert receipt_hash(salt, "1234567890123456") == kept
    before = "38358e4f460df93f223771aa453042b77b0a3afc28795328cc2df70434cfa7e6"
    assert receipt_hash_before(salt, "1234567890123456") == before


def test_what_was_typed_is_read_up_to_two_hundred_letters() -> None:
    digits = receipt_for(b"secret", "k" * 32, kind="report")
    assert read_receipt(" " * 184 + digits) == digits
    assert read_receipt(" " * 185 + digits) == NO_RECEIPT
