"""A browser's headers, in its order: hosts that check them show us what they show its users.

As Firefox 140 on Linux sends them over HTTP/1.1 for a page that somebody opens, and for a picture or video of a page.
Over plain HTTP it sends no `Sec-Fetch-*` and accepts fewer encodings. Pure.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

Kind = Literal["page", "image", "video"]
AGENT = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
LANGUAGES = "en-US,en;q=0.5"
ACCEPT: dict[str, str] = {
    "page": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    "image": "image/avif,image/webp,image/png,image/svg+xml,image/*;q=0.8,*/*;q=0.5",
    "video": "video/webm,video/ogg,video/*;q=0.9,application/ogg;q=0.7,audio/*;q=0.6,*/*;q=0.5",
}
PRIORITY: dict[str, str] = {"page": "u=0, i", "image": "u=5, i", "video": "u=4"}
PACKED, PACKED_SECURE = "gzip, deflate", "gzip, deflate, br, zstd"


@dataclass(frozen=True, slots=True)
class BrowserRequest:
    """One request: what is wanted, its scheme and host (with a non-default port), and the page it comes from."""

    kind: Kind
    scheme: str
    host: str
    referrer: str = ""


def headers_of(request: BrowserRequest, domain_of: Callable[[str], str]) -> list[tuple[str, str]]:
    """Return the headers of a request in order. `domain_of` returns the registrable domain of a host name, which
    decides what is the same site."""
    is_page, is_secure = request.kind == "page", request.scheme == "https"
    sent = [
        ("Host", request.host),
        ("User-Agent", AGENT),
        ("Accept", ACCEPT[request.kind]),
        ("Accept-Language", LANGUAGES),
    ]
    if request.kind != "video":
        sent.append(("Accept-Encoding", PACKED_SECURE if is_secure else PACKED))
    referrer = request.referrer if is_page else trimmed(request.referrer, request)
    sent += [("Referer", referrer)] if referrer else []
    sent.append(("Connection", "keep-alive"))
    sent += [("Upgrade-Insecure-Requests", "1")] if is_page else []
    if is_secure:
        sent.append(("Sec-Fetch-Dest", "document" if is_page else request.kind))
        sent.append(("Sec-Fetch-Mode", "navigate" if is_page else "no-cors"))
        sent.append(("Sec-Fetch-Site", site_of(request, domain_of)))
        sent += [("Sec-Fetch-User", "?1")] if is_page else []
    if request.kind == "video":
        sent.append(("Accept-Encoding", "identity"))
    sent.append(("Priority", PRIORITY[request.kind]))
    return sent


def trimmed(referrer: str, request: BrowserRequest) -> str:
    """Return the referrer under `strict-origin-when-cross-origin`: the whole address to its own origin, else the
    origin, and nothing from a secure page to an insecure one."""
    parts = urlsplit(referrer)
    if not parts.netloc or (parts.scheme == "https" and request.scheme == "http"):
        return ""
    if (parts.scheme, parts.netloc.lower()) == (request.scheme, request.host.lower()):
        return referrer
    return f"{parts.scheme}://{parts.netloc}/"


def site_of(request: BrowserRequest, domain_of: Callable[[str], str]) -> str:
    """Return the relation of the requested host to the page: the value of `Sec-Fetch-Site`."""
    parts = urlsplit(request.referrer)
    if not parts.netloc:
        return "none"
    if (parts.scheme, parts.netloc.lower()) == (request.scheme, request.host.lower()):
        return "same-origin"
    here, there = _name(parts.netloc), _name(request.host)
    return "same-site" if parts.scheme == request.scheme and domain_of(here) == domain_of(there) else "cross-site"


def _name(host: str) -> str:
    return (urlsplit(f"//{host}").hostname or "").rstrip(".")
