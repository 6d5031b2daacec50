"""The JSON Schema of what travels between hotlines. Every field is limited; there are no others. Pure."""

from typing import Any

from leeward.exchange.rules.steps import ACTIONS, FIRST_GRADES, KINDS, LATER_GRADES, SIDES
from leeward.exchange.rules.timeline import MOST_MESSAGES
from leeward.hashbank.rules.kinds import KINDS as HASH_KINDS
from leeward.hosting.rules.address import KINDS as LOCATION_KINDS

# In one request: no more than any public address of an installation takes.
MOST_BYTES = 1_000_000
MOST_IN_BATCH = 100
MOST_ADDRESS, MOST_TEXT, MOST_HASHES = 2048, 2000, 100


def _whole(pattern: str) -> str:
    """To the very end: a dollar sign would let a line break follow."""
    return rf"^{pattern}(?![\s\S])"


_NO_CONTROLS = _whole(r"[^\u0000-\u0008\u000b-\u001f\u007f\ud800-\udfff]*")
# Content could travel inside an address of this scheme only.
_ADDRESS = _whole(r"(?![dD][aA][tT][aA]:)[^\u0000-\u0020\u007f\ud800-\udfff][^\u0000-\u001f\u007f\ud800-\udfff]*")


def _text(most: int, **more: Any) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": most, "pattern": _NO_CONTROLS} | more


def _object(required: list[str], properties: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"type": "object", "required": required, "properties": properties, "additionalProperties": False} | more


_TIME = {"type": "string", "pattern": _whole(r"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}Z")}
_COUNTRY = {"type": "string", "pattern": _whole("[A-Z]{2}")}
_LANGUAGE = {"type": "string", "pattern": _whole("[a-z]{2,3}(-[A-Za-z0-9]{2,8}){0,3}")}
_UUID = {"type": "string", "pattern": _whole("[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")}
_HOSTING = _object(
    [],
    {
        "country": _COUNTRY,
        "ip": {"type": "string", "pattern": _whole(r"[0-9a-f.:]{2,45}")},
        "network": {"type": "integer", "minimum": 0, "maximum": 4294967295, "description": "The AS number."},
        "organisation": _text(200),
        "is_cdn": {"type": "boolean", "description": "It stands in front of the host and hides it."},
    },
)
REPORT = _object(
    ["item", "location", "path"],
    {
        "item": _UUID | {"description": "The item, the same wherever it is passed on to."},
        "path": {
            "type": "array",
            "items": {"type": "string", "pattern": _whole("[0-9a-f]{32}")},
            "minItems": 1,
            "maxItems": 8,
            "uniqueItems": True,
            "description": "The hotlines that the report came through, the first one first, by their identifiers.",
        },
        "location": _object(
            ["kind", "address"],
            {
                "kind": {"enum": [*LOCATION_KINDS]},
                "address": _text(MOST_ADDRESS, pattern=_ADDRESS),
                "referrer": _text(MOST_ADDRESS, pattern=_ADDRESS),
            },
        ),
        "hosting": _HOSTING,
        "facts": {
            "type": ["object", "null"],
            "maxProperties": 20,
            "additionalProperties": {
                "type": ["string", "integer", "array", "null"],
                "maxLength": 40,
                "maxItems": 16,
                "items": {"type": ["string", "integer"], "maxLength": 40},
            },
            "description": "What an assessor stated, in the words of the facts; null if nobody assessed it.",
        },
        "hashes": {
            "type": "array",
            "maxItems": MOST_HASHES,
            "items": _object(
                ["kind", "value"],
                {
                    "kind": {"enum": [*HASH_KINDS]},
                    "value": {"type": "string", "pattern": _whole("[A-Za-z0-9+/=]{8,400}")},
                },
            ),
            "description": "Of what is there; never the content itself.",
        },
        "is_urgent": {"type": "boolean"},
        "found_at": _TIME,
        "received_at": _TIME,
    },
)
_COMMON: dict[str, Any] = {
    "exchange": _UUID,
    "side": {"enum": [*SIDES]},
    "number": {"type": "integer", "minimum": 1, "maximum": MOST_MESSAGES},
    "seen": {"type": "integer", "minimum": 0, "maximum": MOST_MESSAGES},
    "at": _TIME,
}
_COMMENT = {"text": _text(MOST_TEXT), "language": _LANGUAGE}
_ABOUT = {"about": {"type": "integer", "minimum": 1, "maximum": MOST_MESSAGES}}
# What each kind of message says beside what all say: its fields, and which of them it needs.
_OWN: dict[str, tuple[list[str], dict[str, Any]]] = {
    "report": (["what", "report"], {"what": {"enum": [*FIRST_GRADES]}, "report": REPORT} | _COMMENT),
    "acceptance": ([], _COMMENT),
    "reassignment": (["hosting"], {"hosting": _HOSTING | {"required": ["country"]}} | _COMMENT),
    "action": (["what"], {"what": {"enum": [*ACTIONS]}, "done_at": _TIME} | _COMMENT),
    "reassessment": (["what"], {"what": {"enum": [*LATER_GRADES]}, "facts": REPORT["properties"]["facts"]} | _COMMENT),
    "question": (["text", "language"], _COMMENT),
    "answer": (["about", "text", "language"], _ABOUT | _COMMENT),
    "withdrawal": ([], _COMMENT),
    "retraction": (["about"], _ABOUT | _COMMENT),
}


def _message(kind: str) -> dict[str, Any]:
    required, own = _OWN[kind]
    return _object([*_COMMON, "kind", *required], {**_COMMON, "kind": {"const": kind}, **own})


# A message is what its kind says. Whoever reads one looks up its kind first: that is three times as fast as the whole.
MESSAGES: dict[str, dict[str, Any]] = {kind: _message(kind) for kind in KINDS}
MESSAGE: dict[str, Any] = {
    "type": "object",
    "required": ["kind"],
    "properties": {"kind": {"enum": [*KINDS]}},
}


def _batch(message: dict[str, Any], **more: Any) -> dict[str, Any]:
    messages = {"type": "array", "minItems": 1, "maxItems": MOST_IN_BATCH, "items": message}
    return _object(["version", "messages"], {"version": {"const": 1}, "messages": messages}, **more)


# A request before its messages are looked at, and all of it, for whoever reads it with the schema alone.
ENVELOPE = _batch(MESSAGE)
BATCH = _batch(
    MESSAGE
    | {
        "allOf": [
            {"if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]}, "then": schema}
            for kind, schema in MESSAGES.items()
        ]
    },
    **{
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Messages from one hotline to another",
    },
)
