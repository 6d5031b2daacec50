"""Special-use networks: IANA's registries of special-purpose addresses, and address space that isn't unicast.

Facts from the IPv4 and IPv6 special-purpose registries (RFC 6890 and its successors) as of `AS_OF`, transcribed by us:
prefix, purpose, defining document, and whether the registry calls it globally reachable (None: it doesn't say). No site
is hosted in any of them, so none is fetched from, reachable or not. `tests/foundation/test_networks.py` checks every
row.
"""

import ipaddress
from typing import NamedTuple

AS_OF = "2025-10"
SOURCES = (
    "https://www.iana.org/assignments/iana-ipv4-special-registry/",
    "https://www.iana.org/assignments/iana-ipv6-special-registry/",
)


class Special(NamedTuple):
    """One row."""

    prefix: str
    what: str
    defined_in: str
    is_global: bool | None


IPV4 = (
    Special("0.0.0.0/8", "this network", "RFC 791", False),
    Special("10.0.0.0/8", "private use", "RFC 1918", False),
    Special("100.64.0.0/10", "shared address space", "RFC 6598", False),
    Special("127.0.0.0/8", "loopback", "RFC 1122", False),
    Special("169.254.0.0/16", "link-local", "RFC 3927", False),
    Special("172.16.0.0/12", "private use", "RFC 1918", False),
    Special("192.0.0.0/24", "IETF protocol assignments", "RFC 6890", False),
    Special("192.0.0.0/29", "IPv4 service continuity", "RFC 7335", False),
    Special("192.0.0.8/32", "dummy address", "RFC 7600", False),
    Special("192.0.0.9/32", "Port Control Protocol anycast", "RFC 7723", True),
    Special("192.0.0.10/32", "TURN anycast", "RFC 8155", True),
    Special("192.0.0.170/31", "NAT64/DNS64 discovery", "RFC 7050", False),
    Special("192.0.2.0/24", "documentation (TEST-NET-1)", "RFC 5737", False),
    Special("192.31.196.0/24", "AS112", "RFC 7535", True),
    Special("192.52.193.0/24", "automatic multicast tunnelling", "RFC 7450", True),
    Special("192.88.99.0/24", "6to4 relay anycast, deprecated", "RFC 7526", None),
    Special("192.168.0.0/16", "private use", "RFC 1918", False),
    Special("192.175.48.0/24", "AS112, direct delegation", "RFC 7534", True),
    Special("198.18.0.0/15", "benchmarking", "RFC 2544", False),
    Special("198.51.100.0/24", "documentation (TEST-NET-2)", "RFC 5737", False),
    Special("203.0.113.0/24", "documentation (TEST-NET-3)", "RFC 5737", False),
    Special("240.0.0.0/4", "reserved", "RFC 1112", False),
    Special("255.255.255.255/32", "limited broadcast", "RFC 919", False),
)
IPV6 = (
    Special("::1/128", "loopback", "RFC 4291", False),
    Special("::/128", "unspecified", "RFC 4291", False),
    Special("64:ff9b:1::/48", "local IPv4/IPv6 translation", "RFC 8215", False),
    Special("100::/64", "discard only", "RFC 6666", False),
    Special("100:0:0:1::/64", "dummy prefix", "RFC 9780", False),
    Special("2001::/23", "IETF protocol assignments", "RFC 2928", False),
    Special("2001::/32", "Teredo", "RFC 4380", None),
    Special("2001:1::1/128", "Port Control Protocol anycast", "RFC 7723", True),
    Special("2001:1::2/128", "TURN anycast", "RFC 8155", True),
    Special("2001:1::3/128", "DNS-SD registration anycast", "RFC 9665", True),
    Special("2001:2::/48", "benchmarking", "RFC 5180", False),
    Special("2001:3::/32", "automatic multicast tunnelling", "RFC 7450", True),
    Special("2001:4:112::/48", "AS112", "RFC 7535", True),
    Special("2001:10::/28", "ORCHID, deprecated", "RFC 4843", None),
    Special("2001:20::/28", "ORCHIDv2", "RFC 7343", True),
    Special("2001:30::/28", "drone remote identification", "RFC 9374", True),
    Special("2001:db8::/32", "documentation", "RFC 3849", False),
    Special("2620:4f:8000::/48", "AS112, direct delegation", "RFC 7534", True),
    Special("3fff::/20", "documentation", "RFC 9637", False),
    Special("5f00::/16", "segment routing identifiers", "RFC 9602", False),
    Special("fc00::/7", "unique local", "RFC 4193", False),
    Special("fe80::/10", "link-local unicast", "RFC 4291", False),
)
# Forms that embed an IPv4 address are in the registry too; they are treated as that address (`networks.carried`).
CARRIERS = (
    Special("::ffff:0:0/96", "IPv4-mapped", "RFC 4291", False),
    Special("64:ff9b::/96", "IPv4/IPv6 translation", "RFC 6052", True),
    Special("2002::/16", "6to4", "RFC 3056", None),
)
# From other registries.
MULTICAST = (
    Special("224.0.0.0/4", "multicast", "RFC 5771", None),
    Special("ff00::/8", "multicast", "RFC 4291", None),
)

V4_NETWORKS = tuple(ipaddress.IPv4Network(row.prefix) for row in (*IPV4, MULTICAST[0]))
V6_NETWORKS = tuple(ipaddress.IPv6Network(row.prefix) for row in (*IPV6, MULTICAST[1]))
