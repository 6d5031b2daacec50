"""What a record counts for, given what its sources say; and what an exact match may decide. Pure."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from leeward.laws.rules.acts import UNDETERMINED

CONFIRM, DISPUTE, NOT_ILLEGAL = "confirm", "dispute", "not_illegal"
VERDICTS = (CONFIRM, DISPUTE, NOT_ILLEGAL)
CONFIRMED, QUARANTINED, WITHDRAWN = "confirmed", "quarantined", "withdrawn"
STATES = (CONFIRMED, QUARANTINED, WITHDRAWN)
VICTIM_STATUSES = ("unknown", "identified", "safeguarded")
OFFENDER_STATUSES = ("unknown", "identified", "charged", "convicted")
MEDIA = ("image", "animation", "video", "other")
BASELINE_VOTES = 2
STRONG_KINDS = frozenset({"sha256", "sha512", "bt2", "btmh"})
WEAK_PAIR = frozenset({"md5", "sha1"})


@dataclass(frozen=True, slots=True)
class Say:
    """What one source says of a record."""

    source: str
    verdict: str


def is_baseline(says: Iterable[Say]) -> bool:
    """Whether at least two hotlines or agencies confirm it and nobody denies it."""
    said = list(says)
    confirming = {say.source for say in said if say.verdict == CONFIRM}
    return len(confirming) >= BASELINE_VOTES and all(say.verdict == CONFIRM for say in said)


def state_after(says: Iterable[Say]) -> str:
    """Confirmed while all agree; kept aside for a person while sources differ; withdrawn when nobody confirms it."""
    verdicts = {say.verdict for say in says}
    if CONFIRM not in verdicts:
        return WITHDRAWN
    return CONFIRMED if verdicts == {CONFIRM} else QUARANTINED


def is_same_file(kinds: Iterable[str]) -> bool:
    """Whether equal hashes of these kinds prove the same file: SHA-256 or better, or MD5 and SHA-1 together (for either
    alone, two files with one hash can be made)."""
    found = frozenset(kinds)
    return bool(found & STRONG_KINDS) or found >= WEAK_PAIR


def may_decide_unseen(
    *,
    state: str,
    is_harmless: bool,
    confirmed_here: bool,
    baseline: bool,
    kinds: Iterable[str],
    facts: Mapping[str, Any],
) -> bool:
    """Whether an exact match carries the decision of the people behind the record: it is confirmed by this hotline or by
    two sources, the hashes prove the same file, and the facts that a law asks for are stated."""
    return (
        state == CONFIRMED
        and not is_harmless
        and (confirmed_here or baseline)
        and is_same_file(kinds)
        and facts.get("act", UNDETERMINED) != UNDETERMINED
        and facts.get("medium", UNDETERMINED) != UNDETERMINED
    )
