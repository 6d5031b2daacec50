"""Finds everything in a text that says where money goes."""

from collections.abc import Iterator
from dataclasses import replace

from leeward.foundation.patterns import Pattern
from leeward.payments.rules.amounts import amount_beside, descriptor_beside
from leeward.payments.rules.banks import iban, starts_iban, upi
from leeward.payments.rules.cards import find_cards
from leeward.payments.rules.coins import LEAST_OF_WORD, MOST_OF_WORD, Coin, coin, solana
from leeward.payments.rules.handles import find_handles, find_links, find_named
from leeward.payments.rules.masking import without_card_numbers
from leeward.payments.rules.mobile_money import find_mobile_money
from leeward.payments.rules.traces import Trace
from leeward.payments.rules.words import INVISIBLE, is_letter, one_of, with_plain_digits

# What comes after so many letters is not read, and of one kind no more than so many right ones are kept.
MOST_LETTERS = 200_000
MOST_BYTES = 4 * MOST_LETTERS
MOST_OF_KIND = 50
_CODES = Pattern(r"[0-9A-Za-z_-]{26,}")
_PARTS = Pattern(r"[0-9A-Za-z]{26,}")
_SOLANA_WORDS = one_of(("solana", "phantom", "solflare"))
_SOL = Pattern(r"\bsol(?: (?:address|wallet))?(?: ?[:=(] ?|[)] )$", ignore_case=True)
_IBAN_BEGINS = Pattern(r"[A-Za-z]{2}[0-9]{2}[0-9A-Z]{0,30}")
_IBAN_WORD = Pattern(r"[0-9A-Z]+")
_UPI_WORD = Pattern(r"[\w.-]{2,64}@[a-z]{2,12}", ignore_case=True)
_SORT_CODE = Pattern(
    r"sort[ -]?code[ :=#]{1,4}(?:is )?([0-9]{2}-[0-9]{2}-[0-9]{2}|[0-9]{2} [0-9]{2} [0-9]{2}|[0-9]{6})(?:[^0-9\n]{1,40}?([0-9]{8}))?",
    ignore_case=True,
)
_MOST_OF_IBAN_TEXT, _GROUP = 48, 4


def find(text: str, *, country: str = "") -> list[Trace]:
    """Return the traces of money in a text, each once, in order; those whose check digits are wrong have `valid` false.

    `country` (ISO) is where local numbers are from. Takes time proportional to the text, of which `MOST_LETTERS` are read;
    of each kind at most `MOST_OF_KIND` right ones and as many wrong ones are returned, so that no flood of almost-wallets hides one.
    Never raises, and returns no whole number of a card.
    """
    read = with_plain_digits(text[:MOST_LETTERS].translate(INVISIBLE))
    found: dict[tuple[str, str], Trace] = {}
    for reader in (_coins, _accounts, find_cards, find_handles, find_links, find_named):
        _keep(found, reader(read), read)
    _keep(found, find_mobile_money(read, country), read)
    return sorted(found.values(), key=lambda trace: trace.start)


def _keep(found: dict[tuple[str, str], Trace], traces: Iterator[Trace], text: str) -> None:
    counts: dict[tuple[str, bool], int] = {}
    for trace in traces:
        key, group = (trace.kind, trace.value), (trace.kind, trace.valid)
        if key in found or counts.get(group, 0) == MOST_OF_KIND:
            continue
        counts[group] = counts.get(group, 0) + 1
        end = trace.start + len(trace.value)
        amount, currency = amount_beside(text, trace.start, end) if trace.valid else ("", "")
        descriptor = trace.descriptor or descriptor_beside(text, trace.start, end)
        descriptor = without_card_numbers(descriptor)
        found[key] = replace(trace, amount=amount, currency=currency, descriptor=descriptor)


def _coins(text: str) -> Iterator[Trace]:
    for found in _CODES.finditer(text):
        start, end = found.span()
        read = _coin(text, found[0], start, end)
        if read is not None:
            yield _of_coin(read, start)
            continue
        for part in _PARTS.finditer(found[0]) if "_" in found[0] or "-" in found[0] else ():
            if (read := coin(part[0])) is not None:
                yield _of_coin(read, start + part.start())


def _coin(text: str, word: str, start: int, end: int) -> Coin | None:
    if not LEAST_OF_WORD <= len(word) <= MOST_OF_WORD:
        return None
    if read := coin(word):
        return read
    key = solana(word)
    if key and (
        _SOL.search(text[max(0, start - 20) : start]) or _SOLANA_WORDS.stand_near(text, start, end, before=60, after=30)
    ):
        return key
    return None


def _of_coin(read: Coin, start: int) -> Trace:
    return Trace(read.kind, read.value, read.valid, read.weak, start=start)


def _accounts(text: str) -> Iterator[Trace]:
    for found in _IBAN_BEGINS.finditer(text):
        start = found.start()
        if (
            starts_iban(found[0])
            and not is_letter(text, start - 1)
            and (read := _iban(text[start : start + _MOST_OF_IBAN_TEXT]))
        ):
            yield Trace("iban", read[0], read[1], start=start)
    for found in _UPI_WORD.finditer(text):
        end = found.end()
        goes_on = is_letter(text, end) or (text[end : end + 1] in (".", "-") and is_letter(text, end + 1))
        if not goes_on and (address := upi(found[0])):
            yield Trace("upi", address, weak=True, start=found.start())
    for found in _SORT_CODE.finditer(text):
        if not is_letter(text, found.end()):
            digits = "".join(filter(str.isdigit, found[1]))
            code = f"{digits[:2]}-{digits[2:4]}-{digits[4:]}"
            yield Trace("sort_code", f"{code} {found[2]}" if found[2] else code, weak=True, start=found.start())


def _iban(text: str) -> tuple[str, bool] | None:
    """Return the IBAN with which a text begins, and whether it is right: in one piece, or in groups of four."""
    words: list[str] = []
    for word in text.replace("\u00a0", " ").split(" "):
        plain = word if word.isalnum() else (_IBAN_WORD.match(word) or ("",))[0]
        words.append(plain)
        if plain != word or len(plain) != _GROUP:
            break
    read = iban(words)
    return (read[1], read[2]) if read else None
