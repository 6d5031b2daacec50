"""What was recognised as commands and other programs read it: kind, value, service."""

from dataclasses import dataclass

from leeward.hosting.rules.naming.single import Recognised

_KINDS = {"url": "web", "file_hash": "hash", "unknown": "words"}
_MAIL = "email:"


@dataclass(frozen=True, slots=True)
class Canonical:
    """One thing that a text names. Words that name nothing have the kind `words` and no value."""

    kind: str
    value: str
    service: str


def canonical(item: Recognised) -> Canonical:
    """Return kind, value and service of what was recognised: the address as a browser has it, the bare name of an account,
    a group or a game, a number with its country code, a hash with its kind before it."""
    if item.kind == "account" and item.comparable.startswith(_MAIL):
        return Canonical("email", item.comparable.removeprefix(_MAIL), "")
    kind = _KINDS.get(item.kind, item.kind)
    if item.kind == "unknown":
        return Canonical(kind, "", "")
    if item.kind in ("url", "onion"):
        return Canonical(kind, item.display, "")
    if item.kind in ("newsgroup", "wallet"):
        return Canonical(kind, item.comparable.partition(":")[2], item.service)
    if item.kind in ("magnet", "ed2k", "file_hash"):
        return Canonical(kind, item.comparable, "")
    return Canonical(kind, item.name or item.comparable, item.service)
