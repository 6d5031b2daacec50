"""Where each question stands: what a person said, what was measured, and what follows for areas and the plan. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime

from leeward.national.rules.framework import NOT_KNOWN, PHASES, Area, Framework, Question

MOST_EVIDENCE, MOST_REASON, MOST_RESPONSIBLE = 2000, 1000, 120
LAST_DAY = date(2100, 1, 1)


@dataclass(frozen=True, slots=True)
class Measured:
    """What Leeward itself knows: the phase that follows, the numbers behind it, and the day to which they belong."""

    phase: int
    on: date
    facts: Mapping[str, object] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AnswerDetails:
    """What somebody says to a question. Without a phase they only say who acts next or by when; 0: it is not known."""

    phase: int | None
    evidence: str = ""
    responsible: str = ""
    target_on: date | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, with whose it is and when it was given."""

    details: AnswerDetails
    by: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Standing:
    """A question with what is said and measured."""

    area: Area
    question: Question
    answer: Answer | None
    measured: Measured | None

    @property
    def answered_phase(self) -> int | None:
        """Return the phase that a person said, if any."""
        return self.answer.details.phase if self.answer else None

    @property
    def phase(self) -> int | None:
        """Return the phase that counts: what a person said, else what was measured; 0: not known, None: still open."""
        if not self.answered_phase and self.measured:
            return self.measured.phase
        return self.answered_phase

    @property
    def differs(self) -> bool:
        """Return whether a person disagrees with what was measured."""
        return bool(self.answered_phase and self.measured and self.answered_phase != self.measured.phase)

    @property
    def responsible(self) -> str:
        """Return who is to act."""
        return self.answer.details.responsible if self.answer else ""

    @property
    def target_on(self) -> date | None:
        """Return by when."""
        return self.answer.details.target_on if self.answer else None


@dataclass(frozen=True, slots=True)
class AreaStanding:
    """An area: the mean of the phases that are known, and of how many of its questions they are known."""

    area: Area
    mean: float | None
    known: int
    of: int


def standings_of(
    framework: Framework, answers: Mapping[str, Answer], measured: Mapping[str, Measured]
) -> tuple[Standing, ...]:
    """Return where each question stands, in the framework's order; `measured` goes by the names of measurements."""
    return tuple(
        Standing(area, one, answers.get(one.id), measured.get(one.measure))
        for area in framework.areas
        for one in area.questions
    )


def areas_of(standings: Iterable[Standing]) -> tuple[AreaStanding, ...]:
    """Return where each area stands, in the framework's order."""
    by_area: dict[str, list[Standing]] = {}
    for one in standings:
        by_area.setdefault(one.area.id, []).append(one)
    found = []
    for rows in by_area.values():
        known = [one.phase for one in rows if one.phase]
        mean = round(sum(known) / len(known), 1) if known else None
        found.append(AreaStanding(rows[0].area, mean, len(known), len(rows)))
    return tuple(found)


def open_questions(standings: Iterable[Standing]) -> int:
    """Return how many questions nobody answered and nothing measured."""
    return sum(one.phase is None for one in standings)


def plan_of(standings: Iterable[Standing]) -> tuple[Standing, ...]:
    """Return what is still to be done and has an owner or a date, the earliest date first, then the lowest phase."""
    wanted = [one for one in standings if one.phase != PHASES[-1] and (one.responsible or one.target_on)]
    return tuple(sorted(wanted, key=lambda one: (one.target_on or LAST_DAY, one.phase or 0)))


def faults_of(details: AnswerDetails, measured: Measured | None) -> dict[str, str]:
    """Return what is wrong with an answer, by field: `phase`, `evidence`, `responsible`, `target_on` or `reason`."""
    faults = {}
    if details.phase not in (None, NOT_KNOWN, *PHASES):
        faults["phase"] = "not_a_phase"
    if details.phase is None and not (details.responsible or details.target_on):
        faults["phase"] = "says_nothing"
    if measured and details.phase not in (None, NOT_KNOWN, measured.phase) and not details.reason:
        faults["reason"] = "needs_reason"
    if details.target_on and not date(2000, 1, 1) <= details.target_on < LAST_DAY:
        faults["target_on"] = "not_a_target"
    limits = {"evidence": MOST_EVIDENCE, "reason": MOST_REASON, "responsible": MOST_RESPONSIBLE}
    faults |= {name: "too_long" for name, most in limits.items() if len(getattr(details, name)) > most}
    return faults
