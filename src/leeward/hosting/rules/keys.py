"""The key under which a place is stored. Pure."""

import hashlib

# Kinds of places that have no address: the same words may mean different things.
WITHOUT_ADDRESS = ("words", "unknown", "own")
# By this and a number a case that was split off has a place of its own.
SPLIT_OFF = " split:"


def key_of(kind: str, comparable: str) -> str:
    """Return the SHA-256 of kind and comparable form, in hex: two reports of one thing have the same. Whether http and
    https, or onion pages, are distinguished depends on `comparable` alone."""
    group = "url" if kind == "onion" else kind
    return hashlib.sha256(f"{group}\n{comparable}".encode(errors="surrogatepass")).hexdigest()


def address_key(kind: str, comparable: str, key: str) -> str:
    """Return the key of the address of a place, by its own `key`: the same for places of one address that are kept apart, for example
    since a report was split off or came by a portal that only forwards."""
    return key if kind in WITHOUT_ADDRESS else key_of(kind, _of_all(comparable))


def _of_all(comparable: str) -> str:
    whole, split_off, number = comparable.rpartition(SPLIT_OFF)
    return whole if split_off and number.isascii() and number.isdigit() else comparable
