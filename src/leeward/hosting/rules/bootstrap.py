"""Finds the registry to ask: the bootstrap files of RFC 9224, looked up by longest prefix or longest label. Pure."""

import ipaddress
from collections.abc import Iterator, Mapping
from typing import Any

type Json = Mapping[str, Any]


def for_ip(file: Json, address: str) -> tuple[str, ...]:
    """Return the base addresses for an IP address, the most specific entry's."""
    wanted = ipaddress.ip_address(address)
    best: tuple[int, tuple[str, ...]] = (-1, ())
    for entries, bases in _services(file):
        for entry in entries:
            try:
                network = ipaddress.ip_network(entry, strict=False)
            except ValueError:
                continue
            if network.version == wanted.version and wanted in network and network.prefixlen > best[0]:
                best = (network.prefixlen, bases)
    return best[1]


def for_asn(file: Json, number: int) -> tuple[str, ...]:
    """Return the base addresses for an autonomous system number."""
    for entries, bases in _services(file):
        for entry in entries:
            first, _, last = entry.partition("-")
            if first.isdecimal() and (last or first).isdecimal() and int(first) <= number <= int(last or first):
                return bases
    return ()


def for_domain(file: Json, name: str) -> tuple[str, ...]:
    """Return the base addresses for a name, the longest matching entry's."""
    labels = name.lower().rstrip(".").split(".")
    best: tuple[int, tuple[str, ...]] = (-1, ())
    for entries, bases in _services(file):
        for entry in entries:
            wanted = entry.lower().strip(".").split(".")
            if labels[-len(wanted) :] == wanted and len(wanted) > best[0]:
                best = (len(wanted), bases)
    return best[1]


def _services(file: Json) -> Iterator[tuple[list[str], tuple[str, ...]]]:
    services = file.get("services")
    for service in services if isinstance(services, list) else []:
        if isinstance(service, list) and len(service) == 2 and all(isinstance(part, list) for part in service):
            entries = [entry for entry in service[0] if isinstance(entry, str)]
            bases = [base if base.endswith("/") else f"{base}/" for base in service[1] if isinstance(base, str)]
            yield entries, tuple(sorted(bases, key=lambda base: not base.startswith("https:")))
