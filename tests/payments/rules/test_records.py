"""Findings: which traces are kept, under which key, and as lines that another process wrote."""

from base64 import b64decode, b64encode
from binascii import crc_hqx

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.payments.rules.finding import find
from leeward.payments.rules.records import facts_of, from_line, kept, key_of, keys_of_typed, line_of
from leeward.payments.rules.traces import Trace
from tests.payments.rules.test_coins import GOOD


def test_what_is_not_valid_and_a_card_without_a_word_for_cards_are_no_findings() -> None:
    good = Trace("card", "visa *1111", brand="visa")
    weak = Trace("card", "visa *1111", weak=True, brand="visa")
    assert kept([good, weak, Trace("btc", "1", valid=False), Trace("upi", "a@upi", weak=True)]) == [
        good,
        Trace("upi", "a@upi", weak=True),
    ]


def test_the_same_thing_has_one_key_and_coins_that_tell_case_apart_have_two() -> None:
    address = dict(GOOD)["eth"]
    assert key_of(Trace("eth", address)) == key_of(Trace("eth", address.lower()))
    assert key_of(Trace("paypal", "@Kite")) == key_of(Trace("paypal", "@kite"))
    assert key_of(Trace("btc", "1A")) != key_of(Trace("btc", "1a"))


def test_an_account_of_ton_has_one_key_in_all_its_forms() -> None:
    word = dict(GOOD)["ton"]
    raw = b64decode(word, altchars=b"-_")[1:-2]
    forms = [b64encode(body + crc_hqx(body, 0).to_bytes(2)).decode() for body in (b"\x11" + raw, b"\x51" + raw)]
    keys = {key_of(Trace("ton", form)) for form in [word, *forms, forms[0].replace("+", "-").replace("/", "_")]}
    assert len(keys) == 1
    other = b"\x11" + raw[:-1] + bytes([raw[-1] ^ 1])
    assert key_of(Trace("ton", b64encode(other + crc_hqx(other, 0).to_bytes(2)).decode())) not in keys
    assert keys <= keys_of_typed(f" {forms[1]} ")
    assert key_of(Trace("ton", "nonsense")) == key_of(Trace("btc", "nonsense"))


def test_what_is_written_in_full_is_looked_for_as_it_is_kept() -> None:
    address = dict(GOOD)["eth"]
    assert key_of(Trace("eth", address)) in keys_of_typed(address) & keys_of_typed(address.lower())
    assert key_of(Trace("paypal", "@kite")) in keys_of_typed(" @Kite")
    assert key_of(Trace("btc", GOOD[0][1])) in keys_of_typed(f"bitcoin:{GOOD[0][1]}")
    assert len(keys_of_typed("kite")) == 1


def test_the_facts_of_an_assessment_name_what_its_list_has_and_other() -> None:
    found = [
        ("card", "visa"),
        ("card_brand", "amex"),
        ("btc", ""),
        ("lightning", ""),
        ("transfer", "Western Union"),
        ("paypal", ""),
    ]
    assert facts_of(found) == ["amex", "bitcoin", "paypal", "visa", "western_union"]
    assert facts_of([("card", "jcb"), ("xmr", ""), ("transfer", "Ria"), ("mobile_money", "M-Pesa")]) == ["other"]
    assert facts_of([]) == []


def test_a_finding_is_the_same_after_it_was_a_line() -> None:
    (found,) = find("Send 1,500.50 KES by M-Pesa to 0712345678 name: Jane Wanjiku.", country="KE")
    again = from_line(line_of(found))
    assert again == Trace(
        "mobile_money",
        "+254712345678",
        weak=True,
        brand="M-Pesa",
        amount="1500.50",
        currency="KES",
        descriptor="Jane Wanjiku",
    )


@pytest.mark.parametrize(
    "line",
    ["", "btc", "gold\t1\t\t\t\t\t", "btc\t\t\t\t\t\t", "btc\t" + "1" * 1501 + "\t\t\t\t\t", "btc\t1\t\t\t\t\t\t"],
)
def test_a_line_that_can_be_no_finding_is_none(line: str) -> None:
    assert from_line(line) is None


def test_what_a_line_claims_is_bounded() -> None:
    found = from_line(f"btc\t1\t{'b' * 99}\t9x\tUSD\t{'d' * 300}\tyes")
    assert found is not None
    assert (found.brand, found.amount, found.currency, len(found.descriptor), found.weak) == (
        "b" * 40,
        "",
        "",
        100,
        False,
    )
    for amount in ("NaN", "Infinity", "1" * 25):
        read = from_line(f"btc\t1\t\t{amount}\tUSD\t\t")
        assert read is not None
        assert read.amount == ""


@given(st.text(max_size=80))
def test_no_line_breaks_it(line: str) -> None:
    found = from_line(line)
    assert found is None or found.kind


def test_a_line_of_another_process_brings_no_whole_number_of_a_card() -> None:
    good = Trace("card", "visa *1111", brand="visa")
    assert from_line(line_of(good)) == good
    for value in ("4111111111111111", "visa *41111", "visa 4111", "visa *111", ""):
        assert from_line(f"card\t{value}\tvisa\t\t\t\t") is None
    assert from_line("paypal\t@kite\t\t\t\t\t") == Trace("paypal", "@kite")


def test_a_line_is_read_to_its_bounds() -> None:
    long = "1" * 1500
    assert from_line(f"lightning\t{long}\t\t\t\t\t") == Trace("lightning", long)
    assert from_line(f"lightning\t{long}1\t\t\t\t\t") is None
    amount, currency = "9" * 24, "ABCDEFGHI"
    assert from_line(f"btc\t1\t\t{amount}\t{currency}\t\t") == Trace("btc", "1", amount=amount, currency="ABCDEFGH")
    assert from_line(f"btc\t1\t\t{amount}9\t{currency}\t\t") == Trace("btc", "1")
    assert line_of(Trace("btc", "1")).endswith("\t")
    assert line_of(Trace("btc", "1", weak=True)).endswith("\tweak")
