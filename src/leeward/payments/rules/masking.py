"""Numbers of cards in what is kept: only the brand and the last four digits stay, as `[visa *1111]`; in an address as `visa*1111`.

The one place that knows what is masked; whoever stores what comes from outside asks it. What stays is said in `docs/how-to/money.md`.
"""

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from leeward.foundation.patterns import Pattern
from leeward.payments.rules.banks import iban
from leeward.payments.rules.cards import WORDS_FOR_CARDS, brand_of, passes_luhn
from leeward.payments.rules.names import CARD_BRANDS, CARD_WORDS
from leeward.payments.rules.words import is_letter, with_plain_digits

FEWEST_DIGITS, MOST_DIGITS = 14, 19
_LENGTHS = frozenset({14, 15, 16, 18, 19})
# Names of accounts at large services are numbers of as many digits: of them one in forty would pass for a card's.
_LENGTHS_OF_ACCOUNTS = frozenset({18, 19})
# Kinds of places.
_WITH_PATHS, _OF_PEOPLE = ("url", "onion"), ("account", "group", "game")
_OTHERS = ("magnet", "ed2k", "file_hash", "newsgroup", "phone", "wallet")
_FIRST_DIGITS = "23456"
_MOST_IN_GROUP = 4
_PRINTED = ([4, 4, 4, 4], [4, 6, 5], [4, 6, 4], [4, 4, 4, 4, 2], [4, 4, 4, 4, 3])
# How other things are grouped that stand beside words for cards: a sort code with its account, a day with its time.
_OTHERS_GROUPS = ([2, 2, 2, 8], [2, 2, 4, 6], [2, 2, 4, 2, 2, 2])
# Groups as long as a whole telephone number; the longest one there is.
_OF_TELEPHONES, _MOST_OF_TELEPHONE = range(10, 13), 15
_BETWEEN = (
    r" \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000._'\u2019\uff0e\u3002\u30fb\uff65"
    r"\-\u2010-\u2015\u2212\ufe63\uff0d\u00b7\u2022\u2024\u2027\u2219"
)
# Between groups of four or six these too, and the end of a line: between others they part numbers from each other.
_PARTING = "+,;:/|*"
# Of these, what parts numbers even beside a word for cards.
_ENDING = "+,;:|*"
_LINE_ENDS = "\n\r\v\f\x85\u2028\u2029"
# Digits, and what may stand between two of a card's: blanks, hyphens and dots of every kind, and so on, three at most, or the ends
# of two lines.
_RUN = Pattern(
    rf"[0-9](?:(?:[{_BETWEEN}{_PARTING}]{{0,3}}|(?:[ \t]{{0,4}}(?:\r\n|[{_LINE_ENDS}])[ \t>|]{{0,8}}){{1,2}})[0-9])*"
)
_GROUP = Pattern(r"[0-9]+")
_WORD_BEFORE, _LETTERS_AFTER = Pattern(r"[A-Za-z0-9]{1,24}$"), Pattern(r"[A-Za-z]+")
_IP = Pattern(r"(?:^|[^0-9.])[0-9]{1,3}(?:\.[0-9]{1,3}){3}(?:[^0-9.]|$)")
# A word that is an address: what it names would be another one without its digits.
_ADDRESS = Pattern(
    r"^[\"'(<\[]*(?:[a-z][a-z0-9+.-]{1,20}:(?://|\?)|mailto:|www\.|[a-z0-9_-]+(?:\.[a-z0-9_-]+)*\.[a-z]{2,24}[/:?#]"
    r"|(?:[0-9]{1,3}\.){3}[0-9]{1,3}(?::[0-9]{1,5})?[/?#])",
    ignore_case=True,
)
# What in an address says that the digits after it are a card's.
_NAMED = Pattern(
    r"(?:(?:^|[^a-z]|%[0-9a-f]{2})(?:credit|debit|bank|pay|payment)?[-_.]?(?:cards?|visa|mastercard|amex)(?:[-_.\[]|%5b)?(?:no|nr|num|number)?(?:\]|%5d)?(?:[=:/]|%3[ad])"
    r"|(?:^|[^a-z]|%[0-9a-f]{2})(?:cc|ccn|pan|cc[-_.]?(?:no|nr|num|number))(?:=|%3d))$",
    ignore_case=True,
)
_IBAN_BEGINS = Pattern(r"[A-Za-z]{2}[0-9]{2}")
_IBAN_TEXT = Pattern(r"^[0-9A-Za-z \u00a0]+")
_ABOUT_CARDS = (*(word for word in CARD_WORDS if word.isalpha()), *CARD_BRANDS)
_STUCK_WORDS = frozenset({*_ABOUT_CARDS, "no", "nr", "number", "pan", "cc", "is"})
_AFTER_CARDS = frozenset({*_ABOUT_CARDS, "exp", "expires", "expiry", "valid"})
# Marks that nobody sees, that stand on other letters or draw a digit as a key; and letters that are blank.
_UNSEEN_KINDS = frozenset({"Cf", "Mn", "Me"})
_UNSEEN = frozenset("\u115f\u1160\u2065\u2800\u3164\uffa0\ufffc")
# A name made at random (RFC 9562), which may have as many digits in such groups; how far it reaches around them.
_UUID = Pattern(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}", ignore_case=True)
_UUID_REACH = 36
_BESIDE, _REACH, _IBAN_REACH = 40, 2100, 48


def without_card_numbers(text: str) -> str:
    """Return a text in which every number of a card is `[brand *last four digits]`, in digits of any script.

    Only what has a brand's first digits, one of its lengths and the right check digit is one: in one piece or in groups as
    people write them, or in any pieces beside a word for cards. In an address, which would be another one without it, it is
    masked where it is in groups or its name says what it is, and becomes `brand*last four digits`. What is part of a valid IBAN,
    a telephone number, an e-mail address or a word stays. Takes time proportional to the text; masking twice changes nothing.
    """
    return _masked(text)


def address_without_card_numbers(text: str) -> str:
    """Return an address of the web, in whichever form it is written, without the numbers of cards that it calls so."""
    return _masked(text, is_address=True)


def account_without_card_numbers(name: str, service: str = "") -> str:
    """Return the name of an account at a service without numbers of cards. One of 18 or 19 digits in one piece stays where
    neither speaks of cards: large services number their accounts so."""
    return _masked(name, _lengths_beside(name, service), is_address=False)


def typed_without_card_numbers(text: str) -> str:
    """Return what somebody typed into a form, which may be words, an address or an account, without numbers of cards."""
    return _masked(text, _lengths_beside(text))


def place_without_card_numbers(kind: str, text: str, service: str = "") -> str:
    """Return what a place is called, by its kind (`hosting.rules.address`), without numbers of cards. What is nothing but
    digits by its kind stays: a hash, a wallet, a telephone."""
    if kind in _WITH_PATHS:
        return address_without_card_numbers(text)
    if kind in _OF_PEOPLE:
        return account_without_card_numbers(text, service)
    return text if kind in _OTHERS else without_card_numbers(text)


def values_without_card_numbers(found: Any) -> Any:
    """Return lists and objects of JSON in which no text and no name of a field, however deep, has a number of a card, and no
    number is one."""
    if isinstance(found, str):
        return without_card_numbers(found)
    if isinstance(found, int | float) and abs(found) < 10**MOST_DIGITS:
        written = str(int(found))
        return found if (masked := without_card_numbers(written)) == written else masked
    if isinstance(found, dict):
        made: dict[str, Any] = {}
        for name, value in found.items():
            shown = without_card_numbers(name)
            while shown != name and (shown in made or shown in found):
                shown += " "  # two that look alike now are still two
            made[shown] = values_without_card_numbers(value)
        return made
    return [values_without_card_numbers(one) for one in found] if isinstance(found, list) else found


def _masked(text: str, in_one_piece: frozenset[int] = _LENGTHS, *, is_address: bool | None = None) -> str:
    """Return a text without numbers of cards. `is_address`: whether all of it is one; None: each word is looked at."""
    if sum(map(str.isdigit, text)) < FEWEST_DIGITS:
        return text
    kept = [at for at, letter in enumerate(text) if letter.isascii() or not _is_unseen(letter)]
    read = with_plain_digits(text if len(kept) == len(text) else "".join(text[at] for at in kept)).replace("%20", "___")
    parts, end = list[str](), 0
    for one in _numbers(read):
        if kept[one.start] < end or (len(one.groups) == 1 and len(one.digits) not in in_one_piece):
            continue
        in_address = _is_in_address(read, one.start) if is_address is None else is_address
        if mask := _in_address(read, one) if in_address else _in_words(read, one):
            parts += [text[end : kept[one.start]], mask]
            end = kept[one.end - 1] + 1
    return "".join([*parts, text[end:]]) if parts else text


def _is_unseen(letter: str) -> bool:
    return letter in _UNSEEN or unicodedata.category(letter) in _UNSEEN_KINDS


def _lengths_beside(*texts: str) -> frozenset[int]:
    """Return how many digits in one piece a card's number may have beside these texts."""
    speaks_of_cards = any(word in text.lower() for text in texts for word in CARD_WORDS)
    return _LENGTHS if speaks_of_cards else _LENGTHS - _LENGTHS_OF_ACCOUNTS


@dataclass(frozen=True, slots=True)
class _Number:
    """What may be a card's number: where its groups of digits stand, and whose it is."""

    groups: list[tuple[int, int]]
    brand: str
    digits: str

    @property
    def start(self) -> int:
        return self.groups[0][0]

    @property
    def end(self) -> int:
        return self.groups[-1][1]


def _in_words(text: str, one: _Number) -> str:
    """Return what is written instead of a number in words; "" if it stays."""
    return "" if _is_something_else(text, one) else f"[{one.brand} *{one.digits[-4:]}]"


def _in_address(text: str, one: _Number) -> str:
    """Return what is written instead of a number in an address; "" if it stays. Folders may have four digits each."""
    is_printed = [right - left for left, right in one.groups] in _PRINTED and "/" not in text[one.start : one.end]
    return f"{one.brand}*{one.digits[-4:]}" if is_printed or _is_named(text, one.start) else ""


def _numbers(text: str) -> Iterator[_Number]:
    """Yield what may be a card's number, from each group of digits on; the later ones may overlap."""
    for run in _RUN.finditer(text):
        if run.end() - run.start() < FEWEST_DIGITS:
            continue
        groups = [(run.start() + one.start(), run.start() + one.end()) for one in _GROUP.finditer(run[0])]
        parted = [_parts(text[left:right]) for (_, left), (right, _) in pairwise(groups)]
        for place, (start, _end) in enumerate(groups):
            if text[start] not in _FIRST_DIGITS:
                continue
            found = _number(text, groups[place : place + MOST_DIGITS], parted[place : place + MOST_DIGITS])
            if found is not None:
                yield found


def _number(text: str, groups: list[tuple[int, int]], parted: list[bool]) -> _Number | None:
    """Return the longest number of a card that begins with the first of these groups, if any does. `parted`: of each gap between
    them, whether it usually parts numbers."""
    best, digits = None, ""
    for count, (left, right) in enumerate(groups, start=1):
        digits += text[left:right]
        if len(digits) > MOST_DIGITS:
            break
        if len(digits) in _LENGTHS and (brand := brand_of(digits)) and passes_luhn(digits):
            sizes = [after - before for before, after in groups[:count]]
            is_written_so = sizes in _PRINTED or (_is_grouped(sizes) and not any(parted[: count - 1]))
            if is_written_so or _is_in_pieces(text, groups[:count], sizes):
                best = _Number(groups[:count], brand, digits)
    return best


def _is_in_pieces(text: str, groups: list[tuple[int, int]], sizes: list[int]) -> bool:
    """Return whether digits in any groups are a card's by a word beside them, and not a telephone, an IP address, a time or an
    account with what stands next to it."""
    start, end = groups[0][0], groups[-1][1]
    if sizes in _OTHERS_GROUPS or any(size in _OF_TELEPHONES for size in sizes):
        return False
    if any(mark in text[start:end] for mark in _ENDING) or _IP.search(text[start:end]):
        return False
    return _has_word(text, start, end)


def _parts(between: str) -> bool:
    """Return whether what stands between two groups usually parts numbers from each other."""
    return any(mark in between for mark in f"{_PARTING}{_LINE_ENDS}")


def _is_grouped(sizes: list[int]) -> bool:
    """Return whether digits are grouped as people write a card's number: in one piece, or in groups of one length and a
    shorter rest. Two telephone numbers are not."""
    return len(sizes) == 1 or (len(set(sizes[:-1])) == 1 and sizes[0] <= _MOST_IN_GROUP and sizes[-1] <= sizes[0])


def _is_in_address(text: str, start: int) -> bool:
    return _ADDRESS.search(text[_word_at(text, start) : start]) is not None


def _is_named(text: str, start: int) -> bool:
    return _NAMED.search(text[max(_word_at(text, start), start - _BESIDE) : start]) is not None


def _word_at(text: str, start: int) -> int:
    return max(text.rfind(blank, max(0, start - _REACH), start) for blank in " \n\t") + 1


def _is_something_else(text: str, one: _Number) -> bool:
    start, is_whole = one.start, len(one.groups) == 1
    before, after = text[start - 1 : start], text[one.end : one.end + 1]
    if before == "@" and is_letter(text, start - 2):  # of a mail
        return True
    if before == "+" and not (is_whole and len(one.digits) > _MOST_OF_TELEPHONE):
        return True
    if is_whole and (after == "@" or _is_word_after(text, one.end)):
        return True
    is_track = after == "^" and text[max(0, start - 2) : start] == "%B"  # as it stands on a card's stripe
    if _is_word_before(text, start) and not is_track:
        return True
    return not is_whole and (_is_in_iban(text, start) or _is_in_uuid(text, one))


def _is_in_uuid(text: str, one: _Number) -> bool:
    first = max(0, one.start - _UUID_REACH)
    around = _UUID.finditer(text[first : one.end + _UUID_REACH])
    return any(found.start() <= one.start - first < found.end() for found in around)


def _is_word_before(text: str, start: int) -> bool:
    """Return whether digits are the end of a word that doesn't say whose they are."""
    found = _WORD_BEFORE.search(text[max(0, start - 25) : start])
    word = found[0].lower() if found else ""
    return bool(word) and not (word in _STUCK_WORDS or word.startswith(_ABOUT_CARDS) or word.endswith(_ABOUT_CARDS))


def _is_word_after(text: str, end: int) -> bool:
    """Return whether digits are the beginning of a word. Scripts without blanks between words say nothing of it."""
    found = _LETTERS_AFTER.match(text[end : end + _BESIDE])
    return found is not None and found[0].lower() not in _AFTER_CARDS


def _is_in_iban(text: str, start: int) -> bool:
    """Return whether digits are part of an account's number whose own check digits are right."""
    first = max(0, start - _IBAN_REACH)
    for found in _IBAN_BEGINS.finditer(text[first:start]):
        at = first + found.start()
        written = _IBAN_TEXT.match(text[at : at + _IBAN_REACH])
        read = iban(written[0].split()) if written and not is_letter(text, at - 1) else None
        if read and read[2] and start < at + len(read[1]) + read[0] - 1:
            return True
    return False


def _has_word(text: str, start: int, end: int) -> bool:
    near = (text[max(0, start - _BESIDE) : start], text[end : end + _BESIDE])
    return any(True for part in near for _ in WORDS_FOR_CARDS.find(part))
