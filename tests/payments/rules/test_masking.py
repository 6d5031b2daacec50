"""Of a card's number in kept words, brand and last four digits are left, however it is written; what is something else stays."""

import random
import time

import pytest

from leeward.payments.rules.cards import passes_luhn
from leeward.payments.rules.finding import find
from leeward.payments.rules.masking import without_card_numbers
from tests.payments.rules.harmless import page
from tests.payments.rules.test_cards import CARDS, completed

VISA = completed("4539", 16)
AMEX = completed("37", 15)
DINERS = completed("36", 14)


@pytest.mark.parametrize(("brand", "digits"), CARDS)
def test_brand_and_last_four_digits_are_left_of_every_card(brand: str, digits: str) -> None:
    assert without_card_numbers(f"pay {digits} now") == f"pay [{brand} *{digits[-4:]}] now"


@pytest.mark.parametrize("mark", [" ", "-", "\u00a0", "\u2009", "\u2011", ".", "_", " - ", "\u2212", "\uff0d"])
@pytest.mark.parametrize("size", [1, 2, 4])
def test_a_number_is_found_in_groups_with_anything_between(mark: str, size: int) -> None:
    grouped = mark.join(VISA[at : at + size] for at in range(0, 16, size))
    assert without_card_numbers(f"my card:\n{grouped}\nthanks") == f"my card:\n[visa *{VISA[-4:]}]\nthanks"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        (f"{AMEX[:4]} {AMEX[4:10]} {AMEX[10:]}", f"[amex *{AMEX[-4:]}]"),
        (f"{VISA[:4]}\u200b{VISA[4:]}", f"[visa *{VISA[-4:]}]"),
        (VISA.translate({ord(str(digit)): chr(0x660 + digit) for digit in range(10)}), f"[visa *{VISA[-4:]}]"),
        (f"{VISA} 12/28 123", f"[visa *{VISA[-4:]}] 12/28 123"),
        (f"12 28 {VISA}/11", f"12 28 [visa *{VISA[-4:]}]/11"),
        (f"card{VISA}", f"card[visa *{VISA[-4:]}]"),
        (f"Visa:{VISA};{AMEX}", f"Visa:[visa *{VISA[-4:]}];[amex *{AMEX[-4:]}]"),
        (f"5 of us, {VISA}", f"5 of us, [visa *{VISA[-4:]}]"),
        (f"1 {VISA}", f"1 [visa *{VISA[-4:]}]"),
        (f"{VISA[:4]} {VISA[4:8]} {VISA[8:12]} {VISA[12:]}@x", f"[visa *{VISA[-4:]}]@x"),
        (f"{DINERS[:4]} {DINERS[4:10]} {DINERS[10:]}", f"[diners *{DINERS[-4:]}]"),
        (f"pan {VISA} no{VISA}", f"pan [visa *{VISA[-4:]}] no[visa *{VISA[-4:]}]"),
        (f"a.b {VISA}", f"a.b [visa *{VISA[-4:]}]"),
        (f"account {VISA}{' ' * 36}visa", f"account [visa *{VISA[-4:]}]{' ' * 36}visa"),
        (f"visa{' ' * 28}account {VISA}", f"visa{' ' * 28}account [visa *{VISA[-4:]}]"),
        (f"order {' '.join(VISA[at : at + 4] for at in range(0, 16, 4))}", f"order [visa *{VISA[-4:]}]"),
        (f"account {VISA} is my visa", f"account [visa *{VISA[-4:]}] is my visa"),
        (f"https://a.example/x {VISA}", f"https://a.example/x [visa *{VISA[-4:]}]"),
    ],
)
def test_a_number_is_masked_and_what_stands_beside_it_is_kept(text: str, kept: str) -> None:
    assert without_card_numbers(text) == kept
    assert without_card_numbers(kept) == kept


@pytest.mark.parametrize(
    "text",
    [
        f"https://pay.example/?card={VISA}", f"www.pay.example/{VISA}", f"see paypal.me/{VISA}", f"{VISA}@mail.example",
        f"kite@{VISA}.example", f"call +{AMEX}", f"order no. {VISA}", f"account: {VISA}", f"a{VISA}", f"{VISA}f0",
        VISA[:-1] + str((int(VISA[-1]) + 1) % 10), completed("9", 16), f"{VISA[:7]} {VISA[7:14]} {VISA[14:]}",
        f"{VISA[:8]}, {VISA[8:]}", f"5 {VISA}@mail.example",
        f" https://a.example/{VISA}", f"https://a.example/X/{VISA}", f"a.bc/{VISA}", f"{VISA[:4]} {VISA[4:8]} {VISA[8:]}",
        f"{VISA[:4]} {VISA[4:6]} {VISA[6:10]} {VISA[10:14]} {VISA[14:]}",
        f"order {VISA}, {'x' * 40} visa", f"visa {'x' * 40} order {VISA}", f"abcdefghijklmnopqrstuvwxyz{VISA}",
        f"{VISA[:8]}\n{VISA[8:]}", "1234567890123", "", "no digits",
    ],
)  # fmt: skip
def test_what_is_no_number_of_a_card_stays_as_it_is(text: str) -> None:
    assert without_card_numbers(text) == text


def test_a_masked_card_is_found_as_the_number_was() -> None:
    for text in (f"visa {VISA}", VISA, f"the card {VISA} costs 20 USD"):
        (before,), (after,) = find(text), find(without_card_numbers(text))
        assert (after.kind, after.value, after.weak, after.amount) == ("card", before.value, before.weak, before.amount)


def test_what_a_page_says_beside_other_things_is_masked_too() -> None:
    (service, *_rest) = find(f"mpesa paybill 888880 account {VISA}")
    assert service.value == f"paybill 888880 account [visa *{VISA[-4:]}]"
    assert VISA not in repr(find(f"paypal @kite your statement will say {VISA}"))


def test_harmless_pages_stay_as_they_are_but_for_what_is_grouped_as_a_card_with_its_check_digit() -> None:
    chance = random.Random(7)
    changed = [text for text in (page(chance) for _ in range(300)) if without_card_numbers(text) != text]
    for text in changed:  # a receipt of four groups may pass: one in ten with a brand's digits
        assert "Receipt " in text or "order no." in text
    assert len(changed) <= 30


def test_a_long_text_of_digits_takes_no_long_time() -> None:
    began = time.process_time()
    for text in ("4" * 100_000, "4 " * 50_000, (VISA + " ") * 6000, ("4539 " * 20_000), "https://" + "4539-" * 20_000):
        without_card_numbers(text)
    assert time.process_time() - began < 5
    assert passes_luhn(VISA)
