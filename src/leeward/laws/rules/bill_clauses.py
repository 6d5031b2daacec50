"""The elements of a composed bill: clauses with their numbers, and the pieces of their text."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from leeward.laws.rules.bill_options import BillOptions
from leeward.laws.rules.bill_styles import Style

Level = Literal["part", "schedule", "section", "subsection", "paragraph", "subparagraph", "definition", "item"]
Kind = Literal["act", "amending", "model", "instructions"]


@dataclass(frozen=True, slots=True)
class Text:
    """Running text."""

    text: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A cross-reference to a clause by its name: the unit's word, and each number in it with the clause it belongs to."""

    to: str
    noun: str
    pieces: tuple[tuple[str, str], ...]

    @property
    def text(self) -> str:
        """The full text, such as `section 3(1)(a)`."""
        return f"{self.noun} {self.number}".strip()

    @property
    def number(self) -> str:
        """The numbers without the unit's word."""
        return "".join(shown for _name, shown in self.pieces)


@dataclass(frozen=True, slots=True)
class Blank:
    """A blank for the drafter to fill in."""

    what: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """Words that come from a choice."""

    text: str


type Run = Text | Reference | Blank | Chosen


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause with its number; `runs` is its text, or what precedes its children.

    `quoted` are provisions that it inserts into another Act. They and everything below them are `typed`: their numbers
    belong to that Act and are not counted by the bill.
    """

    id: str
    level: Level
    number: str
    eid: str
    heading: str
    runs: tuple[Run, ...]
    children: tuple["Clause", ...] = ()
    quoted: tuple["Clause", ...] = ()
    typed: bool = False
    traces: tuple[str, ...] = ()
    closes: tuple[str, ...] = ()
    beyond: bool = False
    origin: str = ""
    note: str = ""
    differs: str = ""
    topic: str = ""

    def walk(self) -> Iterator["Clause"]:
        """Yield this clause and everything below it, in the order of the text."""
        yield self
        for child in (*self.children, *self.quoted):
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Bill:
    """A composed bill: an Act, an Act that amends another, model provisions, or instructions for a drafter."""

    kind: Kind
    country: str
    country_name: str
    title: str
    long_title: str
    principal: str
    options: BillOptions
    style: Style
    body: tuple[Clause, ...]
    named: Mapping[str, Clause]
    aliases: Mapping[str, str]

    def walk(self) -> Iterator[Clause]:
        """All clauses in order."""
        for clause in self.body:
            yield from clause.walk()

    def clause(self, id: str) -> Clause:
        """Return a clause by its name; a clause merged into its section, because it was alone there, returns the
        section.
        """
        return self.named[self.aliases.get(id, id)]

    def has(self, id: str) -> bool:
        """Return whether the bill contains a clause of this name."""
        return self.aliases.get(id, id) in self.named

    @property
    def sections(self) -> tuple[Clause, ...]:
        """Return all sections: those of parts and those inserted into another Act."""
        return tuple(clause for clause in self.walk() if clause.level == "section")

    @property
    def traces(self) -> frozenset[str]:
        """Return the elements of the appendices that the bill covers."""
        return frozenset(trace for clause in self.walk() for trace in clause.traces)
