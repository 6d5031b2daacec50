"""Words of reporters in mail that quotes our letters. Pure.

Both sides are compared by their letters and digits alone, without case and accents: however a mail program breaks lines, marks what it
quotes or writes an address. What is looked for is put in order once; then each mail takes time in proportion to its own length, however
much is looked for: at each of its letters at most one piece is compared, of 500 letters at most.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from unicodedata import normalize

from leeward.foundation.patterns import Pattern

LEFT_OUT = "[…]"
FEWEST_LETTERS, FEWEST_WORDS, FEWEST_IN_WORDS = 24, 4, 16  # what is less may stand in any text
_DENSE = 3  # a letter of a script that puts no spaces between words counts as so many
FEWEST = 8  # letters of a piece; with so many it is looked up at first
MOST = 500  # what is longer is looked for in pieces of so many letters
_MOST_CLOSING = 4
_INNER = Pattern(r"(?s)“(.*)”")
_SENTENCE = Pattern(r"[^.!?…。！？؟।\n]+")
_WORD = Pattern(r"\S+")
_DENSE_LETTER = Pattern("[\u0e00-\u109f\u1780-\ua4cf\U00020000-\U0003ffff]")
_MARKED = Pattern(r"(?m)^[ \t]*(?:\w{0,5}[>|][ \t]?)+")  # “> ”, “PB> ”, “| ” before what a mail program quotes


@dataclass(frozen=True, slots=True)
class Pieces:
    """What is looked for, in alphabetical order; `lengths` are those of all pieces that each one begins with, its own last."""

    ordered: Sequence[str] = ()
    lengths: Sequence[Sequence[int]] = ()
    firsts: frozenset[str] = frozenset()


def pieces_of(lines: Iterable[str]) -> Pieces:
    """Return what of these lines of our letters can be found in a mail, by its letters: each line with its own heading, and what it
    quotes (“…”), whole and by sentences, where that says enough."""
    pieces = set[str]()
    for line in lines:
        quoted = [found[1] for found in _INNER.finditer(line)]
        parts = [*quoted, *(sentence[0] for one in quoted for sentence in _SENTENCE.finditer(one))]
        for part in (line, *filter(is_distinctive, parts)):
            pieces.update(_in_pieces(_plain_text(part)))
    return _in_order(one for one in pieces if len(one) >= FEWEST)


def without_pieces(text: str, gone: Pieces, left: Pieces = Pieces()) -> str:
    """Return a mail's text without these pieces, but for what belongs to one of those that are left."""
    unmarked = _unmarked(text)
    if not any(
        True for _at in _beginnings(_plain_text(unmarked), gone)
    ):  # most mail: it is not gone through letter by letter
        return text
    letters, places = _letters_of(unmarked)
    going = _found(letters, gone)
    if 1 not in going:
        return text
    for at, is_left in enumerate(_found(letters, left)):
        if is_left:
            going[at] = 0
    return _with_marks(text, places, going)


def is_distinctive(text: str) -> bool:
    """Return whether a text says enough that nobody else writes it by chance: four words of 16 letters, or 24 letters."""
    letters, count = _plain_text(text), sum(1 for _word in _WORD.finditer(text))
    weight = len(letters) + (_DENSE - 1) * sum(1 for _letter in _DENSE_LETTER.finditer(letters))
    return weight >= (FEWEST_IN_WORDS if count >= FEWEST_WORDS else FEWEST_LETTERS)


def _in_pieces(letters: str) -> Iterator[str]:
    """Yield all of it; of what is long, the last piece goes over a part of the one before."""
    for at in range(0, len(letters), MOST):
        yield letters[at : at + MOST] if at + MOST <= len(letters) else letters[-MOST:]


def _in_order(pieces: Iterable[str]) -> Pieces:
    ordered = sorted(pieces)
    lengths, inside = list[tuple[int, ...]](), list[str]()
    for piece in ordered:
        while inside and not piece.startswith(inside[-1]):
            inside.pop()
        inside.append(piece)
        lengths.append(tuple(map(len, inside)))
    return Pieces(ordered, lengths, frozenset(piece[:FEWEST] for piece in ordered))


def _beginnings(letters: str, pieces: Pieces) -> Iterator[int]:
    """Yield where a piece may begin."""
    if pieces.firsts:
        yield from (at for at in range(len(letters)) if letters[at : at + FEWEST] in pieces.firsts)


def _found(letters: str, pieces: Pieces) -> bytearray:
    """Return which letters belong to one of these pieces, or to the beginning of one with which the text ends."""
    found = bytearray(len(letters))
    for at in _beginnings(letters, pieces):
        length = max(_lengths_here(letters[at : at + MOST], pieces), default=0)
        if at + MOST > len(letters) and _is_cut(letters[at:], pieces):
            length = len(letters) - at
        found[at : at + length] = b"\x01" * length
    return found


def _lengths_here(rest: str, pieces: Pieces) -> Sequence[int]:
    """Return the lengths of the pieces with which this begins. They all are what the last one begins with that isn't behind it in order."""
    number = bisect_right(pieces.ordered, rest) - 1
    if number < 0:
        return ()
    piece, lengths = pieces.ordered[number], pieces.lengths[number]
    return lengths[: bisect_left(lengths, True, key=lambda length: not rest.startswith(piece[:length]))]


def _is_cut(rest: str, pieces: Pieces) -> bool:
    """Return whether this is enough of a piece's beginning."""
    number = bisect_left(pieces.ordered, rest)
    return len(rest) >= FEWEST_LETTERS and any(one.startswith(rest) for one in pieces.ordered[number : number + 1])


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
