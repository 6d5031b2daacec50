"""The guarded connection to a source, within limits and only to the source's own address, and the page type of all
protocols.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from leeward.foundation.http import Answer, Client
from leeward.foundation.http.client import Method
from leeward.foundation.http.targets import joined, target_of
from leeward.foundation.lazy_text import LazyText as _
from leeward.hashbank.formats import Broken, Entry
from leeward.hashbank.records.services.voting import name_key
from leeward.hashbank.rules.kinds import Hash
from leeward.hashbank.rules.sources import Protocol
from leeward.hashbank.sources.errors import PullStopped

PAGE_BYTES = 32 << 20
PAGE_ENTRIES = 50_000
PAGE_SECONDS = 90.0
_MOST_WAIT_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Feed:
    """What a protocol needs to know about a source; `spool` is a file for anything longer than a page."""

    name: str
    protocol: Protocol
    url: str
    part: str
    own_name: str
    public_key: str
    reason: str
    spool: Path
    secrets: Mapping[str, str] = field(repr=False)


@dataclass(frozen=True, slots=True)
class Page:
    """One answer of a source.

    `whole` and `gone`: ids of entries that this page describes completely, or that no longer exist (with the time);
    `under`: ids of entries whose parts have ids starting with that id and a colon; `is_all`: everything not on the page
    is no longer on the list, and the page brings no entries. `again_until`: entries dated before that may have been on an
    earlier page. `checkpoint`: what to ask next; `is_last`: there is nothing more for now.
    """

    checkpoint: dict[str, Any]
    is_last: bool
    entries: tuple[Entry, ...] = ()
    broken: tuple[Broken, ...] = ()
    whole: frozenset[str] = frozenset()
    gone: Mapping[str, datetime | None] = field(default_factory=dict)
    under: bool = False
    is_all: bool = False
    again_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class FeedbackItem:
    """Feedback on one entry: its id at the source, our verdict, and the hashes of its record."""

    foreign_id: str
    reply: str
    hashes: tuple[Hash, ...]
    media: str


@dataclass(frozen=True, slots=True)
class FeedbackResult:
    """The result of sending feedback: the status, whether it arrived, whether it may have arrived, whether retrying is
    useless, and how long to wait.
    """

    status: int
    is_there: bool
    is_unsure: bool = False
    is_refused: bool = False
    wait_seconds: int = 0


class Line:
    """Sends requests to one source and to nobody else."""

    def __init__(self, client: Client, feed: Feed) -> None:
        self._client, self._feed = client, feed

    def get(self, url: str, headers: Mapping[str, str], *, accepts: frozenset[int] = frozenset({200})) -> Answer:
        """Fetch a URL of the source; raises PullStopped for anything but an acceptable answer."""
        url = self.inside(url)
        given = {"Accept": ", ".join(sorted(self._feed.protocol.media_types)), **headers}
        answer = self._client.send("GET", url, headers=given)
        if answer is not None and not answer.status and answer.outcome in ("protocol_error", "connection_failed"):
            answer = self._client.send("GET", url, headers=given)  # a kept line that the other side had closed
        assert answer is not None
        if answer.status and answer.status not in accepts:
            raise PullStopped(refusal(answer.status), wait_seconds=wait_of(answer))
        if answer.outcome != "answered":
            raise PullStopped(_OUTCOMES.get(answer.outcome, _("no connection is made")))
        if answer.status in (200, 206) and answer.content_type not in self._feed.protocol.media_types:
            raise PullStopped(_("it answers with %(type)s, which is no list", type=repr(answer.content_type[:40])))
        return answer

    def send(
        self, method: Method, url: str, body: bytes, headers: Mapping[str, str], may_send: Callable[[], bool]
    ) -> FeedbackResult | None:
        """Send a request to the source once; None where `may_send` said no."""
        answer = self._client.send(method, self.inside(url), body, headers=headers, may_send=may_send)
        if answer is None:
            return None
        if not answer.status:
            return FeedbackResult(0, is_there=False, is_unsure=answer.was_sent)
        refused = 400 <= answer.status <= 499 and answer.status not in (401, 403, 408, 425, 429)
        return FeedbackResult(
            answer.status,
            is_there=200 <= answer.status <= 299,
            is_refused=refused or 300 <= answer.status <= 399,
            wait_seconds=wait_of(answer),
        )

    def inside(self, link: str) -> str:
        """Return the absolute URL of a link; raises PullStopped where it leads away from the source."""
        base = target_of(self._feed.url.rstrip("/") + "/")
        found = target_of(joined(base.url, link)) if base is not None else None
        if base is None or found is None:
            raise PullStopped(_("the link to its next page can’t be read"))
        same = (found.scheme, found.host, found.port) == (base.scheme, base.host, base.port)
        if not same or not found.path.startswith(base.path):
            raise PullStopped(_("the link to its next page leads to another address than the source’s own"))
        return found.url


def wait_of(answer: Answer) -> int:
    """Return the seconds that an answer asks us to wait (Retry-After); 0 where it doesn't."""
    text = answer.header("retry-after").strip()
    if text.isascii() and text.isdecimal():
        return min(int(text[:9]), _MOST_WAIT_SECONDS)
    try:
        wanted = (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds() if text else 0.0
    except (ValueError, TypeError):
        return 0
    return int(min(max(wanted, 0.0), _MOST_WAIT_SECONDS))


def spread(entry: Entry, own_names: frozenset[str]) -> list[Entry]:
    """Split an entry into one per source, each with its own id so that it can be withdrawn. Our own votes there are
    left out.
    """
    found = []
    if (entry.verdict or entry.category or not entry.votes) and name_key(entry.source) not in own_names:
        found.append(replace(entry, votes=()))
    for name, verdict in entry.votes:
        if name_key(name) not in own_names:
            found.append(replace(entry, source=name, verdict=verdict, votes=(), category=None, label="", facts={}))
    return found


def not_too_many(count: int) -> None:
    """Raise PullStopped for a page with more entries than any real one."""
    if count > PAGE_ENTRIES:
        raise PullStopped(_("a page has more than %(most)s entries", most=PAGE_ENTRIES))


def later(status: int) -> object:
    """Return why feedback could not be sent now; status 0 stands for no answer."""
    return refusal(status) if status else _("no connection is made")


def refusal(status: int) -> object:
    """Return the meaning of an error status."""
    if status in (401, 403):
        return _("it refuses our key or password (%(status)s)", status=status)
    if status in (404, 410):
        return _("there is nothing at its address (%(status)s)", status=status)
    if status in (429, 503):
        return _("it asks us to come back later (%(status)s)", status=status)
    if 300 <= status <= 399:
        return _("it sends us to another address, where no key is taken (%(status)s)", status=status)
    return _("it answers with an error (%(status)s)", status=status)


_OUTCOMES: Mapping[str, object] = {
    "cut_short": _("its answer stops in the middle"),
    "too_large": _("a page is longer than %(most)s MB", most=PAGE_BYTES >> 20),
    "packed_too_well": _("a page unpacks to more than any real one"),
    "not_unpackable": _("its answer can’t be unpacked"),
    "timed_out": _("it does not answer in time"),
    "no_such_name": _("its name can’t be found"),
    "no_address": _("its name can’t be found"),
    "name_failed": _("its name can’t be found"),
    "name_timed_out": _("its name can’t be found"),
    "bad_address": _("its address can’t be read"),
    "forbidden_scheme": _("its address is not https"),
    "forbidden_address": _("its address is inside a private network"),
    "tls_failed": _("its certificate is not trusted"),
    "proxy_failed": _("the proxy does not connect"),
}
