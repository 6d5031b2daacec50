"""What the receiver answers: for each message of a request that it has it, or the code of why it doesn't take it. Pure."""

import json
from collections.abc import Mapping
from typing import Any

from jsonschema import Draft202012Validator

from leeward.exchange.rules.schema import MOST_IN_BATCH

# A message among those of a request: its exchange, and its number there.
type Key = tuple[str, int]
MOST_RECEIPT = 20_000
_SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["version", "messages"],
    "properties": {
        "version": {"const": 1},
        "messages": {
            "type": "array",
            "maxItems": MOST_IN_BATCH,
            "items": {
                "type": "object",
                "required": ["exchange", "number", "code"],
                "properties": {
                    "exchange": {"type": "string", "maxLength": 36},
                    "number": {"type": "integer"},
                    # A newer version may have codes that we don't know.
                    "code": {"type": "string", "pattern": r"^[a-z_]{0,40}(?![\s\S])"},
                },
            },
        },
    },
}
_VALIDATOR = Draft202012Validator(_SCHEMA)


class ReceiptUnusable(Exception):
    """What came back says nothing about the messages."""


def write_receipt(codes: Mapping[Key, str]) -> bytes:
    """Return the body of an answer; "" is the code of a message that was taken, now or before."""
    messages = [{"exchange": key[0], "number": key[1], "code": code} for key, code in codes.items()]
    return json.dumps({"version": 1, "messages": messages}).encode()


def read_receipt(body: bytes) -> dict[Key, str]:
    """Return what a receiver says of each message. Raises ReceiptUnusable."""
    try:
        found = json.loads(body.decode())
    except (ValueError, RecursionError) as error:
        raise ReceiptUnusable from error
    if not _VALIDATOR.is_valid(found):
        raise ReceiptUnusable
    return {(one["exchange"], one["number"]): one["code"] for one in found["messages"]}
