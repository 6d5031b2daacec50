"""The chain: how a row's hash is made and how a run of rows is checked. Pure."""

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from leeward.foundation.patterns import Pattern

GENESIS = "0" * 64
EVENT = Pattern(r"^[a-z_]+\.[a-z_]+$")
NONCE = Pattern(r"^[0-9a-f]{32}$")


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the log as stored. `at` is ISO 8601 in UTC with microseconds, `facts` canonical JSON; `nonce` is 16 random
    bytes in hexadecimal digits, None in rows from before there were any (version 1)."""

    chain: int
    number: int
    at: str
    event: str
    actor: str
    subject: str
    facts: str
    facts_sha256: str
    previous: str
    hash: str
    nonce: str | None = None


@dataclass(frozen=True, slots=True)
class Head:
    """A signed statement that row `number` of a chain has this hash."""

    chain: int
    number: int
    hash: str
    at: str
    signature: str


class Last(Protocol):
    """The predecessor of a chain's next row: the number and hash of the newest one, or 0 and `GENESIS`."""

    @property
    def number(self) -> int: ...

    @property
    def hash(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Fault:
    """The first fault in a chain: its row number and what is wrong, as part of a sentence."""

    chain: int
    number: int
    what: str


def canonical(facts: Mapping[str, object] | None) -> str:
    """Return the canonical JSON of facts."""
    return json.dumps(facts or {}, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def moment(at: datetime) -> str:
    """Return a time as stored in the chain."""
    return at.isoformat(timespec="microseconds")


BEYOND = "comes after the last row of which a head speaks"


def facts_digest(facts: str) -> str:
    """Return the SHA-256 of the facts' text, in hex."""
    return hashlib.sha256(facts.encode()).hexdigest()


def covered(
    *,
    chain: int,
    number: int,
    at: str,
    event: str,
    actor: str,
    subject: str,
    facts_sha256: str,
    previous: str,
    nonce: str | None,
) -> bytes:
    """Return the bytes that a row's hash covers: all its fields and its predecessor's hash, length-prefixed, so that
    their boundaries are unambiguous. The nonce lets nobody guess a row from its hash. Raises ValueError if it is not hex."""
    parts = [part.encode() for part in (str(chain), str(number), at, event, actor, subject, facts_sha256, previous)]
    whole = parts if nonce is None else [*parts, bytes.fromhex(nonce)]
    return b"".join(len(part).to_bytes(4, "big") + part for part in whole)


def row_hash(
    *,
    chain: int,
    number: int,
    at: str,
    event: str,
    actor: str,
    subject: str,
    facts_sha256: str,
    previous: str,
    nonce: str | None,
) -> str:
    """Return the row's SHA-256, in hex. Raises ValueError if the nonce is not hex."""
    raw = covered(
        chain=chain,
        number=number,
        at=at,
        event=event,
        actor=actor,
        subject=subject,
        facts_sha256=facts_sha256,
        previous=previous,
        nonce=nonce,
    )
    return hashlib.sha256(raw).hexdigest()


def covered_of(entry: Entry) -> bytes:
    """Return the bytes that the hash of a stored row covers."""
    return covered(
        chain=entry.chain,
        number=entry.number,
        at=entry.at,
        event=entry.event,
        actor=entry.actor,
        subject=entry.subject,
        facts_sha256=entry.facts_sha256,
        previous=entry.previous,
        nonce=entry.nonce,
    )


def link(
    previous: Last | None,
    *,
    chain: int,
    at: str,
    event: str,
    actor: str,
    subject: str,
    facts: str,
    nonce: str | None = None,
) -> Entry:
    """Return the entry that follows `previous`."""
    number = previous.number + 1 if previous else 1
    before = previous.hash if previous else GENESIS
    digest = facts_digest(facts)
    made = row_hash(
        chain=chain,
        number=number,
        at=at,
        event=event,
        actor=actor,
        subject=subject,
        facts_sha256=digest,
        previous=before,
        nonce=nonce,
    )
    return Entry(chain, number, at, event, actor, subject, facts, digest, before, made, nonce)


def signed_text(*, chain: int, number: int, row: str, at: str) -> bytes:
    """Return the bytes that a head's signature covers."""
    return f"leeward-audit-head 1\n{chain}\n{number}\n{row}\n{at}\n".encode()


def first_fault(
    chain: int, entries: Iterable[Entry], heads: Mapping[int, str] | None = None
) -> tuple[Fault | None, int, str]:
    """Check the rows of a chain, in order of number, against each other and against signed heads (number -> hash).

    Returns the first fault or None, the last good number and its hash. A head beyond the last row is a fault: rows were cut off.
    """
    heads = heads or {}
    number, before = 0, GENESIS
    for entry in entries:
        fault = _fault_of(entry, number, before, heads)
        if fault:
            return Fault(chain, number + 1, fault), number, before
        number, before = entry.number, entry.hash
    beyond = [head for head in heads if head > number]
    if beyond:
        return Fault(chain, number + 1, f"is missing: a head speaks of row {max(beyond)}"), number, before
    return None, number, before


def _fault_of(entry: Entry, number: int, before: str, heads: Mapping[int, str]) -> str | None:
    if entry.number != number + 1:
        return f"is missing: row {entry.number} comes next"
    if entry.previous != before:
        return "doesn't follow from the row before it"
    if entry.facts_sha256 != facts_digest(entry.facts):
        return "has facts that were changed"
    if not _hashes(entry):
        return "was changed"
    if heads.get(entry.number, entry.hash) != entry.hash:
        return "differs from its head"
    return None


def _hashes(entry: Entry) -> bool:
    """Return whether a row's hash is that of its fields."""
    if entry.nonce is not None and not NONCE.match(entry.nonce):
        return False
    made = row_hash(
        chain=entry.chain,
        number=entry.number,
        at=entry.at,
        event=entry.event,
        actor=entry.actor,
        subject=entry.subject,
        facts_sha256=entry.facts_sha256,
        previous=entry.previous,
        nonce=entry.nonce,
    )
    return made == entry.hash
