"""What may be cited of a country's law on a given day. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from leeward.laws.rules.basis import NO_LAW, Law
from leeward.laws.rules.jurisdiction import Jurisdiction
from leeward.laws.rules.provisions import Reading, readings_of
from leeward.laws.rules.three import YES

_CITED_TOPICS = ("distribution", "possession", "access", "specific_law", "production")
_MOST_CITED = 3


@dataclass(frozen=True, slots=True)
class CitedLaw:
    """The provisions of a country that may be cited on a day; none where nothing that was read is recorded.

    `is_judged`: the engine knows what it reaches; else somebody read the passage, and nobody recorded its limits. `by_account`: what
    was read is only somebody else's account of it.
    """

    code: str
    country: str
    citation: str
    is_judged: bool
    is_reviewed: bool
    by_account: bool

    @property
    def is_known(self) -> bool:
        """Whether there is something to cite."""
        return bool(self.citation)

    def law(self, verdict: str) -> Law:
        """It as a ground, with what it makes of the facts."""
        if not self.citation:
            return NO_LAW
        return Law(self.citation, verdict if self.is_judged else "no_law_recorded", by_account=self.by_account)


def cited_law(law: Jurisdiction, file: Mapping[str, Any], on: date) -> CitedLaw:
    """What may be cited of a jurisdiction's law as it stood on a day: what the engine judges by, else what somebody read."""
    judged = _judged(law, on)
    readings = [] if judged else readings_of(file, on)
    of_text = judged or _read(row for row in readings if not row.is_account)
    citations = of_text or _read(readings)
    return CitedLaw(
        law.code,
        law.name,
        "; ".join(citations),
        is_judged=bool(judged),
        is_reviewed=law.reviewed,
        by_account=bool(citations) and not of_text,
    )


def _judged(law: Jurisdiction, on: date) -> list[str]:
    """The provisions of the first limb in force that reaches photographs, a settled one before others."""
    limbs = [limb for limb in law.limbs if "photograph" in limb.media and limb.span.holds(on) is YES]
    first = next((limb for limb in limbs if limb.settled), limbs[0] if limbs else None)
    return list(dict.fromkeys(row.citation for row in first.provisions)) if first else []


def _read(readings: Iterable[Reading]) -> list[str]:
    """The places of the first topic of which somebody read a passage in force that says yes."""
    found = [row for row in readings if row.is_read and row.status == "in_force" and row.value == "yes" and row.section]
    for topic in _CITED_TOPICS:
        citations = dict.fromkeys(row.citation for row in found if row.topic == topic)
        if citations:
            return list(citations)[:_MOST_CITED]
    return []
