"""A hotline's card, as hotlines give it to each other: who it is, what it is for, where it is reached, its keys. Pure."""

import base64
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from jsonschema import Draft202012Validator

from leeward.exchange.rules.signing import KEY_BYTES
from leeward.foundation.lazy_text import LazyText as _
from leeward.people.rules.names import tidy_name

MOST_CARD = 20_000
MOST_URL = 300
# What a hotline can do that not every one can.
COMPETENCES = {
    "onion": _("Onion services"),
    "peer_to_peer": _("Peer-to-peer networks"),
    "newsgroups": _("Newsgroups"),
    "payments": _("Payments"),
}
_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["version", "identifier", "name", "url", "countries", "languages", "competences", "keys"],
    "additionalProperties": False,
    "properties": {
        "version": {"const": 1},
        "identifier": {"type": "string", "pattern": r"^[0-9a-f]{32}(?![\s\S])"},
        "name": {"type": "string", "pattern": r"^[^\u0000-\u001f\u007f\ud800-\udfff]{1,200}(?![\s\S])"},
        "url": {"type": "string", "pattern": rf"^https?://[!-~]{{4,{MOST_URL - 8}}}(?![\s\S])"},
        "countries": {
            "type": "array",
            "minItems": 1,
            "maxItems": 60,
            "uniqueItems": True,
            "items": {"type": "string", "pattern": r"^[A-Z]{2}(?![\s\S])"},
        },
        "languages": {
            "type": "array",
            "maxItems": 30,
            "uniqueItems": True,
            "items": {"type": "string", "pattern": r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}(?![\s\S])"},
        },
        # A newer version may know more of them than we do; those are left out.
        "competences": {
            "type": "array",
            "maxItems": 30,
            "uniqueItems": True,
            "items": {"type": "string", "pattern": r"^[a-z_]{1,30}(?![\s\S])"},
        },
        "keys": {
            "type": "array",
            "minItems": 1,
            "maxItems": 3,
            "uniqueItems": True,
            "items": {"type": "string", "pattern": r"^[A-Za-z0-9+/]{43}=(?![\s\S])"},
        },
    },
}
_VALIDATOR = Draft202012Validator(_SCHEMA)


class CardUnusable(Exception):
    """It is no card of a hotline."""


@dataclass(frozen=True, slots=True)
class Card:
    """What a hotline says of itself; `keys` are its public keys, the newest first."""

    identifier: str
    name: str
    url: str
    countries: tuple[str, ...]
    languages: tuple[str, ...]
    competences: tuple[str, ...]
    keys: tuple[bytes, ...]


def write_card(card: Card) -> bytes:
    """Return a card as JSON."""
    plain = {
        "version": 1,
        "identifier": card.identifier,
        "name": card.name,
        "url": card.url,
        "countries": list(card.countries),
        "languages": list(card.languages),
        "competences": list(card.competences),
        "keys": [base64.b64encode(key).decode() for key in card.keys],
    }
    return json.dumps(plain, ensure_ascii=False).encode()


def read_card(body: bytes) -> Card:
    """Return the card that somebody sent. Raises CardUnusable."""
    if len(body) > MOST_CARD:
        raise CardUnusable
    try:
        found = json.loads(body.decode())
    except (ValueError, RecursionError) as error:
        raise CardUnusable from error
    if not _VALIDATOR.is_valid(found) or not _is_plain(found["url"]):
        raise CardUnusable
    keys = tuple(base64.b64decode(key) for key in found["keys"])
    if {len(key) for key in keys} != {KEY_BYTES}:
        raise CardUnusable
    return Card(
        identifier=found["identifier"],
        name=tidy_name(found["name"]) or found["identifier"],
        url=found["url"],
        countries=tuple(found["countries"]),
        languages=tuple(found["languages"]),
        competences=tuple(one for one in found["competences"] if one in COMPETENCES),
        keys=keys,
    )


def _is_plain(url: str) -> bool:
    """Whether an address names a host and a path, and nothing that could be a password or a question."""
    try:
        parts = urlsplit(url)
        _port = parts.port
    except ValueError:
        return False
    return bool(parts.hostname) and not (parts.username or parts.password or parts.query or parts.fragment)
