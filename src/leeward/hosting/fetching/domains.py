"""The registrable domain of a host: what one customer of a registry, or of a page builder, has."""

from functools import cache

from publicsuffixlist import PublicSuffixList

from leeward.foundation.http.networks import address_of


@cache
def _suffixes() -> PublicSuffixList:
    return PublicSuffixList()


def domain_of(host: str) -> str:
    """Return the registrable domain of a host name; an address, or a name without one, is its own."""
    name = host.rstrip(".").lower()
    if address_of(name) is not None:
        return name
    return _suffixes().privatesuffix(name) or name
