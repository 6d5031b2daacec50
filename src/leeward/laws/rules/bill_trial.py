"""A draft's definition as law that facts can be tested against: how it would judge what was decided before. Pure."""

from dataclasses import dataclass, replace
from datetime import date
from typing import Literal

from leeward.laws.rules.acts import Vocabulary, acts_vocabulary
from leeward.laws.rules.bill_clauses import Bill, Clause
from leeward.laws.rules.facts import ADULT, Facts
from leeward.laws.rules.jurisdiction import AgeRule, AgeTest, Jurisdiction, Limb, Outside, Provision, Span
from leeward.laws.rules.legality import Verdict, opinion

_VISUAL = frozenset({"photograph", "video", "photo_realistic", "ai_generated", "edited", "drawing"})
_REALISTIC = frozenset({"photo_realistic", "ai_generated", "edited"})
_DESCRIBED = frozenset({"text", "audio"})
_CONDUCT = ("sexual_act", "explicit_posing")  # "sexually explicit conduct" of the definition
_NOT_CONDUCT = ("not_sexual", "nudist", "surreptitious", "posing")
_ORGANS = ("explicit_posing",)
_NOT_ORGANS = ("not_sexual", "nudist")  # nudity alone is not for a sexual purpose
NO_CLAUSE = ""


@dataclass(frozen=True, slots=True)
class Tried:
    """A draft's verdict on one set of facts, and the clause that decides; no clause if none covers them."""

    verdict: Verdict
    clause: str


@dataclass(frozen=True, slots=True)
class TrialLaw:
    """The compiled definition of a draft; `without_adults` excludes proved adults, if the draft spares them."""

    whole: Jurisdiction
    without_adults: Jurisdiction | None

    def try_on(self, facts: Facts, on: date) -> Tried:
        """Return the draft's verdict on the facts."""
        spared = self.without_adults is not None and facts.medium != "edited" and (facts.known_age or 0) >= ADULT
        found = opinion(facts, self.without_adults if spared and self.without_adults else self.whole, on)
        clause = found.because[0].citation if found.because and found.verdict != "unlikely" else NO_CLAUSE
        return Tried(found.verdict, clause)


def trial_law(bill: Bill) -> TrialLaw | None:
    """Compile the definition of a draft; None for a draft that leaves the definition unchanged, which changes no
    opinion.
    """
    if not bill.has("material"):
        return None
    vocabulary = acts_vocabulary()
    rows = [
        _limb(bill, vocabulary, "material-conduct", person="real", by=("actual",)),
        _limb(bill, vocabulary, "material-organs", person="real", by=("actual",)),
        _limb(bill, vocabulary, "material-appears", person="real", by=("appears",)),
        _limb(bill, vocabulary, "material-realistic", person="any", by=("appears",), media=_REALISTIC),
        _limb(bill, vocabulary, "material-text", person="any", by=("depicted",), media=_DESCRIBED),
    ]
    limbs = tuple(row for row in rows if row is not None)
    whole = Jurisdiction(bill.country, bill.country_name, "", False, limbs, _outside(bill), None)
    spared = replace(whole, limbs=tuple(limb for limb in limbs if limb.id != "material-appears"))
    return TrialLaw(whole, spared if bill.has("material-adult") else None)


def _limb(
    bill: Bill,
    vocabulary: Vocabulary,
    name: str,
    *,
    person: Literal["real", "any"],
    by: tuple[AgeTest, ...],
    media: frozenset[str] = _VISUAL,
) -> Limb | None:
    """One limb of the definition, if it stands in the draft; conduct and organs are both in the limbs that name both."""
    if not bill.has(name):
        return None
    acts_in, acts_out = (_ORGANS, _NOT_ORGANS) if name == "material-organs" else (_CONDUCT, _NOT_CONDUCT)
    if name in ("material-appears", "material-realistic"):
        acts_out = _NOT_ORGANS
    citation = clause_number(bill, name)
    return Limb(
        id=name,
        media=media,
        says="",
        provisions=(Provision(name, citation, ""),),
        span=_ALWAYS,
        settled=True,
        question="",
        person=person,
        age=AgeRule(below=ADULT, plainly_below=None, by=by),
        acts_in=vocabulary.named(acts_in),
        acts_out=vocabulary.named(acts_out),
        exploitative=False,
    )


_ALWAYS = Span(start=date.min, end=None, known_on=None, made=None)


def _outside(bill: Bill) -> tuple[Outside, ...]:
    """Return text and sound, if the draft does not cover them."""
    if bill.has("material-text"):
        return ()
    place = Provision("material", clause_number(bill, "material"), "")
    return (Outside(media=_DESCRIBED, says="", provisions=(place,), span=_ALWAYS),)


def clause_number(bill: Bill, name: str) -> str:
    """Return the full number of a clause, such as `3(1)(a)`."""
    wanted = bill.clause(name)
    for section in bill.sections:
        path = _path(section, wanted.id)
        if path:
            return "".join(path)
    raise KeyError(name)


def _path(clause: Clause, wanted: str) -> list[str]:
    if clause.id == wanted:
        return [clause.number]
    for child in clause.children:
        below = _path(child, wanted)
        if below:
            return [clause.number, *below]
    return []
