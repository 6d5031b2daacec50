"""An address as an X-ARF 4 report (`content/csam`): the few fields that its schema requires and our text states anyway.
Pure.

X-ARF wants one report per incident, and its convention for e-mail one report per message. It accompanies the text for
people and contains nothing that could be evidence: no content, no hash, no reporter.
"""

import hashlib
import hmac
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import ada_url

from leeward.foundation.patterns import Pattern
from leeward.notices.rules.briefs import CaseBrief

VERSION = "4.2.0"
# Abuse desks and registries; owners of sites and police read the text for people.
WITH_XARF = frozenset({"host", "upstream", "registrar"})
CLASSIFICATIONS = ("A1", "A2", "B1", "B2", "baseline")
MEDIA = ("image", "video", "audio", "text")
# What the schema accepts as a domain: no IP address, no punycode in the last label, no capitals.
_DOMAIN = Pattern(r"([a-z0-9]+(-[a-z0-9]+)*\.)+[a-z]{2,}")
_COUNTRY = Pattern(r"[A-Z]{2}")


@dataclass(frozen=True, slots=True)
class Desk:
    """The reporting party: a hotline's name and its contact address."""

    name: str
    email: str


def is_reportable(brief: CaseBrief) -> bool:
    """Return whether a case has everything that a report needs: a definite class, and a web address."""
    return brief.classification in CLASSIFICATIONS and web_address(brief.address) is not None


def report(
    brief: CaseBrief, *, desk: Desk, report_id: str, ip: str = "", asn: str = "", link: str = ""
) -> dict[str, Any]:
    """Return the report of a case that `is_reportable`, ready for JSON."""
    url = web_address(brief.address)
    if url is None:
        raise ValueError("not an address on the web")
    party = {"org": desk.name[:200], "contact": desk.email, "domain": desk.email.rpartition("@")[2]}
    host = url.hostname.strip("[]")
    made: dict[str, Any] = {
        "xarf_version": VERSION,
        "report_id": report_id,
        "timestamp": brief.received_at.isoformat(timespec="seconds").replace("+00:00", "Z"),
        "reporter": party,
        "sender": party,
        "source_identifier": ip or host,
        "category": "content",
        "type": "csam",
        "url": url.href,
        "classification": brief.classification,
        "detection_method": "hash_match" if brief.was_known else "manual_review",
        "description": f"Reference {brief.reference}." + (f" Answer without an account: {link}" if link else ""),
    }
    if len(host) <= 253 and _DOMAIN.fullmatch(host):
        made["domain"] = host
    if brief.media in MEDIA:
        made["media_type"] = brief.media
    if brief.country and _COUNTRY.fullmatch(brief.country):
        made["country_code"] = brief.country
    number = asn.strip().upper().removeprefix("AS")
    if number.isascii() and number.isdecimal() and 1 <= int(number[:11]) <= 4294967295:
        made["asn"] = int(number)
    return made


def report_id(secret: bytes, number: int) -> str:
    """Return the identifier of the report about one address of a notice; it stays the same however often the message is
    made."""
    digest = hmac.new(secret, f"leeward xarf {number}".encode(), hashlib.sha256).digest()
    return str(UUID(bytes=digest[:16], version=4))


def feedback_of(user_agent: str) -> str:
    """Return the part between text and report (RFC 5965) that tells a program what follows."""
    return f"Feedback-Type: xarf\r\nUser-Agent: {user_agent}\r\nVersion: 1\r\n"


def web_address(address: str) -> ada_url.URL | None:
    """Return an address if it is one on the web."""
    try:
        read = ada_url.URL(address)
    except ValueError:
        return None
    return read if read.protocol in ("http:", "https:") and read.hostname else None
