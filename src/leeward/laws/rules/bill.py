"""Composes a bill: chooses the clauses, numbers them, fills in the choices, and binds cross-references by name."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from leeward.foundation.patterns import Pattern
from leeward.laws.rules.bill_options import TERMS, BillOptions

Level = Literal["part", "section", "subsection", "paragraph", "subparagraph"]
_BELOW: dict[Level, Level] = {
    "part": "section",
    "section": "subsection",
    "subsection": "paragraph",
    "paragraph": "subparagraph",
}
_EID = {"part": "part", "section": "sec", "subsection": "subsec", "paragraph": "para", "subparagraph": "subpara"}
_MARK = Pattern(r"\{(?:(ref|blank|option):)?([a-z_-]+)\}")


@dataclass(frozen=True, slots=True)
class Text:
    """Running text."""

    words: str


@dataclass(frozen=True, slots=True)
class Reference:
    """A cross-reference to a clause by its name; its words are made from the number it has."""

    to: str
    words: str


@dataclass(frozen=True, slots=True)
class Blank:
    """Something for the drafter to fill in."""

    what: str


@dataclass(frozen=True, slots=True)
class Chosen:
    """Words that come from a choice."""

    words: str


type Run = Text | Reference | Blank | Chosen


@dataclass(frozen=True, slots=True)
class Clause:
    """A clause with its number; `intro` stands before children, `runs` is the whole text where there are none."""

    id: str
    level: Level
    number: str
    eid: str
    heading: str
    runs: tuple[Run, ...]
    children: tuple["Clause", ...]
    traces: tuple[str, ...]
    closes: tuple[str, ...]
    beyond: bool
    origin: str
    note: str
    topic: str

    def walk(self) -> Iterator["Clause"]:
        """This clause and all below it."""
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True, slots=True)
class Bill:
    """A composed bill."""

    country: str
    country_name: str
    title: str
    long_title: str
    options: BillOptions
    parts: tuple[Clause, ...]

    def walk(self) -> Iterator[Clause]:
        """All clauses in order."""
        for part in self.parts:
            yield from part.walk()

    def clause(self, id: str) -> Clause:
        """A clause by its name."""
        return next(clause for clause in self.walk() if clause.id == id)

    @property
    def traces(self) -> frozenset[str]:
        """The elements of the appendices that the bill carries."""
        return frozenset(trace for clause in self.walk() for trace in clause.traces)


def compose(
    model: Mapping[str, Any], options: BillOptions, *, country: str, country_name: str, criteria: Collection[str]
) -> Bill:
    """Return the bill that closes the criteria: the sections that close them, with whatever these need."""
    stands = options.conditions()
    wanted = frozenset(criteria) if options.only_gaps else None
    kept = [_chosen(part, stands, wanted) for part in model["parts"] if _stands(part, stands)]
    parts = [part for part in kept if part["always"] or any(section.get("closes") for section in part["sections"])]
    names = {part["id"] for part in parts}
    stands |= {"reporting": "reporting" in names, "solicitation": "solicitation" in names}
    stands["material"] = bool(names & {"offences", "reporting"})
    writer = _Writer(parts, options, stands)
    return Bill(
        country=country,
        country_name=country_name,
        title=options.title or default_title(options, names),
        long_title=_long_title(names, options),
        options=options,
        parts=tuple(writer.part(part, at) for at, part in enumerate(parts, 1)),
    )


def default_title(options: BillOptions, parts: Collection[str]) -> str:
    """The short title where the drafter gives none."""
    if not {"offences", "reporting"} & set(parts) and "solicitation" in parts:
        return "Solicitation of Children Act"
    return "Child Sexual Abuse Material Act" if options.term == TERMS[0] else "Child Pornography Act"


def _stands(node: Mapping[str, Any], stands: Mapping[str, bool]) -> bool:
    return all(stands[name] is wanted for name, wanted in (node.get("when") or {}).items())


def _chosen(part: Mapping[str, Any], stands: Mapping[str, bool], wanted: frozenset[str] | None) -> dict[str, Any]:
    """The part with the sections that are wanted, and those that close nothing themselves but go with the others."""
    sections = [
        section
        for section in part["sections"]
        if _stands(section, {**stands, "material": True})
        and (wanted is None or part.get("always") or not section.get("closes") or wanted & set(section["closes"]))
    ]
    return {**part, "always": part.get("always", False), "sections": sections}


def _long_title(names: set[str], options: BillOptions) -> str:
    aims = [
        (f"to make dealings with {options.term} offences", "offences"),
        ("to provide for the reporting of such material", "reporting"),
        ("to make the solicitation of children for sexual purposes an offence", "solicitation"),
    ]
    held = [words for words, name in aims if name in names] or [f"to define {options.term}"]
    return f"An Act {', '.join(held[:-1])}{' and ' if len(held) > 1 else ''}{held[-1]}"


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a clause stands: its section's number, the numbers below it, and their levels."""

    section: int
    numbers: tuple[str, ...]
    levels: tuple[Level, ...]

    @property
    def full(self) -> str:
        return f"section {self.section}{''.join(self.numbers)}"

    def seen_from(self, other: "_Place") -> str:
        """The words of a reference from another place: within a section only the numbers below it."""
        if self.section != other.section or not self.numbers:
            return self.full
        if len(self.numbers) > 1 and self.numbers[:-1] == other.numbers[: len(self.numbers) - 1]:
            return f"{self.levels[-1]} {self.numbers[-1]}"
        return f"{self.levels[0]} {''.join(self.numbers)}"


class _Writer:
    """Knows the place of every clause before any text is written, so that references may point forward."""

    def __init__(self, parts: list[dict[str, Any]], options: BillOptions, stands: Mapping[str, bool]) -> None:
        self.options = options
        self.stands = stands
        self.title = default_title(options, {part["id"] for part in parts})
        self.places: dict[str, _Place] = {}
        sections = [section for part in parts for section in part["sections"] if _stands(section, stands)]
        for at, section in enumerate(sections, 1):
            self.places[section["id"]] = _Place(at, (), ())
            self._place_children(section, _first_level(section))

    def _place_children(self, node: Mapping[str, Any], level: Level) -> None:
        parent = self.places[node["id"]]
        for at, child in enumerate(self._children(node), 1):
            numbers = (*parent.numbers, _number(level, at))
            self.places[child["id"]] = _Place(parent.section, numbers, (*parent.levels, level))
            if level != "subparagraph":
                self._place_children(child, _BELOW[level])

    def _children(self, node: Mapping[str, Any]) -> list[Mapping[str, Any]]:
        return [child for child in node.get("children", ()) if _stands(child, self.stands)]

    def part(self, node: Mapping[str, Any], at: int) -> Clause:
        """Build a part with its sections."""
        eid = f"part_{at}"
        sections = [section for section in node["sections"] if _stands(section, self.stands)]
        children = tuple(self._section(section, eid) for section in sections)
        return Clause(level="part", number=f"Part {at}", eid=eid, runs=(), children=children, **_facts(node))

    def _section(self, node: Mapping[str, Any], prefix: str) -> Clause:
        number = str(self.places[node["id"]].section)
        return self._build(node, "section", number, f"{prefix}__sec_{number}", "")

    def _build(self, node: Mapping[str, Any], level: Level, number: str, eid: str, end: str) -> Clause:
        """Build a clause; `end` is the punctuation that it gets as an item of a sentence."""
        below = _first_level(node) if level == "section" else _BELOW.get(level, "subparagraph")
        rows = self._children(node)
        children = []
        for at, child in enumerate(rows, 1):
            own = _number(below, at)
            child_eid = f"{eid}__{_EID[below]}_{own.strip('()')}"
            children.append(self._build(child, below, own, child_eid, _ending(node, at, len(rows), end)))
        text = str(node.get("intro") or node.get("text") or "")
        runs = self._runs(node["id"], text if children else text + end)
        return Clause(level=level, number=number, eid=eid, runs=runs, children=tuple(children), **_facts(node))

    def _runs(self, own: str, text: str) -> tuple[Run, ...]:
        """Cut a text at its marks."""
        found: list[Run] = []
        start = 0
        for mark in _MARK.finditer(text):
            found.append(Text(text[start : mark.start()]))
            found += self._run(own, mark[1] or "", mark[2], is_first=mark.start() == 0)
            start = mark.end()
        found.append(Text(text[start:]))
        return tuple(run for run in found if not isinstance(run, Text | Chosen) or run.words)

    def _run(self, own: str, kind: str, name: str, *, is_first: bool) -> list[Run]:
        if kind == "ref":
            words = self.places[name].seen_from(self.places[own])
            return [Reference(name, words[0].upper() + words[1:] if is_first else words)]
        if kind == "blank":
            return [Blank(name)]
        if kind == "":
            return [Chosen(self.options.term)]
        return self._option(own, name)

    def _option(self, own: str, name: str) -> list[Run]:
        options = self.options
        match name:
            case "title":
                return [Chosen(options.title)] if options.title else [Chosen(self.title), Text(" "), Blank("year")]
            case "knowingly_word":
                return [Chosen("knowingly " if options.knowingly_possess else "")]
            case "speed_words":
                return [Chosen(options.speed.replace("_", " "))]
            case "reporting_entity_words":
                named = f"{options.reporting_entity}, and any other body " if options.reporting_entity else "a body "
                return [Chosen(named), Text("designated under "), *self._run(own, "ref", "entities", is_first=False)]
            case "consent_words":
                return (
                    [Chosen(f"{options.age_of_consent} years")] if options.age_of_consent else [Blank("age of consent")]
                )
        return [Chosen(str(options.preservation_days))]


def _facts(node: Mapping[str, Any]) -> dict[str, Any]:
    """What a clause keeps of its row."""
    return {
        "id": node["id"],
        "heading": node.get("heading") or "",
        "traces": tuple(node.get("traces") or ()),
        "closes": tuple(node.get("closes") or ()),
        "beyond": bool(node.get("beyond")),
        "origin": node.get("from") or "",
        "note": node.get("note") or "",
        "topic": node.get("topic") or "",
    }


def _ending(parent: Mapping[str, Any], at: int, count: int, end: str) -> str:
    """The punctuation of an item: a semicolon, the joining word before the last, the parent's own end after the last."""
    if not parent.get("join"):
        return ""
    if at == count:
        return end or "."
    return f"; {parent['join']}" if at == count - 1 else ";"


def _first_level(section: Mapping[str, Any]) -> Level:
    """The level below a section: paragraphs of one sentence, or subsections of their own."""
    return "paragraph" if section.get("intro") else "subsection"


def _number(level: Level, at: int) -> str:
    match level:
        case "subsection":
            return f"({at})"
        case "paragraph":
            return f"({'abcdefghijklmnopqrstuvwxyz'[at - 1]})"
        case "subparagraph":
            return f"({('i', 'ii', 'iii', 'iv', 'v', 'vi', 'vii', 'viii', 'ix', 'x')[at - 1]})"
    raise ValueError(level)
