"""Shifts as an iCalendar file (RFC 5545). Pure.

Times are in UTC, so no zone has to be described; an entry keeps its identifier as long as its shift begins when it did.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from leeward.oncall.rules.rota import Span

MOST_BYTES = 75  # of a line
_STAMP = "%Y%m%dT%H%M%SZ"


@dataclass(frozen=True, slots=True)
class Entry:
    """A shift: when, its title, and the words that with its beginning identify it."""

    span: Span
    title: str
    key: str


def calendar_text(name: str, entries: Iterable[Entry], host: str, now: datetime) -> str:
    """Return a calendar with these entries, whose times are in UTC."""
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Leeward//On call//EN", f"X-WR-CALNAME:{_escaped(name)}"]
    for one in entries:
        starts = f"{one.span.starts:{_STAMP}}"
        lines += [
            "BEGIN:VEVENT",
            f"UID:{one.key}-{starts}@{host}",
            f"DTSTAMP:{now:{_STAMP}}",
            f"DTSTART:{starts}",
            f"DTEND:{one.span.ends:{_STAMP}}",
            f"SUMMARY:{_escaped(one.title)}",
            "END:VEVENT",
        ]
    lines.append("END:VCALENDAR")
    return "".join(f"{_folded(line)}\r\n" for line in lines)


def _escaped(text: str) -> str:
    for mark in "\\;,":
        text = text.replace(mark, f"\\{mark}")
    return " ".join(text.split())


def _folded(line: str) -> str:
    """Break a line after at most 75 bytes, never inside a character."""
    parts: list[str] = []
    part = ""
    for letter in line:
        if len((part + letter).encode()) > MOST_BYTES - (1 if parts else 0):
            parts.append(part)
            part = ""
        part += letter
    return "\r\n ".join([*parts, part])
