"""Words of reporters in mail that quotes our letters. Pure.

Both sides are compared by their letters and digits alone, without case and accents: however a mail program breaks lines, marks what it
quotes or writes an address. What is looked for is put in order once; then each mail takes time in proportion to its own length, however
much is looked for: at each of its letters at most one piece is compared, of 500 letters at most.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import chain
from unicodedata import category, normalize

from leeward.foundation.patterns import Pattern
from leeward.notices.rules.plain_text import without_our_links

LEFT_OUT = "[…]"
FEWEST_LETTERS, FEWEST_WORDS, FEWEST_IN_WORDS = 24, 4, 16  # what is less may stand in any text
_DENSE = 3  # a letter of a script that puts no spaces between words counts as so many
FEWEST = 8  # letters of a piece; with so many it is looked up at first
MOST = 500  # what is longer is looked for in pieces of so many letters
_MOST_CLOSING = 4
# What our lines quote stands between marks of the language that they are in: “…”, in French «…», in Urdu ”…“.
_CLOSED_BY = {"“": "”", "«": "»", "”": "“"}
_INNER = Pattern("(?s)[“«”](.*)[”»“]")
_SENTENCE = Pattern(r"[^.!?…。！？؟।\n]+")
# What is no sentence of anybody: mail is about addresses, so they go in our own line only, or in a whole text that says more.
_WRITTEN = r"(?i)(?:[a-z0-9+.-]+\[?://\]?|www\[?\.)[!-~]*|(?:[a-z0-9-]+\.)+[a-z0-9-]+/[!-~]*"
_ADDRESS, _ENDING = Pattern(_WRITTEN), Pattern(f"(?:{_WRITTEN})$")
_DENSE_LETTER = Pattern("[\u0e00-\u109f\u1780-\ua4cf\U00020000-\U0003ffff]")
_SIGNED = Pattern(r"(?m)^[ \t]*(?:[>|][ \t]?)+")  # “> ”, “| ” before what a mail program quotes
_INITIALLED = Pattern(r"(?m)^[ \t]*(?:\w{0,5}[>|][ \t]?)+")  # “PB> ”: or somebody's words, as in “Tom> come here”
_QUOTE = Pattern('["“”„‟«»〝〞]')
_BULLET = Pattern(r"\s+[-*•]\s+")  # before the next line of ours, where a mail program joined them
# Of signs that are letters in a circle, a square or brackets, the letters, where Unicode names them; “℃” is more than a letter.
_SHAPED_IN = ((0x2100, 0x2150), (0x2460, 0x2500), (0x2E80, 0x2FE0), (0x3200, 0x3400), (0x1F100, 0x1F200))
_SHAPED = {
    number: letters
    for number in chain.from_iterable(range(*some) for some in _SHAPED_IN)
    if category(chr(number)) == "So" and (letters := normalize("NFKD", chr(number)).strip("()")).isalnum()
}
_ANY_SHAPED = Pattern(f"[{''.join(map(chr, _SHAPED))}]")


@dataclass(frozen=True, slots=True)
class Ordered:
    """Pieces in alphabetical order; `lengths` are those of all pieces that each one begins with, its own last."""

    pieces: Sequence[str] = ()
    lengths: Sequence[Sequence[int]] = ()
    firsts: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Pieces:
    """What is looked for: `parts` wherever they stand, and `lines` of ours where one ends."""

    parts: Ordered = Ordered()
    lines: Ordered = Ordered()


def pieces_of(lines: Iterable[str]) -> Pieces:
    """Return what of these lines of our letters can be found in a mail, by its letters: each line with its own heading, and what it
    quotes (“…”), whole and by sentences, where that says enough beside addresses. Mail is kept without links
    like ours, so each line is looked for without them, too."""
    whole, parts = set[str](), set[str]()
    for line in dict.fromkeys(one for given in lines for one in (given, without_our_links(given))):
        quoted = [found[1] for found in _INNER.finditer(line)]
        sentences = [sentence[0] for one in quoted for sentence in _SENTENCE.finditer(_without_addresses(one))]
        texts = [one for one in quoted if is_distinctive(_without_addresses(one))]
        for part in (*texts, *filter(is_distinctive, sentences)):
            parts.update(_in_pieces(_plain_text(part)))
        if quoted and not any(map(_plain_text, quoted)):  # the heading alone would be anybody's
            continue
        letters = _plain_text(line)
        (whole if len(letters) <= MOST else parts).update(_in_pieces(letters))
    return Pieces(_in_order(parts), _in_order(whole))


def without_pieces(text: str, gone: Pieces, *left: Pieces) -> str:
    """Return a mail's text without these pieces, but for what belongs to one of those that are left."""
    readings = dict.fromkeys(_unmarked(text, marks) for marks in (_INITIALLED, _SIGNED))
    if not any(_may_hold(reading, gone) for reading in readings):  # most mail: it is not gone through letter by letter
        return text
    going = bytearray(len(text))
    spelled = [(reading, *_letters_of(reading)) for reading in readings]
    for pieces, is_gone in ((gone, True), *((one, False) for one in left)):
        for reading, letters, places in spelled:
            for begin, end in _found(reading, letters, places, pieces, may_go_on=not is_gone):
                going[begin:end] = bytes([is_gone]) * (end - begin)
    return _with_marks(text, going)


def quoted_in(line: str) -> str:
    """Return what a line of ours quotes, or "": its heading changes with the number of reports, and with the language."""
    found = _INNER.search(line)
    return "" if found is None else found[1].strip(" \xa0\u200e")


def is_distinctive(text: str) -> bool:
    """Return whether a text says enough that nobody else writes it by chance: four words of 16 letters, or 24 letters."""
    letters, needed = _plain_text(text), FEWEST_IN_WORDS if len(text.split()) >= FEWEST_WORDS else FEWEST_LETTERS
    if len(letters) >= needed:
        return True
    return len(letters) + (_DENSE - 1) * sum(1 for _letter in _DENSE_LETTER.finditer(letters)) >= needed


def _without_addresses(text: str) -> str:
    """Return the text with a break in place of each address."""
    return _ADDRESS.sub(lambda _found: "\n", text)


def _in_pieces(letters: str) -> Iterator[str]:
    """Yield all of it; of what is long, the last piece goes over a part of the one before."""
    for at in range(0, len(letters), MOST):
        yield letters[at : at + MOST] if at + MOST <= len(letters) else letters[-MOST:]


def _in_order(pieces: Iterable[str]) -> Ordered:
    ordered = sorted(one for one in pieces if len(one) >= FEWEST)
    lengths, inside = list[tuple[int, ...]](), list[str]()
    for piece in ordered:
        while inside and not piece.startswith(inside[-1]):
            inside.pop()
        inside.append(piece)
        lengths.append(tuple(map(len, inside)))
    return Ordered(ordered, lengths, frozenset(piece[:FEWEST] for piece in ordered))


def _may_hold(reading: str, pieces: Pieces) -> bool:
    letters = _plain_text(reading)
    return any(True for ordered in (pieces.parts, pieces.lines) for _at in _beginnings(letters, ordered))


def _beginnings(letters: str, ordered: Ordered) -> Iterator[int]:
    """Yield where a piece may begin."""
    if ordered.firsts:
        yield from (at for at in range(len(letters)) if letters[at : at + FEWEST] in ordered.firsts)


def _found(
    reading: str, letters: str, places: Sequence[int], pieces: Pieces, *, may_go_on: bool
) -> Iterator[tuple[int, int]]:
    """Yield where in a text one of these pieces begins and ends, or with the text's end the beginning of one. A line ends where what it
    quotes does, unless it `may_go_on`: else it may be the beginning of another report's."""
    for ordered, is_free in ((pieces.parts, True), (pieces.lines, may_go_on)):
        for at in _beginnings(letters, ordered):
            lengths = [*_lengths_here(letters[at : at + MOST], ordered)]
            if at + MOST > len(letters) and _is_cut(letters[at:], ordered):
                lengths.append(len(letters) - at)
            for length in reversed(lengths):
                end = at + length
                goes_on = letters[end : end + FEWEST] in ordered.firsts
                if is_free or _is_closed(reading, places, at, end, goes_on=goes_on):
                    yield places[at], places[end - 1] + 1
                    break


def _lengths_here(rest: str, ordered: Ordered) -> Sequence[int]:
    """Return the lengths of the pieces with which this begins. They all are what the last one begins with that isn't behind it in order."""
    number = bisect_right(ordered.pieces, rest) - 1
    if number < 0:
        return ()
    piece, lengths = ordered.pieces[number], ordered.lengths[number]
    return lengths[: bisect_left(lengths, True, key=lambda length: not rest.startswith(piece[:length]))]


def _is_cut(rest: str, ordered: Ordered) -> bool:
    """Return whether this is enough of a piece's beginning."""
    number = bisect_left(ordered.pieces, rest)
    return len(rest) >= FEWEST_LETTERS and any(one.startswith(rest) for one in ordered.pieces[number : number + 1])


def _is_closed(reading: str, places: Sequence[int], begin: int, end: int, *, goes_on: bool) -> bool:
    """Return whether a line of ours ends here: with a quotation mark; where it has none, with the line in the mail, or if that joins
    lines, before another one of ours (`goes_on`) or behind an address."""
    if end == len(places):
        return True
    inside, behind = reading[places[begin] : places[end - 1] + 1], reading[places[end - 1] + 1 : places[end]]
    if _QUOTE.search(behind) is not None:
        return True
    if _QUOTE.search(inside) is not None:
        return False
    if "\n" in behind or (goes_on and _BULLET.fullmatch(behind) is not None):
        return True
    return any(map(str.isspace, behind)) and _ENDING.search(inside) is not None


def _unmarked(text: str, marks: Pattern[str]) -> str:
    """Return the text with spaces in place of what a mail program put before quoted lines."""
    return marks.sub(lambda found: " " * len(found[0]), text)


def _letters_of(text: str) -> tuple[str, Sequence[int]]:
    """Return the letters and digits of a text in their plainest form, and where each stands in it."""
    letters, places = list[str](), list[int]()
    for at, one in enumerate(text):
        for letter in _plain(one):
            letters.append(letter)
            places.append(at)
    return "".join(letters), places


def _plain_text(text: str) -> str:
    if not text.isascii() and _ANY_SHAPED.search(text) is not None:
        text = text.translate(_SHAPED)
    letters = "".join(filter(str.isalnum, text))
    return "".join(filter(str.isalnum, normalize("NFKD", normalize("NFKD", letters).casefold())))


@lru_cache(maxsize=4096)
def _plain(one: str) -> str:
    return _plain_text(one)


def _with_marks(text: str, gone: bytearray) -> str:
    """Return the text with a mark for each run that goes, with what stands between two of them if that is no letter."""
    parts, at, kept = list[str](), 0, 0
    runs = gone + b"\x00"  # the last one ends, too
    while (begin := runs.find(1, at)) >= 0:
        at = end = runs.find(0, begin)
        while (following := runs.find(1, at)) >= 0 and not _plain_text(text[at:following]):
            at = end = runs.find(0, following)
        within = [place for place in range(begin, end) if _plain(text[place])]
        if not within:  # what stands between two that are left
            continue
        begin, end = within[0], within[-1] + 1
        opened, rest = _QUOTE.search(text[begin:end]), text[end : end + _MOST_CLOSING]
        closing = _CLOSED_BY.get(opened[0], "") if opened else ""
        if closing and closing in rest:  # a line ends with what closes it
            end += rest.index(closing) + 1
        parts += [text[kept:begin], LEFT_OUT]
        kept = end
    return "".join([*parts, text[kept:]])
