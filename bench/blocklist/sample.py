"""A list of a million pages on harmless made-up names, and addresses to ask about."""

from collections.abc import Iterator
from functools import cache
from hashlib import sha256

from leeward.blocklist.rules.scopes import Scopes

ENTRIES = 1_000_000
ASKED = 40_000
_ODD = (
    "https://{host}:8443/{path}",
    "HTTP://User@{host}/{path}",
    "http://{host}/%66{rest}",
    "http://{HOST}//x/../{path}#top",
)


def page(number: int) -> str:
    """The expression of one entry."""
    return f"www{number % 7}.site{number % 50_000}.example/folder{number % 13}/part/page{number}.html"


@cache
def scopes() -> dict[bytes, int]:
    """The digests of all entries with their scopes."""
    return {sha256(page(number).encode()).digest(): int(Scopes.URL) for number in range(ENTRIES)}


def mixed_scopes() -> dict[bytes, int]:
    """The same with a folder, a host and a domain, so that each address is looked up as all of these."""
    wide = {"a.wide.example/folder/": Scopes.PATH, "b.wide.example/": Scopes.HOST, "wide.example/": Scopes.DOMAIN}
    return scopes() | {sha256(text.encode()).digest(): int(scope) for text, scope in wide.items()}


def asked_for(kind: str) -> Iterator[str]:
    """Addresses as people type them: listed ones, or others of the same shape. Every fourth needs to be read in full."""
    for place in range(ASKED):
        number = place * (ENTRIES // ASKED)
        host, _, path = page(number).partition("/")
        host = host if kind == "listed" else host.replace("site", "other")
        form = _ODD[place // 4 % len(_ODD)] if place % 4 == 0 else "https://{host}/{path}"
        yield form.format(
            host=host, HOST=host.upper(), path=f"{path}?session={number}", rest=f"{path[1:]}?session={number}"
        )
