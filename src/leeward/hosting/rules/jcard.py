"""Reads the cards of registries' entities: jCard (RFC 7095) as written and as miswritten, JSContact (RFC 9553). Pure; nothing in a
card raises."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from leeward.foundation.patterns import Pattern

type Json = Mapping[str, Any]

MOST_LINES = 20_000
MOST_MAILBOXES = 10
_CODE = Pattern(r"[A-Z]{2}")
_MAILBOX = Pattern(r"[^\s@<>\",;:()]{1,64}@[^\s@<>\",;:()]{1,190}\.[^\s@<>\",;:().]{2,63}")
_TYPES = [[name] for name in ("text", "uri", "date-and-or-time", "language-tag", "unknown")]
# Parts of an address (RFC 6350, 6.3.1) by their place.
STREET, CITY, REGION, POSTCODE, COUNTRY = 2, 3, 4, 5, 6


@dataclass(frozen=True, slots=True)
class Postal:
    """A postal address."""

    street: str = ""
    city: str = ""
    region: str = ""
    postcode: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True)
class Card:
    """What a card says; `mailboxes` are in lower case, without duplicates."""

    name: str = ""
    organisation: str = ""
    mailboxes: tuple[str, ...] = ()
    phone: str = ""
    postal: Postal = Postal()

    @property
    def shown(self) -> str:
        """Return the name, else that of the organisation."""
        return self.name or self.organisation


def text(value: object, most: int = 200) -> str:
    """Return a value as one line of printable text, "" if it is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    if not isinstance(value, str):
        return ""
    return "".join(letter for letter in value[: most * 4] if letter.isprintable()).strip()[:most]


def card_of(entity: Json) -> Card:
    """Read the card of an entity, whichever kind it has; an empty card if it has none."""
    lines: dict[str, list[tuple[Json, list[object]]]] = {}
    for name, parameters, values in _lines(entity.get("vcardArray")):
        lines.setdefault(name, []).append((parameters, values))
    if not lines:
        return _of_contact(
            next((entity[key] for key in ("jscard", "jscontact_card", "jscard_0") if key in entity), None)
        )
    return Card(
        name=_first(lines.get("fn", ())) or _spelt_out(lines.get("n", ())),
        organisation=_first(lines.get("org", ())),
        mailboxes=_mailboxes(value for _, values in lines.get("email", ()) for value in values),
        phone=_phone(lines.get("tel", ())),
        postal=_postal(lines.get("adr", ())),
    )


def _lines(array: object) -> Iterator[tuple[str, Json, list[object]]]:
    """Yield name, parameters and values of each property of one or several cards, however deep they are packed."""
    stack, left = [array], MOST_LINES
    while stack and left > 0:
        left -= 1
        one = stack.pop()
        if not isinstance(one, list):
            continue
        if len(one) > 1 and isinstance(one[0], str) and isinstance(one[1], Mapping):
            has_type = len(one) > 3 or one[2:] in _TYPES  # some leave the type out
            yield one[0].rpartition(".")[2].lower(), one[1], one[3 if has_type else 2 : MOST_LINES]
        else:
            stack += reversed(one[:MOST_LINES])


def _first(lines: Any) -> str:
    for _, values in _preferred(lines):
        for value in values:
            parts = value if isinstance(value, list) else [value]
            if found := " ".join(part for part in map(text, parts[:10]) if part):
                return found[:200]
    return ""


def _preferred(lines: Any) -> list[tuple[Json, list[object]]]:
    """Return the lines with the preferred one first (RFC 6350, 5.3)."""

    def rank(line: tuple[Json, list[object]]) -> int:
        stated = text(line[0].get("pref"))
        return int(stated) if stated.isascii() and stated.isdecimal() else 101

    return sorted(lines, key=rank)


def _spelt_out(lines: Any) -> str:
    """Return a structured name as it is said: given names first."""
    for _, values in lines:
        parts = values[0] if values and isinstance(values[0], list) else values
        family, given = ([*map(text, parts), "", ""])[:2]
        if found := f"{given} {family}".strip():
            return found
    return ""


def _mailboxes(values: Iterator[object]) -> tuple[str, ...]:
    found: dict[str, None] = {}
    for value in values:
        for one in value[:MOST_LINES] if isinstance(value, list) else [value]:
            for match in _MAILBOX.finditer(text(one, 2000).lower()):
                found.setdefault(match[0].split("?")[0])
        if len(found) >= MOST_MAILBOXES:
            break
    return tuple(found)[:MOST_MAILBOXES]


def _phone(lines: Any) -> str:
    """Return the first telephone number that is not only a fax."""
    for parameters, values in _preferred(lines):
        kinds = parameters.get("type")
        kinds = [text(kind).lower() for kind in kinds] if isinstance(kinds, list) else [text(kinds).lower()]
        number = next((found for value in values if (found := text(value))), "")
        if number and kinds != ["fax"]:
            return number.removeprefix("tel:").partition(";")[0]
    return ""


def _postal(lines: Any) -> Postal:
    """Return the first address that says anything; a label's last line is the country."""
    for parameters, values in _preferred(lines):
        parts = values[0] if values and isinstance(values[0], list) else values
        parts = [*parts[:7], *[""] * 7]
        stated = [
            " ".join(filter(None, map(text, part[:5]))) if isinstance(part, list) else text(part) for part in parts
        ]
        label = parameters.get("label")
        last = label.strip().splitlines()[-1:] if isinstance(label, str) else []
        country = text(parameters.get("cc")) or stated[COUNTRY] or text("".join(last))
        found = Postal(stated[STREET], stated[CITY], stated[REGION], stated[POSTCODE], country)
        if found != Postal():
            return found
    return Postal()


def _of_contact(contact: object) -> Card:
    """Read a JSContact card."""
    if not isinstance(contact, Mapping):
        return Card()
    names = contact.get("name")
    streets = list(_members(contact, "addresses"))
    postal = streets[0] if streets else {}
    return Card(
        name=text(names.get("full")) if isinstance(names, Mapping) else "",
        organisation=next(
            (found for one in _members(contact, "organizations") if (found := text(one.get("name")))), ""
        ),
        mailboxes=_mailboxes(one.get("address") for one in _members(contact, "emails")),
        phone=next(
            (found for one in _members(contact, "phones") if (found := text(one.get("number")))), ""
        ).removeprefix("tel:"),
        postal=Postal(country=text(postal.get("countryCode"))),
    )


def _members(contact: Json, name: str) -> list[Json]:
    members = contact.get(name)
    return [one for one in members.values() if isinstance(one, Mapping)][:100] if isinstance(members, Mapping) else []


def country_code(stated: str, names: Mapping[str, str]) -> str:
    """Return the two-letter code of a country that is written as a code or as a name; "" if it is neither. `names` are the
    countries' names by their codes."""
    code = stated.strip().upper()
    if _CODE.fullmatch(code):
        return "GB" if code == "UK" else code
    wanted = " ".join(stated.lower().replace("&", "and").split())
    return next((code for code, name in names.items() if name.lower() == wanted), "")
