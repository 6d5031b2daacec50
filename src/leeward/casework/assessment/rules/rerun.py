"""Whether the law as recorded now would judge a decision differently."""

from collections.abc import Iterable, Mapping
from typing import Any, cast

from leeward.casework.assessment.rules.second_assessment import ILLEGAL, AssessmentResult, Round, act_after

# A case whose content nobody saw was not closed because of a law.
JUDGED = (ILLEGAL, "not_illegal", "out_of_scope")
_WENT_ON = ("ask_second", "dispute")


def has_decided(round_: str, assessment: AssessmentResult, first: AssessmentResult | None) -> bool:
    """Return whether this assessment ended its cycle with a judgement of the content; `first` is the first assessment
    that a second one follows.
    """
    return assessment.outcome in JUDGED and act_after(cast(Round, round_), assessment, first) not in _WENT_ON


def verdicts_of(opinions: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Return the verdict of each country, as stored with an assessment."""
    return {row["country"]: row["verdict"] for row in opinions}


def changed_verdicts(then: Mapping[str, str], now: Mapping[str, str]) -> list[tuple[str, str, str]]:
    """Return country, old verdict and new verdict for each country whose verdict has changed."""
    return [(country, verdict, now[country]) for country, verdict in then.items() if now[country] != verdict]
