"""What an export may hold about a case: plain values, without words of reporters and names of colleagues. Pure."""

from dataclasses import dataclass
from datetime import datetime

from leeward.laws.rules.facts import Facts
from leeward.notices.rules.briefs import CaseBrief
from leeward.notices.rules.xarf import Desk


@dataclass(frozen=True, slots=True)
class Place:
    """Where it is hosted, as far as known; all empty where it has no host. `behind` hides the host."""

    host: str = ""
    ip: str = ""
    network: str = ""
    asn: str = ""
    behind: str = ""
    registrar: str = ""


@dataclass(frozen=True, slots=True)
class HashedFile:
    """One file found there, by its hashes; never its content."""

    url: str
    media: str
    bytes: int
    md5: str = ""
    sha1: str = ""
    sha256: str = ""
    pdq: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a history: when, what, and further words."""

    at: datetime
    what: str
    note: str = ""


@dataclass(frozen=True, slots=True)
class LogRow:
    """A row of the log about the case, and the very bytes that its hash covers. `proof` shows that it stands in the log's
    tree: with its `entry` there, the row as the file of which that is made (`text`), and the keys of the log and of the witnesses that saw it.
    All four are empty for a row that is newer than the newest checkpoint.
    """

    number: int
    at: str
    event: str
    actor: str
    facts: str
    hash: str
    covered: bytes
    proof: str = ""
    entry: bytes = b""
    keys: tuple[str, ...] = ()
    text: str = ""


@dataclass(frozen=True, slots=True)
class PaidTo:
    """One wallet, account or handle to which the case asks money for; never the whole number of a card. `asked` are (amount,
    currency), `names` what statements show, `on_page`: a page says it, not only a report."""

    kind: str
    value: str
    brand: str
    weak: bool
    asked: tuple[tuple[str, str], ...]
    names: tuple[str, ...]
    on_page: bool
    first_at: datetime
    last_at: datetime


@dataclass(frozen=True, slots=True)
class CaseRecord:
    """A case at the moment of an export.

    `facts` is None until the case was decided as illegal. `grade` is ICCAM's (“baseline”, “national”, else neither).
    `done` holds what was done with its time: `police_told`, `host_told`, `removed`, `unavailable`, `not_illegal`.
    `decided_at` and `is_quiet`: when it was decided, and whether everybody
    who reported it asked that nobody is told.
    """

    brief: CaseBrief
    hotline: Desk
    hotline_country: str
    made_at: datetime
    decided_at: datetime | None = None
    facts: Facts | None = None
    grade: str = ""
    is_quiet: bool = False
    place: Place = Place()
    files: tuple[HashedFile, ...] = ()
    done: tuple[tuple[str, datetime], ...] = ()
    close_reason: int = 0
    times: tuple[Row, ...] = ()
    messages: tuple[Row, ...] = ()
    checks: tuple[Row, ...] = ()
    visits: tuple[Row, ...] = ()
    trail: tuple[Row, ...] = ()
    findings: tuple[tuple[str, str, str, datetime], ...] = ()
    log: tuple[LogRow, ...] = ()
    paid_to: tuple[PaidTo, ...] = ()

    @property
    def is_decided(self) -> bool:
        """Return whether the case was decided as illegal."""
        return self.facts is not None and self.decided_at is not None


def moment(at: datetime) -> str:
    """Return a time in UTC to the second, as programs read it."""
    return at.isoformat(timespec="seconds").replace("+00:00", "Z")
