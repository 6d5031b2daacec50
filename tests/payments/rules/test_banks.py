"""Accounts at banks: told by country, length and check digits."""

import pytest

from leeward.payments.rules.banks import iban, starts_iban, upi


def test_an_iban_is_told_in_one_piece_in_groups_and_in_small_letters() -> None:
    whole = "DE89370400440532013000"
    assert iban([whole]) == (1, whole, True)
    assert iban([*"DE89 3704 0044 0532 0130 00".split(), "today"]) == (6, whole, True)
    assert iban(["de89370400440532013000"]) == (1, whole, True)
    assert iban(["BI1320001100010000123456789"]) is not None
    assert iban(["DE88370400440532013000"]) == (1, "DE88370400440532013000", False)


@pytest.mark.parametrize(
    "words",
    [[], ["ZZ89370400440532013000"], ["DE8937040044053201300"], ["DE893704004405320130000"], ["DE89", "3704-", "0044"], ["DE89"],
     ["DEX9370400440532013000"], ["DE89", "x" * 31], ["DE89", "3704004405320130-0"]],
)  # fmt: skip
def test_another_country_length_or_sign_is_none(words: list[str]) -> None:
    assert iban(words) is None


def test_only_a_country_that_has_them_begins_one() -> None:
    assert starts_iban("MT84")
    assert starts_iban("MT84MALT")
    assert starts_iban("MT84\u00e9")
    assert not starts_iban("MT٨4")
    assert not starts_iban("KE84")
    assert not starts_iban("MTX4")
    assert not starts_iban("MT٨٤")


def test_a_payment_address_of_india_is_told_by_its_banks_mark() -> None:
    assert upi("Kite.Seller@okAxis") == "kite.seller@okaxis"
    assert upi("upi://pay?pa=kite@ybl&pn=x") == "kite@ybl"
    assert upi("kite@example.org") == ""
    assert upi("kite@upi.example") == ""
