"""Of a card's number nothing but brand and last four digits is ever returned."""

import pytest

from leeward.payments.rules.cards import brand_of, find_cards, passes_luhn
from leeward.payments.rules.traces import Trace


def completed(start: str, length: int) -> str:
    """Digits of this length with the right last one."""
    body = start + "0" * (length - 1 - len(start))
    return next(body + last for last in "0123456789" if passes_luhn(body + last))


CARDS = (
    ("visa", completed("4539", 16)), ("visa", completed("4", 19)), ("mastercard", completed("51", 16)), ("mastercard", completed("55", 16)),
    ("mastercard", completed("2221", 16)), ("mastercard", completed("2720", 16)), ("amex", completed("34", 15)), ("amex", completed("37", 15)),
    ("jcb", completed("3528", 16)), ("diners", completed("36", 14)), ("diners", completed("305", 14)), ("diners", completed("38", 16)),
    ("unionpay", completed("62", 16)), ("maestro", completed("5018", 16)), ("maestro", completed("6304", 16)), ("maestro", completed("6763", 16)),
    ("maestro", completed("5038", 16)), ("discover", completed("6011", 16)), ("discover", completed("649", 16)), ("discover", completed("65", 16)),
    ("verve", completed("506099", 18)), ("verve", completed("650027", 16)), ("rupay", completed("6070", 16)), ("rupay", completed("6521", 16)),
)  # fmt: skip
NO_ONES = ("2220", "2721", "56", "31", "35270", "35900", "306", "643", "9", "0", "1")


@pytest.mark.parametrize(("brand", "digits"), CARDS)
def test_the_first_digits_and_the_length_say_whose_card_it_is(brand: str, digits: str) -> None:
    assert brand_of(digits) == brand
    assert list(find_cards(f"card {digits} please")) == [Trace("card", f"{brand} *{digits[-4:]}", brand=brand, start=5)]


@pytest.mark.parametrize("start", NO_ONES)
def test_other_digits_are_no_ones_card(start: str) -> None:
    assert brand_of(completed(start, 16)) == ""


def test_the_last_digit_checks_the_others() -> None:
    good = completed("4539", 16)
    assert all(not passes_luhn(good[:-1] + last) for last in "0123456789" if last != good[-1])
    assert passes_luhn("0")
    assert passes_luhn("18")
    assert not passes_luhn("81")


@pytest.mark.parametrize(
    ("start", "length", "groups"),
    [("4539", 16, (4, 4, 4, 4)), ("37", 15, (4, 6, 5)), ("36", 14, (4, 6, 4)), ("4", 19, (4, 4, 4, 4, 3))],
)
@pytest.mark.parametrize("mark", [" ", "-", "\u00a0"])
def test_groups_are_read_as_cards_are_printed(start: str, length: int, groups: tuple[int, ...], mark: str) -> None:
    digits, parts = completed(start, length), []
    rest = digits
    for size in groups:
        parts.append(rest[:size])
        rest = rest[size:]
    (found,) = find_cards(f"12 {mark.join(parts)} is my card")
    assert (found.kind, found.value[-4:], found.valid, found.weak, found.start) == ("card", digits[-4:], True, False, 3)


def test_digits_without_a_word_for_cards_are_one_only_alone_in_their_line_and_weak() -> None:
    digits = completed("4539", 16)
    assert list(find_cards(f"my receipt {digits} of today")) == []
    for text in (f"receipt\n{digits}\nkeep it", f"card\n{digits}"):
        (found,) = find_cards(text)
        assert found.weak
    (wrong,) = find_cards(f"visa {digits[:-1]}{(int(digits[-1]) + 1) % 10}")
    assert not wrong.valid


@pytest.mark.parametrize(
    "text", ["card a{}", "card {}a", "card 10.1234/{}", "card {}.5", "card {}_1", "card v{}", "card +{}", "card {}-1"]
)
def test_digits_that_are_part_of_something_else_are_no_card(text: str) -> None:
    assert list(find_cards(text.format(completed("4539", 16)))) == []


def test_what_stands_around_a_number_says_whether_it_is_one() -> None:
    digits, other = completed("4539", 16), completed("51", 16)

    def last(text: str) -> list[str]:
        return [one.value for one in find_cards(text)]

    assert last(f"card:{digits}") == last(f"card {digits}. Pay") == [f"visa *{digits[-4:]}"]
    assert last(f"card 12 {digits} {other} visa") == [f"visa *{digits[-4:]}", f"mastercard *{other[-4:]}"]
    assert last(f"-{digits} card") == last(f"x {digits}") == last(f"{digits} x") == last(f"a\n\nb {digits}") == []


def test_a_masked_number_is_a_trace_like_any_other() -> None:
    assert list(find_cards("my [visa *1111] card")) == [Trace("card", "visa *1111", brand="visa", start=4)]
    assert [one.weak for one in find_cards("[visa *1111]")] == [True]
    assert list(find_cards("[visa *11111] [kite *1111]")) == []


def test_brands_count_where_several_are_offered_for_payment() -> None:
    assert [one.value for one in find_cards("We accept Visa, Mastercard and Amex.")] == ["visa", "mastercard", "amex"]
    assert list(find_cards("Pay by Visa or JCB")) == [
        Trace("card_brand", "visa", weak=True, brand="visa", start=7),
        Trace("card_brand", "jcb", weak=True, brand="jcb", start=15),
    ]
    assert [one.value for one in find_cards("Accept: Amex in some places, but Visa, Mastercard")] == [
        "visa",
        "mastercard",
    ]
    assert [one.value for one in find_cards("Accept: Visa, Mastercard. In some places also Amex")] == [
        "visa",
        "mastercard",
    ]
    assert len(list(find_cards(f"pay Visa,{' ' * 11}JCB"))) == 2
    assert list(find_cards(f"pay Visa,{' ' * 12}JCB")) == list(find_cards("pay visa, visa")) == []
    assert list(find_cards(f"pay {'x' * 130} Visa, JCB")) == []
    assert list(find_cards("We accept Visa.")) == []
    assert list(find_cards("A visa for Jamaica, and a discover of islands")) == []
    assert list(find_cards("Visa, Mastercard")) == []
    assert list(find_cards("pay for a visa. Verve and grace, maestro")) == []
