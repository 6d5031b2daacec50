"""Reads the answers of WHOIS servers (RFC 3912): free text, in as many forms as there are registries. Pure; no text raises.

The parsers of others were looked at and left: they know more forms, but match text of others with patterns that try again and
again, and take the text about a limit for a record without data.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from typing import Literal

from leeward.foundation.patterns import Pattern
from leeward.hosting.rules.jcard import Card, Postal, country_code, text
from leeward.hosting.rules.rdap import UNSAID, is_day, is_mailbox
from leeward.hosting.rules.registration import Registration, status_words

MOST_LINES = 5000
MOST_VALUES = 20
# What a server that wants to be asked less often writes, instead of a record.
_LIMIT = Pattern(
    r"(?:limit|quota|rate|maximum|allowance)[^\n]{0,60}(?:exceed|reach|over)|exceed[^\n]{0,60}(?:limit|quota|rate|maximum|allow|queries)"
    r"|too many (?:requests|queries|connections)|try again (?:later|in)|temporarily (?:blocked|denied|unavailable)"
    r"|access (?:denied|restricted|blocked)"
    r"|blacklisted|\b%error:201\b|please wait",
    ignore_case=True,
)
_NOTHING = Pattern(
    r"no match|not found|no entries found|no data found|nothing found|no object found|not registered|is free\b|is available"
    r"|status:\s*(?:free|available)|does not exist|no such domain|no information",
    ignore_case=True,
)
_KEY = Pattern(r"^[\s%*#]*\[?([A-Za-z][A-Za-z0-9 ./_()'-]{0,48}?)\]?[ .\t]*(?::|\])[ \t]*(.*)$")
_PADDED = Pattern(r"[^a-z0-9]+")
_SERVER = Pattern(r"^(?:r?whois://)?([a-z0-9-]{1,63}(?:\.[a-z0-9-]{1,63})+)\.?(?:[:/].*)?$", ignore_case=True)
_ISO = Pattern(r"\b([12][0-9]{3})[-/.]?([01][0-9])[-/.]?([0-3][0-9])(?:\b|T)")
_DAY_FIRST = Pattern(r"\b([0-3]?[0-9])(?:st|nd|rd|th)?[-/. ]([01]?[0-9]|[A-Za-z]{3,9})[-/. ]([12][0-9]{3})\b")
_MONTH_FIRST = Pattern(r"\b([A-Za-z]{3,9})\.? +([0-3]?[0-9]),? +([12][0-9]{3})\b")
_NO_NAME = Pattern(r"[:@/\\<>\"'(),;]")
_REGISTERED_ON = Pattern(r"^\s*registered on [0-9]", ignore_case=True)
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_NAMES: dict[str, tuple[str, ...]] = {
    "name": ("domain name", "domain", "nom de domaine", "dominio"),
    "handle": ("registry domain id", "domain id", "roid"),
    "registrar": (
        "registrar", "registrar name", "sponsoring registrar", "registrar organization", "registrar organisation", "current registrar",
        "current registar",
    ),
    "abuse": (
        "registrar abuse contact email", "registrar abuse email", "abuse contact email", "abuse email", "abuse mailbox",
        "registrar abuse contact",
    ),
    "created": (
        "creation date", "created", "created on", "created date", "registered", "registered on", "registration date", "registration time",
        "domain registration date", "domain create date", "domain name commencement date", "domain created", "domain record activated",
        "activated",
    ),
    "expires": (
        "registry expiry date", "registrar registration expiration date", "expiry date", "expiration date", "expires", "expires on", "expire date",
        "expire", "expiration time", "paid till", "renewal date", "validity", "domain expiration date", "domain expires",
    ),
    "status": ("domain status", "status", "registration status", "state", "eppstatus"),
    "server": (
        "name server", "name servers", "nserver", "nameserver", "nameservers", "domain servers",
        "domain nameservers", "host name", "dns servers", "primary server", "secondary server",
    ),
    "holder": ("registrant name", "registrant", "registrant contact name", "holder", "holder c", "owner", "owner name", "domain holder"),
    "organisation": ("registrant organization", "registrant organisation", "registrant contact organisation", "owner organization", "org"),
    "email": ("registrant email", "registrant e mail", "registrant contact email", "owner email", "holder email"),
    "phone": ("registrant phone", "registrant telephone", "registrant contact phone", "owner phone"),
    "street": ("registrant street", "registrant address", "registrant street1", "owner address"),
    "city": ("registrant city", "owner city"),
    "region": ("registrant state province", "registrant state", "owner state"),
    "postcode": ("registrant postal code", "registrant zip", "registrant postcode", "owner postal code"),
    "country": ("registrant country", "registrant country economy", "owner country"),
    "refer": ("refer", "whois", "whois server", "registrar whois server", "referralserver"),
}  # fmt: skip
_FIELD = {key: name for name, keys in _NAMES.items() for key in keys}
# Headings, and what keys mean below them; every other heading ends a part.
_HEADINGS = {
    "domain": "domain", "registrar": "registrar", "registrant": "holder", "holder": "holder", "owner contact": "holder",
    "organization using domain name": "holder",
}  # fmt: skip
_BELOW: dict[tuple[str, str], str] = {
    ("domain", "name"): "name", ("registrar", "name"): "registrar", ("holder", "name"): "holder", ("holder", "organization"): "organisation",
    ("holder", "organisation"): "organisation", ("holder", "organization name"): "organisation", ("holder", "e mail"): "email",
    ("holder", "email"): "email", ("holder", "phone"): "phone", ("holder", "country"): "country", ("holder", "postal code"): "postcode",
    ("holder", "zipcode"): "postcode", ("holder", "city"): "city", ("holder", "state"): "region", ("registrar", "state"): "",
    ("other", "state"): "",
}  # fmt: skip
# A record that names its parties by handles describes each in a paragraph of its own.
_HANDLES = frozenset({"contact", "nic hdl", "nic handle"})
_OF_PARTY = {
    "person": "holder", "role": "holder", "name": "holder", "contact": "holder", "org": "organisation", "organization": "organisation",
    "e mail": "email", "email": "email", "phone": "phone", "country": "country",
}  # fmt: skip

WhoisOutcome = Literal["record", "nothing", "limit", "unread", "silent"]


@dataclass(frozen=True, slots=True)
class WhoisAnswer:
    """What a server wrote: a record, that there is none, that it was asked too often, what can't be read, or nothing at all.
    `referral` is the server that knows more, "" if it names none."""

    outcome: WhoisOutcome
    registration: Registration = field(default_factory=Registration)
    referral: str = ""


def decoded(raw: bytes) -> str:
    """Return an answer as text, whatever it is encoded in; letters outside ASCII may be wrong, the names of fields never are."""
    if b"\x1b$" in raw:
        return raw.decode("iso2022_jp", "replace")
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace")


def read_answer(stated: str) -> WhoisAnswer:
    """Read the answer of a server about a name."""
    found: dict[str, list[str]] = {}
    for name, value in _fields(stated):
        values = found.setdefault(name, [])
        if value not in values and len(values) < MOST_VALUES:
            values.append(value)
    referral = next((server for value in found.get("refer", ()) if (server := server_in(value))), "")
    is_record = bool(found.keys() & {"registrar", "created", "status", "server", "holder", "organisation"})
    is_record = is_record and ("name" in found or len({"registrar", "created", "server"} & found.keys()) > 1)
    if is_record and (party := _party(stated, found.get("holder", ()))):
        found |= party
    limit, nothing = _LIMIT.search(stated[:20_000]), _NOTHING.search(stated[:20_000])
    # What comes after the answer are the terms, which may speak of limits.
    if not is_record and limit and not (nothing and nothing.start() < limit.start()):
        return WhoisAnswer("limit")
    if nothing and not {"registrar", "created", "server"} & found.keys():
        return WhoisAnswer("nothing", referral=referral)
    if not is_record:
        return WhoisAnswer("unread", referral=referral)
    return WhoisAnswer("record", _registration(found), referral)


def is_cut(stated: str) -> bool:
    """Return whether an answer seems to have broken off: its last line is among fields and has no end. WHOIS doesn't say how long an
    answer is."""
    lines = stated.splitlines()[-50:]
    if len(lines) < 2 or stated.endswith("\n") or lines[-1].lstrip().startswith(("%", "#", ">>>")):
        return False
    paragraph = takewhile(lambda line: line.strip(), reversed(lines))
    matches = (_KEY.match(line[:1000]) for line in paragraph)
    return any(match is not None and _field_of(match[1], "") for match in matches)


def server_in(value: str) -> str:
    """Return the host name of the server that a field names, "" if it names none."""
    match = _SERVER.match(value.strip())
    return match[1].lower() if match else ""


def _fields(stated: str) -> Iterator[tuple[str, str]]:
    """Yield what is known by a name of ours. A key without a value counts for the lines below it that are further in; what a
    key means can depend on the heading above it."""
    above: str | None = None
    depth, part, is_after_blank = 0, "", True
    for raw in stated.splitlines()[:MOST_LINES]:
        line = raw[:1000].expandtabs(8).rstrip()
        inside, was_after_blank = len(line) - len(line.lstrip()), is_after_blank
        is_after_blank = not line.strip()
        if is_after_blank:
            above = None
            continue
        match = _KEY.match(line)
        name = _field_of(match[1], part) if match else None
        if name is None and line.lstrip().startswith(("%", "#")):
            above = None
            continue
        if above and name is None and (inside > depth or (above == "registrar" and match is None)):
            yield above, text(line)
            above = above if inside > depth else None
            continue
        above, value = None, text(match[2]) if match else ""
        is_heading = not value if match else was_after_blank
        if is_heading:
            part = _HEADINGS.get(_words(match[1] if match else line), "other")
        if match and name and value:
            yield name, value
            above, depth = ("server", inside) if name == "server" else (None, 0)
        elif name and is_heading:
            above, depth = name, inside
        elif _REGISTERED_ON.match(line):
            yield "created", text(line)


def _field_of(key: str, part: str) -> str | None:
    words = _words(key)
    return _BELOW.get((part, words), _FIELD.get(words))


def _words(key: str) -> str:
    return _PADDED.sub(" ", key.lower()).strip()


def _party(stated: str, holders: Sequence[str]) -> dict[str, list[str]]:
    """Return what the paragraph of the party says by whose handle a record names its holder; nothing if it has none."""
    wanted = next(iter(holders), "")
    if not wanted or " " in wanted:
        return {}
    for paragraph in _paragraphs(stated):
        if not any(key in _HANDLES and value == wanted for key, value in paragraph):
            continue
        found: dict[str, list[str]] = {}
        for key, value in paragraph:
            if (name := _OF_PARTY.get(key)) and value != wanted:
                found.setdefault(name, []).append(value)
        return {name: values[:MOST_VALUES] for name, values in found.items()}
    return {}


def _paragraphs(stated: str) -> Iterator[list[tuple[str, str]]]:
    paragraph: list[tuple[str, str]] = []
    for raw in stated.splitlines()[:MOST_LINES]:
        match = _KEY.match(raw[:1000])
        if match:
            paragraph.append((_words(match[1]), text(match[2])))
        elif not raw.strip():
            yield paragraph
            paragraph = []
    yield paragraph


def _registration(found: dict[str, list[str]]) -> Registration:
    def first(name: str) -> str:
        return next(iter(found.get(name, ())), "")

    holder = Card(
        name=first("holder"),
        organisation=first("organisation"),
        mailboxes=tuple(mail for value in found.get("email", ()) if is_mailbox(mail := value.lower())),
        phone=first("phone"),
        postal=Postal(
            ", ".join(found.get("street", ())), first("city"), first("region"), first("postcode"), first("country")
        ),
    )
    return Registration(
        kind="domain",
        handle=first("handle"),
        name=next(iter(first("name").split()), "").lower().rstrip("."),
        country=country_code(holder.postal.country, {}),
        registrar=first("registrar").partition(" [Tag")[0],
        registrar_abuse=tuple(mail for value in found.get("abuse", ()) if is_mailbox(mail := value.lower())),
        statuses=tuple(dict.fromkeys(words for value in found.get("status", ()) if (words := _status(value)))),
        created=day_in(first("created")),
        expires=day_in(first("expires")),
        nameservers=tuple(dict.fromkeys(filter(_is_name, (_server_name(value) for value in found.get("server", ()))))),
        redacted=tuple(name.capitalize() for name in ("holder", "email", "phone") if UNSAID.search(first(name))),
        holder=holder,
    )


def _server_name(value: str) -> str:
    return value.split(maxsplit=1)[0].lower().rstrip(".")


def _is_name(value: str) -> bool:
    """Return whether it is a host name, and not the address or the handle of a server."""
    return "." in value and not _NO_NAME.search(value) and not value.replace(".", "").isdecimal()


def _status(value: str) -> str:
    return status_words(value.partition("http")[0].partition("(")[0])[:60]


def day_in(value: str) -> str:
    """Return the first day in a text as an ISO date, "" if there is none: 2026-11-28, 20261128, 28-Nov-2026, 28.11.2026, 28th
    November 2026, November 28 2026."""
    if match := _ISO.search(value):
        year, month, day = int(match[1]), int(match[2]), int(match[3])
    elif match := _DAY_FIRST.search(value):
        stated = match[2].lower()[:3]
        month = int(stated) if stated.isdecimal() else _MONTHS.index(stated) + 1 if stated in _MONTHS else 0
        year, day = int(match[3]), int(match[1])
    elif match := _MONTH_FIRST.search(value):
        stated = match[1].lower()[:3]
        month = _MONTHS.index(stated) + 1 if stated in _MONTHS else 0
        year, day = int(match[3]), int(match[2])
    else:
        return ""
    found = f"{year:04}-{month:02}-{day:02}"
    return found if is_day(found) else ""
