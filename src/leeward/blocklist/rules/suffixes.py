"""Where a registrable name ends: the Public Suffix List in the dated copy that the package publicsuffixlist ships."""

from functools import cache

from publicsuffixlist import PublicSuffixList


@cache
def _list() -> PublicSuffixList:
    return PublicSuffixList(accept_unknown=True)


def registrable(host: str) -> str | None:
    """Return the public suffix of a host name and one label more; None for a public suffix itself.

    Both parts of the list count, so a tenant's name below a shared platform is registrable and the platform's is not.
    """
    name: str | None = _list().privatesuffix(host)
    return name


def is_public_suffix(host: str) -> bool:
    """Whether names are registered directly below this name."""
    return registrable(host) is None
