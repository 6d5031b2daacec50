"""The available channels: every folder here that has a module `channel`."""

import pkgutil
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from typing import TYPE_CHECKING

from leeward.notices import channels as notices_channels
from leeward.notices.channels.protocol import Channel

if TYPE_CHECKING:
    from leeward.notices.models import Contact


@cache
def channels() -> dict[str, Channel]:
    """Return every channel by name, sorted by name."""
    found: list[Channel] = []
    for one in sorted(
        pkgutil.iter_modules(notices_channels.__path__, f"{notices_channels.__name__}."), key=lambda one: one.name
    ):
        if one.ispkg and find_spec(f"{one.name}.channel"):
            found.append(import_module(f"{one.name}.channel").CHANNEL)
    return {channel.name: channel for channel in found}


@cache
def for_everybody() -> Channel:
    """Return the default channel."""
    (only,) = (channel for channel in channels().values() if channel.kinds is None)
    return only


def of_message(name: str) -> Channel:
    """Return the channel that last carried a message. Before the first attempt, or if that channel no longer exists, it
    is the default one, which sends nothing twice by itself."""
    return channels().get(name) or for_everybody()


def of_contact(contact: "Contact | None") -> Channel:
    """Return the channel for notices to a contact."""
    chosen = channels().get(contact.channel) if contact is not None else None
    return chosen if contact is not None and chosen is not None and can_have(contact.kind, chosen) else for_everybody()


def can_have(kind: str, channel: Channel) -> bool:
    """Return whether contacts of this kind can choose a channel."""
    return channel.kinds is not None and kind in channel.kinds


def sentence_of(problem: str) -> str:
    """Return the sentence for a problem that some channel names, or ""."""
    return next((str(one.problems[problem]) for one in channels().values() if problem in one.problems), "")
