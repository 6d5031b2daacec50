"""A framework: areas with their questions, and four phases for each; what a schema can't say of its file. Pure."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from leeward.foundation.lazy_text import LazyText as _
from leeward.foundation.patterns import Pattern

PHASES = (1, 2, 3, 4)
NOT_KNOWN = 0
MOST_BYTES = 200_000
FIRST_YEAR = 2000
# Characters that XML can't contain: they would break the DOCX.
_NOT_IN_XML = Pattern(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x{fffe}\x{ffff}]")
type Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Phase:
    """A phase of maturity; its number is its place, from 1."""

    name: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Question:
    """One thing that is asked; `phases` says what each phase means for it, and `measure` names what can answer it here."""

    id: str
    question: str
    source: str = ""
    phases: tuple[str, ...] = ()
    measure: str = ""
    evidence: str = ""
    responsible: str = ""
    target_months: int | None = None


@dataclass(frozen=True, slots=True)
class Area:
    """A capability with its questions."""

    id: str
    title: str
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Framework:
    """A whole framework, in one language."""

    name: str
    version: str
    title: str
    language: str
    source: str
    phases: tuple[Phase, ...]
    areas: tuple[Area, ...]

    @property
    def questions(self) -> dict[str, Question]:
        """Return every question by its name."""
        return {one.id: one for area in self.areas for one in area.questions}

    def meaning(self, question: Question, phase: int) -> str:
        """Return what a phase means for a question."""
        return question.phases[phase - 1] if question.phases else self.phases[phase - 1].meaning


def framework_of(content: Mapping[str, Any]) -> Framework:
    """Return the framework of a content that has the schema's shape."""
    areas = tuple(
        Area(area["id"], area["title"], tuple(_question(row) for row in area["questions"])) for area in content["areas"]
    )
    phases = tuple(Phase(row["name"], row["meaning"]) for row in content["phases"])
    texts = {name: content[name] for name in ("name", "version", "title", "language", "source")}
    return Framework(**texts, phases=phases, areas=areas)


def _question(row: Mapping[str, Any]) -> Question:
    months = {"target_months": int(row["target_months"])} if "target_months" in row else {}
    return Question(**{**row, "phases": tuple(row.get("phases", ())), **months})


def problem_of(content: Mapping[str, Any], measures: Collection[str]) -> tuple[Path, _] | None:
    """Return the first thing that is wrong with a content of the schema's shape and where, or None."""
    return next(_problems(content, measures), None)


def _problems(content: Mapping[str, Any], measures: Collection[str]) -> Iterator[tuple[Path, _]]:
    areas, questions = set[str](), set[str]()
    for at, area in enumerate(content["areas"]):
        if area["id"] in areas:
            yield ("areas", at, "id"), _("there are two areas with the name %(id)s", id=area["id"])
        areas.add(area["id"])
        for place, row in enumerate(area["questions"]):
            where: Path = ("areas", at, "questions", place)
            if row["id"] in questions:
                yield (*where, "id"), _("there are two questions with the name %(id)s", id=row["id"])
            questions.add(row["id"])
            if row.get("measure", "") not in ("", *measures):
                yield (
                    (*where, "measure"),
                    _("nothing here is measured as %(name)s; leave the line out", name=row["measure"]),
                )
    yield from _characters(content, ())


def _characters(content: Any, path: Path) -> Iterator[tuple[Path, _]]:
    if isinstance(content, str):
        if _NOT_IN_XML.search(content):
            yield path, _("it has a character that no document can hold")
    elif isinstance(content, Mapping | list):
        for step, below in content.items() if isinstance(content, Mapping) else enumerate(content):
            yield from _characters(below, (*path, step))


def is_year(year: int, today: date) -> bool:
    """Return whether a response can be assessed for a year: not before 2000, and not before the year has begun."""
    return FIRST_YEAR <= year <= today.year
