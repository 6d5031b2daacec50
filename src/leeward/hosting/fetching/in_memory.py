"""Visits a place through the guarded client, in memory: the page, and the pictures and videos that it shows."""

import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, replace

from leeward.foundation import sandbox
from leeward.foundation.http import (
    Answer,
    BrowserRequest,
    Client,
    Kind,
    Limits,
    Policy,
    Resolution,
    Resolver,
    headers_of,
)
from leeward.foundation.patterns import Pattern
from leeward.hosting.fetching.budgets import asker
from leeward.hosting.fetching.control import FILES_THAT_WAIT, pages_are_read, pictures_are_read
from leeward.hosting.fetching.domains import domain_of
from leeward.hosting.fetching.files import LIMITS, Fingerprint, fingerprint
from leeward.hosting.lookups import names
from leeward.hosting.rules.pages import MOST_BYTES, PageParts, barrier_of_status
from leeward.installation.queries import config_now
from leeward.payments.rules.records import from_line
from leeward.payments.rules.traces import Trace

AT_ONCE = 6
MOST_PAYMENTS = 200
PAGE_SECONDS = 120.0
_CHARSET = Pattern(r"charset=[\"']?([\w.:-]{1,40})", ignore_case=True)
_ANYTHING = ("application/octet-stream", "binary/octet-stream", "application/ogg", "application/mp4")
_HTML = ("text/html", "application/xhtml+xml", "")


@dataclass(frozen=True, slots=True)
class FetchedFile:
    """A picture or video of a page: its address and fingerprint, or why it could not be fetched.

    `problem` is "", an outcome of the client, `status_…`, `no_time_left`, one of `Fingerprint.problem`, or `wrong_type`
    for a file that is not what its server says.
    """

    url: str
    kind: str
    fingerprint: Fingerprint | None
    content_type: str
    problem: str


@dataclass(frozen=True, slots=True)
class FetchResult:
    """The result of fetching a place. `reason` is "" or why the content was unavailable, or available only in this way
    (`referrer`)."""

    answer: Answer
    reason: str = ""
    sha256: str = ""
    files_named: int = 0
    files: tuple[FetchedFile, ...] = ()
    text_print: str = ""
    payments: tuple[Trace, ...] = ()


@contextmanager
def client(on_behalf: str = "", known: Mapping[str, str] | None = None) -> Iterator[Client]:
    """Return the client for content: bad certificates are recorded but accepted, proxies as configured. `on_behalf` of
    a report, hosts are asked within their budgets (`budgets.py`). `known` are addresses of hosts whose names lead nowhere."""
    config = config_now()
    policy = Policy(
        allowed_networks=config.fetch_allowed_networks,
        proxy=config.fetch_proxy,
        onion_proxy=config.onion_proxy,
        tls="record",
        browser_headers=as_a_browser,
        may_ask=asker(on_behalf) if on_behalf else None,
    )
    limits = Limits(max_bytes=config.fetch_max_bytes, seconds=config.fetch_seconds)
    with Client(_resolver(known or {}), policy, limits) as made:
        yield made


def _resolver(known: Mapping[str, str]) -> Resolver:
    def resolve(name: str, seconds: float) -> Resolution:
        return Resolution((known[name],)) if name in known else names.resolve(name, seconds)

    return resolve


def as_a_browser(request: BrowserRequest) -> list[tuple[str, str]]:
    """Return a browser's request headers: hosts that check them show us what they show others."""
    return headers_of(request, domain_of)


def fetch_page(
    url: str,
    access: Mapping[str, str] | None = None,
    *,
    most_files: int | None = None,
    first: Collection[str] = (),
    on_behalf: str = "",
    windows: bool = False,
    known: Mapping[str, str] | None = None,
) -> FetchResult:
    """Fetch a page, find what it shows, fingerprint each file in memory (with `windows` where asked) and discard it.

    At most `most_files` (default: the setting) files are fetched, those whose address is in `first` before the others.
    """
    until = time.monotonic() + PAGE_SECONDS
    most = config_now().fetch_max_files if most_files is None else most_files
    with client(on_behalf, known) as asks:
        answer, reason, parts = _page(asks, url, access or {})
        if not _has_content(answer):
            return FetchResult(answer, reason)
        own = _fingerprint(answer.body, windows=windows)
        is_page = own.problem.startswith("decoder_") and (parts.named or _looks_like_html(answer.body))
        if own.media in ("image", "video") and not is_page:
            alone = _seen(answer, own.media, own)
            return FetchResult(answer, reason, own.sha256, 1, (alone,))
        wanted = set(first)
        named = [(one, "image") for one in parts.images] + [(one, "video") for one in parts.videos]
        named.sort(key=lambda one: one[0] not in wanted)
        with ThreadPoolExecutor(AT_ONCE) as crew:
            files = tuple(crew.map(lambda one: _one(asks, one, answer.url, until, windows=windows), named[:most]))
    payments = tuple(trace for line in parts.payments[:MOST_PAYMENTS] if (trace := from_line(line)))
    return FetchResult(answer, reason, own.sha256, parts.named, files, parts.text_print, payments)


def page_now(url: str, access: Mapping[str, str] | None = None) -> Answer | None:
    """Return the page at an address without anything that it shows; None if there is none, or none that could be read
    as a page."""
    with client() as asks:
        answer, _reason, _parts = _page(asks, url, access or {})
    is_page = answer.content_type in _HTML or _looks_like_html(answer.body)
    return answer if _has_content(answer) and is_page else None


def charset_of(answer: Answer) -> str:
    """Return the encoding that the server names, or ""."""
    found = _CHARSET.search(answer.header("content-type"))
    return found[1] if found else ""


def fetch_files(
    named: Sequence[tuple[str, str]], *, page: str, on_behalf: str, windows: bool = False
) -> tuple[FetchedFile, ...]:
    """Fetch and fingerprint files (address and kind) of a page that was fetched before."""
    until = time.monotonic() + PAGE_SECONDS
    with client(on_behalf) as asks, ThreadPoolExecutor(AT_ONCE) as crew:
        return tuple(crew.map(lambda one: _one(asks, one, page, until, windows=windows), named))


def _page(asks: Client, url: str, access: Mapping[str, str]) -> tuple[Answer, str, PageParts]:
    """Fetch the page at an address, following its automatic redirect, or as a visitor coming from its own front page."""
    referrer = access.get("referrer", "")
    answer = asks.get(url, referrer=referrer)
    note = "referrer" if referrer else ""
    if answer.outcome == "answered" and answer.status == 403 and not referrer:
        again = asks.get(url, referrer=_front_page(answer.url))
        if _has_content(again):
            answer, note = again, "referrer"
    reason, parts = _read(answer)
    if not reason and parts.refresh and not parts.named and parts.refresh != answer.url:
        answer = asks.get(parts.refresh, referrer=answer.url)
        reason, parts = _read(answer)
    return answer, reason or note, parts


def _front_page(url: str) -> str:
    return "/".join(url.split("/", 3)[:3]) + "/"


def _has_content(answer: Answer) -> bool:
    return answer.outcome in ("answered", "cut_short") and 200 <= answer.status < 300


def _read(answer: Answer) -> tuple[str, PageParts]:
    """Return why the content is unavailable, and the parts of the page if it is one."""
    if answer.outcome not in ("answered", "cut_short"):
        return answer.outcome, PageParts()
    if not 200 <= answer.status < 300:
        return _reason_of(answer), PageParts()
    if answer.content_type not in _HTML and not _looks_like_html(answer.body):
        return "", PageParts()
    parts = _parts_of(answer, charset_of(answer))
    return (f"page_{parts.code}", PageParts()) if isinstance(parts, sandbox.Finding) else (parts.barrier, parts)


def _parts_of(answer: Answer, charset: str) -> PageParts | sandbox.Finding:
    found = sandbox.call(
        "leeward.hosting.decoders.pages:read_page", answer.body[:MOST_BYTES], LIMITS, url=answer.url, charset=charset
    )
    if isinstance(found, sandbox.Finding):
        is_ours = found.code not in ("silent", "busy") and not pages_are_read()
        return sandbox.Finding("silent") if is_ours else found
    lists = {
        name: tuple(value.decode().split("\n")) if value else ()
        for name, value in found.items()
        if type(value) is bytes
    }
    return PageParts(**(found | lists))


def _reason_of(answer: Answer) -> str:
    if answer.status in (404, 410):
        return "not_there"
    return barrier_of_status(answer.status, answer.body) or "refused"


def _looks_like_html(body: bytes) -> bool:
    return (
        body[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith((b"<!doctype html", b"<html", b"<head", b"<body"))
    )


def _one(asks: Client, named: tuple[str, str], page: str, until: float, *, windows: bool) -> FetchedFile:
    url, kind = named
    left = until - time.monotonic()
    if left <= 0:
        return FetchedFile(url, kind, None, "", "no_time_left")
    wanted: Kind = "video" if kind == "video" else "image"
    answer = asks.get(url, referrer=page, seconds=left, kind=wanted)
    if answer.outcome not in ("answered", "cut_short"):
        return FetchedFile(url, kind, None, "", answer.outcome)
    if not 200 <= answer.status < 300:
        return FetchedFile(url, kind, None, answer.content_type, f"status_{answer.status}")
    return replace(_seen(answer, kind, _fingerprint(answer.body, windows=windows)), url=url)


def _fingerprint(body: bytes, *, windows: bool) -> Fingerprint:
    made = fingerprint(body, config_now().licensed_hashers, altered=True, windows=windows)
    is_fault = made.problem.startswith("decoder_") and made.problem not in FILES_THAT_WAIT
    return replace(made, problem="decoder_silent") if is_fault and not pictures_are_read() else made


def _seen(answer: Answer, kind: str, made: Fingerprint) -> FetchedFile:
    declared = answer.content_type.partition("/")[0]
    problem = made.problem or ("cut_off" if answer.outcome == "cut_short" else "")
    if not problem and declared not in (made.media, "") and answer.content_type not in _ANYTHING:
        problem = "wrong_type"
    return FetchedFile(answer.url, made.media if made.media != "other" else kind, made, answer.content_type, problem)
