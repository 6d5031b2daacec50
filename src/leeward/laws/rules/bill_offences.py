"""A draft's offences, as far as a content's facts show that they were committed, compared with today's law on the same
deed. Pure.

Facts describe a content and never a person: that it is at a place on the Internet, that somebody made it, that money is
asked for it. What anybody knew or intended is not recorded, so an offence counts as met if the material and the deed
are there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Literal

from leeward.laws.rules.acts import UNDETERMINED
from leeward.laws.rules.bill_clauses import Bill
from leeward.laws.rules.bill_trial import clause_number
from leeward.laws.rules.facts import Facts
from leeward.laws.rules.legality import Verdict
from leeward.laws.rules.provisions import readings_of, standing_of
from leeward.laws.rules.three import NO, UNKNOWN, YES, Three, three

Deed = Literal["published", "made", "sold"]


@dataclass(frozen=True, slots=True)
class _Tried:
    """A clause that facts can apply to: its section, the deed, and the topics of today's law on it."""

    clause: str
    section: str
    deed: Deed
    topics: tuple[str, ...]


_TRIED = (
    _Tried("access-publish", "access", "published", ("distribution", "computer_facilitated")),
    _Tried("possession-offence", "possession", "published", ("possession",)),
    _Tried("dissemination", "dissemination", "published", ("distribution",)),
    _Tried("supply", "supply", "published", ("distribution",)),
    _Tried("production-offence", "production", "made", ("production",)),
    _Tried("profit", "profit", "sold", ()),
)
# The other offences of the model: no fact of a content applies to them.
_NOT_TRIED = (
    "performances",
    "tools",
    "attempt",
    "meeting",
    "communication",
    "inducement",
    "false-reports",
    "failure",
    "removal",
)
_ON_APPROACH = ("meeting", "communication", "inducement")
# The topic of the readings for each kind of conduct in the engine's own record of a law.
_CONDUCT = {"possession": "possession", "production": "making", "distribution": "distribution"}
_STANDINGS = {"met": YES, "not_found": NO}
_VALUES: Mapping[str, Three] = {"likely": YES, "unlikely": NO}
_VERDICTS: dict[Three, Verdict] = {YES: "likely", NO: "unlikely", UNKNOWN: "undetermined"}
_NOWHERE = (UNDETERMINED, "not_applicable")


@dataclass(frozen=True, slots=True)
class TriedOffence:
    """The verdicts of today's law and a draft on one deed, and the clause that decides."""

    clause: str
    heading: str
    before: str
    after: str


def conduct_today(file: Mapping[str, Any], on: date) -> dict[str, Three]:
    """Return what a country's law on a given day says about each deed: from the engine's record, otherwise from
    readings.
    """
    conduct = (file.get("legality") or {}).get("conduct", {})
    readings = readings_of(file, on)
    found = {}
    for topic in {topic for row in _TRIED for topic in row.topics}:
        value = three(conduct.get(_CONDUCT.get(topic), "unknown"))
        if value is UNKNOWN:
            standing = standing_of(row for row in readings if row.topic == topic).standing
            value = _STANDINGS.get(standing, UNKNOWN)
        found[topic] = value
    return found


@dataclass(frozen=True, slots=True)
class NotTried:
    """An offence of a draft to which no fact of a content applies; `on_approach`: it is on an approach to a child."""

    clause: str
    heading: str
    on_approach: bool


def not_tried(bill: Bill) -> tuple[NotTried, ...]:
    """Return the offences of a draft to which no fact of a content applies.

    Those on an approach to a child need ages, a proposal and an act; a case has none of them, and that a report says
    “somebody contacts a child” is none either, so that each opinion would be undetermined before and after.
    """
    return tuple(
        NotTried(bill.clause(name).number, bill.clause(name).heading, name in _ON_APPROACH)
        for name in _NOT_TRIED
        if bill.has(name)
    )


@dataclass(frozen=True, slots=True)
class Material:
    """The verdicts of today's law and a draft on a content itself."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause of a draft that facts can apply to: number, heading, deed, and what today's law says about that deed."""

    number: str
    heading: str
    deed: Deed
    today: Three


@dataclass(frozen=True, slots=True)
class OffenceLaw:
    """The compiled offences of a draft; `own` is the clause on a child's own picture, if there is one."""

    clauses: tuple[_Clause, ...]
    own: tuple[str, str] | None
    stays: bool

    def try_on(self, facts: Facts, material: Material) -> tuple[TriedOffence, ...]:
        """Return the verdicts of both on what was done with a content, where they differ."""
        found = (self._try(clause, facts, material) for clause in self.clauses)
        return tuple(row for row in found if row.before != row.after)

    def _try(self, clause: _Clause, facts: Facts, material: Material) -> TriedOffence:
        before, after = (_VALUES.get(verdict, UNKNOWN) for verdict in (material.before, material.after))
        done = _deed(clause.deed, facts)
        own = self._not_spared(facts) if clause.deed == "made" else YES
        place = self.own if self.own and own < min(after, done) else (clause.number, clause.heading)
        now = min(after, done, own)
        if self.stays:
            now = max(now, min(after, clause.today, done))
        return TriedOffence(
            *place, _verdict_on(min(before, clause.today, done), material.before), _verdict_on(now, material.after)
        )

    def _not_spared(self, facts: Facts) -> Three:
        """Return whether the maker of a picture is certainly not exempt as the child shown."""
        if self.own is None or facts.real_person == "no" or facts.self_generated == "no":
            return YES
        return UNKNOWN


def offence_law(bill: Bill, today: Mapping[str, Three]) -> OffenceLaw:
    """Compile the offences of a draft, to be compared with `conduct_today`; an Act's own offences remain beside those
    that an amendment adds.
    """
    clauses = tuple(
        _Clause(
            clause_number(bill, row.clause),
            bill.clause(row.section).heading,
            row.deed,
            min((today[topic] for topic in row.topics), default=UNKNOWN),
        )
        for row in _TRIED
        if bill.has(row.clause)
    )
    own = (clause_number(bill, "own-images"), bill.clause("own-images").heading) if bill.has("own-images") else None
    return OffenceLaw(clauses, own, stays=bill.kind == "amending")


def _deed(deed: Deed, facts: Facts) -> Three:
    """Return whether somebody did it, as far as the content's facts show."""
    if deed == "published":
        return UNKNOWN if facts.site_type in _NOWHERE else YES
    return three(facts.commercial) if deed == "sold" else YES


def _verdict_on(value: Three, material: str) -> str:
    """Return the verdict on a deed; for a law that is not recorded it stays that."""
    return material if value is UNKNOWN and material not in _VALUES else _VERDICTS[value]
