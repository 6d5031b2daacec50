"""What queries give out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Known:
    """A record that matches what was asked: `known` for the same file (hashes that are equal), `near` for one that looks alike.

    `distance_bits` of a licensed hash is its own distance as a share of what its adapter calls near, on the scale of 31 bits.
    `kinds`: the kinds of hashes that are equal or near; `classification`: scheme -> level, derived from the facts;
    `labels`: what the sources themselves call it; `may_decide`: the match carries the decision of the people behind it.
    """

    record_id: int
    match: str
    distance_bits: int
    kinds: tuple[str, ...]
    hash_ids: tuple[int, ...]
    bank: str
    is_harmless: bool
    state: str
    is_baseline: bool
    media: str
    facts: Mapping[str, Any]
    classification: Mapping[str, str]
    labels: tuple[str, ...]
    series: str
    victim_status: str
    offender_status: str
    outcome: str
    first_seen: datetime
    last_seen: datetime
    may_decide: bool


@dataclass(frozen=True, slots=True)
class HashRow:
    """A hash of a record, as text."""

    id: int
    kind: str
    text: str
    value: bytes
    quality: int | None
    second: float | None
    aside: bool


@dataclass(frozen=True, slots=True)
class VoteRow:
    """What one source says."""

    source: str
    verdict: str
    label: str
    at: datetime
    case_id: int
    brought_by: int


@dataclass(frozen=True, slots=True)
class InvestigationRow:
    """What police do about a record."""

    id: int
    agency: str
    reference: str
    contact: str
    outcome: str
    restricted: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record with everything known of it; `investigations` leaves out the restricted ones of other agencies."""

    id: int
    bank: str
    is_harmless: bool
    state: str
    is_baseline: bool
    media: str
    facts: Mapping[str, Any]
    classification: Mapping[str, str]
    series: str
    victim_status: str
    offender_status: str
    first_seen: datetime
    last_seen: datetime
    brought_by: int
    hashes: tuple[HashRow, ...] = ()
    votes: tuple[VoteRow, ...] = ()
    investigations: tuple[InvestigationRow, ...] = ()
    sightings: tuple[int, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class BankRow:
    """A bank: how far it reaches, whether its records are harmless look-alikes."""

    number: int
    name: str
    radius: int
    harmless: bool
    paused_until: datetime | None
