"""What came of a question to a registry, and how long it wants to be left alone. Pure; nothing that comes raises."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

type Json = Mapping[str, Any]

MOST_BYTES = 4_000_000
# How long a registry is left alone that asks for it without saying how long, and at most.
REST_SECONDS, MOST_REST_SECONDS = 300.0, 86_400.0
# What registries label their answers with beside JSON; a page for people is no answer, whatever is in it.
_TYPES = frozenset({"", "text/plain", "application/octet-stream"})
PROBLEMS = {
    "no_registry": "No registry is known for it.",
    "nothing": "The registry knows nothing of it.",
    "later": "The registry asks to be asked later.",
    "refused": "The registry refuses to answer.",
    "wrong_type": "It is not the answer of a registry: it is of the wrong type.",
    "not_json": "It is not the answer of a registry: it is not JSON.",
    "something_else": "It is not the answer of a registry: it is about something else.",
    "too_large": "It is not the answer of a registry: it is too large.",
    "packed_too_well": "It is not the answer of a registry: it is too large.",
    "too_many_redirects": "The registry leads round in circles.",
    "forbidden_address": "The registry leads to an address that is not public.",
    "forbidden_scheme": "The registry leads to an address without TLS.",
    "timed_out": "The registry did not answer in time.",
}
SILENT = "The registry could not be asked."


@dataclass(frozen=True, slots=True)
class RegistryReply:
    """The object that came, or why none did: a code of `PROBLEMS`, or an outcome of the client. After `later` the registry wants
    to be left alone for so many seconds."""

    answer: Json | None = None
    problem: str = ""
    rest_seconds: float = 0.0


def read_object(body: bytes, content_type: str = "") -> RegistryReply:
    """Return the JSON object in a body."""
    if "json" not in content_type and content_type not in _TYPES:
        return RegistryReply(problem="wrong_type")
    try:
        found = json.loads(body)
    except (ValueError, RecursionError):
        return RegistryReply(problem="not_json")
    return RegistryReply(found) if isinstance(found, dict) else RegistryReply(problem="wrong_type")


def rest_in(stated: str, now: datetime) -> float:
    """Return for how many seconds a registry wants to be left alone: a number of seconds, or a date (RFC 9110, 10.2.3)."""
    stated = stated.strip()
    seconds = REST_SECONDS
    if stated.isascii() and stated.isdecimal():
        seconds = float(stated[:9])
    elif stated:
        try:
            at = parsedate_to_datetime(stated)
            seconds = (at.replace(tzinfo=at.tzinfo or UTC) - now).total_seconds()
        except (ValueError, TypeError, OverflowError):
            seconds = REST_SECONDS
    return min(max(seconds, 1.0), MOST_REST_SECONDS)
