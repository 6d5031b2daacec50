"""The rows that queries return."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING, Any

from leeward.hashbank.rules.standing import UNSETTLED

if TYPE_CHECKING:
    from leeward.matching.variants import Alteration


@dataclass(frozen=True, slots=True)
class Known:
    """A matching record: `known` for the same file (equal hashes), `near` for one that looks alike, `harmless` for a
    known look-alike, `conflict` where some sources call it illegal and others harmless.

    `distance_bits` of a licensed hash is its own distance as a share of what its adapter calls near, on the scale of 31
    bits. `kinds`: the kinds of hashes that are equal or near; `classification`: scheme -> level, derived from the
    facts; `labels`: the sources' own classifications; `may_decide`: the match carries the decision of the people behind
    the record. `bank` is the first of `banks`; `note` says why a person has to look; `says` counts the sources by what
    they say.
    """

    record_id: int
    match: str
    distance_bits: int
    kinds: tuple[str, ...]
    hash_ids: tuple[int, ...]
    bank: str
    banks: tuple[str, ...]
    is_harmless: bool
    is_same_file: bool
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
    note: str | None = None
    says: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AlteredKnown:
    """A record that matches once `alteration` is undone, at `distance_bits` and `soft_distance`; for review by a
    person.
    """

    known: Known
    alteration: "Alteration"
    distance_bits: int
    soft_distance: float


@dataclass(frozen=True, slots=True)
class ReturnRow:
    """A proposal to use a hash again that was set aside, waiting for a second person."""

    by: str
    by_name: str
    at: datetime
    reason: str
    mark: str


@dataclass(frozen=True, slots=True)
class HashRow:
    """A hash of a record, as text. `may_return`: people set it aside, and others may propose to use it again (`back`)."""

    id: int
    kind: str
    text: str
    value: bytes
    quality: int | None
    second: float | None
    aside: bool
    may_return: bool = False
    back: ReturnRow | None = None


@dataclass(frozen=True, slots=True)
class VoteRow:
    """One source's vote."""

    source: str
    verdict: str
    label: str
    at: datetime
    case_id: int
    brought_by: int
    withdrawn_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class InvestigationRow:
    """A police investigation of a record."""

    id: int
    agency: str
    reference: str
    contact: str
    outcome: str
    restricted: bool
    at: datetime


@dataclass(frozen=True, slots=True)
class RulingRow:
    """A person's ruling on a record. `waits`: a second person has to confirm it."""

    verdict: str
    reason: str
    by: str
    by_name: str
    at: datetime
    waits: bool
    second_name: str
    second_at: datetime | None
    mark: str


@dataclass(frozen=True, slots=True)
class VoteChangeRow:
    """A vote of this hotline that waits for a second person. `before`, `after`: the record's state now, and once it is
    confirmed.
    """

    verdict: str
    reason: str
    by: str
    by_name: str
    at: datetime
    before: str
    after: str
    mark: str


@dataclass(frozen=True, slots=True)
class RecordRow:
    """A record with everything known about it; `investigations` leaves out the restricted ones of other agencies.

    `ruling`: the one that waits for a second person, otherwise the one that counts. `is_unconfirmed`: only keys whose
    holder nobody has confirmed call it illegal.
    """

    id: int
    bank: str
    banks: tuple[str, ...]
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
    ruling: RulingRow | None = None
    vote_change: VoteChangeRow | None = None
    is_unconfirmed: bool = False

    @property
    def is_unsettled(self) -> bool:
        """Whether a person has to decide."""
        return self.state in UNSETTLED

    @property
    def is_waiting(self) -> bool:
        """Whether a decision about it waits for a second person."""
        return self.vote_change is not None or (self.ruling is not None and self.ruling.waits)


@dataclass(frozen=True, slots=True)
class DoubtRow:
    """A hash that waits for a person; `aside_by`: the label of who proposes to set it aside, "" for nobody."""

    id: int
    record_id: int
    why: str
    matches: int
    subscribers: int
    is_noted: bool
    at: datetime
    aside_by: str
    aside_name: str
    aside_at: datetime | None
    aside_why: str
    mark: str


@dataclass(frozen=True, slots=True)
class BankRow:
    """A bank: its radius, whether its records are harmless look-alikes, and whether it keeps windows of files hashed
    here.
    """

    number: int
    name: str
    radius: int
    harmless: bool
    paused_until: datetime | None
    keeps_windows: bool
