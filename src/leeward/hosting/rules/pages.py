"""What a page shows and links to, and what prevents access to it. Pure; `decoders/pages.py` parses pages."""

from dataclasses import dataclass

from leeward.foundation.patterns import Pattern

MOST_ADDRESSES = 5000
MOST_BYTES = 5_000_000  # of a page; its tree takes many times as much memory
BARRIERS = ("log_in", "script", "password", "referrer", "geo_blocked", "forbidden", "too_many_requests")
_GEO_HINTS = Pattern(
    rb"(?:not (?:available|accessible|permitted)|blocked|unavailable)[^.<]{0,40}(?:country|region|location|territory)",
    ignore_case=True,
)


@dataclass(frozen=True, slots=True)
class PageParts:
    """Absolute addresses in the order of the page, without duplicates; at most 5,000 of a kind.

    `named` counts every picture and video that the page names, `barrier` is "" or a code of `BARRIERS`, `words` is the
    fingerprint of the page's visible words (`text_print.py`), `payments` what it asks money for, a line each
    (`payments/rules/records.py`).
    """

    images: tuple[str, ...] = ()
    videos: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    named: int = 0
    refresh: str = ""
    barrier: str = ""
    text_print: str = ""
    payments: tuple[str, ...] = ()


def barrier_of_status(status: int, body: bytes = b"") -> str:
    """Return why a status denies us the content, or ""; a refusal that mentions countries is a geo-block."""
    if status == 403 and _GEO_HINTS.search(body[:50_000]):
        return "geo_blocked"
    return {
        401: "password",
        402: "log_in",
        403: "forbidden",
        407: "log_in",
        429: "too_many_requests",
        451: "geo_blocked",
    }.get(status, "")
