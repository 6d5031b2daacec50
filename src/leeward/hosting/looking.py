"""Looking at a place through the guarded client, in memory: the page, and the pictures and videos that it shows."""

import re
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass

from django.conf import settings

from leeward.ground.http import Answer, Client, Limits, Policy
from leeward.hosting import names
from leeward.hosting.files import Fingerprint, fingerprint
from leeward.hosting.rules.pages import PageParts, barrier_of_status, parse_page

AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
AT_ONCE = 6
PAGE_SECONDS = 120.0
_CHARSET = re.compile(r"charset=[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_HTML = ("text/html", "application/xhtml+xml", "")


@dataclass(frozen=True, slots=True)
class Seen:
    """A picture or video of a page: its address and fingerprint, or why it could not be had."""

    url: str
    kind: str
    fingerprint: Fingerprint | None
    content_type: str
    problem: str


@dataclass(frozen=True, slots=True)
class Look:
    """What one look at a place found. `reason` is '' or why the content could not be had."""

    answer: Answer
    reason: str
    sha256: str
    files_named: int
    files: tuple[Seen, ...]


@contextmanager
def client() -> Iterator[Client]:
    """The client for content: bad certificates are noted but no obstacle, proxies as set."""
    config = settings.LEEWARD
    policy = Policy(
        allowed_networks=config.fetch_allowed_networks,
        proxy=config.fetch_proxy,
        onion_proxy=config.onion_proxy,
        tls="record",
        user_agent=AGENT,
    )
    limits = Limits(max_bytes=config.fetch_max_bytes, seconds=config.fetch_seconds)
    with Client(names.resolve, policy, limits) as made:
        yield made


def look_at(url: str, access: Mapping[str, str] | None = None, *, most_files: int | None = None) -> Look:
    """Fetch a page, find what it shows, fingerprint each file in memory and let go of it."""
    until = time.monotonic() + PAGE_SECONDS
    with client() as asks:
        answer = asks.get(url, referrer=(access or {}).get("referrer", ""))
        reason, parts = _read(answer)
        if not reason and parts.refresh and not (parts.images or parts.videos) and parts.refresh != answer.url:
            answer = asks.get(parts.refresh, referrer=answer.url)
            reason, parts = _read(answer)
        if answer.outcome != "answered" or not 200 <= answer.status < 300:
            return Look(answer, reason, "", 0, ())
        own = fingerprint(answer.body) if answer.content_type not in _HTML else None
        if own is not None and own.media in ("image", "video"):
            return Look(
                answer, "", own.sha256, 1, (Seen(answer.url, own.media, own, answer.content_type, own.problem),)
            )
        named = [(one, "image") for one in parts.images] + [(one, "video") for one in parts.videos]
        most = settings.LEEWARD.fetch_max_files if most_files is None else most_files
        with ThreadPoolExecutor(AT_ONCE) as crew:
            files = tuple(crew.map(lambda one: _one(asks, one[0], one[1], answer.url, until), named[:most]))
    return Look(answer, reason, own.sha256 if own else fingerprint(answer.body).sha256, len(named), files)


def _read(answer: Answer) -> tuple[str, PageParts]:
    """Why the content can't be had, and the parts of the page if it is one."""
    if answer.outcome != "answered":
        return answer.outcome, PageParts()
    if not 200 <= answer.status < 300:
        return barrier_of_status(answer.status) or (
            "not_there" if answer.status in (404, 410) else "refused"
        ), PageParts()
    if answer.content_type not in _HTML:
        return "", PageParts()
    charset = _CHARSET.search(answer.header("content-type"))
    parts = parse_page(answer.body, answer.url, charset=charset[1] if charset else "")
    return parts.barrier, parts


def _one(asks: Client, url: str, kind: str, page: str, until: float) -> Seen:
    left = until - time.monotonic()
    if left <= 0:
        return Seen(url, kind, None, "", "no_time_left")
    answer = asks.get(url, referrer=page, seconds=left)
    if answer.outcome not in ("answered", "cut_short"):
        return Seen(url, kind, None, "", answer.outcome)
    if not 200 <= answer.status < 300:
        return Seen(url, kind, None, answer.content_type, f"status_{answer.status}")
    made = fingerprint(answer.body)
    problem = made.problem or ("cut_off" if answer.outcome == "cut_short" else "")
    return Seen(url, made.media if made.media != "other" else kind, made, answer.content_type, problem)
