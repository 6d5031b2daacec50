"""How many text messages a text is sent, and paid, as (3GPP TS 23.038 and 23.040). Pure."""

from dataclasses import dataclass

# The letters of the default alphabet, and those that take two places in it.
_BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_DOUBLE = frozenset("^{}\\[~]|€\f")
# Of one message, and of each of several: those say which part they are.
_ALONE_7, _PART_7 = 160, 153
_ALONE_16, _PART_16 = 70, 67


@dataclass(frozen=True, slots=True)
class Length:
    """How long a text is for a network: in places of its alphabet, the places of one message, and how many it needs."""

    places: int
    most: int
    parts: int
    is_wide: bool


def length_of(text: str) -> Length:
    """Return the length of a text as it is sent without any language's own table: with one letter outside the default
    alphabet each letter takes two bytes, or four. No letter is cut in two.
    """
    is_wide = not _BASIC.union(_DOUBLE).issuperset(text)
    sizes = [_wide(letter) if is_wide else 1 + (letter in _DOUBLE) for letter in text]
    alone, part = (_ALONE_16, _PART_16) if is_wide else (_ALONE_7, _PART_7)
    places = sum(sizes)
    return Length(places, alone, 1 if places <= alone else _parts(sizes, part), is_wide)


def plain_letters(text: str) -> str:
    """Return a text with the quotes, dashes and spaces of print as those of the default alphabet, so that they alone
    make no message wide.
    """
    return text.translate(_PLAIN)


_PLAIN = str.maketrans(
    dict.fromkeys("‘’", "'")
    | dict.fromkeys("“”„«»", '"')
    | dict.fromkeys("–—", "-")
    | {"…": "..."}
    | dict.fromkeys("\u00a0\u202f", " ")
)


def _wide(letter: str) -> int:
    return 2 if ord(letter) > 0xFFFF else 1


def _parts(sizes: list[int], most: int) -> int:
    count, used = 1, 0
    for size in sizes:
        if used + size > most:
            count, used = count + 1, 0
        used += size
    return count
