"""The records of a policy zone in DNS wire format.

They are for messages whose first question is the zone's name, so that every owner ends with the same pointer to it.
"""

import struct
from functools import cache

import dns.name
import dns.rdata
import dns.rdataclass
import dns.rdatatype

from leeward.blocklist.rules.rpz import Zone

_TO_QUESTION = b"\xc0\x0c"


@cache
def _lengths() -> tuple[bytes, ...]:
    return tuple(bytes((length,)) for length in range(64))


def owner_wire(owner: str) -> bytes:
    """Return a relative owner, ending in the pointer to the zone's name."""
    lengths = _lengths()
    if "\\" in owner:
        labels = dns.name.from_text(owner, None).labels
        return b"".join(lengths[len(label)] + label for label in labels) + _TO_QUESTION
    return b"".join(lengths[len(label)] + label.encode() for label in owner.split(".")) + _TO_QUESTION


def record_tail(kind: str, value: str, ttl: int) -> bytes:
    """Return the part of a record after its owner."""
    rdtype = dns.rdatatype.from_text(kind)
    data: bytes | None = dns.rdata.from_text(dns.rdataclass.IN, rdtype, value).to_wire()
    return struct.pack("!HHIH", rdtype, dns.rdataclass.IN, ttl, len(data or b"")) + (data or b"")


def rule_tails(zone: Zone) -> tuple[bytes, ...]:
    """Return the part after the owner for each record of a rule."""
    return tuple(record_tail(kind, value, zone.ttl) for kind, value in zone.action.records)


def soa_wire(zone: Zone) -> bytes:
    """Return the zone's SOA record."""
    return _TO_QUESTION + record_tail("SOA", zone.soa, zone.ttl)


def ns_wire(zone: Zone) -> bytes:
    """Return the zone's NS record."""
    return _TO_QUESTION + record_tail("NS", zone.primary, zone.ttl)
