"""Reads a partner's response policy zone without building a zone: a million rules in seconds, each bad line by itself.

A name with its wildcard is a domain, a name alone a host. Exceptions (`rpz-passthru.`), rules on addresses and a wildcard without its
name are reported, never guessed.
"""

import re
from collections.abc import Iterator

from leeward.blocklist.rules import sentences
from leeward.blocklist.rules.partners import (
    BadLine,
    LineRefused,
    PartnerLine,
    PartnerList,
    collected,
    decoded_lines,
    entry_of,
)
from leeward.blocklist.rules.scopes import Scope
from leeward.ground.said import Said
from leeward.hosting.rules.urls import shortened

_COMMENT = re.compile(r'^((?:[^;"\\]|\\.|"(?:[^"\\]|\\.)*")*);.*$')
_ODD = re.compile(r"\\(?:(\d{3})|(.))|([^a-z0-9._*-])")
_HEADS = frozenset({"SOA", "NS", "DNSKEY", "RRSIG", "NSEC", "NSEC3", "NSEC3PARAM", "ZONEMD"})
_ANSWERS = frozenset({"CNAME", "A", "AAAA", "TXT", "DNAME", "MX"})
_TRIGGERS = ("rpz-ip", "rpz-client-ip", "rpz-nsdname", "rpz-nsip")
_NOT_BLOCKING = frozenset({"rpz-passthru.", "rpz-tcp-only."})


def read_rpz(content: bytes) -> PartnerList:
    """Read the text of a zone."""
    names: dict[str, int] = {}
    wild: dict[str, int] = {}
    bad: list[BadLine] = []
    for number, line, owner, kind, value in _records(content):
        try:
            name = _rule(owner, kind, value)
        except LineRefused as error:
            bad.append(BadLine(number, shortened(line), error.why))
            continue
        if name.startswith("*."):
            wild.setdefault(name[2:], number)
        elif name:
            names.setdefault(name, number)
    rows: list[PartnerLine | BadLine] = [*bad]
    for name, number in names.items():
        rows.append(_row(number, Scope.DOMAIN if name in wild else Scope.HOST, name))
    for name in wild.keys() - names.keys():
        rows.append(BadLine(wild[name], "*." + name, Said(sentences.LONE_WILDCARD)))
    rows.sort(key=lambda row: row.line)
    return collected(rows)


def _row(number: int, scope: Scope, name: str) -> PartnerLine | BadLine:
    try:
        return PartnerLine(number, entry_of(scope, name))
    except LineRefused as error:
        return BadLine(number, shortened(name), error.why)


def _records(content: bytes) -> Iterator[tuple[int, str, str, str, str]]:
    """Yield line number, line, owner (relative to the zone, or absolute with a dot), type and value of each record."""
    origin, apex, owner, depth = "", "", "", 0
    for number, line in enumerate(decoded_lines(content), 1):
        text = _without_comment(line)
        is_inside, depth = depth > 0, max(0, depth + text.count("(") - text.count(")"))
        words = text.split()
        if is_inside or not words:
            continue
        if words[0].startswith("$"):
            origin = _absolute(words[1].lower(), origin) if words[0].upper() == "$ORIGIN" and words[1:] else origin
            continue
        if text[0] not in " \t":
            owner = _absolute(words.pop(0).lower(), origin)
        while words and (words[0].isdigit() or words[0].upper() == "IN"):
            words.pop(0)
        kind = words[0].upper() if words else ""
        if kind == "SOA":
            apex = owner
        yield number, line, _relative(owner, apex or origin), kind, " ".join(words[1:])


def _without_comment(line: str) -> str:
    if ";" not in line:
        return line
    match = _COMMENT.match(line)
    return match[1] if match else line


def _absolute(name: str, origin: str) -> str:
    if name == "@":
        return origin or "@"
    return name if name.endswith(".") or not origin else f"{name}.{origin.removeprefix('.')}"


def _relative(owner: str, apex: str) -> str:
    if owner == apex:
        return "@"
    return owner.removesuffix("." + apex) if apex and owner.endswith("." + apex) else owner


def _rule(owner: str, kind: str, value: str) -> str:
    """Return the name that a record blocks, "" for the zone's own records; raises LineRefused."""
    if kind in _HEADS or owner == "@":
        return ""
    if kind not in _ANSWERS:
        raise LineRefused(Said(sentences.NO_RECORD))
    if not value:
        raise LineRefused(Said(sentences.NO_VALUE))
    if value.lower() in _NOT_BLOCKING:
        raise LineRefused(Said(sentences.EXCEPTION))
    if owner.endswith("."):
        raise LineRefused(Said(sentences.OUTSIDE))
    if owner.endswith(_TRIGGERS):
        raise LineRefused(Said(sentences.OTHER_TRIGGER))
    return _ODD.sub(_as_percent, owner)


def _as_percent(match: re.Match[str]) -> str:
    """An escaped or unusual character as an address has it."""
    code, letter, plain = match.groups()
    if code and int(code) > 255:
        raise LineRefused(Said(sentences.BAD_ESCAPE))
    if letter == "." or code == "046":
        raise LineRefused(Said(sentences.DOT_IN_LABEL))
    raw = bytes((int(code),)) if code else (letter or plain).encode("utf-8", "surrogateescape")
    return "".join(f"%{byte:02X}" for byte in raw)
