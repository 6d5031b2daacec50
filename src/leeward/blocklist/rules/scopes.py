"""How much of an address an entry blocks, from one page to a whole domain."""

from enum import IntFlag, StrEnum


class Scope(StrEnum):
    """The four scopes of an entry, narrowest first."""

    URL = "url"
    PATH = "path"
    HOST = "host"
    DOMAIN = "domain"

    @property
    def bit(self) -> "Scopes":
        """The scope as a set of one."""
        return Scopes[self.name]

    @property
    def is_wide(self) -> bool:
        """Whether more than one page is blocked, so that a reason is required."""
        return self is not Scope.URL


class Scopes(IntFlag):
    """A set of scopes in one byte, as files and answers store it beside a digest."""

    URL = 1
    PATH = 2
    HOST = 4
    DOMAIN = 8


_LETTERS = {"u": Scopes.URL, "p": Scopes.PATH, "h": Scopes.HOST, "d": Scopes.DOMAIN}
ALL_SCOPES = 15


def scope_letters(scopes: int) -> str:
    """Return a set of scopes as letters of `uphd`, in this order."""
    return "".join(letter for letter, scope in _LETTERS.items() if scopes & scope)


def read_scope_letters(letters: str) -> int:
    """Parse a set of scopes from letters; raises ValueError for anything else, including no letters."""
    if not letters or len(set(letters)) != len(letters) or set(letters) - set(_LETTERS):
        raise ValueError(f"{letters[:10]!r} is not made of the letters u, p, h and d")
    return sum(int(_LETTERS[letter]) for letter in letters)
