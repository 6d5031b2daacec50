"""Number every clause of a bill, and word the references between them. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from leeward.laws.rules.bill_clauses import Level, Reference
from leeward.laws.rules.bill_styles import Style

_BELOW: dict[str, Level] = {"section": "subsection", "subsection": "paragraph", "paragraph": "subparagraph"}
_ROMAN = ("i", "ii", "iii", "iv", "v", "vi", "vii", "viii", "ix", "x")
_LETTERS = "abcdefghijklmnopqrstuvwxyz"


@dataclass(frozen=True, slots=True)
class Place:
    """The place of a clause: the numbers from its section down to it, with each clause's name and level."""

    names: tuple[str, ...]
    numbers: tuple[str, ...]
    levels: tuple[Level, ...]

    def below(self, name: str, number: str, level: Level) -> "Place":
        """Return the place of a child."""
        return Place((*self.names, name), (*self.numbers, number), (*self.levels, level))


class Places:
    """The places of all clauses, known before any text is written, so that references may point forward."""

    def __init__(self, style: Style) -> None:
        self.style = style
        self.of: dict[str, Place] = {}
        self.aliases: dict[str, str] = {}

    def add_sections(self, sections: Iterable[Mapping[str, Any]], numbers: Iterable[str]) -> None:
        """Number sections, each with its number, and everything below them."""
        for section, number in zip(sections, numbers, strict=True):
            place = Place((section["id"],), (number,), ("section",))
            self.of[section["id"]] = place
            for alias in section.get("aliases") or ():
                self.aliases[alias] = section["id"]
            self._add_children(section, place)

    def add_unit(self, name: str, level: Level, number: str) -> None:
        """Set the number of a part or schedule, including its word."""
        self.of[name] = Place((name,), (number,), (level,))

    def _add_children(self, node: Mapping[str, Any], place: Place) -> None:
        if not node["children"]:
            return
        level = self.level_below(node, place.levels[-1])
        for at, child in enumerate(node["children"], 1):
            self.of[child["id"]] = own = place.below(child["id"], self.number(level, at), level)
            self._add_children(child, own)

    def level_below(self, node: Mapping[str, Any], level: Level) -> Level:
        """Return the level of a clause's children: definitions, the paragraphs of a sentence, or the level below its
        own.
        """
        if node.get("definitions"):
            return "paragraph" if self.style.lettered else "definition"
        if level == "section" and node.get("sentence"):
            return "paragraph"
        return _BELOW[level]

    def number(self, level: Level, at: int) -> str:
        """Return the number of the child at index `at`."""
        match level:
            case "subsection":
                return f"({at})"
            case "paragraph":
                return f"({_LETTERS[at - 1]})"
            case "subparagraph":
                return f"({_ROMAN[at - 1]})"
        return ""

    def reference(self, to: str, own: str, *, is_first: bool = False) -> Reference:
        """Return the reference from one clause to another; within a section only the numbers below it."""
        name = self.aliases.get(to, to)
        target, here = self.of[name], self.of[self.aliases.get(own, own)]
        if target.levels[0] in ("part", "schedule"):
            return Reference(name, "", ((name, target.numbers[0]),))
        skip = self._shared(target, here)
        noun = self.style.word(target.levels[skip])
        pieces = tuple(zip(target.names[skip:], target.numbers[skip:], strict=True))
        return Reference(name, noun[0].upper() + noun[1:] if is_first else noun, pieces)

    def _shared(self, target: Place, here: Place) -> int:
        """Return how many leading numbers both share, which the reference can omit."""
        if target.names[0] != here.names[0] or len(target.names) == 1:
            return 0
        if target.names[:-1] == here.names[: len(target.names) - 1]:
            return len(target.names) - 1
        return 1


def section_of(place: str) -> str:
    """Return the section of a place, such as `14` of `14(1)(c)`."""
    return place.partition("(")[0]


def section_order(number: str) -> tuple[int, str]:
    """Return the sort key of a section number: 9, 10, 10A, 10AA, 10B, 11; one without a number first."""
    letters = number.lstrip("0123456789")
    return int(number.removesuffix(letters) or 0), letters


def inserted_numbers(after: str, count: int) -> list[str]:
    """Return numbers for sections inserted after another: `10A`, `10B`, …, after `Z` `10AA`, after section 62A `62AA`.

    `[ ]` stands for an unknown number.
    """
    letters = [*_LETTERS.upper(), *(first + second for first in _LETTERS.upper() for second in _LETTERS.upper())]
    return [f"{after or '[ ]'}{letter}" for letter in letters[:count]]
