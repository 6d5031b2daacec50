"""Lists that a library of C reads are read in a child (`decoders/lists.py`), piece by piece, however large they are."""

from collections.abc import Callable, Iterator
from datetime import datetime
from typing import IO, Any

from leeward.foundation import sandbox
from leeward.foundation.lazy_text import lazy_text_from
from leeward.hashbank.formats.entries import Broken, Entry, ListUnreadable
from leeward.hashbank.rules.kinds import KINDS, Hash

LIMITS = sandbox.Limits(seconds=60)  # for each piece of a list


def isolated(form: str) -> Callable[[IO[bytes]], Iterator[Entry | Broken]]:
    """Return the reader of a format. Where its child ends over a list, the list is unreadable, or ends there."""

    def read(stream: IO[bytes]) -> Iterator[Entry | Broken]:
        number, why = 0, None
        for found in sandbox.stream("leeward.hashbank.decoders.lists:entries", stream, LIMITS, form=form):
            one = found.why if isinstance(found, sandbox.Finding) else _from(found)
            if isinstance(one, Entry | Broken):
                number = one.place
                yield one
            elif isinstance(found, sandbox.Finding) and number:
                yield Broken(number + 1, one, is_end=True, is_cut=True)
            else:  # the last word; said when the child has ended its work, so that it can stay
                why = one
        if why is not None:
            raise ListUnreadable(why)

    return read


def _from(found: Any) -> Entry | Broken | object:
    """Return what a child says of a list: an entry, what is broken, or why it is no list."""
    try:
        if isinstance(found, list):
            return _entry(*found)
        if "unreadable" in found:
            return lazy_text_from(found["unreadable"])
        return Broken(int(found["place"]), lazy_text_from(found["why"]), bool(found["is_end"]), bool(found["is_part"]))
    except (TypeError, ValueError, LookupError, AttributeError) as error:
        raise ListUnreadable(sandbox.Finding("crashed").why) from error


def _entry(place: int, hashes: list[Any], media: str, facts: dict[str, Any], *texts: Any) -> Entry:
    label, series, victim_status, offender_status, source, verdict, foreign_id, gone, at, votes, share, category = texts
    return Entry(
        int(place),
        tuple(_hash(*one) for one in hashes),
        media,
        facts,
        label,
        series,
        victim_status,
        offender_status,
        source,
        verdict,
        foreign_id,
        bool(gone),
        datetime.fromisoformat(at) if at else None,
        tuple((name, says) for name, says in votes),
        share,
        category,
    )


def _hash(kind: str, value: str, quality: int | None, second: float | None) -> Hash:
    found = Hash(kind, bytes.fromhex(value), quality, second)
    if len(found.value) != KINDS[kind].bytes:
        raise ValueError(kind)
    return found
