"""Numbers of cards. What is kept of one is its brand and its last four digits."""

from collections.abc import Iterator
from itertools import pairwise

from leeward.foundation.patterns import Pattern
from leeward.payments.rules.names import CARD_BRANDS, CARD_WORDS, PAY_WORDS
from leeward.payments.rules.traces import Trace
from leeward.payments.rules.words import Names, is_letter, one_of

_GROUPS = Pattern(r"[0-9]+(?:[ \u00a0\u2009\-\u2010-\u2013][0-9]+)*")
_GROUP = Pattern(r"[0-9]+")
_WAYS_TO_GROUP = (
    (14,), (15,), (16,), (18,), (19,), (4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (4, 4, 4, 4, 2), (4, 4, 4, 4, 3),
)  # fmt: skip
# Brand, first digits (from, to), lengths; the first that fits counts.
_RANGES = (
    ("verve", 506099, 506198, (16, 18, 19)),
    ("verve", 507865, 507964, (16, 18, 19)),
    ("verve", 650002, 650027, (16, 18, 19)),
    ("rupay", 6521, 6522, (16,)),
    ("discover", 6011, 6011, (16, 19)),
    ("discover", 644, 649, (16, 19)),
    ("discover", 65, 65, (16, 19)),
    ("rupay", 60, 60, (16,)),
    ("visa", 4, 4, (16, 19)),
    ("mastercard", 51, 55, (16,)),
    ("mastercard", 2221, 2720, (16,)),
    ("amex", 34, 34, (15,)),
    ("amex", 37, 37, (15,)),
    ("jcb", 3528, 3589, (16,)),
    ("diners", 300, 305, (14, 16)),
    ("diners", 36, 36, (14,)),
    ("diners", 38, 39, (14, 16)),
    ("unionpay", 62, 62, (16, 18, 19)),
    ("maestro", 5018, 5020, (16, 18, 19)),
    ("maestro", 5038, 5038, (16, 18, 19)),
    ("maestro", 6304, 6304, (16, 18, 19)),
    ("maestro", 6759, 6763, (16, 18, 19)),
)
WORDS_FOR_CARDS = one_of(CARD_WORDS)
_BRANDS = Names(CARD_BRANDS)
# How `masking.py` leaves a number in words that are kept.
_MASKED = Pattern(rf"\[({'|'.join(CARD_BRANDS)}) \*([0-9]{{4}})\]")
_PAY = one_of(PAY_WORDS)
_BESIDE, _NEAR, _LIST_GAP, _MARGIN = 24, 60, 12, 40
# What a number is, where the word right before it says that it is no card.
_OTHER = Pattern(
    r"(?:receipt|order|invoice|ticket|tracking|ref|reference|parcel|case|isbn|imei|id|account|a/c)(?:[ ](?:no|nr|number|code|id))?[.:# ]{1,3}$",
    ignore_case=True,
)
_JOINED = frozenset("/.:_=#@+-\u2010\u2011\u2012\u2013")
_IN_LIST = Pattern(r"^\s*(?:[,/&|•·+]|and\b|or\b|et\b)(?:\s|[,/&|•·+]|and\b|or\b|et\b)*$", ignore_case=True)


def brand_of(digits: str) -> str:
    """Return whose card digits can be, by the first of them and their number; "" if no one's."""
    for brand, first, last, lengths in _RANGES:
        if len(digits) in lengths and first <= int(digits[: len(str(first))]) <= last:
            return brand
    return ""


def passes_luhn(digits: str) -> bool:
    """Return whether the last digit checks the others (ISO/IEC 7812-1)."""
    total = 0
    for place, digit in enumerate(reversed(digits)):
        value = int(digit) * (1 + place % 2)
        total += value - 9 if value > 9 else value
    return total % 10 == 0


def numbers_of_cards(text: str) -> Iterator[tuple[int, int, str, str]]:
    """Yield where each thing that can be a card's number begins and ends, its brand and its digits, in valid form or not."""
    for run in _GROUPS.finditer(text):
        at = run.start()
        groups = [(at + group.start(), at + group.end()) for group in _GROUP.finditer(run[0])]
        place = 0
        while place < len(groups):
            taken = 0 if _is_joined(text, groups[place][0] - 1) else _taken(groups[place : place + 5])
            if taken and not _is_joined(text, groups[place + taken - 1][1], after=True):
                part = groups[place : place + taken]
                digits = "".join(text[left:right] for left, right in part)
                if brand := brand_of(digits):
                    yield part[0][0], part[-1][1], brand, digits
                    place += taken
                    continue
            place += 1


def find_cards(text: str) -> Iterator[Trace]:
    """Yield cards by number: beside a word for cards, or alone in their line, which is weak; and brands by name, where
    they are a way to pay.
    """
    for start, end, brand, digits in numbers_of_cards(text):
        has_word = WORDS_FOR_CARDS.stand_near(
            text, start, end, before=_BESIDE, after=_BESIDE
        ) and not is_named_otherwise(text, start)
        if has_word or _is_alone(text, start, end):
            value = f"{brand} *{digits[-4:]}"
            yield Trace("card", value, passes_luhn(digits), weak=not has_word, brand=brand, start=start)
    for found in _MASKED.finditer(text):
        start, end = found.span()
        has_word = WORDS_FOR_CARDS.stand_near(text, start, end, before=_BESIDE, after=_BESIDE)
        yield Trace("card", f"{found[1]} *{found[2]}", weak=not has_word, brand=found[1], start=start + 1)
    named = list(_BRANDS.find(text))
    for place, (brand, start, end) in enumerate(named):
        around = named[max(0, place - 1) : place + 2]
        if any(_are_listed(text, left, right) for left, right in pairwise(around)) and _PAY.stand_near(
            text, start, end, before=2 * _NEAR, after=_NEAR
        ):
            yield Trace("card_brand", brand, weak=True, brand=brand, start=start)


def _taken(groups: list[tuple[int, int]]) -> int:
    """Return how many of these groups of digits are written as a card's number is, 0 if none."""
    lengths = tuple(end - start for start, end in groups)
    return max((len(way) for way in _WAYS_TO_GROUP if lengths[: len(way)] == way), default=0)


def _is_joined(text: str, at: int, *, after: bool = False) -> bool:
    """Return whether what stands at a place makes the digits part of something else: letters, or a mark between letters."""
    if is_letter(text, at):
        return True
    if not 0 <= at < len(text) or text[at] not in _JOINED:
        return False
    return is_letter(text, at + 1) if after else text[at] not in ":=#"


def is_named_otherwise(text: str, start: int) -> bool:
    """Return whether the word right before a number says that it is something else: an order, an account, a receipt."""
    return _OTHER.search(text[max(0, start - _BESIDE) : start]) is not None


def _are_listed(text: str, left: tuple[str, int, int], right: tuple[str, int, int]) -> bool:
    gap = text[left[2] : right[1]]
    return left[0] != right[0] and len(gap) <= _LIST_GAP and _IN_LIST.match(gap) is not None


def _is_alone(text: str, start: int, end: int) -> bool:
    left, right = text[max(0, start - _MARGIN) : start], text[end : end + _MARGIN]
    return not left.rpartition("\n")[2].strip() and not right.partition("\n")[0].strip()
