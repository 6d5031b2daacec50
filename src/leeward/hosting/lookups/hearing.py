"""Whether registries answer this process, and how far its clock is from those of others; kept in memory, for the installation's
health."""

import threading
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urlsplit

from leeward.foundation.http import Answer
from leeward.hosting.fetching.domains import domain_of
from leeward.hosting.rules.stated_times import AGREE_SECONDS, ahead_by
from leeward.jobs.clockwatch import read_clocks

# What says that nobody was there, or that we could not get to anybody.
SILENCES = frozenset(
    {"timed_out", "connection_failed", "connection_refused", "name_timed_out", "name_failed", "proxy_failed"}
)
LEAST = 3  # that many in a row, before silence is more than one registry's
MOST_ORIGINS = 50
MOST_MAILS = 3  # the last mails of a server, of which two have to say the same
COUNTS_SECONDS = 86400.0  # a machine that counts the seconds by itself is off by a few after a day


@dataclass
class Hearing:
    """The last answers, or how long there has been none. Threads may note at once."""

    silent: int = 0
    silent_since: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, problem: str) -> None:
        """Note what came of one question."""
        with self._lock:
            if problem in SILENCES:
                self.silent_since = self.silent_since if self.silent else time.time()
                self.silent += 1
            else:
                self.silent = 0

    def silence(self) -> datetime | None:
        """Return since when no registry has answered; None while they do, or too few were asked to say so."""
        with self._lock:
            return datetime.fromtimestamp(self.silent_since, UTC) if self.silent >= LEAST else None


@dataclass(frozen=True, slots=True)
class Statement:
    """What another machine's clock said when this one had been running for so many seconds: between two moments."""

    running: float
    earliest: float
    latest: float

    def agrees(self, other: "Statement") -> bool:
        """Return whether both can be of a clock that goes on as time does, give or take a minute."""
        passed = other.running - self.running
        is_behind = self.latest + passed < other.earliest - AGREE_SECONDS
        return not is_behind and self.earliest + passed <= other.latest + AGREE_SECONDS


@dataclass
class Clocks:
    """What the clocks of others said last, each registrable domain once: several servers of one are no independent voices. A clock
    that is set right meanwhile, or wrong, is at once compared with what they would say now. Threads may note at once."""

    statements: dict[str, Statement] = field(default_factory=dict)
    mails: dict[str, tuple[Statement, ...]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def note(self, host: str, statement: Statement) -> None:
        """Note what the clock of a host said."""
        with self._lock:
            self.statements.pop(domain_of(host), None)
            self.statements[domain_of(host)] = statement
            if len(self.statements) > MOST_ORIGINS:
                del self.statements[next(iter(self.statements))]

    def note_mail(self, host: str, statement: Statement) -> None:
        """Note what a mail says of its server's clock, once another of the last few has said the same: one that was moved there, or
        marked as unread, has the date of when it first came."""
        with self._lock:
            before = self.mails.get(host, ())
            self.mails[host] = (*before, statement)[-MOST_MAILS:]
        if any(one.agrees(statement) for one in before):
            self.note(host, statement)

    def ahead_seconds(self) -> float | None:
        """Return by how many seconds this machine's clock is ahead of theirs; None if too few told, or they don't agree."""
        now = read_clocks()
        with self._lock:
            lately = [one for one in self.statements.values() if now.running - one.running <= COUNTS_SECONDS]
        began = now.at.timestamp() - now.running  # by this clock
        return ahead_by([(began + one.running - one.latest, began + one.running - one.earliest) for one in lately])


HEARING = Hearing()
CLOCKS = Clocks()


def hear_date(answer: Answer) -> None:
    """Note the date of an answer as what the last host said to which the request was led; one that can't be read says nothing, and one
    out of a cache nothing of now."""
    try:
        stated = parsedate_to_datetime(answer.header("date"))
        earliest = stated.replace(tzinfo=stated.tzinfo or UTC).timestamp()
    except (ValueError, TypeError, OverflowError):
        return
    if answer.header("age") in ("", "0"):
        latest = earliest + 1 + answer.duration_ms / 1000
        CLOCKS.note(urlsplit(answer.url).hostname or "", Statement(read_clocks().running, earliest, latest))


def hear_mail(host: str, put_at: datetime, *, running: float, gone_seconds: float) -> None:
    """Note when a mail server says that it put a mail into a mailbox: that was looked at when this machine had been running for so many
    seconds, and, without that mail, so many seconds before."""
    earliest = put_at.timestamp()
    CLOCKS.note_mail(host, Statement(running, earliest, earliest + 1 + gone_seconds))
