"""Cards, keys, key words and routes: what hotlines learn of each other, and which of them an item goes to."""

import json
from dataclasses import replace
from typing import Any

import pytest

from leeward.exchange.rules.cards import MOST_CARD, Card, CardUnusable, read_card, write_card
from leeward.exchange.rules.key_words import COUNT, WORDS, key_words
from leeward.exchange.rules.keys import own_identifier, private_key

ONE, ANOTHER = bytes(range(32)), bytes(range(1, 33))
CARD = Card(
    "ab" * 16, "Hotline of Barbados", "https://hotline.example/exchange/ab", ("BB",), ("en",), ("onion",), (ONE,)
)


def test_a_card_is_read_as_it_was_written() -> None:
    assert read_card(write_card(CARD)) == CARD
    assert read_card(write_card(replace(CARD, competences=("onion", "telepathy")))) == CARD, "a newer one may know more"
    assert read_card(write_card(replace(CARD, name="Hot\u202eline"))).name == "Hotline"
    assert read_card(write_card(replace(CARD, name="\u202e"))).name == CARD.identifier, "no hotline is without a name"
    assert "Télé-accueil".encode() in write_card(replace(CARD, name="Télé-accueil")), "a person can read it too"


def test_a_card_may_be_as_long_as_its_limit_and_no_longer() -> None:
    assert read_card(write_card(CARD).rjust(MOST_CARD)) == CARD
    with pytest.raises(CardUnusable):
        read_card(write_card(CARD).rjust(MOST_CARD + 1))


@pytest.mark.parametrize(
    "changes",
    [
        {"url": "http://user:word@hotline.example/x"},
        {"url": "http://user@hotline.example/x"},
        {"url": "http://:word@hotline.example/x"},
        {"url": "https://hotline.example/x?y=1"},
        {"url": "https://hotline.example/#x"},
        {"url": "ftp://hotline.example/"},
        {"url": "https://hotline.example:99999/"},
        {"url": "https://" + "a" * 300},
        {"countries": []},
        {"countries": ["Barbados"]},
        {"countries": ["BB", "BB"]},
        {"identifier": "AB" * 16},
        {"identifier": "ab" * 16 + "\n"},
        {"name": ""},
        {"name": "a\nb"},
        {"keys": []},
        {"keys": ["aGVsbG8="]},
        {"version": 2},
        {"reporter": "somebody"},
    ],
)
def test_what_is_no_card_is_refused(changes: dict[str, Any]) -> None:
    plain = json.loads(write_card(CARD)) | changes
    with pytest.raises(CardUnusable):
        read_card(json.dumps(plain).encode())


@pytest.mark.parametrize("body", [b"", b"[]", b"null", b"\xff", b"[" * 20_000, b'"' + b"a" * MOST_CARD + b'"'])
def test_nonsense_is_no_card(body: bytes) -> None:
    with pytest.raises(CardUnusable):
        read_card(body)


def test_both_hotlines_read_the_same_words_and_any_other_key_gives_others() -> None:
    words = key_words(ONE, ANOTHER)
    assert words == key_words(ANOTHER, ONE)
    assert len(words) == COUNT
    other = key_words(ONE, bytes(range(2, 34)))
    assert sum(one == another for one, another in zip(words, other, strict=True)) < 4
    said = "marble noodle fennel seagull mustard cobweb bucket banana fountain velvet basket quilt"
    assert words == tuple(said.split()), "hotlines with different versions read the same"


def test_no_two_words_begin_alike() -> None:
    assert len({word[:4] for word in WORDS}) == len(WORDS) == 256
    assert all(word.isascii() and word.islower() for word in WORDS)


def test_each_hotline_has_its_own_name_and_each_serial_its_own_key() -> None:
    assert own_identifier(b"secret", 1) == own_identifier(b"secret", 1) != own_identifier(b"secret", 2)
    assert len(own_identifier(b"secret", 1)) == 32
    keys = {
        private_key(b"secret", 1, 1),
        private_key(b"secret", 1, 2),
        private_key(b"secret", 2, 1),
        private_key(b"x", 1, 1),
    }
    assert {len(key) for key in keys} == {32}
    assert len(keys) == 4
