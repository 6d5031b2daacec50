"""What a mail server says it did with our messages: its log (Postfix, Exim, or any that names a Message-ID), and the heads of sent mail.

Only Message-IDs that this installation makes are looked at, so of whatever else the server handles nothing is kept. Pure.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta, tzinfo
from typing import Literal

from leeward.foundation.patterns import Match, Pattern

type SentFate = Literal["taken", "delivered", "returned", "kept"]

MOST_LINE = 4000
MOST_FOUND = 200_000
_AHEAD = timedelta(days=1)
_ORDER: tuple[SentFate, ...] = ("kept", "taken", "delivered", "returned")  # what a later line may change
_ID = Pattern(r"[a-z][0-9]{1,19}\.[0-9a-f]{20}@([A-Za-z0-9.-]{1,200})")
_QUEUED = Pattern(r"postfix[\w/.-]{0,40}\[[0-9]{1,10}\]: ([0-9A-Za-z]{5,24}): (.*)")
_TO = Pattern(r"^to=<([^<>]{1,254})>")
_REFUSED = Pattern(r"^(milter-)?(reject|discard): ")
_RELAY = Pattern(r", relay=([A-Za-z0-9.-]{1,253})\[")
_EXIM_HOST = Pattern(r" H=([A-Za-z0-9.-]{1,253}) \[")
_STATUS = Pattern(r", status=([a-z]{1,20})")
_STAMP = Pattern(
    r"^([0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2})(\.[0-9]{1,9})? ?(Z|[+-][0-9]{2}:?[0-9]{2})?"
)
_SYSLOG = Pattern(r"^([A-Z][a-z]{2}) {1,2}([0-9]{1,2}) ([0-9]{2}):([0-9]{2}):([0-9]{2}) ")
_EXIM = Pattern(r" ([0-9A-Za-z]{6}-[0-9A-Za-z]{6,11}-[0-9A-Za-z]{2,4}) (<=|=>|->|\*\*|==)(.*)")
_FOLD = Pattern(r"\r?\n[ \t]+")
_EXIM_TO = Pattern(r"([^\s<>]{1,200}@[^\s<>:]{1,200})")
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_POSTFIX_FATES: dict[str, SentFate] = {"sent": "delivered", "bounced": "returned", "expired": "returned"}
_EXIM_FATES: dict[str, SentFate] = {"=>": "delivered", "->": "delivered", "**": "returned"}


@dataclass(frozen=True, slots=True)
class Sent:
    """One message of ours that left: `taken` by the mail server, `delivered` to a server whose name is of the receiver's domain (another
    may only pass it on), `returned`, or `kept` among sent mail. `to` is "" and `at` None where nothing says so."""

    message_id: str
    to: str = ""
    fate: SentFate = "taken"
    at: datetime | None = None


@dataclass(slots=True)
class ReadLog:
    """What a log says: our messages by their Message-ID, and from when to when it goes."""

    found: dict[str, Sent] = field(default_factory=dict)
    since: datetime | None = None
    until: datetime | None = None


def read_log(lines: Iterable[str], *, domains: frozenset[str], now: datetime, zone: tzinfo) -> ReadLog:
    """Return what a log says of messages whose Message-ID is ours, at one of these domains. `zone` is that of times without one."""
    reader = _Reader(domains)
    for line in lines:
        reader.take(line[:MOST_LINE], now, zone)
    return reader.read


def ours_in(text: str, domains: frozenset[str]) -> str:
    """Return the first Message-ID in a text that this installation made, or ""."""
    for match in _ID.finditer(text):
        if match[1].lower() in domains:
            return f"<{match[0]}>"
    return ""


def covers(spans: Iterable[tuple[datetime, datetime]], since: datetime, until: datetime, *, gap: timedelta) -> bool:
    """Return whether these spans together go from `since` to `until`, but for gaps of at most `gap`."""
    reached = since
    for begins, ends in sorted(spans):
        if begins <= reached + gap:
            reached = max(reached, ends)
    return reached + gap >= until


def later(known: Sent, new: Sent) -> Sent:
    """Return what two sources say together of one message."""
    if _ORDER.index(new.fate) < _ORDER.index(known.fate):
        known, new = new, known
    return replace(new, to=new.to or known.to, at=new.at or known.at)


def read_head(head: str, at: datetime | None, domains: frozenset[str]) -> Sent | None:
    """Return the message of ours behind the head of a sent mail (Message-ID and To), or None."""
    values = defaultdict[str, str](str)
    for line in _FOLD.sub(" ", head).splitlines():
        name, _colon, value = line.partition(":")
        values.setdefault(name.strip().lower(), value[:MOST_LINE])
    ours = ours_in(values["message-id"], domains)
    to = _EXIM_TO.search(values["to"])
    return Sent(ours, to[1].lower() if to else "", "kept", at) if ours else None


class _Reader:
    """Goes through a log; `queued` are our messages by the name that the server gives each while it has it, `taken` all names
    under which it took one."""

    def __init__(self, domains: frozenset[str]) -> None:
        self.read, self._queued, self._domains = ReadLog(), dict[str, str](), domains
        self._taken = defaultdict[str, set[str]](set)

    def take(self, line: str, now: datetime, zone: tzinfo) -> None:
        """Take one line."""
        at = _moment(line, now, zone)
        if at is not None:
            self.read.since, self.read.until = min(self.read.since or at, at), max(self.read.until or at, at)
        if found := _QUEUED.search(line):
            self._postfix(found[1], found[2], at)
        elif found := _EXIM.search(line):
            self._exim(found, at)
        elif ours := ours_in(line, self._domains):
            self._note(Sent(ours, at=at))

    def _postfix(self, queue: str, text: str, at: datetime | None) -> None:
        if _REFUSED.search(text):
            self._refuse(queue)
        elif "message-id=" in text:
            self._begin(queue, text, at)
        elif text == "removed":
            self._queued.pop(queue, None)
        elif queue in self._queued and (to := _TO.search(text)) and (status := _STATUS.search(text)):
            self._end(queue, to[1].lower(), _POSTFIX_FATES.get(status[1], "taken"), _RELAY.search(text), at)

    def _exim(self, found: Match[str], at: datetime | None) -> None:
        queue, act, text = found[1], found[2], found[3]
        if act == "<=":
            self._begin(queue, text, at)
        elif queue in self._queued:
            to = _EXIM_TO.search(text)
            receiver = to[1].lower() if to else ""
            self._end(queue, receiver, _EXIM_FATES.get(act, "taken"), _EXIM_HOST.search(text), at)

    def _end(self, queue: str, to: str, fate: SentFate, host: Match[str] | None, at: datetime | None) -> None:
        domain = to.rpartition("@")[2]
        if fate == "delivered" and not (host and domain and f".{host[1].lower()}".endswith(f".{domain}")):
            fate = "taken"
        self._note(Sent(self._queued[queue], to, fate, at))

    def _refuse(self, queue: str) -> None:
        """Forget what the server did not keep after all, unless it took the same message another time."""
        if ours := self._queued.pop(queue, None):
            self._taken[ours].discard(queue)
            known = self.read.found.get(ours)
            if known is not None and known.fate == "taken" and not self._taken[ours]:
                del self.read.found[ours]

    def _begin(self, queue: str, text: str, at: datetime | None) -> None:
        if ours := ours_in(text, self._domains):
            self._queued[queue] = ours
            self._taken[ours].add(queue)
            self._note(Sent(ours, at=at))

    def _note(self, new: Sent) -> None:
        """Put down what a line says, unless an earlier one says more."""
        known = self.read.found.get(new.message_id)
        if known is not None:
            self.read.found[new.message_id] = later(known, new)
        elif len(self.read.found) < MOST_FOUND:
            self.read.found[new.message_id] = new


def _moment(line: str, now: datetime, zone: tzinfo) -> datetime | None:
    try:
        if stamp := _STAMP.search(line):
            at = datetime.fromisoformat(stamp[1] + (stamp[3] or ""))
            return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)
        if syslog := _SYSLOG.search(line):
            return _without_a_year(syslog, now, zone)
    except ValueError:
        return None
    return None


def _without_a_year(syslog: Match[str], now: datetime, zone: tzinfo) -> datetime:
    """Return the newest such moment that isn't to come: a log of that kind leaves its year to its reader."""
    month = _MONTHS.index(syslog[1]) + 1
    day, hour, minute, second = (int(syslog[place]) for place in range(2, 6))
    at = datetime(now.year, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    return (
        at
        if at <= now + _AHEAD
        else datetime(now.year - 1, month, day, hour, minute, second, tzinfo=zone).astimezone(UTC)
    )
