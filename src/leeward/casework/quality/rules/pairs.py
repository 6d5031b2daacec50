"""Two assessments of one case as pairs of answers, and the agreement of many such pairs: per fact, over all facts, and
on the ending. Pure.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

from leeward.casework.assessment.rules.second_assessment import ILLEGAL, UNSURE
from leeward.casework.quality.rules.agreement import Kappa, Pair, kappa_of, pooled_kappa
from leeward.laws.rules.acts import acts_vocabulary
from leeward.laws.rules.facts import Facts, parse_facts

# The facts with a closed list of answers; "level" is the level of the act, whichever of its finer names was chosen.
COMPARED = (
    "real_person",
    "age_band",
    "sex",
    "medium",
    "level",
    "self_generated",
    "site_type",
    "pubertal_stage",
    "presented_as_child",
    "exploitative",
    "commercial",
    "victim",
)


@dataclass(frozen=True, slots=True)
class AssessmentPair:
    """What two people found in one case without knowing of each other; `at` is the time of the second assessment."""

    at: datetime
    first_by: int
    second_by: int
    ends: Pair
    answers: tuple[Pair, ...]


@dataclass(frozen=True, slots=True)
class Agreement:
    """The agreement of a set of assessment pairs: on the ending, over all facts together, and on each fact."""

    end: Kappa
    facts: Kappa
    each: Mapping[str, Kappa]


def end_of(outcome: str) -> str:
    """Return the ending of an assessment: illegal, closed, or can't tell."""
    return outcome if outcome in (ILLEGAL, UNSURE) else "closed"


def answers_of(facts: Facts) -> tuple[str, ...]:
    """Return the compared answers, in the order of COMPARED."""
    return tuple(_level_of(facts.act) if name == "level" else str(getattr(facts, name)) for name in COMPARED)


def _level_of(act: str) -> str:
    """Return the level of an act, given any of its names."""
    finer = acts_vocabulary().acts.get(act)
    return str(finer.levels["uk"]).lower() if finer else act.removeprefix("uk_")


def assessment_pairs(first: Mapping[str, Any], second: Mapping[str, Any]) -> AssessmentPair:
    """Pair two assessments by their stored values (`by`, `outcome`, `facts`, `at`)."""
    pairs = zip(answers_of(parse_facts(first["facts"])), answers_of(parse_facts(second["facts"])), strict=True)
    ends = (end_of(first["outcome"]), end_of(second["outcome"]))
    return AssessmentPair(second["at"], first["by"], second["by"], ends, tuple(pairs))


def agreement_of(assessments: Sequence[AssessmentPair]) -> Agreement:
    """Return the agreement of these assessment pairs."""
    each = {name: kappa_of([pair.answers[at] for pair in assessments]) for at, name in enumerate(COMPARED)}
    return Agreement(
        kappa_of([pair.ends for pair in assessments]), pooled_kappa([pair.answers for pair in assessments]), each
    )


def last_months(today: date, number: int) -> list[date]:
    """Return the first days of the last months, including the current one, oldest first."""
    months = today.year * 12 + today.month - 1
    return [date(at // 12, at % 12 + 1, 1) for at in range(months - number + 1, months + 1)]


def by_month(assessments: Iterable[AssessmentPair], months: Sequence[date], zone: str) -> list[tuple[date, Kappa]]:
    """Return each month with its agreement on the ending."""
    found: dict[date, list[Pair]] = {month: [] for month in months}
    for pair in assessments:
        month = pair.at.astimezone(ZoneInfo(zone)).date().replace(day=1)
        if month in found:
            found[month].append(pair.ends)
    return [(month, kappa_of(pairs)) for month, pairs in found.items()]
