"""Decide whether a scope would affect others: public suffixes, shared platforms, private network addresses.

A platform is shared by *names* (each customer has a subdomain: the platform's own name is refused, a customer's is not)
or by *paths* (customers share one host, which is never listed as a whole).
"""

import csv
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Literal

from leeward.blocklist.rules.dns_names import is_under
from leeward.blocklist.rules.scopes import Scope
from leeward.blocklist.rules.suffixes import is_public_suffix
from leeward.foundation.http.networks import address_of, carried, networks

SharedBy = Literal["names", "paths"]
_SHARED_BY: dict[str, SharedBy] = {"names": "names", "paths": "paths"}
COLUMNS = ("name", "shared_by", "kind", "as_of", "source")
STALE_AFTER = timedelta(days=400)
# Not all that the guard calls “not public”: numbers that are reserved for documents are nobody's, and harm nobody.
_PRIVATE = networks(
    "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16 224.0.0.0/3".split()
    + "::/127 fc00::/7 fe80::/10 ff00::/8".split()
)


@dataclass(frozen=True, slots=True)
class Platform:
    """A host shared by many customers, as a line of the dated list."""

    name: str
    shared_by: SharedBy
    kind: str
    as_of: date
    source: str


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a scope is too wide. `code` is public_suffix, shared_platform or above_platform; `name` is the one affected."""

    code: Literal["public_suffix", "shared_platform", "above_platform"]
    name: str


@dataclass(frozen=True)
class Platforms:
    """The list of shared platforms, prepared for checks."""

    rows: tuple[Platform, ...]
    _names: frozenset[str] = field(init=False, repr=False)
    _paths: frozenset[str] = field(init=False, repr=False)
    _above: dict[str, str] = field(init=False, repr=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_names", frozenset(row.name for row in self.rows if row.shared_by == "names"))
        object.__setattr__(self, "_paths", frozenset(row.name for row in self.rows if row.shared_by == "paths"))
        object.__setattr__(self, "_above", {above: row.name for row in self.rows for above in names_above(row.name)})

    def refusal(self, scope: Scope, host: str) -> Refusal | None:
        """Return why a host may not be listed with a scope, or None. A page or a path is never too wide."""
        if scope not in (Scope.HOST, Scope.DOMAIN):
            return None
        if is_public_suffix(host):
            return Refusal("public_suffix", host)
        if host in self._names:
            return Refusal("shared_platform", host)
        platform = is_under(host, self._paths)
        if platform:
            return Refusal("shared_platform", platform)
        if scope is Scope.DOMAIN and host in self._above:
            return Refusal("above_platform", self._above[host])
        return None

    def is_stale(self, today: date) -> bool:
        """Return whether the newest line is too old to rely on, or there is none."""
        return not self.rows or today - max(row.as_of for row in self.rows) > STALE_AFTER


def is_everybodys(host: str) -> bool:
    """Return whether a host is an IP address that means another machine in every network, such as a router, or many at
    once.
    """
    address = address_of(host)
    if address is None:
        return False
    inner = carried(address) if address.version == 6 else None
    return any(one.version == net.version and one in net for one in (address, inner) if one for net in _PRIVATE)


def names_above(name: str) -> list[str]:
    """Return the parent domains of a name, nearest first."""
    above = []
    while name := name.partition(".")[2]:
        above.append(name)
    return above


@dataclass(frozen=True, slots=True)
class BadPlatformLine(ValueError):
    """A line of the list of platforms is invalid."""

    line: int
    why: str

    def __str__(self) -> str:
        return f"line {self.line}: {self.why}"


def read_platforms(lines: Iterable[str]) -> Platforms:
    """Read the list (CSV with the columns `COLUMNS`); raises BadPlatformLine."""
    reader = csv.DictReader(lines)
    if tuple(reader.fieldnames or ()) != COLUMNS:
        raise BadPlatformLine(1, f"the columns are not {', '.join(COLUMNS)}")
    rows = []
    for row in reader:
        try:
            as_of = date.fromisoformat(row["as_of"] or "")
        except ValueError as error:
            raise BadPlatformLine(reader.line_num, "as_of is no date such as 2026-11-24") from error
        name = (row["name"] or "").strip().lower()
        if "." not in name or not name.isascii() or "/" in name:
            raise BadPlatformLine(reader.line_num, f"{name[:60]!r} is no host name")
        shared_by = _SHARED_BY.get(row["shared_by"] or "")
        if shared_by is None:
            raise BadPlatformLine(reader.line_num, "shared_by is neither names nor paths")
        rows.append(Platform(name, shared_by, row["kind"] or "", as_of, row["source"] or ""))
    return Platforms(tuple(rows))
