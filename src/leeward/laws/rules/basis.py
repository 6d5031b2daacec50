"""The basis of a message or a block: five kinds, where each may be used, and what is missing if none applies. Pure.

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
    """A country's law on the material of a case: what may be cited of it and its verdict on the facts.

    The citation is empty if nothing that was read is recorded. The verdict is `no_law_recorded` if the law was read for
    citing only, and empty if it was not asked. `by_account`: only somebody else's account of the law was read, which
    supports a notice or a referral but never a block.
    """

    citation: str
    verdict: str
    by_account: bool


NO_LAW = Law("", "no_law_recorded", by_account=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Grounds:
    """What the choice of a basis depends on: the law of the own country and of the host's, the baseline, and what
    operators agreed.
    """

    own: Law
    host: Law
    is_hosted_here: bool
    is_baseline: bool
    agreement: str


def bases(use: Use, grounds: Grounds) -> tuple[Base, ...]:
    """Return the bases that apply to a use, strongest first."""
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
    """Return whether the law may be cited: one that does not cover the facts is no reason to act on them."""
    return bool(law.citation) and law.verdict != "unlikely"


def _reaches(law: Law, *, is_baseline: bool) -> bool:
    """Return whether a law certainly covers the material.

    One whose text was read for citing only, without recorded limits, covers the gravest: a real child before puberty.
    """
    if law.by_account:
        return False
    return bool(law.citation) and (law.verdict == "likely" or (law.verdict == "no_law_recorded" and is_baseline))


def lacking(use: Use, grounds: Grounds) -> tuple[Lack, ...]:
    """Return why a block has no basis; each reason can be mended by itself, except a law that says no."""
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
