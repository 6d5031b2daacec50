"""Numbers of cards in words that are kept: only the brand and the last four digits stay, as `[visa *1111]`."""

from collections.abc import Iterator

from leeward.foundation.patterns import Pattern
from leeward.payments.rules.cards import WORDS_FOR_CARDS, brand_of, is_named_otherwise, passes_luhn
from leeward.payments.rules.names import CARD_BRANDS, CARD_WORDS
from leeward.payments.rules.words import INVISIBLE, with_plain_digits

FEWEST_DIGITS, MOST_DIGITS = 14, 19
_LENGTHS = frozenset({14, 15, 16, 18, 19})
_FIRST_DIGITS = "23456"
_MOST_IN_GROUP = 4
# Digits, and what may stand between two of a card's: blanks, hyphens of every kind, dots and lines, three at most.
_RUN = Pattern(
    r"[0-9](?:[ \t\u00a0\u2000-\u200a\u202f\u3000._\-\u2010-\u2015\u2212\ufe63\uff0d]{0,3}[0-9])*",
)
_GROUP = Pattern(r"[0-9]+")
_WORD_BEFORE = Pattern(r"[A-Za-z]{1,16}$")
# A word that is an address: what it names would be another one without its digits.
_ADDRESS = Pattern(
    r"^[\"'(<\[]*(?:[a-z][a-z0-9+.-]{1,20}:(?://|\?)|mailto:|www\.|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.[a-z]{2,24}[/:?#])",
    ignore_case=True,
)
_STUCK_WORDS = frozenset(
    {*(word for word in CARD_WORDS if word.isalpha()), *CARD_BRANDS, "no", "nr", "number", "pan", "cc", "is"}
)
_BESIDE, _REACH = 40, 2100


def without_card_numbers(text: str) -> str:
    """Return a text in which every number of a card is `[brand *last four digits]`, in digits of any script.

    Only what has a brand's first digits, one of its lengths and the right check digit is one. In an address it stays, for the
    address would be another; and so do digits in one piece that the word before calls something else (an order, an account),
    without a word for cards near. Takes time proportional to the text; masking twice changes nothing.
    """
    if sum(map(str.isdigit, text)) < FEWEST_DIGITS:
        return text
    kept = [at for at, letter in enumerate(text) if ord(letter) not in INVISIBLE]
    read = with_plain_digits(text if len(kept) == len(text) else "".join(text[at] for at in kept))
    parts, end = list[str](), 0
    for left, right, brand, digits in _numbers(read):
        start, stop = kept[left], kept[right - 1] + 1
        parts += [text[end:start], f"[{brand} *{digits[-4:]}]"]
        end = stop
    return "".join([*parts, text[end:]]) if parts else text


def _numbers(text: str) -> Iterator[tuple[int, int, str, str]]:
    for run in _RUN.finditer(text):
        if run.end() - run.start() < FEWEST_DIGITS:
            continue
        groups = [(run.start() + one.start(), run.start() + one.end()) for one in _GROUP.finditer(run[0])]
        place = 0
        while place < len(groups):
            taken, brand, digits = _taken(text, groups, place)
            if taken and not _is_something_else(text, groups[place][0], groups[place + taken - 1][1], taken):
                yield groups[place][0], groups[place + taken - 1][1], brand, digits
                place += taken
            else:
                place += 1


def _taken(text: str, groups: list[tuple[int, int]], place: int) -> tuple[int, str, str]:
    """Return how many groups from this one are a card's number, the most that are, its brand and digits; 0 if none."""
    best, digits, sizes = (0, "", ""), "", list[int]()
    if text[groups[place][0]] not in _FIRST_DIGITS:
        return best
    for count, (left, right) in enumerate(groups[place : place + MOST_DIGITS], start=1):
        digits += text[left:right]
        sizes.append(right - left)
        if len(digits) > MOST_DIGITS or (count == 2 and max(sizes) > _MOST_IN_GROUP and sizes != [4, 6]):
            break
        if len(digits) in _LENGTHS and _is_grouped(sizes) and (brand := brand_of(digits)) and passes_luhn(digits):
            best = (count, brand, digits)
    return best


def _is_grouped(sizes: list[int]) -> bool:
    """Return whether digits are grouped as people write a card's number: in one piece, in groups of one length and a
    shorter rest, or as on cards of 14 and 15 digits. Two telephone numbers are not."""
    return (
        len(sizes) == 1
        or sizes in ([4, 6, 5], [4, 6, 4])
        or (len(set(sizes[:-1])) == 1 and sizes[0] <= _MOST_IN_GROUP and sizes[-1] <= sizes[0])
    )


def _is_something_else(text: str, start: int, end: int, groups: int) -> bool:
    left = max(text.rfind(blank, max(0, start - _REACH), start) for blank in " \n\t") + 1
    after = text[end : end + 1]
    before = text[start - 1 : start]
    if _ADDRESS.search(text[left:start]) or before in ("@", "+"):  # of a mail, or of a telephone
        return True
    if groups == 1 and (after.isalpha() or after == "@"):
        return True
    stuck = _WORD_BEFORE.search(text[max(0, start - 20) : start])
    if stuck and stuck[0].lower() not in _STUCK_WORDS:
        return True
    return groups == 1 and is_named_otherwise(text, start) and not _has_word(text, start, end)


def _has_word(text: str, start: int, end: int) -> bool:
    return WORDS_FOR_CARDS.stand_near(text, start, end, before=_BESIDE, after=_BESIDE)
