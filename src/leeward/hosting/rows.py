"""What other slices see of hosting: frozen rows."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class LocationRow:
    """One canonical place."""

    id: int
    kind: str
    display: str
    comparable: str
    service: str
    host: str


@dataclass(frozen=True, slots=True)
class FindingRow:
    """Something learned about a place, its source and time; `reason` if a person corrected it."""

    kind: str
    value: str
    source: str
    at: datetime
    corrected_by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Whereabouts:
    """Where something is hosted, as far as known: the newest finding of each kind, with a person's correction taking
    precedence.

    `country` is None if there is no host or it is behind a shared proxy (`behind`): a proxy's country is not the
    content's.
    """

    location_id: int
    kind: str
    display: str
    host: str = ""
    ip: str = ""
    network: str = ""
    asn: str = ""
    country: str | None = None
    country_sources: tuple[str, ...] = ()
    behind: str = ""
    abuse_emails: tuple[str, ...] = ()
    registrar: str = ""
    registrar_abuse_emails: tuple[str, ...] = ()
    domain_created: str = ""
    domain_status: tuple[str, ...] = ()
    upstream_emails: tuple[str, ...] = ()
    findings: tuple[FindingRow, ...] = ()


@dataclass(frozen=True, slots=True)
class FetchRow:
    """One visit. `outcome` is the client's, `reason` why no content was available (`rules/barriers.py`); `waiting` is
    how many files, or the page itself, are still to be fetched, `awaits_decoders` whether it is because they could not be decoded."""

    id: int
    at: datetime
    outcome: str
    reason: str
    status: int
    final_url: str
    content_type: str
    bytes: int
    sha256: str
    files_named: int
    tls_problem: str
    duration_ms: int
    waiting: int
    awaits_decoders: bool


@dataclass(frozen=True, slots=True)
class FetchNow:
    """A fetch that was made just now, of which place, and how many files were seen there."""

    location_id: int
    files: int


@dataclass(frozen=True, slots=True)
class FileRow:
    """A picture or video of a page: fingerprints, size, and what was wrong with it."""

    id: int
    position: int
    kind: str
    url: str
    problem: str
    content_type: str
    bytes: int
    width: int
    height: int
    md5: str
    sha1: str
    sha256: str
    pdq: str
    pdq_quality: int
    pdq_nn512: str
    licensed: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Preview:
    """A picture reduced in memory. `changed` says that a different picture is there than the recorded one. For a video
    it is a page of its strip: how many pictures, how long the video is, how many pages there are, and whether it
    stopped early."""

    png: bytes
    changed: bool
    frames: int = 0
    seconds: float = 0.0
    pages: int = 1
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Probe:
    """One light check whether something is still there."""

    outcome: str  # "same", "changed", "gone", "unreachable"
    status: int | None = None
    reason: str = ""
    distance_bits: int | None = None
