"""What gateways post when a text message has come, read strictly. Pure.

Gateways sign nothing that would prove a sender, so a number is only ever what somebody may have made up. Pictures are
never read: what counts is whether there was one.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from leeward.intake.rules.typed import FEWEST_DIGITS, MOST_CHARACTERS, MOST_DIGITS, clean

SHAPES = ("plain", "rapidpro")
MOST_BYTES = 20_000  # of a request; a text of several parts has about 1,600 letters
MOST_ID = 100
_SENDERS = ("from", "sender", "msisdn", "number", "From")
_TEXTS = ("text", "message", "Body")
_IDS = ("id", "message_id", "uuid", "MessageSid")
_MEDIA = ("attachments", "media", "MediaUrl0", "media_url", "image", "images")


@dataclass(frozen=True, slots=True)
class Incoming:
    """One text message as a gateway posted it. `sender`: a number, or a name by which the gateway knows somebody;
    `number`: the same if it can be called, else "". `has_picture`: it came with a picture, which was not read.
    """

    sender: str
    number: str
    text: str
    message_id: str
    has_picture: bool

    @property
    def can_be_answered(self) -> bool:
        """Return whether somebody may be behind it: services with a name or a short number answer each other for ever."""
        return bool(self.sender)


def read_plain(fields: Mapping[str, Any]) -> Incoming:
    """Read a form, or an object of the same fields."""
    number = _number(_first(fields, _SENDERS))
    has_picture = any(fields.get(name) for name in _MEDIA) or _first(fields, ("NumMedia",)) not in ("", "0")
    return Incoming(number, number, _first(fields, _TEXTS)[:MOST_CHARACTERS], _id(fields), has_picture)


def read_rapidpro(body: Mapping[str, Any]) -> Incoming:
    """Read what a flow of RapidPro posts: who wrote is under `contact` or `input`, the text under `input`. Without those,
    the body is read as a plain one."""
    given, contact = _object(body.get("input")), _object(body.get("contact"))
    if not given and not contact:
        return read_plain(body)
    urn = given.get("urn")
    path = _text(_object(urn).get("path")) or _text(urn) or _text(contact.get("urn"))
    number = _number(path.removeprefix("tel:"))
    sender = number or _text(contact.get("uuid"))[:MOST_ID]
    text = (_text(given.get("text")) or _text(body.get("text")))[:MOST_CHARACTERS]
    message_id = _text(given.get("uuid"))[:MOST_ID] or _id(body)
    return Incoming(sender, number, text, message_id, bool(given.get("attachments")))


def _number(typed: str) -> str:
    """Return a telephone number as digits after a plus, if there was one; "" for names and short numbers: they are
    services, which nobody can answer."""
    digits = "".join(letter for letter in typed if letter.isascii() and letter.isdigit())
    is_name = any(letter.isalpha() for letter in typed)
    return (
        ""
        if is_name or not FEWEST_DIGITS <= len(digits) <= MOST_DIGITS
        else ("+" if typed.strip()[:1] == "+" else "") + digits
    )


def _first(fields: Mapping[str, Any], names: tuple[str, ...]) -> str:
    return next((_text(fields[name]) for name in names if _text(fields.get(name))), "")


def _id(fields: Mapping[str, Any]) -> str:
    return _first(fields, _IDS)[:MOST_ID]


def _text(value: object) -> str:
    return clean(str(value)) if isinstance(value, str | int) else ""


def _object(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
