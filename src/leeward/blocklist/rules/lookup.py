"""Decide whether an address is blocked, given a function that returns the scopes of an expression."""

from collections.abc import Callable
from dataclasses import dataclass

from leeward.blocklist.rules.expressions import each_candidate
from leeward.blocklist.rules.scopes import ALL_SCOPES, Scopes
from leeward.hosting.rules.comparable import comparable_path, comparable_query
from leeward.hosting.rules.urls import canonical_url

ScopesOf = Callable[[str], int]
_MOST_LETTERS = 2000
_PAGE = int(Scopes.URL)
_LETTERS, _DIGITS = "abcdefghijklmnopqrstuvwxyz", "0123456789"
_IN_HOST = f"{_LETTERS}{_DIGITS}_-.".encode()
_PLAIN = f"{_LETTERS}{_LETTERS.upper()}{_DIGITS}_.~!$&()*+,;=:@-/?#%".encode()
_MOST_LABELS, _MOST_OF_LABEL = 11, 63
_MOST_OF_PORT = 4  # digits: of those with five, some are no ports


@dataclass(frozen=True, slots=True)
class Hit:
    """The entry that blocks an address: its expression, and the scopes that apply."""

    expression: str
    scopes: int


def comparable_of(url: str) -> str:
    """Return an address in its comparable form; raises BadAddress if it is not a web address."""
    plain = read_plainly(url) if len(url) <= _MOST_LETTERS else None
    return plain or canonical_url(url).comparable


def read_plainly(url: str) -> str | None:
    """Return what canonicalising makes of an address that has only letters which a browser leaves as they are, on a host with
    a plain name; None where it takes more than that to say. A user’s name, a port and what follows `#` are no part of it.
    """
    if not url.isascii() or url.encode().translate(None, _PLAIN):
        return None
    scheme, _, rest = url.partition("://")
    place, has_query, query = rest.partition("#")[0].partition("?")
    server, _, path = place.partition("/")
    host, has_port, port = server.rpartition("@")[2].lower().partition(":")
    scheme = scheme.lower()
    if scheme not in ("http", "https") or (has_port and not _is_port(port)) or not _is_plain_host(host):
        return None
    if "%" in query:
        query = comparable_query(query)
    if "%" in path or "//" in place or "/." in place:
        path = _settled_path(path)
    return f"{scheme}://{host}/{path}{has_query}{query}"


def _is_port(text: str) -> bool:
    return text.isdigit() and len(text) <= _MOST_OF_PORT


def _settled_path(path: str) -> str:
    """Return what follows a host’s slash in its canonical form: folders are left first as a browser leaves them, whether their
    dots are escaped or not, then as that form does.
    """
    written = path.split("/")
    meant = [segment.replace("%2e", ".").replace("%2E", ".") for segment in written]
    kept: list[str] = []
    for segment, meaning in zip(written, meant, strict=True):
        if meaning == "..":
            del kept[-1:]
        elif meaning != ".":
            kept.append(segment)
    if meant[-1] in (".", ".."):
        kept.append("")
    whole = "/" + "/".join(kept)
    if "%" in whole:
        return comparable_path(whole)[1:]
    while "//" in whole:
        whole = whole.replace("//", "/")
    return whole[1:]


def _is_plain_host(host: str) -> bool:
    labels = host.split(".")
    *_, last = labels
    return (
        2 <= len(labels) <= _MOST_LABELS
        and "" not in labels
        and not host.encode().translate(None, _IN_HOST)
        and last[0] in _LETTERS
        and (("-" not in host and "_" not in host) or _has_plain_marks(labels))
        and (len(host) <= _MOST_OF_LABEL or max(map(len, labels)) <= _MOST_OF_LABEL)
    )


def _has_plain_marks(labels: list[str]) -> bool:
    """Return whether hyphens and underscores stand only within labels, and none of the labels is written in Punycode."""
    return "_" not in labels[-1] and all(
        label[0] not in "_-" and label[-1] not in "_-" and "xn--" not in label for label in labels
    )


def first_hit(
    comparable: str, scopes_of: ScopesOf, among: int = ALL_SCOPES, wide_scopes_of: ScopesOf | None = None
) -> Hit | None:
    """Return the most exact entry that blocks an address in its comparable form; `among` are all scopes that entries have here.
    `wide_scopes_of` knows the entries that block more than a page, where they can be asked in a shorter way."""
    of_wide = wide_scopes_of or scopes_of
    for expression, scopes in each_candidate(comparable, among):
        found = (scopes_of if scopes & _PAGE else of_wide)(expression) & scopes
        if found:
            return Hit(expression, found)
    return None


def tunnel_hit(host: str, scopes_of: ScopesOf) -> Hit | None:
    """Return the entry that blocks a host as a whole; more can't be known of an encrypted connection."""
    for expression, scopes in each_candidate(f"https://{host}/"):
        found = scopes_of(expression) & scopes & (Scopes.HOST | Scopes.DOMAIN)
        if found:
            return Hit(expression, found)
    return None
