"""Finds the registry to ask: the bootstrap files of RFC 9224, looked up by longest prefix or longest label. Pure."""

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any

import ada_url

type Json = Mapping[str, Any]

# The files of today have 1,500 entries at most; a number in them has 21 letters, as a range.
MOST_ENTRIES, MOST_NUMBER = 20_000, 21


def is_file(found: Json) -> bool:
    """Return whether this is a bootstrap file that leads anywhere, and not so long that each look into it takes its time."""
    return 0 < _entries_in(found) <= MOST_ENTRIES


def is_empty(found: Json) -> bool:
    """Return whether this is a bootstrap file in which no registry stands."""
    return isinstance(found.get("services"), list) and not _entries_in(found)


def _entries_in(found: Json) -> int:
    return sum(len(entries) for entries, bases in _services(found) if bases)


def for_ip(file: Json, address: str) -> tuple[str, ...]:
    """Return the base addresses for an IP address or network, the most specific entry's."""
    wanted = ipaddress.ip_network(address, strict=False)
    best: tuple[int, tuple[str, ...]] = (-1, ())
    for entries, bases in _services(file):
        for entry in entries:
            try:
                network = ipaddress.ip_network(entry, strict=False)
            except ValueError:
                continue
            holds = network.version == wanted.version and wanted.prefixlen >= network.prefixlen
            if holds and wanted.network_address in network and network.prefixlen > best[0]:
                best = (network.prefixlen, bases)
    return best[1]


def for_asn(file: Json, number: int) -> tuple[str, ...]:
    """Return the base addresses for an autonomous system number, the narrowest range's."""
    best: tuple[int, tuple[str, ...]] = (2**32, ())
    for entries, bases in _services(file):
        for entry in entries:
            if len(entry) > MOST_NUMBER:
                continue
            first, _, last = entry.partition("-")
            if first.isdecimal() and (last or first).isdecimal() and int(first) <= number <= int(last or first):
                best = min(best, (int(last or first) - int(first), bases), key=lambda one: one[0])
    return best[1]


def for_tag(file: Json, handle: str) -> tuple[str, ...]:
    """Return the base addresses for a handle whose last part is a registry's tag (RFC 8521): `ABC1-RIPE`."""
    tag = handle.rpartition("-")[2].upper()
    return next((bases for entries, bases in _services(file) if tag in map(str.upper, entries)), ())


def for_domain(file: Json, name: str) -> tuple[str, ...]:
    """Return the base addresses for a name in any script, the longest matching entry's."""
    labels = in_ascii(name).split(".")
    best: tuple[int, tuple[str, ...]] = (-1, ())
    for entries, bases in _services(file):
        for entry in entries:
            wanted = [label for label in in_ascii(entry).split(".") if label]
            if labels[len(labels) - len(wanted) :] == wanted and len(wanted) > best[0]:
                best = (len(wanted), bases)
    return best[1]


def in_ascii(name: str) -> str:
    """Return a name as name servers know it: in lower case, in ASCII, without a dot at its ends."""
    name = name.lower().strip(".")
    try:
        return name if name.isascii() else ada_url.idna_to_ascii(name).decode()
    except ValueError:  # a lone surrogate
        return name


def _services(file: Json) -> Iterator[tuple[list[str], tuple[str, ...]]]:
    services = file.get("services")
    for service in services if isinstance(services, list) else []:
        # Those of tags begin with a contact.
        if isinstance(service, list) and len(service) in (2, 3) and all(isinstance(part, list) for part in service):
            entries = [entry for entry in service[-2] if isinstance(entry, str)]
            bases = [base if base.endswith("/") else f"{base}/" for base in service[-1] if isinstance(base, str)]
            yield entries, tuple(sorted(bases, key=lambda base: not base.startswith("https:")))
