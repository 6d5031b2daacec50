"""Which sentences a message may contain: each is chosen by what is known about this case, and templates only print
them. Pure.

Each sentence has a name here; `sentences.py` and the templates have the text. What is not known is not said.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

Judged = Literal["", "person", "record"]
Assessments = Literal["", "one", "same", "differ"]
OPENED = frozenset({"url", "onion", "magnet", "ed2k"})  # what leads a reader to the material
SEVERAL = 2
# Those who store or carry the files, can search for more of the same, and keep evidence. An owner may be who put them there.
WITH_HASHES = WITH_POLICE = frozenset({"host", "foreign_host", "upstream"})


@dataclass(frozen=True, slots=True)
class SentCounts:
    """What was sent about an address since its notice case was opened: how many messages to the reader, the host, and
    the owner. `is_seen`: a check after the newest of them found it still there."""

    reader: int = 0
    host: int = 0
    owner: int = 0
    is_seen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is known about one case and its address. `judged`: a person assessed it, the record of a known file did, or
    nobody. `verdict`: what the hosting country's law makes of the facts, as stored with the assessment. `is_unseen`: it
    is known that nobody here was shown a picture or video of it, nor said that they saw it elsewhere."""

    judged: Judged
    assessments: Assessments
    verdict: str
    is_baseline: bool
    country: str
    address: str
    kind: str
    urgencies: tuple[str, ...]
    was_read: bool
    was_assessed: bool
    is_unseen: bool
    reporter_texts: int
    facts: int
    opinions: int
    hashes: int
    sent: SentCounts = SentCounts()


@dataclass(frozen=True, slots=True, kw_only=True)
class Police:
    """The state between us and a portal's police when they are written to. `host_is_informed`: a notice was sent; `time_runs`: if
    they don't answer this letter, the host is told after their time for it."""

    tells_host: bool
    host_is_informed: bool
    was_passed: bool
    was_referred: bool
    time_runs: bool = True


def to_police(known: Known, police: Police) -> frozenset[str]:
    """Return the sentences of a referral to our own police."""
    sentences = {_opening(known)}
    sentences |= {"two_agree"} if known.judged == "person" and known.assessments == "same" else set()
    sentences |= {"two_differ"} if known.judged == "person" and known.assessments == "differ" else set()
    sentences |= {"nobody_looked"} if known.is_unseen and known.judged != "record" else set()
    sentences |= {"passed_before"} if known.judged and police.was_passed else set()
    sentences |= {"referred_before"} if not known.judged and police.was_referred else set()
    sentences |= {f"urgent_{name}" for name in known.urgencies}
    sentences |= {"address"} if known.address else {"no_address"}
    sentences |= {"open_with_care"} if known.address and known.kind in OPENED else set()
    parts = {
        "facts": known.facts,
        "reporter_texts": known.reporter_texts,
        "opinions": known.opinions,
        "hashes": known.hashes,
    }
    sentences |= {name for name, number in parts.items() if number}
    if police.tells_host:
        sentences |= {"host_was_told"} if police.host_is_informed else {"host_waits"}
        sentences |= {"time_runs"} if police.time_runs and not police.host_is_informed else set()
    return frozenset(sentences)


def _opening(known: Known) -> str:
    if known.judged:
        return "assessed" if known.judged == "person" else "from_record"
    if known.was_assessed:
        return "assessed_before"
    return "read_only" if known.was_read else "unread"


def to_contact(kind: str, lines: Sequence[Known]) -> frozenset[str]:
    """Return the sentences of a notice, or of a message to those in charge abroad: each holds for every one of the
    addresses."""
    if not lines:
        return frozenset()
    sentences = {_finding(lines), f"to_{kind}"}
    sentences |= {_standard(lines)}
    sentences |= {"shows"} if all(_shows(line) for line in lines) else set()
    sentences |= {"hashes"} if kind in WITH_HASHES and any(line.hashes for line in lines) else set()
    if all(line.is_unseen for line in lines) and any(line.judged == "person" for line in lines):
        sentences.add("nobody_looked")
    sentences |= _sent_before(kind, [line.sent for line in lines])
    sentences |= {"in_your_country"} if kind == "foreign_police" and all(line.country for line in lines) else set()
    return frozenset(sentences)


def _finding(lines: Iterable[Known]) -> str:
    """Return who judged the material: people, the records of known files, one or the other, or, for at least one, nobody."""
    judged = {line.judged for line in lines}
    if "" in judged:
        return "reported"
    return "found_either" if len(judged) > 1 else f"found_by_{judged.pop()}"


def _shows(line: Known) -> bool:
    """Return whether whoever opens the address meets what people here have seen, now or in the record of the same file."""
    was_seen = line.judged == "record" or (line.judged == "person" and not line.is_unseen)
    return was_seen and line.kind in OPENED


def _standard(lines: Sequence[Known]) -> str:
    """Return the standard applied: the law of the hosting country, the international baseline, or our own assessment."""
    if all(line.judged and line.country and line.verdict == "likely" for line in lines):
        return "likely_illegal"
    if all(line.judged and line.is_baseline for line in lines):
        return "by_baseline"
    return "by_us" if all(line.judged for line in lines) else "by_nobody"


def _sent_before(kind: str, sent: Sequence[SentCounts]) -> set[str]:
    sentences = set()
    if all(one.reader for one in sent):
        sentences.add("told_you")
    if kind in ("owner", "upstream", "registrar"):
        if all(one.host >= SEVERAL for one in sent) and all(one.owner >= SEVERAL for one in sent) and kind != "owner":
            sentences.add("host_and_owner_told_often")
        elif all(one.host and one.owner for one in sent) and kind != "owner":
            sentences.add("host_and_owner_told")
        elif all(one.host for one in sent):
            sentences.add("host_told")
    if sentences and all(one.is_seen for one in sent):
        sentences.add("still_there")
    return sentences


def claim_holds_for(lines: Iterable[Known]) -> bool:
    """Return whether a text that claims an assessment, and no more, is true of these cases: people assessed each one
    and looked at it."""
    return all(line.judged == "person" and not line.is_unseen for line in lines)


def times_sent(sent: Iterable[SentCounts]) -> int:
    """Return how often a reader was written to about every one of these addresses: the number of the reminder, 0 for a
    first notice."""
    return min((one.reader for one in sent), default=0)
