"""Which addresses a guarded client may reach: public ones, and those that an installation allows explicitly."""

import ipaddress
from collections.abc import Iterable

from leeward.foundation.http.special import V4_NETWORKS, V6_NETWORKS

type Address = ipaddress.IPv4Address | ipaddress.IPv6Address
type Network = ipaddress.IPv4Network | ipaddress.IPv6Network

# IPv6 forms that embed an IPv4 address (RFC 4291 2.5.5, RFC 2765, RFC 6052, RFC 8215), and where its 32 bits begin.
_CARRIERS: tuple[tuple[ipaddress.IPv6Network, int], ...] = (
    (ipaddress.IPv6Network("::ffff:0:0/96"), 0),
    (ipaddress.IPv6Network("::ffff:0:0:0/96"), 0),
    (ipaddress.IPv6Network("::/96"), 0),
    (ipaddress.IPv6Network("64:ff9b::/96"), 0),
    (ipaddress.IPv6Network("64:ff9b:1::/48"), 0),
    (ipaddress.IPv6Network("2002::/16"), 80),
)
_UNICAST = ipaddress.IPv6Network("2000::/3")


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Parse networks in prefix notation; raises ValueError for anything else."""
    return tuple(ipaddress.ip_network(text.strip(), strict=False) for text in texts)


def carried(address: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """Return the IPv4 address inside an IPv4-mapped, translated, compatible, NAT64 or 6to4 address, else None."""
    for network, shift in _CARRIERS:
        if address in network:
            return ipaddress.IPv4Address((int(address) >> shift) & 0xFFFFFFFF)
    return None


def is_public(address: Address) -> bool:
    """Return whether a site can be hosted at such an address: a public one without a special use (`special.py`).

    An IPv6 form that embeds an IPv4 address is treated as that address. Python's own table is checked as well: two
    tables are harder to get wrong than one.
    """
    if isinstance(address, ipaddress.IPv4Address):
        return address.is_global and not any(address in network for network in V4_NETWORKS)
    if address.scope_id is not None or any(address in network for network in V6_NETWORKS):
        return False
    inner = carried(address)
    if inner is not None:
        return is_public(inner)
    return address in _UNICAST and address.is_global


def may_be_reached(address: Address, allowed: Iterable[Network] = ()) -> bool:
    """Return whether a guarded client may connect: a public address, or one inside a network that the installation
    allows.

    An allowed IPv4 network does not allow the IPv6 forms that embed its addresses.
    """
    return any(address.version == network.version and address in network for network in allowed) or is_public(address)


def address_of(text: str) -> Address | None:
    """Return the IP address in `text` (brackets around IPv6 are fine), else None."""
    try:
        return ipaddress.ip_address(text[1:-1] if text.startswith("[") and text.endswith("]") else text)
    except ValueError:
        return None
