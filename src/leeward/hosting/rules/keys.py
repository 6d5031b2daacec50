"""The key under which a place is stored. Pure."""

import hashlib


def key_of(kind: str, comparable: str) -> str:
    """Return the SHA-256 of kind and comparable form, in hex: two reports of one thing have the same. Whether http and
    https, or onion pages, are distinguished depends on `comparable` alone."""
    group = "url" if kind == "onion" else kind
    return hashlib.sha256(f"{group}\n{comparable}".encode(errors="surrogatepass")).hexdigest()
