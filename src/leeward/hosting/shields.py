"""Shared proxies in front of other people's servers: their networks, from a dated list that can be replaced (`data/shields.csv`)."""

import csv
import ipaddress
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

from leeward.ground.errors import BadInput

COLUMNS = ("name", "network", "as_of", "source")


@dataclass(frozen=True, slots=True)
class Shield:
    """A shared proxy: behind it the origin is unknown."""

    name: str
    as_of: str
    source: str


type Table = dict[int, dict[int, dict[int, Shield]]]
"""IP version -> prefix length -> network as a number -> shield."""


def read(lines: Iterable[str]) -> Table:
    """Read a list; raises BadInput naming the line."""
    table: Table = {4: {}, 6: {}}
    for number, row in enumerate(csv.DictReader(lines), start=2):
        try:
            network = ipaddress.ip_network(row["network"])
            shield = Shield(row["name"], row["as_of"], row["source"])
        except (KeyError, TypeError, ValueError) as error:
            raise BadInput(what=f"Line {number} of the list of shared proxies", why=str(error)) from error
        table[network.version].setdefault(network.prefixlen, {})[int(network.network_address)] = shield
    return table


@cache
def shipped() -> Table:
    """The list that comes with Leeward."""
    return read((files("leeward.hosting") / "data" / "shields.csv").read_text(encoding="utf-8").splitlines())


def behind(address: str, table: Table | None = None) -> Shield | None:
    """The shared proxy that an address belongs to, or None."""
    wanted = ipaddress.ip_address(address)
    number, bits = int(wanted), wanted.max_prefixlen
    for length, networks in sorted((table or shipped())[wanted.version].items(), reverse=True):
        found = networks.get(number >> (bits - length) << (bits - length))
        if found:
            return found
    return None
