"""How long a text message is: which letters fit the short alphabet, how many parts are paid for, and how sentences are
put into messages. Pure.

A message of the short alphabet (GSM 03.38) has 160 letters, or 153 in each part of a long one; a single letter outside
of it makes all of them cost two bytes, and then there are 70, or 67 in each part.
"""

from collections.abc import Iterable

_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿"
    "abcdefghijklmnopqrstuvwxyzäöñüà"
)
_TWICE = frozenset("^{}\\[~]|€")  # each takes the place of two
_PLAIN = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "—": "-", "…": "...", "\u00a0": " "})
SHORT_ONE, SHORT_PART = 160, 153
WIDE_ONE, WIDE_PART = 70, 67


def plain(text: str) -> str:
    """Return the text with the typographic signs of our pages replaced by those of the short alphabet."""
    return text.translate(_PLAIN)


def is_short_alphabet(text: str) -> bool:
    """Return whether every letter is of the short alphabet."""
    return all(letter in _BASIC or letter in _TWICE for letter in text)


def places(text: str) -> int:
    """Return how many places a text takes in its alphabet; in the wide one, some signs take two."""
    if is_short_alphabet(text):
        return len(text) + sum(letter in _TWICE for letter in text)
    return len(text.encode("utf-16-be")) // 2


def fits_one(text: str) -> bool:
    """Return whether a text is a single message."""
    return places(text) <= (SHORT_ONE if is_short_alphabet(text) else WIDE_ONE)


def parts(text: str) -> int:
    """Return how many messages are paid for."""
    if fits_one(text):
        return 1
    each = SHORT_PART if is_short_alphabet(text) else WIDE_PART
    return -(-places(text) // each)


def pack(sentences: Iterable[str]) -> list[str]:
    """Put sentences into as few messages as their order allows. A sentence is never cut: one that is too long for a
    message has one of its own, which the network sends in parts.
    """
    messages: list[str] = []
    for sentence in map(plain, sentences):
        together = f"{messages[-1]} {sentence}" if messages else sentence
        if messages and fits_one(together):
            messages[-1] = together
        else:
            messages.append(sentence)
    return messages
