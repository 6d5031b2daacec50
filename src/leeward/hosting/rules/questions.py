"""What a registry is asked about: a name, an address or network, the number of a system, or a party by its handle. Pure."""

import ipaddress
from dataclasses import dataclass
from typing import Literal

import ada_url

from leeward.foundation.patterns import Pattern

_NUMBER = Pattern(r"as[n]?\s*([0-9]{1,10})", ignore_case=True)
_HANDLE = Pattern(r"[A-Za-z0-9_-]{1,80}-[A-Za-z0-9]{1,20}")
_NAME = Pattern(r"[a-z0-9_-]{1,63}(?:\.[a-z0-9_-]{1,63})*")
MOST_NUMBER = 4_294_967_295
MOST_NAME = 253


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked: the path of its kind (RFC 9082) and the key within it."""

    kind: Literal["domain", "ip", "autnum", "entity"]
    key: str


def question_of(text: str) -> Question | None:
    """Return what a text asks about: `name.example`, its web address, `192.0.2.1`, `2001:db8::/32`, `AS64500` or a handle such
    as `ABC1-RIPE`; None if it is none of these."""
    text = text.strip()
    if match := _NUMBER.fullmatch(text):
        return Question("autnum", str(int(match[1]))) if int(match[1]) <= MOST_NUMBER else None
    if network := _network(text):
        return Question("ip", network)
    if _HANDLE.fullmatch(text):
        return Question("entity", text.upper())
    name = _host(text)
    if network := _network(name.strip("[]")):
        return Question("ip", network)
    return Question("domain", name) if len(name) <= MOST_NAME and _NAME.fullmatch(name) else None


def _network(text: str) -> str:
    try:
        if "/" in text:
            return str(ipaddress.ip_network(text, strict=False))
        return str(ipaddress.ip_address(text))
    except ValueError:
        return ""


def _host(text: str) -> str:
    """Return the host name of a name or a web address in its ASCII form, "" if it can't be one."""
    try:
        if "://" in text:
            return ada_url.URL(text).hostname.rstrip(".")
        return str(ada_url.idna_to_ascii(text.rstrip(".")).decode()).lower()
    except ValueError:
        return ""
