"""Parses registries' answers (RDAP, RFC 9082 and 9083): names, countries, contacts, dates. Pure; nothing in an answer
raises."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from leeward.foundation.patterns import Pattern

MOST_DEPTH = 6
_COUNTRY = Pattern(r"[A-Z]{2}")
_DAY = Pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EMAIL = Pattern(r"^[^\s@<>\"]{1,64}@[^\s@<>\"]{1,190}\.[^\s@<>\".]{2,63}$")
# Mailboxes that registries print for every network; writing there reaches nobody.
_PLACEHOLDERS = Pattern(
    r"(?:^|[.@])(?:example\.(?:com|net|org)|apnic\.net|ripe\.net|arin\.net|lacnic\.net|afrinic\.net)$"
)
# Placeholders for a withheld name, which would link everybody who withholds theirs.
_UNSAID = Pattern(
    r"redact|privacy|private|protect|prox(?:y|ies)|withheld|disclos|mask|whois|anonym|unknown|\bn/?a\b|not applicable|data subject",
    ignore_case=True,
)

type Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class NetworkFacts:
    """What a registry says about an IP network."""

    name: str
    handle: str
    country: str
    holder: str
    asn: int | None
    abuse_emails: tuple[str, ...]
    parent_url: str


@dataclass(frozen=True, slots=True)
class DomainFacts:
    """What a registry says about a registered name."""

    name: str
    registrar: str
    registrar_abuse_emails: tuple[str, ...]
    created: str
    status: tuple[str, ...]
    owner_emails: tuple[str, ...]
    registrant: str
    redacted: bool


def network_facts(answer: Json) -> NetworkFacts:
    """Parse an `ip network` object; the abuse contact is found at any depth, since registries nest it differently."""
    origins = answer.get("arin_originas0_originautnums")
    asn = next((value for value in origins if isinstance(value, int)), None) if isinstance(origins, list) else None
    return NetworkFacts(
        name=_text(answer.get("name")),
        handle=_text(answer.get("handle")),
        country=country_of(answer),
        holder=_name_of_role(answer, ("registrant", "administrative")),
        asn=asn,
        abuse_emails=emails_of_role(answer, "abuse"),
        parent_url=_link(answer, "up"),
    )


def autnum_emails(answer: Json) -> tuple[str, ...]:
    """Return the abuse contacts of an `autnum` object."""
    return emails_of_role(answer, "abuse")


def domain_facts(answer: Json) -> DomainFacts:
    """Parse a `domain` object."""
    registrars = [entity for entity in _entities(answer) if "registrar" in _roles(entity)]
    emails: list[str] = []
    for registrar in registrars:
        emails += [email for email in emails_of_role(registrar, "abuse") if email not in emails]
    status = answer.get("status")
    return DomainFacts(
        name=_text(answer.get("ldhName")),
        registrar=next((name for registrar in registrars if (name := _card(registrar, "fn"))), ""),
        registrar_abuse_emails=tuple(emails),
        created=event_date(answer, "registration"),
        status=tuple(_text(value) for value in status[:20]) if isinstance(status, list) else (),
        owner_emails=emails_of_role(answer, "registrant", nested=False)
        or emails_of_role(answer, "administrative", nested=False),
        registrant=_registrant(answer),
        redacted=bool(answer.get("redacted")),
    )


def _registrant(answer: Json) -> str:
    """Return the registrant of the name, or "" if withheld."""
    for entity in _entities(answer, MOST_DEPTH - 1):
        if "registrant" in _roles(entity) and (name := " ".join(_card(entity, "fn").split())):
            return "" if _UNSAID.search(name) else name
    return ""


def country_of(answer: Json) -> str:
    """Return the two-letter country of a network or number, or ''."""
    country = _text(answer.get("country")).upper()
    return country if _COUNTRY.fullmatch(country) and country not in {"EU", "AP", "ZZ"} else ""


def event_date(answer: Json, action: str) -> str:
    """Return the date (ISO, ten characters) of an event, or ''."""
    events = answer.get("events")
    for event in events if isinstance(events, list) else []:
        if isinstance(event, Mapping) and _text(event.get("eventAction")) == action:
            date = _text(event.get("eventDate"))[:10]
            return date if _DAY.fullmatch(date) else ""
    return ""


def emails_of_role(answer: Json, role: str, *, nested: bool = True) -> tuple[str, ...]:
    """Return the e-mail addresses of entities with a role, without duplicates and placeholders; at any depth if `nested`."""
    found: list[str] = []
    for entity in _entities(answer, 0 if nested else MOST_DEPTH - 1):
        if role in _roles(entity):
            email = _card(entity, "email").lower()
            if is_mailbox(email) and email not in found:
                found.append(email)
    return tuple(found[:10])


def is_mailbox(email: str) -> bool:
    """Return whether an address could be read by somebody who can act."""
    return bool(_EMAIL.match(email)) and not _PLACEHOLDERS.search(email)


def _entities(answer: Json, depth: int = 0) -> Iterator[Json]:
    entities = answer.get("entities")
    if depth >= MOST_DEPTH or not isinstance(entities, list):
        return
    for entity in entities[:100]:
        if isinstance(entity, Mapping):
            yield entity
            yield from _entities(entity, depth + 1)


def _roles(entity: Json) -> tuple[str, ...]:
    roles = entity.get("roles")
    return tuple(_text(role).lower() for role in roles) if isinstance(roles, list) else ()


def _name_of_role(answer: Json, roles: tuple[str, ...]) -> str:
    for entity in _entities(answer):
        if set(roles) & set(_roles(entity)) and (name := _card(entity, "fn")):
            return name
    return ""


def _card(entity: Json, wanted: str) -> str:
    """Return a property of an entity's jCard."""
    card = entity.get("vcardArray")
    if not (isinstance(card, list) and len(card) > 1 and isinstance(card[1], list)):
        return ""
    for line in card[1][:100]:
        if isinstance(line, list) and len(line) > 3 and line[0] == wanted:
            value = _text(line[3] if isinstance(line[3], str) else "")
            if value:
                return value
    return ""


def _link(answer: Json, relation: str) -> str:
    links = answer.get("links")
    for link in links if isinstance(links, list) else []:
        if isinstance(link, Mapping) and link.get("rel") == relation and isinstance(link.get("href"), str):
            return str(link["href"])[:2000]
    return ""


def _text(value: object) -> str:
    return "".join(letter for letter in value if letter.isprintable()).strip()[:200] if isinstance(value, str) else ""
