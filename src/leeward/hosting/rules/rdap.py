"""Parses registries' answers (RDAP, RFC 9082 and 9083): names, countries, contacts, dates. Pure; nothing in an answer
raises."""

import ipaddress
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from leeward.foundation.patterns import Pattern
from leeward.hosting.rules.bootstrap import in_ascii
from leeward.hosting.rules.jcard import Card, card_of, country_code, text
from leeward.hosting.rules.questions import Question
from leeward.hosting.rules.registration import Registration, status_words
from leeward.hosting.rules.registry_answers import MOST_BYTES, PROBLEMS, RegistryReply, read_object

# Of one answer: entities looked at, however deep they are nested.
MOST_ENTITIES = 5000
MOST_SHOWN = 200
_COUNTRY = Pattern(r"[A-Z]{2}")
_DAY = Pattern(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_EMAIL = Pattern(r"^[^\s@<>\"]{1,64}@[^\s@<>\"]{1,190}\.[^\s@<>\".]{2,63}$")
# Mailboxes that registries print for every network; writing there reaches nobody.
_PLACEHOLDERS = Pattern(
    r"(?:^|[.@])(?:example\.(?:com|net|org)|apnic\.net|ripe\.net|arin\.net|lacnic\.net|afrinic\.net)$"
)
# Placeholders for a withheld name, which would link everybody who withholds theirs.
UNSAID = Pattern(
    r"redact|privacy|private|protect|prox(?:y|ies)|withheld|disclos|mask|whois|anonym|unknown|\bn/?a\b|not applicable|not shown|data subject",
    ignore_case=True,
)
_WITHHELD = Pattern(r"redact|truncated due to authorization|withheld", ignore_case=True)
_RESULTS = ("domainSearchResults", "entitySearchResults", "nameserverSearchResults")
# The classes of objects (RFC 9083) by what is asked for.
CLASSES = {"domain": "domain", "ip": "ip network", "autnum": "autnum", "entity": "entity"}
_CLASSES = (*CLASSES.values(), "nameserver")
# What tells the class of an object that doesn't say it.
_SIGNS = (
    ("ip network", "startAddress"),
    ("autnum", "startAutnum"),
    ("nameserver", "ipAddresses"),
    ("domain", "ldhName"),
    ("domain", "unicodeName"),
    ("entity", "vcardArray"),
)
# What an answer of any kind may have, whatever it is about.
_OF_ANY = frozenset({"objectClassName", "rdapConformance", "notices", "lang"})

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
    """What a registry says about a registered name; `registration` is all of it, `asked_at` when it answered."""

    name: str
    registrar: str
    registrar_abuse_emails: tuple[str, ...]
    created: str
    status: tuple[str, ...]
    owner_emails: tuple[str, ...]
    registrant: str
    redacted: bool
    registration: Registration = Registration()  # noqa: RUF009 - it is frozen
    source: str = "RDAP"
    asked_at: datetime | None = None


def registrations(answer: object, *, countries: Mapping[str, str] | None = None) -> list[Registration]:
    """Return what an answer says: one object, or each result of a search. `countries` are their names by their codes, for
    registries that write a name. What is no answer, or an error, is one with an `error`."""
    if not isinstance(answer, Mapping):
        return [Registration(error="It is not the answer of a registry: it is no JSON object.")]
    for results in _RESULTS:
        if isinstance(found := answer.get(results), list):
            objects = [one for one in found[:MOST_SHOWN] if isinstance(one, Mapping)]
            return [_registration(one, countries or {}) for one in objects]
    if answer.get("errorCode") is not None:
        words = [text(answer.get("errorCode"), 20), text(answer.get("title")), *_texts(answer.get("description"))]
        stated = " ".join(dict.fromkeys(word for word in words if word))
        return [Registration(kind="error", error=f"The registry answers: {stated}"[:500])]
    found_one = _registration(answer, countries or {})
    return (
        [found_one]
        if found_one.kind
        else [Registration(error="It is not the answer of a registry: it names no object.")]
    )


def registrations_in(body: bytes, *, countries: Mapping[str, str] | None = None) -> list[Registration]:
    """Return what an answer in a file says."""
    reply = read_object(body) if len(body) <= MOST_BYTES else RegistryReply(problem="too_large")
    if reply.answer is None:
        return [Registration(error=PROBLEMS[reply.problem])]
    return registrations(reply.answer, countries=countries)


def _registration(answer: Json, countries: Mapping[str, str]) -> Registration:
    kind = _class_of(answer)
    is_registrar = kind == "entity" and "registrar" in _roles(answer)
    registrars = (
        [answer] if is_registrar else [one for one in _entities(answer, nested=False) if "registrar" in _roles(one)]
    )
    registrar_abuse = dict.fromkeys(mail for one in registrars for mail in emails_of_role(one, "abuse"))
    holder = card_of(answer) if kind == "entity" else _holder(answer)
    abuse = emails_of_role(answer, "abuse", but_not="registrar" if kind == "domain" else "")
    if kind == "entity" and "abuse" in _roles(answer):
        abuse = tuple(dict.fromkeys([*filter(is_mailbox, holder.mailboxes), *abuse]))
    if is_registrar:
        abuse = ()
    return Registration(
        kind=kind,
        handle=text(answer.get("handle")),
        name=_name_of(answer, kind, holder),
        country=country_of(answer) or country_code(holder.postal.country, countries),
        registrar=next((name for one in registrars if (name := card_of(one).shown)), ""),
        registrar_abuse=tuple(registrar_abuse)[:10],
        abuse=abuse[:10],
        statuses=tuple(words for one in _texts(answer.get("status"))[:20] if (words := status_words(one))),
        created=event_date(answer, "registration"),
        expires=event_date(answer, "expiration"),
        nameservers=_nameservers(answer),
        redacted=redactions(answer),
        holder=holder,
    )


def is_about(answer: Json, question: Question) -> bool:
    """Return whether an answer is about what was asked: an object of that kind which, as far as it says so, has that name or holds that
    address or number. An error is about nothing, and so is what says nothing beyond what kind of object it is."""
    if answer.get("errorCode") is not None or _class_of(answer) != CLASSES[question.kind] or not set(answer) - _OF_ANY:
        return False
    if question.kind == "domain":
        return in_ascii(_name_of(answer, "domain", Card())) in ("", in_ascii(question.key))
    if question.kind == "ip":
        return _holds(
            answer.get("startAddress"), ipaddress.ip_network(question.key, strict=False), answer.get("endAddress")
        )
    if question.kind == "autnum":
        first, last = answer.get("startAutnum"), answer.get("endAutnum")
        return not (isinstance(first, int) and isinstance(last, int)) or first <= int(question.key) <= last
    return True


def _holds(first: object, network: ipaddress.IPv4Network | ipaddress.IPv6Network, last: object) -> bool:
    try:
        ends = [ipaddress.ip_address(text(one)) for one in (first, last)]
    except ValueError:
        return True
    if any(one.version != network.version for one in ends):
        return False
    return int(ends[0]) <= int(network.network_address) <= int(ends[1])


def _class_of(answer: Json) -> str:
    stated = text(answer.get("objectClassName")).lower()
    return stated if stated in _CLASSES else next((kind for kind, sign in _SIGNS if sign in answer), "")


def _name_of(answer: Json, kind: str, holder: Card) -> str:
    if kind in ("domain", "nameserver"):
        return (text(answer.get("ldhName"), 255) or text(answer.get("unicodeName"), 255)).lower().rstrip(".")
    return holder.shown if kind == "entity" else text(answer.get("name"))


def _holder(answer: Json) -> Card:
    cards = [card_of(one) for one in _entities(answer, nested=False) if "registrant" in _roles(one)]
    return cards[0] if cards else Card()


def _nameservers(answer: Json) -> tuple[str, ...]:
    servers = answer.get("nameservers")
    listed = servers[:MOST_SHOWN] if isinstance(servers, list) else []
    names = (text(one.get("ldhName") or one.get("unicodeName"), 255) for one in listed if isinstance(one, Mapping))
    return tuple(dict.fromkeys(name.lower().rstrip(".") for name in names if name))[:20]


def redactions(answer: Json) -> tuple[str, ...]:
    """Return what is withheld, as the registry calls it (RFC 9537); of older registries, the parties whose remarks or names
    say that something is."""
    listed = answer.get("redacted")
    names = (
        [_redacted(one) for one in listed[:MOST_SHOWN] if isinstance(one, Mapping)] if isinstance(listed, list) else []
    )
    if not names:
        names = [
            role.capitalize()
            for one in _entities(answer, nested=False)
            if _is_withheld(one)
            for role in _roles(one)[:1]
        ]
    return tuple(dict.fromkeys(name for name in names if name))


def _redacted(one: Json) -> str:
    name = one.get("name")
    stated = text(name.get("description")) or text(name.get("type")) if isinstance(name, Mapping) else text(name)
    return stated or next(
        (path for key in ("prePath", "postPath", "replacementPath") if (path := text(one.get(key)))), ""
    )


def _is_withheld(entity: Json) -> bool:
    remarks = entity.get("remarks")
    listed = [one for one in remarks[:20] if isinstance(one, Mapping)] if isinstance(remarks, list) else []
    stated = [text(one.get(key)) for one in listed for key in ("title", "type")]
    return any(_WITHHELD.search(one) for one in [*stated, card_of(entity).name])


def network_facts(answer: Json) -> NetworkFacts:
    """Parse an `ip network` object; the abuse contact is found at any depth, since registries nest it differently."""
    origins = answer.get("arin_originas0_originautnums")
    asn = next((value for value in origins if isinstance(value, int)), None) if isinstance(origins, list) else None
    return NetworkFacts(
        name=text(answer.get("name")),
        handle=text(answer.get("handle")),
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
    return facts_of(_registration(answer, {}), owner_emails=owner_emails(answer))


def owner_emails(answer: Json) -> tuple[str, ...]:
    """Return the mailboxes of a name's registrant, else of who administers it; not those of its registrar's people."""
    return emails_of_role(answer, "registrant", nested=False) or emails_of_role(answer, "administrative", nested=False)


def facts_of(
    registration: Registration,
    *,
    owner_emails: tuple[str, ...],
    source: str = "RDAP",
    asked_at: datetime | None = None,
) -> DomainFacts:
    """Return the facts of a registered name that other parts act on."""
    holder = " ".join(registration.holder.shown.split())
    return DomainFacts(
        name=registration.name,
        registrar=registration.registrar,
        registrar_abuse_emails=registration.registrar_abuse,
        created=registration.created,
        status=registration.statuses,
        owner_emails=owner_emails,
        registrant="" if UNSAID.search(holder) else holder,
        redacted=bool(registration.redacted),
        registration=registration,
        source=source,
        asked_at=asked_at,
    )


def country_of(answer: Json) -> str:
    """Return the two-letter country of a network or number, or ''."""
    country = text(answer.get("country")).upper()
    return country if _COUNTRY.fullmatch(country) and country not in {"EU", "AP", "ZZ"} else ""


def event_date(answer: Json, action: str) -> str:
    """Return the date (ISO, ten characters) of an event, or ''."""
    events = answer.get("events")
    for event in events[:MOST_SHOWN] if isinstance(events, list) else []:
        if isinstance(event, Mapping) and text(event.get("eventAction")).lower() == action:
            day = text(event.get("eventDate"))[:10]
            if _DAY.fullmatch(day) and is_day(day):
                return day
    return ""


def is_day(text: str) -> bool:
    """Return whether a day that is written as an ISO date exists."""
    try:
        date.fromisoformat(text)
    except ValueError:
        return False
    return True


def emails_of_role(answer: Json, role: str, *, nested: bool = True, but_not: str = "") -> tuple[str, ...]:
    """Return the e-mail addresses of entities with a role, without duplicates and placeholders; at any depth if `nested`, but
    not those within a party of the role `but_not`."""
    found: dict[str, None] = {}
    for entity in _entities(answer, nested=nested, but_not=but_not):
        if role in _roles(entity):
            found |= dict.fromkeys(filter(is_mailbox, card_of(entity).mailboxes))
    return tuple(found)[:10]


def is_mailbox(email: str) -> bool:
    """Return whether an address could be read by somebody who can act."""
    return bool(_EMAIL.match(email)) and not _PLACEHOLDERS.search(email)


def related_url(answer: Json) -> str:
    """Return where the registrar says more about a name than its registry does, or ""."""
    links = answer.get("links")
    for link in links[:MOST_SHOWN] if isinstance(links, list) else []:
        if isinstance(link, Mapping) and link.get("rel") == "related" and "rdap" in text(link.get("type")):
            return text(link.get("href"), 2000)
    return ""


def _entities(answer: Json, *, nested: bool, but_not: str = "") -> Iterator[Json]:
    """Yield the entities of an object in the order of the answer, each before those within it."""
    stack, left = list(reversed(_within(answer))), MOST_ENTITIES
    while stack and left:
        entity, left = stack.pop(), left - 1
        if but_not and but_not in _roles(entity):
            continue
        yield entity
        if nested:
            stack += reversed(_within(entity))


def _within(answer: Json) -> list[Json]:
    entities = answer.get("entities")
    listed = entities[:MOST_ENTITIES] if isinstance(entities, list) else [entities]
    return [entity for entity in listed if isinstance(entity, Mapping)]


def _roles(entity: Json) -> tuple[str, ...]:
    return tuple(role.lower() for role in _texts(entity.get("roles")))


def _texts(value: object) -> list[str]:
    """Return the texts of a list; some registries write one without its list."""
    listed = value[:MOST_SHOWN] if isinstance(value, list) else [value]
    return [found for one in listed if (found := text(one))]


def _name_of_role(answer: Json, roles: tuple[str, ...]) -> str:
    for entity in _entities(answer, nested=False):
        if set(roles) & set(_roles(entity)) and (name := card_of(entity).shown):
            return name
    return ""


def _link(answer: Json, relation: str) -> str:
    links = answer.get("links")
    for link in links if isinstance(links, list) else []:
        if isinstance(link, Mapping) and link.get("rel") == relation and isinstance(link.get("href"), str):
            return str(link["href"])[:2000]
    return ""
