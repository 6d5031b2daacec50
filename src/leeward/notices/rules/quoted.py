"""Words of reporters in mail that quotes our letters. Pure.

Both sides are compared by their letters and digits alone, without case and accents: however a mail program breaks lines, marks what it
quotes or writes an address. Each step takes time in proportion to the length of the mail.
"""

from collections.abc import Iterable, Sequence
from functools import lru_cache
from unicodedata import normalize

from leeward.foundation.patterns import Pattern

LEFT_OUT = "[…]"
FEWEST_LETTERS, FEWEST_WORDS, FEWEST_IN_WORDS = 24, 4, 16  # what is less may stand in any text
_DENSE = 3  # a letter of a script that puts no spaces between words counts as so many
FEWEST = 8  # letters of a piece; with so many it is looked up at first
_MOST_CLOSING = 4
_INNER = Pattern(r"(?s)“(.*)”")
_SENTENCE = Pattern(r"[^.!?…。！？؟।\n]+")
_WORD = Pattern(r"\S+")
_DENSE_LETTER = Pattern("[\u0e00-\u109f\u1780-\ua4cf\U00020000-\U0003ffff]")
_MARKED = Pattern(r"(?m)^[ \t]*(?:\w{0,5}[>|][ \t]?)+")  # “> ”, “PB> ”, “| ” before what a mail program quotes


def pieces_of(lines: Iterable[str]) -> frozenset[str]:
    """Return what of these lines of our letters can be found in a mail, by its letters: each line with its own heading, and what it
    quotes (“…”), whole and by sentences, where that says enough."""
    pieces = set()
    for line in lines:
        quoted = [found[1] for found in _INNER.finditer(line)]
        parts = [*quoted, *(sentence[0] for one in quoted for sentence in _SENTENCE.finditer(one))]
        pieces |= {_plain_text(part) for part in (line, *filter(is_distinctive, parts))}
    return frozenset(one for one in pieces if len(one) >= FEWEST)


def without_pieces(text: str, pieces: frozenset[str], left: frozenset[str] = frozenset()) -> str:
    """Return a mail's text without these pieces, but for what belongs to one of those that are left."""
    unmarked = _unmarked(text)
    letters = _plain_text(unmarked)
    if not any(piece[:FEWEST] in letters for piece in pieces):  # most mail: it is not gone through letter by letter
        return text
    letters, places = _letters_of(unmarked)
    gone = _found(letters, pieces - left)
    if 1 not in gone:
        return text
    for at, is_left in enumerate(_found(letters, left)):
        if is_left:
            gone[at] = 0
    return _with_marks(text, places, gone)


def is_distinctive(text: str) -> bool:
    """Return whether a text says enough that nobody else writes it by chance: four words of 16 letters, or 24 letters."""
    letters, count = _plain_text(text), sum(1 for _word in _WORD.finditer(text))
    weight = len(letters) + (_DENSE - 1) * sum(1 for _letter in _DENSE_LETTER.finditer(letters))
    return weight >= (FEWEST_IN_WORDS if count >= FEWEST_WORDS else FEWEST_LETTERS)


def _found(letters: str, pieces: Iterable[str]) -> bytearray:
    """Return which letters belong to one of these pieces, or to the beginning of one with which the text ends."""
    gone, backwards = bytearray(len(letters)), letters[::-1]
    for piece in pieces:
        if piece[:FEWEST] not in letters:
            continue
        for at in _each(letters, piece):
            gone[at : at + len(piece)] = b"\x01" * len(piece)
        for at in _each(backwards, piece[::-1]):  # where it overlaps itself
            gone[len(letters) - at - len(piece) : len(letters) - at] = b"\x01" * len(piece)
        cut = _cut_at_the_end(letters, piece)
        if cut >= FEWEST_LETTERS:
            gone[len(letters) - cut :] = b"\x01" * cut
    return gone


def _each(text: str, piece: str) -> Iterable[int]:
    at = text.find(piece)
    while at >= 0:
        yield at
        at = text.find(piece, at + len(piece))


def _cut_at_the_end(text: str, piece: str) -> int:
    """Return how much of the piece's beginning is the end of the text."""
    both = f"{piece}\n{text[-len(piece) :]}"
    reach = [0] * len(both)  # of each place, how much of the beginning ends there
    for at in range(1, len(both)):
        length = reach[at - 1]
        while length and both[at] != both[length]:
            length = reach[length - 1]
        reach[at] = length + (both[at] == both[length])
    return reach[-1]


def _unmarked(text: str) -> str:
    """Return the text with spaces in place of what a mail program put before quoted lines."""
    return _MARKED.sub(lambda found: " " * len(found[0]), text)


def _letters_of(text: str) -> tuple[str, Sequence[int]]:
    """Return the letters and digits of a text in their plainest form, and where each stands in it."""
    letters, places = list[str](), list[int]()
    for at, one in enumerate(text):
        for letter in _plain(one):
            letters.append(letter)
            places.append(at)
    return "".join(letters), places


def _plain_text(text: str) -> str:
    letters = "".join(filter(str.isalnum, text))
    return "".join(filter(str.isalnum, normalize("NFKD", normalize("NFKD", letters).casefold())))


@lru_cache(maxsize=4096)
def _plain(one: str) -> str:
    return _plain_text(one)


def _with_marks(text: str, places: Sequence[int], gone: bytearray) -> str:
    """Return the text with a mark for each run of letters that goes, with what stands between them."""
    parts, at, kept = list[str](), 0, 0
    runs = gone + b"\x00"  # the last one ends, too
    while (first := runs.find(1, at)) >= 0:
        at = runs.find(0, first)
        begin, end = places[first], places[at - 1] + 1
        if "“" in text[begin:end] and "”" in (
            rest := text[end : end + _MOST_CLOSING]
        ):  # a line ends with what closes it
            end += rest.index("”") + 1
        parts += [text[kept:begin], LEFT_OUT]
        kept = end
    return "".join([*parts, text[kept:]])
