"""A jurisdiction's law on the material as data: limbs, of which one must hold, and media that the law does not cover."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from leeward.laws.rules.acts import Vocabulary
from leeward.laws.rules.three import NO, UNKNOWN, YES, Three

# `actual` is the true age, stated by an assessor or proved; `appears` how old the person looks, even if more is known;
# `depicted` how old the material presents them as.
AgeTest = Literal["actual", "appears", "depicted"]


@dataclass(frozen=True, slots=True)
class Provision:
    """One place in a statute, with its full citation and our own one-sentence summary."""

    id: str
    citation: str
    says: str


@dataclass(frozen=True, slots=True)
class AgeRule:
    """Which age counts. `below` is None if no age is fixed; then only a person `plainly_below` certainly counts."""

    below: int | None
    plainly_below: int | None
    by: tuple[AgeTest, ...]
    prepubescent: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """When a rule is in force; if its beginning is not recorded, it is certain only from `known_on`."""

    start: date | None
    end: date | None
    known_on: date | None
    made: date | None

    def holds(self, on: date) -> Three:
        """Return whether the rule is in force on a given day."""
        if self.end and on >= self.end:
            return NO
        if self.start:
            return YES if on >= self.start else NO
        if self.made and on < self.made:
            return NO
        return YES if self.known_on and on >= self.known_on else UNKNOWN


@dataclass(frozen=True, slots=True)
class Limb:
    """One way to fall under the law; a part that is None was not read in the statute, so it stays unknown.

    `inherited`: a limb of the state's law, in a part whose own law was not read.
    """

    id: str
    media: frozenset[str]
    says: str
    provisions: tuple[Provision, ...]
    span: Span
    settled: bool
    question: str
    person: Literal["real", "any"] | None
    age: AgeRule | None
    acts_in: frozenset[str]
    acts_out: frozenset[str]
    exploitative: bool
    inherited: bool = False


@dataclass(frozen=True, slots=True)
class Outside:
    """Media that the law, as read, does not cover."""

    media: frozenset[str]
    says: str
    provisions: tuple[Provision, ...]
    span: Span
    inherited: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Jurisdiction:
    """One jurisdiction's law, compiled from its file once and used for every opinion."""

    code: str
    name: str
    caution: str
    reviewed: bool
    limbs: tuple[Limb, ...]
    outside: tuple[Outside, ...]
    first_known: date | None

    @property
    def is_recorded(self) -> bool:
        """Whether anything of its law on the material is in the register."""
        return bool(self.limbs or self.outside)


def compile_jurisdiction(file: Mapping[str, Any], acts: Vocabulary) -> Jurisdiction:
    """Compile the content of one jurisdiction's file, which must have passed the schema and the reference checks."""
    works = {work["id"]: work for work in file.get("works", ())}
    provisions = provisions_of(file, works)
    law = file.get("legality") or {}
    spans = Spans(file, works)
    limbs = tuple(_limb(row, provisions, spans, acts) for row in law.get("limbs", ()))
    outside = tuple(
        Outside(
            media=frozenset(row["media"]),
            says=row["says"],
            provisions=tuple(provisions[id] for id in row["provisions"]),
            span=spans.of(row),
            inherited=row.get("inherited", False),
        )
        for row in law.get("outside", ())
    )
    return Jurisdiction(
        code=file["code"],
        name=file["name"],
        caution=file["caution"] or "",
        reviewed=file["review"] == "reviewed",
        limbs=limbs,
        outside=outside,
        first_known=min(spans.dates, default=None),
    )


def provisions_of(file: Mapping[str, Any], works: Mapping[str, Any]) -> dict[str, Provision]:
    """Return the provisions of a file by their ids, cited in full."""
    return {
        row["id"]: Provision(row["id"], f"{works[row['work']]['short']} {row['at']}".strip(), row["says"])
        for row in file.get("provisions", ())
    }


class Spans:
    """Determines when a row is in force, from the row itself, its first provision's work and the day the file was read."""

    def __init__(self, file: Mapping[str, Any], works: Mapping[str, Any]) -> None:
        self.known_on = day_of(file["known_on"])
        self.work_of = {row["id"]: works[row["work"]] for row in file.get("provisions", ())}
        self.dates: set[date] = set()

    def of(self, row: Mapping[str, Any]) -> Span:
        """Return when a row is in force."""
        made = [day_of(self.work_of[id]["made"]) for id in row["provisions"]]
        is_bill = any(self.work_of[id]["kind"] == "bill" for id in row["provisions"])
        span = Span(
            start=day_of(row.get("from")),
            end=day_of(row.get("until")),
            known_on=None if is_bill else day_of(row["known_on"]) if "known_on" in row else self.known_on,
            made=min((day for day in made if day), default=None),
        )
        self.dates |= {day for day in (span.start or span.made,) if day}
        return span


def _limb(row: Mapping[str, Any], provisions: Mapping[str, Provision], spans: Spans, acts: Vocabulary) -> Limb:
    return Limb(
        id=row["id"],
        media=frozenset(row["media"]),
        says=row["says"],
        provisions=tuple(provisions[id] for id in row["provisions"]),
        span=spans.of(row),
        settled=row.get("settled", True),
        question=row.get("question", ""),
        person=row["person"],
        age=_age(row["age"]) if row["age"] else None,
        acts_in=acts.named(row["acts"]["in"]),
        acts_out=acts.named(row["acts"]["out"]),
        exploitative=row.get("context") == "exploitative",
        inherited=row.get("inherited", False),
    )


def _age(row: Mapping[str, Any]) -> AgeRule:
    return AgeRule(
        below=row["below"],
        plainly_below=row.get("plainly_below"),
        by=tuple(row["by"]),
        prepubescent=row.get("prepubescent", False),
    )


def day_of(text: str | None) -> date | None:
    """Parse `2009`, `2009-10` or `2009-10-21`; return the first day of the period."""
    if not text:
        return None
    year, month, day = [*(int(part) for part in str(text).split("-")), 1, 1][:3]
    return date(year, month, day)
