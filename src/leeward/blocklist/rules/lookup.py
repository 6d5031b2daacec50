"""Whether an address is blocked, given something that knows which scopes stand behind an expression."""

from collections.abc import Callable
from dataclasses import dataclass

from leeward.blocklist.rules.expressions import candidates
from leeward.blocklist.rules.scopes import Scopes

ScopesOf = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Hit:
    """The entry that blocks an address: its expression, and the scopes under which it does."""

    expression: str
    scopes: int


def first_hit(comparable: str, scopes_of: ScopesOf) -> Hit | None:
    """Return the most exact entry that blocks an address in its comparable form."""
    for expression, scopes in candidates(comparable):
        found = scopes_of(expression) & scopes
        if found:
            return Hit(expression, found)
    return None


def tunnel_hit(host: str, scopes_of: ScopesOf) -> Hit | None:
    """Return the entry that blocks a host as a whole: all that can be known of an encrypted connection."""
    for expression, scopes in candidates(f"https://{host}/"):
        found = scopes_of(expression) & scopes & (Scopes.HOST | Scopes.DOMAIN)
        if found:
            return Hit(expression, found)
    return None
