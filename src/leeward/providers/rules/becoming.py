"""A line as the report that it becomes: where, in which words, how urgent, and with which others it is one. Pure."""

import hashlib
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from leeward.foundation.lazy_text import LazyText as _
from leeward.intake.rules.draft import ReportDraft
from leeward.intake.rules.typed import MOST_CHARACTERS, MOST_WHERE_CHARACTERS
from leeward.intake.rules.urgency import MOST_REASON
from leeward.intake.rules.where import item_drafts
from leeward.providers.rules.line import Line

URGENT_CLASS = "P1"
REASONS = {
    "danger": _("the provider says that a child is in danger"),
    "class": _("the provider put it into its most urgent class"),
}
_MOST_HASHES = 20


def raised_by(*, is_danger: bool, priority: str) -> str:
    """Return why a line is urgent, or "". Neither the number of lines nor a known hash makes one urgent."""
    if is_danger:
        return "danger"
    return "class" if priority == URGENT_CLASS else ""


def fold_of(line: Line, *, provider: int, arrived: datetime) -> str:
    """Return what lines about one thing have in common: a provider's, with the same first file at the same address and of the
    same accounts in one week; "" for a line with neither file nor address, which is folded with none. Without a file the whole
    address counts: what differs after the question mark is another film."""
    first = line.hashes[0][1].lower() if line.hashes else ""
    place = line.addresses[0] if line.addresses else ""
    place = _without_query(place) if first else place
    if not place and not first:
        return ""
    year, week, _day = arrived.isocalendar()
    accounts = [f"{service} {name}" for service, name in line.accounts]
    return hashlib.sha256("\n".join((str(provider), first, place, f"{year}-{week}", *accounts)).encode()).hexdigest()[
        :32
    ]


def _without_query(address: str) -> str:
    try:
        parts = urlsplit(address)
    except ValueError:
        return address
    return f"{parts.scheme}://{parts.netloc.lower()}{parts.path}" if parts.netloc else address


def place_in(stated: Mapping[str, Any]) -> str:
    """Return where a line's content is: its addresses and accounts, else the hash of its first file, else ""."""
    accounts = [
        f"{one.get('name') or one.get('id')} on {one['service']}"
        for one in stated.get("accounts", ())
        if one.get("service") and (one.get("name") or one.get("id"))
    ]
    places = list(dict.fromkeys([*stated.get("addresses", ()), *accounts]))
    text = "\n".join(places)
    if len(text) > MOST_WHERE_CHARACTERS:
        text = text[:MOST_WHERE_CHARACTERS].rpartition("\n")[0]
    if text:
        return text
    hashes = [value for one in stated.get("files", ()) for kind, value in one["hashes"].items() if kind != "pdq"]
    return str(hashes[0]) if hashes else ""


def report_of(canonical: str, *, incident: str, provider: str, raised: str, reason: str) -> ReportDraft:
    """Return the report of a line; `reason` is why it is urgent, in words."""
    stated: Mapping[str, Any] = json.loads(canonical)
    where = place_in(stated)
    return ReportDraft(
        kind="page",
        items=item_drafts(where, {}),
        where=where,
        text=text_of(stated, incident=incident, provider=provider),
        is_marked=bool(raised),
        marked_because=reason[:MOST_REASON] if raised else "",
    )


def text_of(stated: Mapping[str, Any], *, incident: str, provider: str) -> str:
    """Return what somebody reads of a line in the case: how a program names things, in the order in which they matter."""
    lines = [f"{incident} {provider}"]
    if stated.get("kind", "first") != "first":
        lines.append(f"{stated['kind']} of {stated['of']}")
    lines += [
        f"{name}: {stated[name]}" for name in ("reference", "priority", "known_at", "cybertip") if stated.get(name)
    ]
    lines.append(stated.get("words") or "")
    lines += [
        " ".join(("account", *(f"{name}:{one[name]}" for name in sorted(one)))) for one in stated.get("accounts", ())
    ]
    for one in stated.get("files", ())[:_MOST_HASHES]:
        viewed = {True: "viewed", False: "not viewed"}.get(one.get("viewed"), "")
        hashes = [f"{kind}:{value}" for kind, value in one["hashes"].items()]
        lines.append(
            " ".join(part for part in (one.get("name", ""), one.get("classification", ""), viewed, *hashes) if part)
        )
    for one in stated.get("events", ()):
        lines.append(" ".join(str(one[name]) for name in ("at", "kind", "ip", "port", "account") if name in one))
    return "\n".join(line for line in lines if line)[:MOST_CHARACTERS]
