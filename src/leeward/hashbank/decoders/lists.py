"""What stands in a list, one entry after another, as plain data. Runs in a child."""

from collections.abc import Callable, Iterator
from typing import IO, Any

from leeward.foundation.lazy_text import storable
from leeward.hashbank.decoders.ncmec import read_ncmec
from leeward.hashbank.decoders.threatexchange import read_threatexchange
from leeward.hashbank.decoders.vics import read_vics
from leeward.hashbank.formats.entries import Broken, Entry, ListUnreadable

READERS: dict[str, Callable[[IO[bytes]], Iterator[Entry | Broken]]] = {
    "ncmec": read_ncmec,
    "threatexchange": read_threatexchange,
    "vics": read_vics,
}


def entries(stream: IO[bytes], form: str) -> Iterator[dict[str, Any] | list[Any]]:
    """Yield the entries of a list, what of it is broken, and last why it is no list, if it is none."""
    try:
        for one in READERS[form](stream):
            yield _entry(one) if isinstance(one, Entry) else _broken(one)
    except ListUnreadable as error:
        yield {"unreadable": storable(error.values["why"])}


def _broken(one: Broken) -> dict[str, Any]:
    return {"place": one.place, "why": storable(one.why), "is_end": one.is_end, "is_part": one.is_part}


def _entry(one: Entry) -> list[Any]:
    """Return an entry in the order of its fields: there may be millions."""
    hashes = [(each.kind, each.value.hex(), each.quality, each.second) for each in one.hashes]
    at = one.at.isoformat() if one.at else None
    return [
        one.place, hashes, one.media, dict(one.facts), one.label, one.series, one.victim_status, one.offender_status, one.source,
        one.verdict, one.foreign_id, one.gone, at, one.votes, one.share, one.category,
    ]  # fmt: skip
