"""From hits to one answer: harmless look-alikes take matches away, the strongest advice wins. Pure."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any, Literal

from leeward.matching.lists.banks import ADVICE, Advice
from leeward.matching.lists.digests import Asked
from leeward.matching.lists.opened import ListHit
from leeward.matching.variants import Alteration

Match = Literal["known", "near", "altered", "none"]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a list says of one file.

    match: "known", the same file; "near", it looks like a known picture, `distance` bits off; "altered", it does once the `alteration` is
    undone, which is for a person to look at and decides nothing; "none". `bank`, `classification` and `record` are those of the
    match. `note` says what could not be looked at; where that is the picture itself, advice is at least "review".
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
    """The answer for something that can't be asked about: a person has to look."""
    return Answer("none", None, None, None, None, "review", why)


def advice_of(hit: ListHit) -> Advice:
    """What its bank says should be done with a hit; with a weak one at most "review"."""
    if hit.is_same:
        return hit.bank.known
    return "review" if hit.is_weak and hit.bank.near == "block" else hit.bank.near


def weighed(hits: Iterable[ListHit]) -> list[ListHit]:
    """Return the hits of one thing asked about that stand, the strongest first.

    Those of harmless banks don't stand, nor what is further off than the nearest of them; the same file stands always.
    """
    hits = list(hits)
    nearest = min((hit.measure for hit in hits if hit.bank.harmless), default=None)
    standing = [
        hit for hit in hits if not hit.bank.harmless and (nearest is None or hit.is_same or hit.measure <= nearest)
    ]
    return sorted(standing, key=lambda hit: (ADVICE.index(advice_of(hit)), not hit.is_same, hit.measure, hit.record))


def judge(asked: Asked, hits: Iterable[ListHit]) -> Answer:
    """Return the answer for one thing asked about and its hits."""
    standing = weighed(hits)
    if not standing:
        return Answer("none", None, None, None, None, "review" if asked.is_broken else "allow", asked.note)
    best = standing[0]
    advice = advice_of(best)
    if asked.is_broken and advice == "allow":
        advice = "review"
    match: Match = "known" if best.is_same else "near" if best.altered is None else "altered"
    return Answer(
        match,
        best.distance,
        best.bank.name,
        best.classification or None,
        best.record,
        advice,
        asked.note,
        None if best.altered is None else best.altered.alteration,
    )
