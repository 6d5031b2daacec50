"""On what a message or a block rests: five bases, where each may be used, and what is lacking where none holds. Pure.

`docs/reference/basis.md` is the table of this module.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

Base = Literal["own_law", "host_law", "terms", "baseline", "operators"]
Use = Literal["notice", "abroad", "referral", "national_block", "worst_of_block"]
Lack = Literal["law_says_no", "no_law", "not_likely", "not_baseline", "no_agreement"]

USES: tuple[Use, ...] = ("notice", "abroad", "referral", "national_block", "worst_of_block")
BLOCKS = frozenset({"national_block", "worst_of_block"})
# The bases, the strongest first, and where each may be used. A host’s terms bind nobody but its customers; a foreign law blocks
# nothing here; operators can agree to block what meets the baseline, and can’t agree on what is an offence.
USED: Mapping[Base, frozenset[Use]] = {
    "own_law": frozenset({"notice", "referral", "national_block", "worst_of_block"}),
    "host_law": frozenset({"notice", "abroad", "referral"}),
    "baseline": frozenset({"notice", "abroad", "referral", "worst_of_block"}),
    "operators": frozenset({"national_block"}),
    "terms": frozenset({"notice"}),
}


@dataclass(frozen=True, slots=True)
class Law:
    """A country's law on the material of a case: what may be cited of it, empty where nothing that was read is recorded, and what it
    makes of the facts, `no_law_recorded` where it was read for citing only, empty where nobody asked it; and whether only somebody
    else's account of it was read, which carries a notice or a referral and never a block."""

    citation: str
    verdict: str
    by_account: bool


NO_LAW = Law("", "no_law_recorded", by_account=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What a basis is chosen by: the law of the own country and of the host's, the baseline, and what operators agreed on."""

    own: Law
    host: Law
    is_hosted_here: bool
    is_baseline: bool
    agreement: str


def bases(use: Use, grounds: Grounds) -> tuple[Base, ...]:
    """The bases that hold for a use, the strongest first."""
    return tuple(base for base, uses in USED.items() if use in uses and _holds(base, use, grounds))


def _holds(base: Base, use: Use, grounds: Grounds) -> bool:
    match base:
        case "own_law":
            if use in BLOCKS:
                return _reaches(grounds.own, is_baseline=grounds.is_baseline)
            return _may_be_cited(grounds.own) and (use != "notice" or grounds.is_hosted_here)
        case "host_law":
            return _may_be_cited(grounds.host) and not grounds.is_hosted_here
        case "baseline":
            return grounds.is_baseline
        case "operators":
            return bool(grounds.agreement) and grounds.is_baseline and grounds.own.verdict != "unlikely"
        case "terms":
            return True


def _may_be_cited(law: Law) -> bool:
    """A law that does not reach the facts is no reason to act on them."""
    return bool(law.citation) and law.verdict != "unlikely"


def _reaches(law: Law, *, is_baseline: bool) -> bool:
    """Whether a law surely reaches the material. One whose text was read for citing only, whose limits nobody recorded, reaches the
    gravest: a real child before puberty."""
    if law.by_account:
        return False
    return bool(law.citation) and (law.verdict == "likely" or (law.verdict == "no_law_recorded" and is_baseline))


def lacking(use: Use, grounds: Grounds) -> tuple[Lack, ...]:
    """Why no basis holds for a block; each of the reasons can be mended by itself, but for a law that says no."""
    if use not in BLOCKS or bases(use, grounds):
        return ()
    if grounds.own.verdict == "unlikely":
        return ("law_says_no",)
    found: list[Lack] = ["no_law"] if not grounds.own.citation or grounds.own.by_account else ["not_likely"]
    if not grounds.is_baseline:
        found.append("not_baseline")
    if use == "national_block" and not grounds.agreement:
        found.append("no_agreement")
    return tuple(found)
