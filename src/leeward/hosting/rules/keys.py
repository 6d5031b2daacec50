"""Under which key a place is kept. Pure."""

import hashlib


def key_of(kind: str, comparable: str) -> str:
    """Return the SHA-256 of kind and comparable form, in hex: two reports of one thing have the same. A page by http and by https
    or an onion page are told apart by `comparable` alone."""
    group = "url" if kind == "onion" else kind
    return hashlib.sha256(f"{group}\n{comparable}".encode(errors="surrogatepass")).hexdigest()
