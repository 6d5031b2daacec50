"""A list as a response policy zone: names that resolvers answer with "no such name" or with the stop page.

A domain takes two rules, `name` and `*.name`, because the wildcard does not cover the name itself; a host takes one.
The DNS can't express pages and paths: they are counted, never widened.
"""

import ipaddress
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from leeward.blocklist.rules.dns_names import MAX_NAME_BYTES, NotADnsName, name_bytes, owner_name
from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.scopes import Scope
from leeward.foundation.errors import BadInput
from leeward.foundation.lazy_text import LazyText as _
from leeward.foundation.patterns import Pattern

MAX_TTL_SECONDS = 60
_NAME = Pattern(r"(?:[A-Za-z0-9_-]{1,63}\.)+")
_LINES_AT_ONCE = 4096
_WILDCARD_BYTES = 2


@dataclass(frozen=True, slots=True)
class Action:
    """The answer of a resolver for a listed name: the records (type, value) of each rule."""

    records: tuple[tuple[str, str], ...]


NO_SUCH_NAME = Action((("CNAME", "."),))


def stop_name(name: str) -> Action:
    """Redirect to the stop page by its name. Knot Resolver 5 ignores this; it needs `stop_addresses`."""
    return Action((("CNAME", checked_name(name)),))


def stop_addresses(addresses: Sequence[str]) -> Action:
    """Redirect to the stop page by its IPv4 and IPv6 addresses; raises BadInput."""
    try:
        parsed = [ipaddress.ip_address(address) for address in addresses]
    except ValueError as error:
        raise BadInput(what=_("The stop page's address"), why=str(error)) from error
    if not parsed:
        raise BadInput(what=_("The stop page's address"), why=_("there is none"))
    return Action(tuple(("A" if address.version == 4 else "AAAA", str(address)) for address in parsed))


@dataclass(frozen=True, slots=True)
class Zone:
    """The header of a zone. `primary` and `mailbox` are names with a final dot; the times are in seconds."""

    origin: str
    serial: int
    primary: str
    mailbox: str
    action: Action = NO_SUCH_NAME
    ttl: int = MAX_TTL_SECONDS
    refresh: int = 60
    retry: int = 30
    expire: int = 30 * 86400

    def __post_init__(self) -> None:
        for name in (self.origin, self.primary, self.mailbox):
            checked_name(name)
        if not 1 <= self.ttl <= MAX_TTL_SECONDS:
            raise BadInput(
                what=_("The zone's TTL"),
                why=_("it is %(ttl)s seconds, not 1 to %(most)s", ttl=self.ttl, most=MAX_TTL_SECONDS),
            )
        if not 0 < self.serial < 1 << 32:
            raise BadInput(what=_("The zone's serial"), why=_("it does not fit 32 bits"))

    @property
    def soa(self) -> str:
        """The value of the zone's SOA record; its last number is the negative caching time."""
        numbers = (self.serial, self.refresh, self.retry, self.expire, self.ttl)
        return f"{self.primary} {self.mailbox} {' '.join(map(str, numbers))}"


@dataclass(frozen=True, slots=True)
class Rules:
    """The owners of a zone's rules, sorted, relative to the origin, and how many entries could not be expressed, by
    reason.

    The reasons are `url` and `path` for the scope, or a word of NotADnsName.
    """

    owners: tuple[str, ...]
    left_out: Counter[str] = field(default_factory=Counter)


def checked_name(name: str) -> str:
    """Return an absolute name; raises BadInput for anything else."""
    if not _NAME.fullmatch(name) or name_bytes(name) >= MAX_NAME_BYTES:
        raise BadInput(
            what=_("The name %(name)s", name=repr(name[:80])),
            why=_("a name such as rpz.hotline.example. with a final dot is needed"),
        )
    return name


def rules_of(entries: Iterable[ListEntry], origin: str) -> Rules:
    """Return the rules of a list in a zone of this origin."""
    left_out: Counter[str] = Counter()
    return Rules(owners_of(_names(entries, left_out), origin, left_out), left_out)


def _names(entries: Iterable[ListEntry], left_out: Counter[str]) -> Iterator[tuple[str, bool]]:
    for entry in entries:
        if entry.scope in (Scope.HOST, Scope.DOMAIN):
            yield entry.host, entry.scope is Scope.DOMAIN
        else:
            left_out[entry.scope.value] += 1


def owners_of(names: Iterable[tuple[str, bool]], origin: str, left_out: Counter[str]) -> tuple[str, ...]:
    """Return the sorted owners for hosts, each with whether its subdomains are included; what is not a DNS name is
    counted in `left_out`.
    """
    room_bytes = MAX_NAME_BYTES - 1 - name_bytes(checked_name(origin))
    owners: set[str] = set()
    for host, with_subnames in names:
        try:
            owner = owner_name(host, room_bytes - _WILDCARD_BYTES if with_subnames else room_bytes)
        except NotADnsName as error:
            left_out[error.why] += 1
            continue
        owners.add(owner)
        if with_subnames:
            owners.add(f"*.{owner}")
    return tuple(sorted(owners))


def zone_text(zone: Zone, owners: Iterable[str]) -> Iterator[str]:
    """Yield the text of a zone file in pieces."""
    yield f"$ORIGIN {zone.origin}\n$TTL {zone.ttl}\n@ SOA {zone.soa}\n@ NS {zone.primary}\n"
    tails = [f" {kind} {value}\n" for kind, value in zone.action.records]
    waiting = iter(owners)
    while batch := list(islice(waiting, _LINES_AT_ONCE)):
        if len(tails) == 1:
            yield tails[0].join(batch) + tails[0]
        else:
            yield "".join(owner + tail for owner in batch for tail in tails)
