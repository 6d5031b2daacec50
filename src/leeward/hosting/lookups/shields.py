"""Shared proxies in front of other people's servers: their networks, from a dated list.

`data/shields.csv` is shipped with Leeward; a file of the same name and columns in the data directory replaces it.
"""

import csv
import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from leeward.foundation.errors import BadInput

COLUMNS = ("name", "network", "as_of", "source")


@dataclass(frozen=True, slots=True)
class Shield:
    """A shared proxy, which hides the origin server."""

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
            raise BadInput(
                what=_("Line %(number)s of the list of shared proxies") % {"number": number}, why=str(error)
            ) from error
        table[network.version].setdefault(network.prefixlen, {})[int(network.network_address)] = shield
    return table


def list_in_use() -> Table:
    """Return the installation's own list if it has one, else the shipped one."""
    own = own_path()
    try:
        return _read_once(own, own.stat().st_mtime_ns)
    except FileNotFoundError:
        return shipped()


def shipped() -> Table:
    """Return the shipped list."""
    return _read_once(Path(str(files("leeward.hosting") / "data" / "shields.csv")), 0)


def own_path() -> Path:
    """Return where an installation keeps its own list."""
    return Path(settings.LEEWARD.data_dir) / "shields.csv"


def take_list(text: str) -> int:
    """Replace the installation's own list, completely or not at all; return how many networks it has. Raises BadInput."""
    count = sum(1 for _ in entries(read(text.splitlines())))
    if not count:
        raise BadInput(what=_("The list of shared proxies"), why=_("it names no network"))
    path = own_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_suffix(".new")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)
    return count


def entries(table: Table) -> Iterator[tuple[str, Shield]]:
    """Yield every network of a list, by number, with its proxy."""
    for version, lengths in table.items():
        found = ((number, length, shield) for length, known in lengths.items() for number, shield in known.items())
        for number, length, shield in sorted(found, key=lambda one: one[:2]):
            address = ipaddress.IPv4Address(number) if version == 4 else ipaddress.IPv6Address(number)
            yield f"{address}/{length}", shield


@lru_cache(maxsize=4)
def _read_once(path: Path, changed_ns: int) -> Table:
    return read(path.read_text(encoding="utf-8").splitlines())


def behind(address: str, table: Table | None = None) -> Shield | None:
    """Return the shared proxy that an address belongs to, or None."""
    wanted = ipaddress.ip_address(address)
    number, bits = int(wanted), wanted.max_prefixlen
    for length, networks in sorted((table or list_in_use())[wanted.version].items(), reverse=True):
        found = networks.get(number >> (bits - length) << (bits - length))
        if found:
            return found
    return None
