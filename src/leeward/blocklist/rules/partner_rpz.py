"""Parse a partner's response policy zone without building a zone: a million rules in seconds, with errors reported per
line.

A name with its wildcard is a domain, a name alone a host. Exceptions (`rpz-passthru.`), rules on addresses and a
wildcard without its name are reported, never guessed.
"""

from collections import deque
from collections.abc import Iterator
from itertools import islice

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
from leeward.foundation.lazy_text import LazyText
from leeward.foundation.patterns import Pattern
from leeward.hosting.rules.urls import shortened

_COMMENT = Pattern(r'^((?:[^;"\\]|\\.|"(?:[^"\\]|\\.)*")*);.*$')
_USUAL = frozenset("abcdefghijklmnopqrstuvwxyz0123456789._*-")
_MOST_OF_ORIGIN = 1020  # 255 bytes, each escaped
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
        rows.append(BadLine(wild[name], "*." + name, LazyText(sentences.LONE_WILDCARD)))
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
        words = deque(text.split())
        if is_inside or not words:
            continue
        if words[0].startswith("$"):
            origin = _origin(words, origin)
            continue
        if text[0] not in " \t":
            owner = _absolute(words.popleft().lower(), origin)
        while words and (words[0].isdigit() or words[0].upper() == "IN"):
            words.popleft()
        kind = words[0].upper() if words else ""
        if kind == "SOA":
            apex = owner
        yield number, line, _relative(owner, apex or origin), kind, " ".join(islice(words, 1, None))


def _without_comment(line: str) -> str:
    if ";" not in line:
        return line
    match = _COMMENT.match(line)
    return line[: match.end(1)] if match else line


def _origin(words: deque[str], origin: str) -> str:
    """Return the origin for relative names after a line that begins with a dollar sign."""
    if words[0].upper() != "$ORIGIN" or len(words) < 2:
        return origin
    named = _absolute(words[1].lower(), origin)
    return named if len(named) <= _MOST_OF_ORIGIN else origin


def _absolute(name: str, origin: str) -> str:
    if name == "@":
        return origin or "@"
    return name if name.endswith(".") or not origin else f"{name}.{origin.removeprefix('.')}"


def _relative(owner: str, apex: str) -> str:
    if owner == apex:
        return "@"
    return owner.removesuffix("." + apex) if apex else owner


def _rule(owner: str, kind: str, value: str) -> str:
    """Return the name that a record blocks, "" for the zone's own records; raises LineRefused."""
    if kind in _HEADS or owner == "@":
        return ""
    if kind not in _ANSWERS:
        raise LineRefused(LazyText(sentences.NO_RECORD))
    if not value:
        raise LineRefused(LazyText(sentences.NO_VALUE))
    if value.lower() in _NOT_BLOCKING:
        raise LineRefused(LazyText(sentences.EXCEPTION))
    if owner.endswith("."):
        raise LineRefused(LazyText(sentences.OUTSIDE))
    if owner.endswith(_TRIGGERS):
        raise LineRefused(LazyText(sentences.OTHER_TRIGGER))
    return _unescaped(owner)


def _unescaped(owner: str) -> str:
    """Return the name in the form of an address, with escaped or unusual characters as percent escapes; raises
    LineRefused.
    """
    made, at = [], 0
    while at < len(owner):
        letter = owner[at]
        if letter == "\\" and at + 1 < len(owner):
            code = owner[at + 1 : at + 4]
            code = code if len(code) == 3 and code.isascii() and code.isdecimal() else ""
            letter = owner[at + 1]
            at += 3 if code else 1
            if letter == "." or code == "046":
                raise LineRefused(LazyText(sentences.DOT_IN_LABEL))
            made.append(_as_percent(code, letter))
        else:
            made.append(letter if letter in _USUAL else _as_percent("", letter))
        at += 1
    return "".join(made)


def _as_percent(code: str, letter: str) -> str:
    if code and int(code) > 255:
        raise LineRefused(LazyText(sentences.BAD_ESCAPE))
    raw = bytes((int(code),)) if code else letter.encode("utf-8", "surrogateescape")
    return "".join(f"%{byte:02X}" for byte in raw)
