"""The formats in which hash lists are exchanged; each module reads a stream entry by entry and writes one."""

from leeward.hashbank.formats.entries import Broken, Entry, Outgoing, OutgoingVote, Skipped
from leeward.hashbank.formats.registry import FORMATS, Format, format_named, recognised

__all__ = ["FORMATS", "Broken", "Entry", "Format", "Outgoing", "OutgoingVote", "Skipped", "format_named", "recognised"]
