"""What opens words in several `words.key` files, put together. Needs no Django.

After a rotation the newest file has the keys of before, and an older one opens nothing more. Where a key was given up as lost it has not,
and the older file may be the only one that opens what was sealed until then.
"""

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, NamedTuple

from leeward.sealing.age import keys_of, needs_passphrase, opens
from leeward.sealing.errors import KeyDoesNotOpen
from leeward.sealing.key_copy import DataKeyRow

if TYPE_CHECKING:
    from pyrage.x25519 import Identity


class Joined(NamedTuple):
    """The newest file with the keys of others behind its own, and the files that are to be laid aside, since a passphrase hides what they, or
    the newest one, open."""

    newest: bytes
    aside: list[bytes]


def joined(newest: bytes, others: Sequence[bytes], rows: Iterable[DataKeyRow]) -> Joined:
    """Put together what opens these keys of single texts: of each mark, one is tried. A key that opens none that the newest file leaves closed
    isn't taken: it was destroyed on purpose."""
    held, aside = _keys_in(newest), list[bytes]()
    closed = [wrapped for wrapped in {row.mark: row.wrapped for row in rows}.values() if not opens(wrapped, held)]
    for other in others:
        if not closed or other == newest:
            continue
        more = [key for key in _keys_in(other) if any(opens(wrapped, [key]) for wrapped in closed)]
        if needs_passphrase(other) or (more and needs_passphrase(newest)):
            aside.append(other)
        elif more:
            newest = (
                newest.rstrip() + b"\n" + b"".join(f"# public key: {key.to_public()}\n{key}\n".encode() for key in more)
            )
            closed = [wrapped for wrapped in closed if not opens(wrapped, more)]
    return Joined(newest, aside)


def _keys_in(raw: bytes) -> list["Identity"]:
    """Return the private keys in a file; none where a passphrase seals it, or it is damaged."""
    try:
        return [] if needs_passphrase(raw) else keys_of(raw)
    except KeyDoesNotOpen:
        return []
