"""The effects of a change to a country's file: criteria, citations, opinions, and times to report and to keep. Pure."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import cache
from itertools import product
from typing import Any

from leeward.laws.rules.citing import cited_law
from leeward.laws.rules.evidence import evidence_of
from leeward.laws.rules.facts import MEDIA, Facts, parse_facts
from leeward.laws.rules.jurisdiction import Jurisdiction
from leeward.laws.rules.legality import opinion
from leeward.laws.rules.provisions import criteria_on, readings_of

_AGES = (9, 13, 15, 16, 17, 19)
_ACTS = ("act_with_adult", "erotic_posing")
_TIMES = ("speed_hours", "speed_words", "preservation_days", "from", "until")


@dataclass(frozen=True, slots=True)
class Turn:
    """One change: its subject, the old and the new value."""

    what: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Impact:
    """All changes. `opinions` are (medium, age, act) with both verdicts, out of `combinations` sets of facts."""

    criteria: tuple[Turn, ...]
    cited: Turn | None
    opinions: tuple[Turn, ...]
    combinations: int
    times: tuple[Turn, ...]

    @property
    def is_empty(self) -> bool:
        """Whether nothing changes."""
        return not (self.criteria or self.cited or self.opinions or self.times)


@dataclass(frozen=True, slots=True)
class Side:
    """A jurisdiction before or after a change: its file with what it inherits from its state, and the compiled file."""

    file: Mapping[str, Any]
    law: Jurisdiction


def impact_of(before: Side, after: Side, on: date) -> Impact:
    """Return what a change alters on a given day."""
    then, now = (cited_law(side.law, side.file, on).citation for side in (before, after))
    return Impact(
        criteria=tuple(_criteria(before, after, on)),
        cited=Turn("", then, now) if then != now else None,
        opinions=tuple(_opinions(before.law, after.law, on)),
        combinations=len(_grid()),
        times=tuple(_times(before.file, after.file)),
    )


def _criteria(before: Side, after: Side, on: date) -> Iterator[Turn]:
    then, now = (criteria_on(readings_of(side.file, on), evidence_of(side.file, on)) for side in (before, after))
    for old, new in zip(then, now, strict=True):
        if old.standing != new.standing:
            yield Turn(old.name, old.standing, new.standing)


def _opinions(before: Jurisdiction, after: Jurisdiction, on: date) -> Iterator[Turn]:
    for name, facts in _grid():
        then, now = opinion(facts, before, on).verdict, opinion(facts, after, on).verdict
        if then != now:
            yield Turn(name, then, now)


@cache
def _grid() -> tuple[tuple[str, Facts], ...]:
    """Return facts for each medium, ages around the usual limits, two levels of acts: enough to see that a limit moved."""
    return tuple(
        (
            f"{medium} {age} {act}",
            parse_facts({"medium": medium, "apparent_age": age, "act": act, "real_person": real, **known}),
        )
        for medium, age, act in product(MEDIA, _AGES, _ACTS)
        for real, known in ((("yes", {"known_age": age}) if medium in ("photograph", "video") else ("unknown", {})),)
    )


def _times(before: Mapping[str, Any], after: Mapping[str, Any]) -> Iterator[Turn]:
    """Yield changes of the times to report and to keep, duty by duty."""
    then, now = ({row["id"]: row for row in file.get("duties", ())} for file in (before, after))
    for name in sorted({*then, *now}):
        old, new = (_shown(rows.get(name)) for rows in (then, now))
        if old != new:
            yield Turn(name, old, new)


def _shown(duty: Mapping[str, Any] | None) -> str:
    return "" if duty is None else "; ".join(str(duty[name]) for name in _TIMES if duty[name] is not None)
