"""What a text message costs, and how sentences are put into messages."""

import pytest

from leeward.intake.rules.sms_length import fits_one, is_short_alphabet, pack, parts, places, plain


@pytest.mark.parametrize(
    ("text", "cost"),
    [
        ("", 1), ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3),
        ("€" * 80, 1), ("€" * 81, 2),
        ("ж" * 70, 1), ("ж" * 71, 2), ("ж" * 134, 2), ("ж" * 135, 3),
        ("ê" + "a" * 69, 1), ("ê" + "a" * 70, 2),
        ("\U0001f600" * 35, 1), ("\U0001f600" * 36, 2),
    ],
)  # fmt: skip
def test_what_a_text_costs(text: str, cost: int) -> None:
    assert parts(text) == cost
    assert fits_one(text) == (cost == 1)


def test_both_alphabets() -> None:
    assert is_short_alphabet("Dànger? £5 @ 10% {now}\n")
    assert not is_short_alphabet("don’t")
    assert plain("don’t – “go”… a\u00a0b—‘c’") == "don't - \"go\"... a b-'c'"
    assert (places("a{b"), places("аб"), places("")) == (4, 2, 0)
    assert isinstance(places("аб"), int)


def test_sentences_share_messages_in_order_and_are_never_cut() -> None:
    one, two, three = "a" * 80, "b" * 79, "c"
    assert pack([one, two, three]) == [f"{one} {two}", three]
    assert pack([one, two + "b"]) == [one, two + "b"]
    assert pack(["d" * 200, three]) == ["d" * 200, three]
    assert pack(["don’t"]) == ["don't"]
    assert pack(["a" * 60, "ж"]) == ["a" * 60 + " ж"]
    assert pack(["a" * 69, "ж"]) == ["a" * 69, "ж"]  # one letter makes all of them wide
    assert pack([]) == []
