"""What may be written to an office about a child: no address of material, no hash, nothing by which a reporter could be found."""

import pytest

from leeward.casework.acting.rules.at_risk import LEAST_DIGITS, MOST_WORDS, fault_of

CHILD = "A boy of about 12."
PLACES = ("http://Pictures.example/a/1", "Pictures.example", "")
REPORTERS = ("Somebody@Mail.example", "+1 (876) 555-0100", " ")


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (CHILD, ""),
        ("He lives in Port Royal, house 12, and is 11 years old; his birthday is 2015-03-01.", ""),
        ("See pictures.EXAMPLE for it.", "address"),
        ("See http://other.example", "address"),
        ("See HTTPS://other.example", "address"),
        ("Www.other.example", "address"),
        ("Magnet:?xt=1", "address"),
        ("ED2K:|file|", "address"),
        ("abc.ONION", "address"),
        ("0123456789abcdefABCDEF0123456789", "hash"),
        ("0123456789abcdefABCDEF012345678", ""),
        ("as somebody@mail.example says", "reporter"),
        ("call 1 876 5550100", "reporter"),
        ("call 876 5550100", "reporter"),
        ("call 0876/555-01 00", "reporter"),
        ("call 555 0101", ""),
        ("call \u0668\u0667\u0666 \u0665\u0665\u0665 \u0660\u0661\u0660\u0660", "reporter"),
        ("as some\u200bbody@mail.example says", "reporter"),
        ("as SOMEBODY\uff20mail[.]example says", "reporter"),
        ("See pictures[.]example", "address"),
        ("See pictures( . )example", "address"),
        ("See pic\u00adtures.example", "address"),
        ("See http[:]//other.example", "address"),
        ("See http:\uff0f\uff0fother.example", "address"),
        ("0123456789abcdef\u200b0123456789abcdef", "hash"),
        ("x" * MOST_WORDS, ""),
        ("x" * (MOST_WORDS + 1), "long"),
    ],
)
def test_what_is_found_in_the_words_for_an_office(text: str, fault: str) -> None:
    assert fault_of(text, "", places=PLACES, reporters=REPORTERS) == fault
    assert fault_of(CHILD, text, places=PLACES, reporters=REPORTERS) == fault


def test_something_is_said_of_the_child_and_short_numbers_identify_nobody() -> None:
    assert fault_of(" \n", "At the harbour.", places=(), reporters=()) == "missing"
    assert fault_of("", "http://a.example", places=(), reporters=()) == "missing"
    assert LEAST_DIGITS == 6
    assert fault_of("1-2-3-4-5-6", "", places=(), reporters=("123456",)) == "reporter"
    assert fault_of("1-2-3-4-5", "", places=(), reporters=("1 2345",)) == ""
    assert fault_of("12345", "", places=(), reporters=("12345",)) == "reporter", "as it was written"
    pair = ("joe@mail.example,mary@mail.example",)
    assert fault_of("ask mary@mail.example", "", places=(), reporters=pair) == "reporter"
    both = ("Mary 1234567, <mary@mail.example>; or a9876543@mail.example",)
    assert fault_of("ask mary@mail.example", "", places=(), reporters=both) == "reporter"
    assert fault_of("ask at 123 45 67", "", places=(), reporters=both) == "reporter"
    assert fault_of("ask at 987 65 43", "", places=(), reporters=both) == ""
    assert fault_of("ask at 234 56 7", "", places=(), reporters=both) == ""
    assert fault_of("number 1234567", "", places=(), reporters=("a1234567@mail.example",)) == "", "that is no number"
    joined = ("mary@mail.example,8765550100",)
    assert fault_of("ask mary@mail.example", "", places=(), reporters=joined) == "reporter"
    assert fault_of("ask at 555 0100 or 876 555 0100", "", places=(), reporters=joined) == "reporter"
