"""Find registrable domains with the Public Suffix List, in the dated copy shipped by the package publicsuffixlist."""

from functools import cache

from publicsuffixlist import PublicSuffixList


@cache
def _list() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=True)


def registrable(host: str) -> str | None:
    """Return the public suffix of a host name plus one label; None for a public suffix itself.

    Both sections of the list apply, so a customer's name below a shared platform is registrable and the platform's is
    not.
    """
    name: str | None = _list().privatesuffix(host)
    return name


def is_public_suffix(host: str) -> bool:
    """Return whether names are registered directly below this name."""
    return registrable(host) is None
