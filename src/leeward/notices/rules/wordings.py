"""A hotline's own texts for its messages: plain text with named placeholders, and nothing executable. Pure."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

from leeward.foundation.patterns import Match, Pattern

Kind = Literal[
    "police", "host", "owner", "upstream", "registrar", "abroad", "payment",
    "name_registrar", "name_registry", "name_police", "name_data", "name_accuracy", "name_icann",
]  # fmt: skip
KINDS: tuple[Kind, ...] = (
    "police", "host", "owner", "upstream", "registrar", "abroad", "payment",
    "name_registrar", "name_registry", "name_police", "name_data", "name_accuracy", "name_icann",
)  # fmt: skip
# Letters to our own police: a change of their text waits for a second person.
TO_POLICE: frozenset[str] = frozenset({"police", "name_police", "name_data"})
MOST_SUBJECT = 150
MOST_BODY = 10_000

_NOTICE = (
    "hotline",
    "count",
    "finding",
    "addresses",
    "why",
    "keep",
    "deadline",
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
_PAYMENT = ("hotline", "kind", "payee", "details", "weak", "deadline", "link", "email", "mark")
_NAME = ("hotline", "name", "registrar", "basis", "answer_by", "link", "email", "mark")
_NAME_WITH_ADDRESS = (*_NAME[:3], "finding", "addresses", *_NAME[3:])
VARIABLES: dict[Kind, tuple[str, ...]] = {
    "police": _POLICE,
    "host": _NOTICE,
    "owner": _NOTICE,
    "upstream": _NOTICE,
    "registrar": _NOTICE,
    "abroad": _ABROAD,
    "payment": _PAYMENT,
    "name_registrar": _NAME_WITH_ADDRESS,
    "name_registry": _NAME_WITH_ADDRESS,
    "name_police": _NAME_WITH_ADDRESS,
    "name_data": _NAME_WITH_ADDRESS,
    "name_accuracy": (*_NAME[:3], "odd", *_NAME[3:]),
    "name_icann": _NAME,
}
_NEEDED: dict[Kind, tuple[str, ...]] = {
    "police": ("urgent", "address", "summary", "link"),
    "payment": ("payee", "weak", "link"),
    "name_registrar": ("name", "addresses", "link"),
    "name_registry": ("name", "addresses", "link"),
    "name_police": ("name", "registrar", "addresses", "link"),
    "name_data": ("name", "registrar", "addresses", "link"),
    "name_accuracy": ("name", "odd", "link"),
    "name_icann": ("name", "registrar", "link"),
}
# Single-line values, which a subject may contain.
IN_SUBJECT = frozenset({"hotline", "count", "reference", "number", "country", "police", "kind", "name"})
_PLACE = Pattern(r"\{\{|\}\}|\{([^{}\n]{0,40})\}|[{}]")


@dataclass(frozen=True, slots=True)
class Fault:
    """An error in a text: a name for it, and the placeholder concerned."""

    what: Literal["unknown", "not_in_subject", "missing", "brace", "empty", "too_long"]
    name: str = ""


class Choosable(Protocol):
    """A text that is in force."""

    kind: str
    country: str
    language: str


def needed(kind: Kind) -> tuple[str, ...]:
    """Return the placeholders that a message of this kind must have: what it is about, and where to answer; for the
    police also why it is urgent and what is known, for a payment firm whether it may be the wrong account."""
    return _NEEDED.get(kind, ("addresses", "link"))


def missing(kind: Kind, body: str) -> list[str]:
    """Return those of them that a text lacks."""
    there = {match[1] for match in _PLACE.finditer(body)}
    return [name for name in needed(kind) if name not in there]


def faults(kind: Kind, subject: str, body: str) -> list[Fault]:
    """Return every error in a text; empty if it may be saved."""
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
    """Return the text with its placeholders filled in a single pass: inserted values are never scanned again. Unknown
    placeholders become empty."""

    def put(match: Match[str]) -> str:
        if match[0] in ("{{", "}}"):
            return match[0][0]
        return values.get(match[1] or "", "")

    return _PLACE.sub(put, text)


def tags_of(languages: Iterable[str]) -> list[str]:
    """Return a contact's languages in the order in which they are tried: each one, then without its region."""
    return list(dict.fromkeys(tag for wanted in languages for tag in (wanted, wanted.partition("-")[0]) if tag))


def choose[W: Choosable](
    own: Sequence[W], *, kind: str, country: str, languages: Iterable[str], shipped: Collection[str]
) -> tuple[W | None, str]:
    """Return the text and language for a message: for each language of the contact the country's text, else the one for
    all countries, else the shipped text; finally English. No own text means the shipped one."""
    by_place = {(one.language, one.country): one for one in own if one.kind == kind}
    for tag in [*tags_of(languages), "en"]:
        for where in (country.upper(), ""):
            if (tag, where) in by_place:
                return by_place[tag, where], tag
        if tag in shipped:
            return None, tag
    return None, "en"
