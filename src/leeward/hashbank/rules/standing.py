"""The standing of a record given the votes of its sources, and what an exact match may decide. Pure.

`standing()` is the only place that decides. `TABLE` lists the combinations for `docs/reference/hash-records.md`.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from leeward.laws.rules.acts import UNDETERMINED

CONFIRM, DISPUTE, NOT_ILLEGAL, HARMLESS = "confirm", "dispute", "not_illegal", "harmless"
VERDICTS = (CONFIRM, DISPUTE, NOT_ILLEGAL, HARMLESS)
CONTRADICTS = "contradicts"
"""The stored verdict of a source that says two things about a record at once, one of them that it is illegal. Nobody
can cast it.
"""
DENIALS = frozenset({DISPUTE, NOT_ILLEGAL})
RULINGS = (CONFIRM, NOT_ILLEGAL, HARMLESS)
"""The verdicts that a person can settle on."""
CONFIRMED, QUARANTINED, HARMLESS_STATE, CONFLICT, WITHDRAWN = (
    "confirmed",
    "quarantined",
    "harmless",
    "conflict",
    "withdrawn",
)
STATES = (CONFIRMED, QUARANTINED, HARMLESS_STATE, CONFLICT, WITHDRAWN)
COUNTING = (CONFIRMED, QUARANTINED, HARMLESS_STATE, CONFLICT)
"""The states of records that a look-up finds."""
ILLEGAL_STATES = (CONFIRMED, QUARANTINED, CONFLICT)
"""The states of records that at least one source calls illegal."""
UNSETTLED = (CONFLICT, QUARANTINED)
"""The states that wait for a person."""
VICTIM_STATUSES = ("unknown", "identified", "safeguarded")
OFFENDER_STATUSES = ("unknown", "identified", "charged", "convicted")
MEDIA = ("image", "animation", "video", "other")
BASELINE_VOTES = 2
STRONG_KINDS = frozenset({"sha256", "sha512", "bt2", "btmh"})
WEAK_PAIR = frozenset({"md5", "sha1"})
_NO_FACTS: Mapping[str, Any] = {}


@dataclass(frozen=True, slots=True)
class Vote:
    """One source's vote on a record. `source`: who says so; `via`: whose list brought it (the same for their own list),
    both after aliases were merged. `voter`: the source before merging. `at`: when, as any increasing number.

    `is_ours`: cast by a person of this hotline. `is_listed`: brought by a list, not cast by the source itself.
    `is_echo`: another's list attributes it to this hotline; it makes no baseline, because the hotline knows itself what
    it said. `is_unconfirmed`: said with a key whose holder nobody has confirmed.
    """

    source: int
    via: int
    verdict: str
    at: float = 0.0
    voter: int = 0
    is_ours: bool = False
    is_listed: bool = True
    is_echo: bool = False
    is_unconfirmed: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Ruling:
    """A person's decision on a record, and the votes they saw: (source before merging, verdict)."""

    verdict: str
    covers: frozenset[tuple[int, str]] = frozenset()


@dataclass(frozen=True, slots=True)
class Standing:
    """The result of the votes on a record. `facts`: those that no confirming source contradicts. `is_unconfirmed`: only
    keys whose holder nobody has confirmed call it illegal, so it waits for a person.
    """

    state: str
    is_baseline: bool = False
    is_confirmed_here: bool = False
    is_unconfirmed: bool = False
    facts: Mapping[str, Any] = field(default_factory=dict)


def standing(votes: Iterable[Vote], ruling: Ruling | None = None) -> Standing:
    """Return the standing of a record. The order of the votes makes no difference.

    One source has one vote, however many lists it sends: what it says itself takes precedence over a key in its name
    whose holder nobody confirmed, that over what others' lists pass on, then the newest counts; where it says two
    things at once, a person has to decide. What only keys call illegal whose holder nobody confirmed waits for a person,
    too. Two different sources through two different channels make the baseline.
    Votes that a ruling covers and contradicts no longer decide the state, but they still keep a record off the
    baseline.
    """
    effective = [one for group in _by_source(votes) for one in _effective_votes(group)]
    counted = [one for one in effective if not is_overruled(one, ruling)]
    verdicts = {one.verdict for one in counted} | ({ruling.verdict} if ruling else set())
    confirming = [one for one in counted if one.verdict == CONFIRM]
    state = state_of(verdicts)
    is_unconfirmed = state == CONFIRMED and ruling is None and all(one.is_unconfirmed for one in confirming)
    if is_unconfirmed:
        state = QUARANTINED
    is_denied = any(one.verdict != CONFIRM for one in effective)
    return Standing(
        state=state,
        is_baseline=state == CONFIRMED and not is_denied and _is_independent(confirming),
        is_confirmed_here=any(one.is_ours for one in confirming),
        is_unconfirmed=is_unconfirmed,
        facts=_agreed(confirming),
    )


def state_of(verdicts: Iterable[str]) -> str:
    """Return the state that follows from these verdicts, whoever gave them."""
    given = frozenset(verdicts)
    if CONTRADICTS in given:
        given |= {CONFIRM, DISPUTE}
    if CONFIRM in given:
        if HARMLESS in given:
            return CONFLICT
        return QUARANTINED if given & DENIALS else CONFIRMED
    return HARMLESS_STATE if HARMLESS in given else WITHDRAWN


def is_overruled(vote: Vote, ruling: Ruling | None) -> bool:
    """Return whether a person saw this vote and decided otherwise."""
    if ruling is None or (vote.voter or vote.source, vote.verdict) not in ruling.covers:
        return False
    if ruling.verdict == CONFIRM:
        return vote.verdict != CONFIRM
    return vote.verdict in (CONFIRM, CONTRADICTS)


def _by_source(votes: Iterable[Vote]) -> list[list[Vote]]:
    groups: dict[int, list[Vote]] = {}
    for one in votes:
        groups.setdefault(one.source, []).append(one)
    return [groups[source] for source in sorted(groups)]


def _effective_votes(group: Sequence[Vote]) -> list[Vote]:
    """Return one source's effective votes: those that agree with its newest own vote, or a single one where it
    contradicts itself.
    """
    by_itself = [one for one in group if one.source == one.via]
    own = by_itself or [one for one in group if not one.is_listed] or group
    newest = max(one.at for one in own)
    last = [one for one in own if one.at == newest]
    verdicts = {one.verdict for one in last}
    if len(verdicts) > 1:
        first = min(last, key=lambda one: (one.voter, one.via, one.verdict))
        return [replace(first, verdict=at_once(verdicts))]
    return [one for one in group if one.verdict in verdicts]


def _is_independent(votes: Sequence[Vote]) -> bool:
    """Return whether two different sources say so, and no single list brought both."""
    originals = [one for one in votes if not one.is_echo]
    return min(len({one.source for one in originals}), len({one.via for one in originals})) >= BASELINE_VOTES


def _agreed(votes: Sequence[Vote]) -> Mapping[str, Any]:
    """Return the facts stated by this hotline, otherwise those on which all who state them agree; differing facts are
    unknown.
    """
    if all(not one.facts for one in votes):  # the usual case
        return _NO_FACTS
    ours = _uncontradicted([one.facts for one in votes if one.is_ours])
    return dict(sorted((_uncontradicted([one.facts for one in votes]) | ours).items()))


def _uncontradicted(stated: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    names = {name for facts in stated for name in facts}
    values = {name: [facts[name] for facts in stated if name in facts] for name in names}
    return {name: found[0] for name, found in values.items() if all(value == found[0] for value in found)}


def at_once(verdicts: Iterable[str]) -> str:
    """Combine what a source says at the same time into one verdict."""
    given = frozenset(verdicts)
    if len(given) == 1:
        return next(iter(given))
    return CONTRADICTS if given & {CONFIRM, CONTRADICTS} else DISPUTE


def combined(before: tuple[float, str], after: tuple[float, str]) -> tuple[float, str]:
    """Combine two votes (time, verdict) of a source in one list: the newer one, or both together where the times are
    equal.

    The order in which they come makes no difference.
    """
    if before[0] != after[0]:
        return max(before, after)
    return before[0], at_once((before[1], after[1]))


def moment_before(at: datetime, now: datetime) -> datetime:
    """Return when something that is kept was said or withdrawn. Where it is dated later than now, a clock was ahead, and
    whatever is said now is newer: then the earliest time of all.
    """
    return at if at <= now else datetime.min.replace(tzinfo=UTC)


def is_same_file(kinds: Iterable[str]) -> bool:
    """Return whether equal hashes of these kinds prove the same file: SHA-256 or better, or MD5 and SHA-1 together,
    since collisions can be made for either alone.
    """
    found = frozenset(kinds)
    return bool(found & STRONG_KINDS) or found >= WEAK_PAIR


def match_word(state: str, *, is_equal: bool) -> str:
    """Return the look-up's word for a match: `known` for the same file, `near` for one that looks alike, `harmless` for
    what sources call a harmless look-alike, `conflict` where others call it illegal.
    """
    if state in (HARMLESS_STATE, CONFLICT):
        return state
    return "known" if is_equal else "near"


def may_decide_unseen(given: Standing, kinds: Iterable[str]) -> bool:
    """Return whether an exact match carries the decision of the people behind the record.

    The record must be confirmed by this hotline or by two sources and denied by nobody, the hashes must prove the same
    file, and the facts that a law asks for must be stated.
    """
    return (
        given.state == CONFIRMED
        and (given.is_confirmed_here or given.is_baseline)
        and is_same_file(kinds)
        and given.facts.get("act", UNDETERMINED) != UNDETERMINED
        and given.facts.get("medium", UNDETERMINED) != UNDETERMINED
    )


@dataclass(frozen=True, slots=True)
class Row:
    """A row of the table in the documentation: the verdicts, who alone gives them, and the result."""

    verdicts: tuple[str, ...]
    state: str
    match: str
    advice: str
    may_decide: str
    is_exported: str
    only_by: str = ""


def table() -> list[Row]:
    """Return every combination of verdicts with its result, for a file matched by equal hashes; last, what is said only
    with keys whose holder nobody has confirmed.
    """
    rows = []
    for number in range(1, 1 << len(VERDICTS)):
        verdicts = tuple(one for place, one in enumerate(VERDICTS) if number >> place & 1)
        rows.append(_row(verdicts, state_of(verdicts)))
    return [*rows, _row((CONFIRM,), QUARANTINED, only_by="only with keys whose holder nobody has confirmed")]


def _row(verdicts: tuple[str, ...], state: str, *, only_by: str = "") -> Row:
    return Row(
        verdicts,
        state,
        "none" if state == WITHDRAWN else match_word(state, is_equal=True),
        {CONFIRMED: "block", QUARANTINED: "review", CONFLICT: "review"}.get(state, "allow"),
        "if confirmed here or by two sources, and the facts are stated" if state == CONFIRMED else "never",
        {CONFIRMED: "yes", HARMLESS_STATE: "only in lists of harmless look-alikes"}.get(state, "no"),
        only_by,
    )
