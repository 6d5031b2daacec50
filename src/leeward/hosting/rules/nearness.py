"""Measures how near two addresses are: whether the writer of one may have meant the other. Pure."""

from enum import IntEnum

_PORT_DIGITS = 5


class Nearness(IntEnum):
    """Smaller is nearer."""

    SAME = 0
    NEAR = 1
    ON_HOST = 2


def nearness(wanted: str, other: str) -> Nearness | None:
    """Return how near two comparable addresses are, or None if they are unrelated. Linear in their length.

    Addresses are near if they differ only in the port, in capitals, in `www.`, in a final slash, or else in one
    character.
    """
    if wanted == other:
        return Nearness.SAME
    first, second = _plain(wanted), _plain(other)
    if differ_at_most_by_one(first, second):
        return Nearness.NEAR
    host = first.partition("/")[0]
    return Nearness.ON_HOST if "." in host and host == second.partition("/")[0] else None


def differ_at_most_by_one(first: str, second: str) -> bool:
    """Return whether adding, omitting or changing one character turns one text into the other."""
    short, long = sorted((first, second), key=len)
    same = next((at for at, pair in enumerate(zip(short, long, strict=False)) if pair[0] != pair[1]), len(short))
    return long[same + 1 :] == short[same + (len(short) == len(long)) :]


def halves(wanted: str) -> tuple[str, str]:
    """Return two parts of an address, at least one of which is unchanged in every address that differs in one character."""
    plain = _plain(wanted)
    return plain[: len(plain) // 2], plain[len(plain) // 2 :]


def _plain(address: str) -> str:
    """Return the address without what people omit or add: the port, capitals, `www.`, a final slash."""
    host, slash, path = address.lower().partition("/")
    name, colon, port = host.rpartition(":")
    if colon and port.isdecimal() and len(port) <= _PORT_DIGITS:
        host = name
    return (host.removeprefix("www.") + slash + path).rstrip("/")
