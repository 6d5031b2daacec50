"""Hashes of harmless, generated things; a hotline's scope is open in every test that asks for `bank`."""

import hashlib
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django_scopes import scope

from leeward.foundation.actor import Actor
from leeward.hashbank.rules.kinds import Hash
from tests.personas import Cast

OPERATOR = Actor("command")
FACTS = {"medium": "photograph", "act": "posing", "real_person": "yes", "age_band": "7-10"}


def file_hashes(name: str) -> list[Hash]:
    """The digests of a file that has only its name in it."""
    data = name.encode()
    return [Hash(kind, hashlib.new(kind, data).digest()) for kind in ("md5", "sha1", "sha256")]


def picture_code(seed: int) -> bytes:
    """A code like that of a picture: half of its bits set."""
    return random.Random(seed).randbytes(32)


def bits_off(code: bytes, bits: int) -> bytes:
    """The same code with its first `bits` bits turned."""
    return (int.from_bytes(code) ^ ((1 << bits) - 1)).to_bytes(32)


def decide(record_id: int, verdict: str, *, actor: Actor) -> None:
    """The hotline's own vote, confirmed by whoever runs the server where it takes a second person."""
    from leeward.hashbank.services import say
    from tests.having_read import answer_vote

    if not say(record_id, verdict, reason="Somebody looked at it.", actor=actor):
        answer_vote(record_id, agrees=True, actor=Actor("command"))


@dataclass(frozen=True)
class Desk:
    """The hotline's bank and who works with it."""

    hotline_id: int
    analyst: Actor
    supervisor: Actor
    add: Callable[..., int]


@pytest.fixture
def bank(cast: Cast) -> Iterator[Desk]:
    """An empty bank, its scope open."""
    from leeward.hashbank.services import add_record

    def add(seed: int, **more: object) -> int:
        hashes = [*file_hashes(f"picture {seed}"), Hash("pdq", picture_code(seed), 90)]
        actor = OPERATOR if more.get("bank") == "look-alikes" else cast["ana"].actor
        return add_record(hashes, **({"actor": actor, "facts": FACTS} | more))

    with scope(hotline=cast.hotline_id):
        yield Desk(cast.hotline_id, cast["ana"].actor, cast["carl"].actor, add)


@pytest.fixture
def reach(settings: Any) -> None:
    """Simulators are on loopback."""
    config = settings.LEEWARD.model_copy(update={"fetch_allowed_networks": ("127.0.0.0/8",), "fetch_proxy": ""})
    settings.LEEWARD = config
