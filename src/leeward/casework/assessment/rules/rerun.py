"""Whether the law as it is recorded now would say something else of what was decided."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from leeward.casework.assessment.rules.second_assessment import ILLEGAL, AssessmentResult, Round, act_after

# What was not seen at all was not closed because of a law.
JUDGED = (ILLEGAL, "not_illegal", "out_of_scope")
_WENT_ON = ("ask_second", "dispute")


def has_decided(round_: str, assessment: AssessmentResult, first: AssessmentResult | None) -> bool:
    """Whether this look ended its turn with a judgement of the content; `first` is the look that a second one answers."""
    return assessment.outcome in JUDGED and act_after(cast(Round, round_), assessment, first) not in _WENT_ON


def verdicts_of(opinions: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The verdict of each country, as it was kept with an assessment."""
    return {row["country"]: row["verdict"] for row in opinions}


def changed_verdicts(then: Mapping[str, str], now: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Country, verdict then and verdict now, for each country of which another verdict is given now."""
    return [(country, verdict, now[country]) for country, verdict in then.items() if now[country] != verdict]
