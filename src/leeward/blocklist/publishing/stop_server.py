"""The stop page for every host name and URL, for operators that point blocked names at us.

Clients believe that they are talking to another site. So this server offers nothing but the page: no routes, no
cookies, no desk, no redirect. It never reads the request, repeats no name from it, and records only a daily count.
"""

import gzip
import hashlib
import logging
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings
from django.utils.translation.trans_real import parse_accept_lang_header

from leeward.blocklist.publishing.services.stopping import count_shown
from leeward.blocklist.publishing.stop_page import Part, in_one_file, only_portal, parts_of, style
from leeward.people.queries import portals_open

log = logging.getLogger(__name__)
_STATUS = "451 Unavailable For Legal Reasons"
_FRESH_SECONDS = 60.0
_RETRY_SECONDS = 5.0
_PLAIN = (
    b"<!DOCTYPE html><html lang=en><meta charset=utf-8><title>451</title><h1>This page is blocked</h1>"
    b"<p>This address is on a list of sites that show the sexual abuse of children, so your provider has blocked it."
)


@dataclass(frozen=True, slots=True)
class _Page:
    """The page with one language first, as sent to clients."""

    plain: bytes
    packed: bytes


class StopServer:
    """A WSGI application that answers everything with 451 and the stop page of a portal (by default the only one)."""

    def __init__(self, slug: str = "") -> None:
        self._slug = slug
        self._lock = threading.Lock()
        self._pages: dict[str, _Page] = {}
        self._style_hash = b64encode(hashlib.sha256(style().encode()).digest()).decode()
        self._good_until = 0.0

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer any request."""
        page = self._page(str(environ.get("HTTP_ACCEPT_LANGUAGE", ""))[:200])
        is_packed = "gzip" in str(environ.get("HTTP_ACCEPT_ENCODING", ""))[:200]
        body = page.packed if is_packed else page.plain
        headers = [*self._headers(), ("Content-Length", str(len(body)))]
        if is_packed:
            headers.append(("Content-Encoding", "gzip"))
        if "text/html" in str(environ.get("HTTP_ACCEPT", "")):  # a picture embedded in a page is not a reader
            count_shown(datetime.now(UTC).date())
        start_response(_STATUS, headers)
        return [] if environ.get("REQUEST_METHOD") == "HEAD" else [body]

    def _headers(self) -> list[tuple[str, str]]:
        style_rule = f"style-src 'sha256-{self._style_hash}'"
        rules = f"default-src 'none'; {style_rule}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
        return [
            ("Content-Type", "text/html; charset=utf-8"),
            ("Cache-Control", "no-store"),
            ("Content-Security-Policy", rules),
            ("Link", f'<{settings.LEEWARD.base_url}/>; rel="blocked-by"'),
            ("Referrer-Policy", "no-referrer"),
            ("Vary", "Accept-Language, Accept-Encoding"),
            ("X-Content-Type-Options", "nosniff"),
            ("X-Robots-Tag", "noindex"),
        ]

    def _page(self, languages: str) -> _Page:
        with self._lock:
            if time.monotonic() >= self._good_until:
                self._make()
            pages = self._pages
        for tag, _weight in parse_accept_lang_header(languages.lower()):
            found = pages.get(tag) or pages.get(tag.partition("-")[0])
            if found:
                return found
        return next(iter(pages.values()), _Page(_PLAIN, gzip.compress(_PLAIN)))

    def _make(self) -> None:
        """Render the page again; while the database is unavailable, keep the last one."""
        try:
            portal = next((row for row in portals_open() if row.slug == self._slug), None) or only_portal()
            parts = parts_of(portal)
            name = portal.name if portal else ""
            self._pages = {part.tag: _page_of(_with_first(parts, part), name) for part in parts}
            self._good_until = time.monotonic() + _FRESH_SECONDS
        except Exception:
            log.warning("stop_page.not_made", exc_info=True)
            self._good_until = time.monotonic() + _RETRY_SECONDS


def _with_first(parts: list[Part], first: Part) -> list[Part]:
    return [first, *(part for part in parts if part is not first)]


def _page_of(parts: list[Part], name: str) -> _Page:
    plain = in_one_file(parts, name).encode()
    return _Page(plain, gzip.compress(plain))
