"""Addresses whose dots and @ are written as words: `name dot example`, `anna arobase lune point example`."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from leeward.foundation.patterns import Pattern
from leeward.hosting.rules.naming.cues import cues_of, same
from leeward.hosting.rules.naming.single import has_known_end
from leeward.hosting.rules.naming.spelling import plain
from leeward.hosting.rules.naming.words import AT_SIGNS, DOTS, SLASHES

_LABEL = Pattern(r"^(?:https?://)?[\w\pM-]+(?:\.[\w\pM-]+)*$", ignore_case=True)
_LOCAL = Pattern(r"^[\w.+-]{1,64}$")
_SEGMENT = Pattern(r"^[\w.~%-]+$")
_AROUND = "\"'“”‘’«»()[]<>,;:!?।۔،."
# Words that mean a dot and nothing else; the others are ordinary words too, and need a longer end after them.
_ONLY_DOTS = frozenset(map(plain, "dot डॉट डाट ডট ڈاٹ".split()))
_BEFORE_AT = frozenset("look looking go found is was are meet me live lives stay stays be it there here".split())
_MOST_LABELS = 12


@dataclass(frozen=True, slots=True)
class Spelt:
    """An address written with words for its marks: where it stands, what is meant, and those words."""

    start: int
    end: int
    meant: str
    forms: tuple[str, ...]


def spelt_out(line: str, words: list[tuple[int, int]]) -> Iterator[Spelt]:
    """Yield the addresses of a line that are written so; `words` are the places of its words."""
    texts = [line[start:end] for start, end in words]
    # What is in brackets is `undoing`'s.
    spelt = [
        text if text in (".", "/") else "" if set("[](){}<>") & set(text) else plain(text.strip(_AROUND))
        for text in texts
    ]
    dots, ats, slashes = same(DOTS) | {"."}, same(AT_SIGNS), same(SLASHES) | {"/"}
    has_stops = any(map(partial(_is_stop, texts), range(1, len(texts) - 1)))
    place = 1
    while place < len(texts) - 1:
        if spelt[place] not in dots:
            place += 1
            continue
        labels, forms, last = [texts[place - 1].lstrip(_AROUND)], [], place - 1
        while last + 2 < len(texts) and spelt[last + 1] in dots and len(labels) < _MOST_LABELS:
            labels.append(texts[last + 2])
            forms.append(texts[last + 1])
            last += 2
            if texts[last].rstrip(_AROUND) != texts[last]:
                break
        end = words[last][1] - (len(labels[-1]) - len(labels[-1].rstrip(_AROUND)))
        labels[-1] = labels[-1].rstrip(_AROUND)
        only_dots = all(plain(form) in _ONLY_DOTS or form == "." for form in forms)
        is_prose = "." in forms and (has_stops or any(cues_of(plain(label)) for label in labels))
        if is_prose or not all(map(_LABEL.match, labels)) or not _can_end(labels, only_dots=only_dots):
            place = last + 1 if last > place else place + 1
            continue
        meant, begin = ".".join(labels), place - 1
        while last + 2 < len(texts) and spelt[last + 1] in slashes and _SEGMENT.match(texts[last + 2].rstrip(_AROUND)):
            meant += "/" + texts[last + 2].rstrip(_AROUND)
            forms.append(texts[last + 1])
            end = words[last + 2][0] + len(texts[last + 2].rstrip(_AROUND))
            last += 2
        if begin >= 2 and spelt[begin - 1] in ats and _is_local(texts[begin - 2].lstrip(_AROUND)):
            forms.insert(0, texts[begin - 1])
            meant = f"{texts[begin - 2].lstrip(_AROUND)}@{meant}"
            begin -= 2
        shift = len(texts[begin]) - len(texts[begin].lstrip(_AROUND))
        yield Spelt(words[begin][0] + shift, end, meant, tuple(dict.fromkeys(forms)))
        place = last + 1


def _is_stop(texts: list[str], at: int) -> bool:
    """Return whether a dot between blanks ends a sentence: no domain can end or go on after it. Who writes one so writes
    all of them so.
    """
    return texts[at] == "." and texts[at + 2 : at + 3] != ["."] and not has_known_end(texts[at + 1].rstrip(_AROUND))


def _can_end(labels: list[str], *, only_dots: bool) -> bool:
    """Return whether the last label ends a domain; after a word that may mean something else, only an end of three letters
    or more, unless the address begins with www."""
    first, last = labels[0].lower(), labels[-1].rpartition(".")[2]
    if not has_known_end(last):
        return False
    return (
        first in ("www", "http://www", "https://www")
        or len(last) > 2
        or (only_dots and not cues_of(plain(last)) and not cues_of(plain(first)))
    )


def _is_local(word: str) -> bool:
    return bool(_LOCAL.match(word)) and plain(word) not in _BEFORE_AT and not cues_of(plain(word))
