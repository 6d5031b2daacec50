"""Which channels there are: every folder here that has a module `channel`."""

import pkgutil
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from leeward.notices import channels as folder
from leeward.notices.channels.protocol import Channel

if TYPE_CHECKING:
    from leeward.notices.models import Contact


@cache
def channels() -> dict[str, Channel]:
    """Every channel by its name, in the order of the names."""
    found: list[Channel] = []
    for one in sorted(pkgutil.iter_modules(folder.__path__, f"{folder.__name__}."), key=lambda one: one.name):
        if one.ispkg and find_spec(f"{one.name}.channel"):
            found.append(import_module(f"{one.name}.channel").CHANNEL)
    return {channel.name: channel for channel in found}


@cache
def for_everybody() -> Channel:
    """The channel of whatever has chosen no other."""
    (only,) = (channel for channel in channels().values() if channel.kinds is None)
    return only


def of_message(name: str) -> Channel:
    """The channel that a message last went by: before its first try, and where that channel is gone, the one for everybody,
    with which nothing goes a second time by itself."""
    return channels().get(name) or for_everybody()


def of_contact(contact: "Contact | None") -> Channel:
    """The channel by which notices to a contact go."""
    chosen = channels().get(contact.channel) if contact is not None else None
    return chosen if contact is not None and chosen is not None and can_have(contact.kind, chosen) else for_everybody()


def can_have(kind: str, channel: Channel) -> bool:
    """Whether contacts of a kind can choose a channel."""
    return channel.kinds is not None and kind in channel.kinds


def sentence_of(problem: str) -> str:
    """The sentence for a word that some channel has for a problem, or ""."""
    return next((str(one.problems[problem]) for one in channels().values() if problem in one.problems), "")
