"""A draft's offences, as far as the facts of a content show that somebody did them, beside what today's law says of the same deed. Pure.

Facts tell of a content and never of a person: that it stands at a place on the Internet, that somebody made it, that money is asked for
it. What anybody knew or meant is on no record, so that an offence counts as reached where the material and the deed are there.
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
    """A clause that facts can speak of: the section that it stands in, the deed, and the topics of today's law on it."""

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
# The other offences of the model: no fact of a content speaks of them.
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
# What the engine's own record of a law calls a topic of the readings.
_CONDUCT = {"possession": "possession", "production": "making", "distribution": "distribution"}
_STANDINGS = {"met": YES, "not_found": NO}
_VALUES: Mapping[str, Three] = {"likely": YES, "unlikely": NO}
_VERDICTS: dict[Three, Verdict] = {YES: "likely", NO: "unlikely", UNKNOWN: "undetermined"}
_NOWHERE = (UNDETERMINED, "not_applicable")


@dataclass(frozen=True, slots=True)
class TriedOffence:
    """What today's law and a draft say of one deed, and the clause that decides."""

    clause: str
    heading: str
    before: str
    after: str


def conduct_today(file: Mapping[str, Any], on: date) -> dict[str, Three]:
    """What a country's law of a day says of each deed with the material: by the engine's record, else by what somebody read."""
    conduct = (file.get("legality") or {}).get("conduct", {})
    readings = readings_of(file, on)
    found = {}
    for topic in {topic for row in _TRIED for topic in row.topics}:
        said = three(conduct.get(_CONDUCT.get(topic, ""), "unknown"))
        if said is UNKNOWN:
            standing = standing_of(row for row in readings if row.topic == topic).standing
            said = _STANDINGS.get(standing, UNKNOWN)
        found[topic] = said
    return found


def not_tried(bill: Bill) -> tuple[tuple[str, str], ...]:
    """Number and heading of each offence of a draft of which no fact of a content speaks."""
    return tuple((bill.clause(name).number, bill.clause(name).heading) for name in _NOT_TRIED if bill.has(name))


@dataclass(frozen=True, slots=True)
class Material:
    """What today's law and a draft say of a content itself."""

    before: str
    after: str


@dataclass(frozen=True, slots=True)
class _Clause:
    """A clause of a draft that facts can speak of: number, heading, deed, and what today's law says of that deed."""

    number: str
    heading: str
    deed: Deed
    today: Three


@dataclass(frozen=True, slots=True)
class OffenceLaw:
    """The offences of a draft, compiled; `own` is the clause on a child's own picture, where there is one."""

    clauses: tuple[_Clause, ...]
    own: tuple[str, str] | None
    stays: bool

    def try_on(self, facts: Facts, material: Material) -> tuple[TriedOffence, ...]:
        """What each would say of what was done with a content, where that is not what today's law says."""
        found = (self._try(clause, facts, material) for clause in self.clauses)
        return tuple(row for row in found if row.before != row.after)

    def _try(self, clause: _Clause, facts: Facts, material: Material) -> TriedOffence:
        before, after = (_VALUES.get(said, UNKNOWN) for said in (material.before, material.after))
        done = _deed(clause.deed, facts)
        own = self._not_spared(facts) if clause.deed == "made" else YES
        place = self.own if self.own and own < min(after, done) else (clause.number, clause.heading)
        now = min(after, done, own)
        if self.stays:
            now = max(now, min(after, clause.today, done))
        return TriedOffence(*place, _said(min(before, clause.today, done), material.before), _said(now, material.after))

    def _not_spared(self, facts: Facts) -> Three:
        """Whether whoever made a picture is surely not spared as the child who is shown."""
        if self.own is None or facts.real_person == "no" or facts.self_generated == "no":
            return YES
        return UNKNOWN


def offence_law(bill: Bill, today: Mapping[str, Three]) -> OffenceLaw:
    """The offences of a draft as law, beside `conduct_today`; what an Act has stays beside what an amendment puts into it."""
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
    """Whether somebody did it, as far as the facts of the content say."""
    if deed == "published":
        return UNKNOWN if facts.site_type in _NOWHERE else YES
    return three(facts.commercial) if deed == "sold" else YES


def _said(value: Three, material: str) -> str:
    """The verdict on a deed; a law that is not on record stays that."""
    return material if value is UNKNOWN and material not in _VALUES else _VERDICTS[value]
