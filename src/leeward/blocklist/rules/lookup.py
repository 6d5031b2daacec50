"""Decide whether an address is blocked, given a function that returns the scopes of an expression."""

from collections.abc import Callable
from dataclasses import dataclass

from leeward.blocklist.rules.expressions import candidates
from leeward.blocklist.rules.scopes import Scopes
from leeward.hosting.rules.urls import canonical_url

ScopesOf = Callable[[str], int]
_MOST_LETTERS = 2000
_LETTERS, _DIGITS = "abcdefghijklmnopqrstuvwxyz", "0123456789"
_IN_PATH = f"{_LETTERS}{_LETTERS.upper()}{_DIGITS}_.~!$&()*+,;=:@-/"
_MOST_LABELS, _MOST_OF_LABEL = 11, 63


@dataclass(frozen=True, slots=True)
class Hit:
    """The entry that blocks an address: its expression, and the scopes that apply."""

    expression: str
    scopes: int


def comparable_of(url: str) -> str:
    """Return an address in its comparable form; raises BadAddress if it is not a web address."""
    if len(url) <= _MOST_LETTERS and _is_canonical_already(url):
        return url
    return canonical_url(url).comparable


def _is_canonical_already(url: str) -> bool:
    """Return whether canonicalising would leave an address unchanged; true of most that a proxy sees, and a faster
    check.
    """
    scheme, _, rest = url.partition("://")
    host, has_path, tail = rest.partition("/")
    path, has_query, query = tail.partition("?")
    return (
        bool(has_path)
        and scheme in ("http", "https")
        and _is_plain_host(host)
        and not path.strip(_IN_PATH)
        and "//" not in path
        and not tail.startswith((".", "/"))
        and "/." not in path
        and (not has_query or (query != "" and not query.strip(f"{_IN_PATH}?")))
    )


def _is_plain_host(host: str) -> bool:
    labels = host.split(".")
    *_, last = labels
    return (
        2 <= len(labels) <= _MOST_LABELS
        and not host.strip(f"{_LETTERS}{_DIGITS}_-.")
        and all(0 < len(label) <= _MOST_OF_LABEL and label[0] not in "_-" and label[-1] not in "_-" for label in labels)
        and last[0] in _LETTERS
        and "_" not in last
        and "xn--" not in host
    )


def first_hit(comparable: str, scopes_of: ScopesOf) -> Hit | None:
    """Return the most exact entry that blocks an address in its comparable form."""
    for expression, scopes in candidates(comparable):
        found = scopes_of(expression) & scopes
        if found:
            return Hit(expression, found)
    return None


def tunnel_hit(host: str, scopes_of: ScopesOf) -> Hit | None:
    """Return the entry that blocks a host as a whole; more can't be known of an encrypted connection."""
    for expression, scopes in candidates(f"https://{host}/"):
        found = scopes_of(expression) & scopes & (Scopes.HOST | Scopes.DOMAIN)
        if found:
            return Hit(expression, found)
    return None
