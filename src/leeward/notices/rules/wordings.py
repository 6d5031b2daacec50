"""A hotline's own words for its messages: plain text with named places to fill, nothing that could be run. Pure."""

import difflib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from leeward.foundation.patterns import Match, Pattern

Kind = Literal["police", "host", "owner", "upstream", "registrar", "abroad"]
KINDS: tuple[Kind, ...] = ("police", "host", "owner", "upstream", "registrar", "abroad")
MOST_SUBJECT = 150
MOST_BODY = 10_000

_NOTICE = (
    "hotline",
    "count",
    "finding",
    "addresses",
    "why",
    "keep",
    "link",
    "page",
    "behind",
    "law",
    "number",
    "email",
    "mark",
)
_POLICE = (
    "police",
    "hotline",
    "opening",
    "urgent",
    "reference",
    "received",
    "address",
    "place",
    "words",
    "summary",
    "opinions",
    "hashes",
    "follows",
    "link",
    "email",
    "mark",
)
_ABROAD = ("hotline", "country", "count", "finding", "addresses", "law", "link", "email", "mark")
VARIABLES: dict[Kind, tuple[str, ...]] = {
    "police": _POLICE,
    "host": _NOTICE,
    "owner": _NOTICE,
    "upstream": _NOTICE,
    "registrar": _NOTICE,
    "abroad": _ABROAD,
}
# One line each: what a subject may hold.
IN_SUBJECT = frozenset({"hotline", "count", "reference", "number", "country", "police"})
_PLACE = Pattern(r"\{\{|\}\}|\{([^{}\n]{0,40})\}|[{}]")


@dataclass(frozen=True, slots=True)
class Fault:
    """What is wrong with a wording: a word for it, and the place it is about."""

    what: Literal["unknown", "not_in_subject", "missing", "brace", "empty", "too_long"]
    name: str = ""


class Choosable(Protocol):
    """A wording that is in force."""

    kind: str
    country: str
    language: str


def needed(kind: Kind) -> tuple[str, ...]:
    """The places that a message of this kind can't do without: what it is about, and where to answer; for the police also why it is
    urgent and what is known."""
    return ("urgent", "address", "summary", "link") if kind == "police" else ("addresses", "link")


def missing(kind: Kind, body: str) -> list[str]:
    """Those of them that a text has no place for."""
    there = {match[1] for match in _PLACE.finditer(body)}
    return [name for name in needed(kind) if name not in there]


def faults(kind: Kind, subject: str, body: str) -> list[Fault]:
    """Everything that is wrong with a wording; empty where it may be saved."""
    found: list[Fault] = []
    if not subject.strip() or not body.strip():
        found.append(Fault("empty"))
    if len(subject) > MOST_SUBJECT or len(body) > MOST_BODY:
        found.append(Fault("too_long"))
    known = VARIABLES[kind]
    for text, is_subject in ((subject, True), (body, False)):
        for match in _PLACE.finditer(text):
            name = match[1]
            if match[0] in ("{", "}"):
                found.append(Fault("brace", text[max(match.start() - 10, 0) : match.end() + 10].strip()))
            elif name is not None and name not in known:
                found.append(Fault("unknown", name))
            elif name is not None and is_subject and name not in IN_SUBJECT:
                found.append(Fault("not_in_subject", name))
    found += [Fault("missing", name) for name in missing(kind, body)]
    return list(dict.fromkeys(found))


def filled(text: str, values: Mapping[str, str]) -> str:
    """The text with its places filled, in one pass: what is put in is never checked again. Unknown places become empty."""

    def put(match: Match[str]) -> str:
        if match[0] in ("{{", "}}"):
            return match[0][0]
        return values.get(match[1] or "", "")

    return _PLACE.sub(put, text)


def tags_of(languages: Iterable[str]) -> list[str]:
    """The languages of a contact as they are tried: each, then without its region."""
    return list(dict.fromkeys(tag for wanted in languages for tag in (wanted, wanted.partition("-")[0]) if tag))


def choose[W: Choosable](
    own: Sequence[W], *, kind: str, country: str, languages: Iterable[str], shipped: Collection[str]
) -> tuple[W | None, str]:
    """The wording and language for a message: for each language of the contact the one of the country, else the one for every
    country, else the shipped text; after all of them English. No wording means the shipped text."""
    by_place = {(one.language, one.country): one for one in own if one.kind == kind}
    for tag in [*tags_of(languages), "en"]:
        for where in (country.upper(), ""):
            if (tag, where) in by_place:
                return by_place[tag, where], tag
        if tag in shipped:
            return None, tag
    return None, "en"


def differences(before: str, after: str) -> list[tuple[Literal["same", "gone", "new"], str]]:
    """The lines of two texts, each said to be in both, gone, or new."""
    signs: dict[str, Literal["same", "gone", "new"]] = {"  ": "same", "- ": "gone", "+ ": "new"}
    return [
        (signs[line[:2]], line[2:])
        for line in difflib.ndiff(before.splitlines(), after.splitlines())
        if line[:2] in signs
    ]
