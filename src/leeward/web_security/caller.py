"""Where a request comes from, for counting attempts; never stored, never logged."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

# Addresses that Tor makes up for the proxy in front of an onion address, one per circuit
# (`HiddenServiceExportCircuitID`).
TOR_CIRCUITS = ip_network("fc00:dead:beef:4dad::/64")
# What `caller_of` says of this machine, and where no address is named.
EVERYBODY = frozenset({"127.0.0.1", "::/64", "unknown"})
_FORWARDED = ("Forwarded", "Via", "X-Forwarded-For", "X-Real-Ip")


def caller_of(request: HttpRequest) -> str:
    """Return the address that the caller can't choose: the peer's, or behind a proxy the hop that the proxy itself added.

    For IPv6 only the network counts, since one household has more addresses than there are links to guess; for an onion
    visitor the circuit.
    """
    peer = str(request.META.get("REMOTE_ADDR", ""))
    if settings.LEEWARD.behind_proxy:
        peer = request.headers.get("X-Forwarded-For", peer).rpartition(",")[2].strip()
    try:
        address = ip_address(peer)
    except ValueError:
        return "unknown"
    if isinstance(address, IPv6Address):
        if address in TOR_CIRCUITS:
            return str(address)
        if address.ipv4_mapped is None:
            return str(ip_network((address, 64), strict=False))
        return str(address.ipv4_mapped)
    return str(address)


def is_from_this_machine(request: HttpRequest) -> bool:
    """Return whether a program on this machine asks, not a proxy on behalf of somebody else. Where an onion address is served,
    Tor's requests come from this machine as well: whoever relies on this asks for that too."""
    if settings.LEEWARD.behind_proxy or any(name in request.headers for name in _FORWARDED):
        return False
    try:
        return ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False
