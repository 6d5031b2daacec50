"""Parts of a mail that programs read: JSON, without any data encoded in it and without numbers of cards. Pure."""

import json
from collections.abc import Callable, Iterable
from email.message import Message
from typing import Any

from leeward.payments.rules.masking import values_without_card_numbers

KINDS = ("application/json", "text/json")
MOST_DOCUMENTS, MOST_DOCUMENT_BYTES = 20, 500_000
# A longer text is no word of a person: pictures travel so. It is cut out before anything is stored.
MOST_TEXT = 2000


def documents_in(parts: Iterable[Message]) -> tuple[str, ...]:
    """Return the JSON in a mail's parts, written anew without texts that are too long to be words; at most some."""
    found: list[str] = []
    for part in parts:
        if not _is_json(part):
            continue
        payload = part.get_payload(decode=True)
        text = _read(payload) if isinstance(payload, bytes) and len(payload) <= MOST_DOCUMENT_BYTES else ""
        if text:
            found.append(text)
        if len(found) == MOST_DOCUMENTS:
            break
    return tuple(found)


def with_texts(document: str, change: Callable[[str], str]) -> str:
    """Return a document that was kept with each of its texts and names changed, or as it is if that changes none; of one that is too deep to be
    looked through, nothing."""
    try:
        tree = json.loads(document)
        changed = _changed(tree, change)
    except RecursionError:
        return "{}"
    return document if changed == tree else json.dumps(changed)


def _changed(node: Any, change: Callable[[str], str]) -> Any:
    if isinstance(node, dict):
        values = (_changed(value, change) for value in node.values())
        return dict(zip(_renamed(node, change), values, strict=True))
    if isinstance(node, list):
        return [_changed(value, change) for value in node]
    return change(node) if isinstance(node, str) else node


def _renamed(names: Iterable[str], change: Callable[[str], str]) -> list[str]:
    """Return the names changed, and with numbers where they would be equal: no entry is lost."""
    changed = [(name, change(name)) for name in names]
    taken = {after for name, after in changed if after == name}
    found, counts = list[str](), dict[str, int]()
    for name, after in changed:
        one = after
        while after != name and one in taken:
            counts[after] = counts.get(after, 1) + 1
            one = f"{after} {counts[after]}"
        taken.add(one)
        found.append(one)
    return found


def _is_json(part: Message) -> bool:
    if part.get_content_type() in KINDS:
        return True
    try:
        return str(part.get_filename()).lower().endswith(".json")
    except ValueError:  # a character set that can't be one
        return False


def _read(payload: bytes) -> str:
    try:
        tree = json.loads(payload.decode("utf-8-sig"))
        return json.dumps(values_without_card_numbers(_without_data(tree))) if isinstance(tree, dict | list) else ""
    except (ValueError, RecursionError):
        return ""


def _without_data(node: Any) -> Any:
    if isinstance(node, dict):
        return {name: _without_data(value) for name, value in node.items()}
    if isinstance(node, list):
        return [_without_data(value) for value in node]
    return "" if isinstance(node, str) and len(node) > MOST_TEXT else node
