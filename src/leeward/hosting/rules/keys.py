"""The key under which a place is stored. Pure."""

import hashlib
import re

# Kinds of places that have no address: the same words may mean different things.
WITHOUT_ADDRESS = ("words", "unknown", "own")
# By this a case that was split off has a place of its own.
_SPLIT_OFF = re.compile(r" split:[0-9]+\Z")


def key_of(kind: str, comparable: str) -> str:
    """Return the SHA-256 of kind and comparable form, in hex: two reports of one thing have the same. Whether http and
    https, or onion pages, are distinguished depends on `comparable` alone."""
    group = "url" if kind == "onion" else kind
    return hashlib.sha256(f"{group}\n{comparable}".encode(errors="surrogatepass")).hexdigest()


def address_key(kind: str, comparable: str, key: str) -> str:
    """Return the key of the address of a place, by its own `key`: the same for places of one address that are kept apart, for example
    since a report was split off or came by a portal that only forwards."""
    return key if kind in WITHOUT_ADDRESS else key_of(kind, _SPLIT_OFF.sub("", comparable))
