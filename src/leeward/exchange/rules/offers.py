"""An item of a case as it is offered to another hotline. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from leeward.exchange.rules.wire import text_of


@dataclass(frozen=True, slots=True)
class Offer:
    """What another hotline would be told of an item: never content, and nothing about whoever reported it.

    `grade` is one of `FIRST_GRADES`; `facts` are an assessor's (None: nobody assessed it); `hashes` are (kind, value);
    `item` and `path` say where it comes from. `text` is for whoever reads it there, in `language`.
    """

    item: str
    path: tuple[str, ...]
    kind: str
    address: str
    grade: str
    country: str = ""
    facts: Mapping[str, Any] | None = None
    hashes: tuple[tuple[str, str], ...] = ()
    is_urgent: bool = False
    received_at: datetime | None = None
    text: str = ""
    language: str = ""
    hosting: Mapping[str, Any] = field(default_factory=dict)


def report_of(offer: Offer) -> dict[str, Any]:
    """Return an offer as the details of a report."""
    hosting = ({"country": offer.country} if offer.country else {}) | dict(offer.hosting)
    report: dict[str, Any] = {
        "item": offer.item,
        "path": list(offer.path),
        "location": {"kind": offer.kind, "address": offer.address},
        "hosting": hosting,
        "facts": None if offer.facts is None else dict(offer.facts),
        "hashes": [{"kind": kind, "value": value} for kind, value in offer.hashes],
        "is_urgent": offer.is_urgent,
    }
    if offer.received_at is not None:
        report["received_at"] = text_of(offer.received_at)
    comment = {"text": offer.text, "language": offer.language} if offer.text else {}
    return {"report": report, **comment}
