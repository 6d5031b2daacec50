"""Wallets are told by their check digits. They belong to nobody: their keys are digests of words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.payments.rules.coins import Coin, coin, solana
from leeward.payments.rules.encodings import base58, base58check, bech32, bytes_of_fives, cryptonote, segwit, ton

GOOD = (
    ("btc", "17bnfudZkgMzmzL4BFA4gcFe5uirQMSajT"),
    ("btc", "32HDxevXwiYtVTLKtUVtNLQ3rkmKDpqC5Z"),
    ("btc", "bc1qndnal47xre7yq9fsasafm2j2zqgjmtznng6mfp"),
    ("btc", "bc1qyw3ase3hja0canj2hdt3ahkvscxkpyvy8cnjqmwpw2mzrnzcz3fs9u0czh"),
    ("btc", "bc1p7uhfyvvr39ymrztktp5dpnxuyucc07eja9m2jc5wgh84zv59wtusfkns58"),
    ("ltc", "LRpjw7wPqLc42o2DMP9MxdKQJ868XRu5pG"),
    ("ltc", "MEVwuLXyFhXoffJPQDozvsryZ8c1wprDP1"),
    ("ltc", "ltc1qndnal47xre7yq9fsasafm2j2zqgjmtznh5ql33"),
    ("doge", "D5jJaNNjhE8nwHpVVxprVUCibNCu2PqiYA"),
    ("dash", "XbH3sN5zMXT6ZEEUdG9WoEiuYa4HjZbHb9"),
    ("tron", "TAZR3AopYYMTZThXMeV1TrjFd2DurnNLWh"),
    ("eth", "0xf72E9231838949b189765868D0ccdc273187fB32"),
    ("xmr", "47WgTZkLe3mBigdLwcyuGd3gsX8riqg7A3A1ojC8E1xhUSVVNGdRcPvYS2jGCK5UR2HwJTRekZtKvYAiNtw1kPdV9XAUfhq"),
    ("xmr", "83oazbYcVENQtPwBLrX3FyPRUYCbrQDFVKMmWP6TtXATEymJs8Wqa3FGija97xLDXmhAVBjrRzjowEzFyiDouDHqM8BtVYy"),
    (
        "xmr",
        "4BZzzvsGbTWS211GdyuuRfSQmvAJJ14XtN1VA8qKQTKcHfuGNKkGXsnQnuYp98ZzzNL2sveYef3SzVENkVaFn2CtMh82SP6asFq9oZtCo4",
    ),
    ("ton", "EQAGeDCvdp8hlZF9jLMaosaX6ne3806G232Z0JjiQybXYx2M"),
    ("ton", "Uf-bZ9_Xxh58QBUw7DqdqkoQES2sU6I7UQzi6N6Xg0V2pLMD"),
    (
        "lightning",
        "lnbc250n1ndnal47xre7yq9fsasafm2j2zqgjmtzn5ga4zr8zar0f0q69w6jqe5tud7j440dma27n825qv7wk2s2turkd7n29hftfprxsqvypgj7h57p6fvl22t22mu",
    ),
)
KEY = "HdttZiXdZNxpro4sQuWF8M8a2GuLpnTTD4D4xZz6dAxp"


@pytest.mark.parametrize(("kind", "word"), GOOD)
def test_each_kind_is_told_and_one_wrong_letter_makes_it_wrong(kind: str, word: str) -> None:
    assert coin(word) == Coin(kind, word)
    for at in range(8, len(word)):
        other = "4" if word[at] != "4" else "5"
        if word[at].isalpha() and kind != "eth":
            other = "q" if word[at] != "q" else "p"
        found = coin(word[:at] + other + word[at + 1 :])
        assert found is None or not found.valid, at


@pytest.mark.parametrize(("kind", "word"), GOOD[:14])
def test_a_wrong_last_letter_is_shown_as_a_wallet_that_is_not_valid(kind: str, word: str) -> None:
    last = {"eth": "4"}.get(kind, "q" if word[-1] != "q" else "p")
    bad = word[:-1] + last
    assert coin(bad) == Coin(kind, bad, valid=False)


def test_capitals_are_the_same_address_and_mixed_case_is_none() -> None:
    word = GOOD[2][1]
    assert coin(word.upper()) == Coin("btc", word)
    assert coin(word[:-1] + "P") == Coin("btc", word, valid=False)
    assert coin(GOOD[-1][1].upper()) == Coin(*GOOD[-1])


def test_an_address_of_ethereum_in_one_case_is_weak_and_another_case_is_wrong() -> None:
    word = dict(GOOD)["eth"]
    assert coin(word.lower()) == Coin("eth", word.lower(), weak=True)
    assert coin("0x" + word[2:].upper()) == Coin("eth", word.lower(), weak=True)
    assert coin(word.replace("E", "e")) == Coin("eth", word.replace("E", "e"), valid=False)
    assert coin(word + "0") is None
    assert coin(word[:-1]) is None


def test_the_encoding_of_a_segwit_address_is_that_of_its_version() -> None:
    new_with_old_sum = "bc1p7uhfyvvr39ymrztktp5dpnxuyucc07eja9m2jc5wgh84zv59wtusu2ru39"
    old_with_new_sum = "bc1qndnal47xre7yq9fsasafm2j2zqgjmtznx52hvr"
    wrong_length = "bc1qndnal47xre7yq9fsasafm2j2zqgjmtzn5ga4zrqq29dse"
    for word in (new_with_old_sum, old_with_new_sum, wrong_length):
        assert bech32(word) is not None
        assert segwit(word) is None
        assert coin(word) == Coin("btc", word, valid=False)


def test_another_network_of_monero_is_none() -> None:
    word = "9y4DwpQbvQsBigdLwcyuGd3gsX8riqg7A3A1ojC8E1xhUSVVNGdRcPvYS2jGCK5UR2HwJTRekZtKvYAiNtw1kPdV9WGp68R"
    assert cryptonote(word) is not None
    assert coin(word) is None


def test_solana_has_no_check_digits_so_that_only_its_scheme_or_a_word_makes_it_one() -> None:
    assert coin(KEY) is None
    assert solana(KEY) == Coin("sol", KEY, weak=True)
    assert coin(f"solana:{KEY}?amount=1") == Coin("sol", KEY, weak=True)
    assert solana(KEY[:-3]) is None
    assert solana(GOOD[0][1]) is None


def test_a_link_that_pays_names_the_wallet_and_only_one_of_its_own_kind() -> None:
    word = GOOD[0][1]
    assert coin(f"bitcoin:{word}") == Coin("btc", word)
    assert coin(f"BITCOIN:{word}?amount=0.1") == Coin("btc", word)
    assert coin(f"ethereum:{dict(GOOD)['eth']}@1") == Coin("eth", dict(GOOD)["eth"])
    assert coin(f"litecoin:{word}") is None
    assert coin(f"ton://transfer/{GOOD[15][1]}?amount=1") == Coin("ton", GOOD[15][1])


@pytest.mark.parametrize(
    "word",
    [
        "", "1", "bc1", "0x", "f72e9231838949b189765868d0ccdc273187fb32", "123e4567-e89b-12d3-a456-426614174000",
        "d41d8cd98f00b204e9800998ecf8427e", "11111111111111111111111111111111", "1" * 27, "3" * 34, "A" * 34, "lnbc1" + "q" * 1500,
    ],
)  # fmt: skip
def test_other_codes_are_no_valid_wallets(word: str) -> None:
    found = coin(word)
    assert found is None or not found.valid


@given(st.text(alphabet="123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz-_0x", max_size=120))
def test_no_word_breaks_it(word: str) -> None:
    found = coin(word)
    assert found is None or found.kind


def test_the_encodings_say_no_to_what_is_too_short_or_not_theirs() -> None:
    assert base58check("11111") is None
    assert base58check("1111") is None
    assert base58("12") == b"\0\1"
    assert bech32("1qqqqqq") is None
    assert bech32("a1qqqqq") is None
    assert bech32("a12uel5l") == ("a", [], "bech32")
    assert bech32("a1lqfn3a") == ("a", [], "bech32m")
    assert segwit("a12uel5l") is None
    assert bytes_of_fives([0] * 32) == 20
    assert bytes_of_fives([0] * 7 + [1]) == 5
    assert bytes_of_fives([0] * 3) is None
    assert bytes_of_fives([0, 4]) == 1
    assert bytes_of_fives([0, 2]) is None
    assert cryptonote("zzzzzzzzzzz") is None
    assert cryptonote("1") is None
    assert ton("not base64!") is None
    assert ton("AAAA") is None
