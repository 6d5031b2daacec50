"""Messages as JSON: what goes over the wire, with limits on everything, and what is refused by which code. Pure.

No field can hold content, and none says who reported it: an item travels as address, facts, hashes and hosting.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from jsonschema import Draft202012Validator

from leeward.exchange.rules.schema import ENVELOPE, MESSAGES, MOST_ADDRESS, MOST_BYTES, MOST_TEXT
from leeward.exchange.rules.steps import Side, Step
from leeward.foundation.lazy_text import LazyText as _
from leeward.hashbank.rules.kinds import BadHash, read_hash
from leeward.laws.rules.facts import BadFacts, parse_facts
from leeward.payments.rules.masking import place_without_card_numbers, values_without_card_numbers

# Why a whole request is refused.
FAULTS = {
    "signature_missing": _("The request is not signed."),
    "signature_wrong": _("The signature or the digest is wrong."),
    "key_unknown": _("No peer has this key."),
    "clock_differs": _("The clocks differ by more than five minutes, or the message is old."),
    "replayed": _("This request came before."),
    "too_large": _("The request is too large."),
    "not_readable": _("The request can’t be read."),
}
# Why one message is refused while the others of its request are taken.
MESSAGE_FAULTS = {
    "facts_unusable": _("The facts can’t be read, or contradict each other."),
    "hash_unusable": _("A hash can’t be read."),
    "time_unusable": _("A time can’t be read."),
    "other_message": _("Another message has this number already."),
    "not_a_party": _("This item is between other hotlines."),
    "own_item_returned": _("This item comes from the hotline to which it is sent."),
}
_ENVELOPE = Draft202012Validator(ENVELOPE)
_BY_KIND = {kind: Draft202012Validator(schema) for kind, schema in MESSAGES.items()}


MOST_PLACE = 200
FIRST_YEAR, LAST_YEAR = 1990, 2199


class BatchRefused(Exception):
    """A whole request is refused; `code` is one of `FAULTS`, `why` the place in it that the schema forbids."""

    def __init__(self, code: str, why: str = "") -> None:
        self.code, self.why = code, why
        super().__init__(code)


@dataclass(frozen=True, slots=True)
class Message:
    """One message of an exchange as it travels: the step, when it was written, and what else it says.

    `details` are the item of a report, the country of a re-assignment, or the words of a question, as the schema says.
    """

    exchange: str
    step: Step
    at: datetime
    details: dict[str, Any]


def write_batch(messages: Sequence[Message]) -> bytes:
    """Return the body of a request with these messages. Raises BatchRefused if the schema forbids it: what we would
    refuse ourselves never leaves."""
    batch = {"version": 1, "messages": [as_json(one) for one in messages]}
    _schema_holds(batch)
    body = json.dumps(batch, ensure_ascii=False).encode()
    if len(body) > MOST_BYTES:
        raise BatchRefused("too_large")
    return body


def read_batch(body: bytes) -> list[Message]:
    """Return the messages of a request, without numbers of cards. Raises BatchRefused."""
    if len(body) > MOST_BYTES:
        raise BatchRefused("too_large")
    try:
        found = json.loads(body.decode(), parse_constant=_refuse, object_pairs_hook=_each_once)
    except (ValueError, RecursionError) as error:
        raise BatchRefused("not_readable") from error
    _schema_holds(found)
    return [without_cards(_message_of(one)) for one in found["messages"]]


def fault_of(message: Message) -> str:
    """Return the code of why this one message is refused, or "": what the schema alone can't say."""
    report = message.details.get("report", {})
    content = message.details | report
    try:
        if content.get("facts") is not None:
            parse_facts(content["facts"])
        for one in content.get("hashes", ()):
            read_hash(one["kind"], one["value"])
        for name in ("found_at", "received_at", "done_at"):
            if name in content:
                time_of(content[name])
    except BadFacts:
        return "facts_unusable"
    except BadHash:
        return "hash_unusable"
    except ValueError:
        return "time_unusable"
    return ""


def as_json(message: Message) -> dict[str, Any]:
    """Return a message as plain values in the form of the schema."""
    step = message.step
    plain: dict[str, Any] = {
        "exchange": message.exchange,
        "side": step.side,
        "number": step.number,
        "seen": step.seen,
        "kind": step.kind,
        "at": text_of(message.at),
    }
    if step.what:
        plain["what"] = step.what
    if step.about:
        plain["about"] = step.about
    return plain | message.details


def without_cards(message: Message) -> Message:
    """Return a message as it is kept, and as ours are sent: no number of a card in its words, in the address of its item, or in
    what is said of the host. The signature of a request is checked on all of it before."""
    details = values_without_card_numbers(message.details)
    if "text" in details:
        details["text"] = details["text"][:MOST_TEXT]
    if "report" in details:
        place = message.details["report"]["location"]
        address = place_without_card_numbers(place["kind"], place["address"])[:MOST_ADDRESS]
        details["report"]["location"]["address"] = address
    return replace(message, details=details)


def time_of(text: str) -> datetime:
    """Return a time as it travels: UTC, to the second. Raises ValueError for one that no clock of ours shows: some have no
    day in another time zone."""
    moment = datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    if not FIRST_YEAR <= moment.year <= LAST_YEAR:
        raise ValueError(text)
    return moment


def text_of(moment: datetime) -> str:
    """Return a time as text that `time_of` reads."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _schema_holds(found: Any) -> None:
    error = next(_ENVELOPE.iter_errors(found), None)
    if error is not None:
        raise BatchRefused("not_readable", error.json_path[:MOST_PLACE])
    for index, message in enumerate(found["messages"]):
        error = next(_BY_KIND[message["kind"]].iter_errors(message), None)
        if error is not None:
            raise BatchRefused("not_readable", f"$.messages[{index}]{error.json_path[1:]}"[:MOST_PLACE])


def _message_of(plain: dict[str, Any]) -> Message:
    side: Side = plain["side"]
    step = Step(side, plain["number"], plain["seen"], plain["kind"], plain.get("what", ""), plain.get("about", 0))
    own = {"exchange", "side", "number", "seen", "kind", "at", "what", "about"}
    details = {name: value for name, value in plain.items() if name not in own}
    try:
        return Message(plain["exchange"], step, time_of(plain["at"]), details)
    except ValueError as error:
        raise BatchRefused("not_readable", "at") from error


def _refuse(constant: str) -> None:
    raise ValueError(constant)


def _each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name twice")
    return found
