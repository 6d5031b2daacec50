"""A tip as it is kept: the facts that the work depends on, and beside them every other word of the document. Pure.

Media is no part of it: neither a file's bytes nor encoded data in a document; of a file stay its name and its hashes.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from itertools import chain
from typing import Any, Literal, cast

from leeward.payments.rules.masking import without_card_numbers

System = Literal["cybertip", "iccam", "xarf"]
# What the sender calls it. No form of tips has a field for it, so it is unknown unless somebody states it.
Label = Literal["unknown", "referral", "informational"]
LABELS: tuple[Label, ...] = ("unknown", "referral", "informational")
MOST_NUMBER, MOST_NAME = 100, 200
MOST_FILES, MOST_HASHES, MOST_WORDS = 1000, 20, 10_000


@dataclass(frozen=True, slots=True)
class TipFile:
    """A file that a tip names. `viewed`: whether somebody at the provider looked at it; None is not stated, and counts
    as not viewed."""

    name: str
    hashes: tuple[tuple[str, str], ...] = ()
    viewed: bool | None = None
    classification: str = ""


@dataclass(frozen=True, slots=True)
class Tip:
    """One tip. `raised` are the codes of what makes it urgent, `reason` the sender's words about that; `countries` are
    whom it is meant for, as far as it says so; `leaves` are all words of the document with the names of their fields.
    """

    system: System
    number: str
    sender: str = ""
    provider: str = ""
    incident: str = ""
    happened: str = ""
    dated: str = ""
    countries: tuple[str, ...] = ()
    addresses: tuple[str, ...] = ()
    files: tuple[TipFile, ...] = ()
    raised: tuple[str, ...] = ()
    reason: str = ""
    leaves: tuple[tuple[str, str], ...] = ()
    is_cut: bool = False

    @property
    def key(self) -> tuple[str, str, str]:
        """Return what every version of a tip has in common. A CyberTip's number is NCMEC's own, whoever passes it on."""
        return self.system, "" if self.system == "cybertip" else self.sender, self.number


@dataclass(frozen=True, slots=True)
class Found:
    """A tip that was read, and the file that it was in."""

    name: str
    tip: Tip


@dataclass(frozen=True, slots=True)
class Unread:
    """A file, or a part of one, that can't be taken: its name and the code of what is wrong."""

    name: str
    code: str


def plain(tip: Tip) -> dict[str, Any]:
    """Return a tip as JSON."""
    return asdict(tip)


def tip_from(found: Mapping[str, Any]) -> Tip:
    """Return the tip that was stored as JSON."""
    files = tuple(
        TipFile(one["name"], _pairs(one["hashes"]), one["viewed"], one["classification"]) for one in found["files"]
    )
    return Tip(
        cast("System", found["system"]),
        found["number"],
        sender=found["sender"],
        provider=found["provider"],
        incident=found["incident"],
        happened=found["happened"],
        dated=found["dated"],
        countries=tuple(found["countries"]),
        addresses=tuple(found["addresses"]),
        files=files,
        raised=tuple(found["raised"]),
        reason=found["reason"],
        leaves=_pairs(found["leaves"]),
        is_cut=found["is_cut"],
    )


def _pairs(found: list[list[str]]) -> tuple[tuple[str, str], ...]:
    return tuple((first, second) for first, second in found)


def digest_of(tip: Tip) -> str:
    """Return what tells one version of a tip from another."""
    text = json.dumps(plain(tip), sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()


def joined(tip: Tip, *parts: Tip) -> Tip:
    """Return a tip with the files that documents beside it describe, each once."""
    files = dict.fromkeys(one for whole in (tip, *parts) for one in whole.files)
    words = chain.from_iterable(whole.leaves for whole in (tip, *parts))
    return replace(
        tip, files=tuple(files), leaves=tuple(words), is_cut=tip.is_cut or any(part.is_cut for part in parts)
    )


def bounded(tip: Tip) -> Tip:
    """Return a tip with no more files, hashes and words than are kept of one."""
    files = tuple(replace(one, hashes=one.hashes[:MOST_HASHES]) for one in tip.files[:MOST_FILES])
    words = tip.leaves[:MOST_WORDS]
    return replace(tip, files=files, leaves=words, is_cut=tip.is_cut or (files, words) != (tip.files, tip.leaves))


def without_cards(tip: Tip) -> Tip:
    """Return a tip as it is kept: no word, address or name in it has a number of a card. The number that its sender gave it
    stays, and so do hashes."""
    return replace(
        tip,
        provider=without_card_numbers(tip.provider)[:MOST_NAME],
        incident=without_card_numbers(tip.incident),
        addresses=tuple(map(without_card_numbers, tip.addresses)),
        files=tuple(replace(one, name=without_card_numbers(one.name)) for one in tip.files),
        reason=without_card_numbers(tip.reason),
        leaves=tuple((name, without_card_numbers(words)) for name, words in tip.leaves),
    )
