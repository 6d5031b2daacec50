"""Combine hits into one answer: harmless look-alikes cancel matches, the strongest advice wins. Pure."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from leeward.matching.lists.banks import ADVICE, Advice
from leeward.matching.lists.digests import Lookup
from leeward.matching.lists.opened import ListHit
from leeward.matching.variants import Alteration

Match = Literal["known", "near", "altered", "none"]


@dataclass(frozen=True, slots=True)
class Answer:
    """A list's answer for one file.

    match: "known", the same file; "near", it looks like a known picture, `distance` bits off; "altered", it does once
    the `alteration` is undone, which is for review by a person and decides nothing; "none". `bank`, `classification`
    and `record` are those of the match. `note` says what could not be checked; where that is the picture itself, the
    advice is at least "review".
    """

    match: Match
    distance: int | None
    bank: str | None
    classification: str | None
    record: int | None
    advice: Advice
    note: str | None = None
    alteration: Alteration | None = None

    def as_dict(self) -> dict[str, Any]:
        """Return the JSON form."""
        return asdict(self)


def unreadable(why: str) -> Answer:
    """Return the answer for something that can't be checked: a person has to look."""
    return Answer("none", None, None, None, None, "review", why)


def advice_of(hit: ListHit) -> Advice:
    """Return what its bank advises for a hit; for a weak one at most "review"."""
    if hit.is_same:
        return hit.bank.known
    return "review" if hit.is_weak and hit.bank.near == "block" else hit.bank.near


def weighed(hits: Iterable[ListHit]) -> list[ListHit]:
    """Return the valid hits of one query, strongest first.

    Hits of harmless banks are dropped, and so is anything further off than the nearest of them; the same file is always
    kept.
    """
    hits = list(hits)
    nearest = min((hit.measure for hit in hits if hit.bank.harmless), default=None)
    standing = [
        hit for hit in hits if not hit.bank.harmless and (nearest is None or hit.is_same or hit.measure <= nearest)
    ]
    return sorted(standing, key=lambda hit: (ADVICE.index(advice_of(hit)), not hit.is_same, hit.measure, hit.record))


def judge(lookup: Lookup, hits: Iterable[ListHit]) -> Answer:
    """Return the answer for one query and its hits."""
    standing = weighed(hits)
    if not standing:
        return Answer("none", None, None, None, None, "review" if lookup.is_broken else "allow", lookup.note)
    best = standing[0]
    advice = advice_of(best)
    if lookup.is_broken and advice == "allow":
        advice = "review"
    match: Match = "known" if best.is_same else "near" if best.altered is None else "altered"
    return Answer(
        match,
        best.distance,
        best.bank.name,
        best.classification or None,
        best.record,
        advice,
        lookup.note,
        None if best.altered is None else best.altered.alteration,
    )
