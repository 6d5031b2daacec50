"""IP addresses of listed hosts, where nothing else is known to be served from them."""

from collections.abc import Iterable

from leeward.blocklist.publishing.rules.networks import refusal
from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.expressions import is_address
from leeward.blocklist.rules.plain import Export
from leeward.blocklist.rules.scopes import Scope
from leeward.hosting.queries import hosts_at, locations_on_host, whereabouts


def networks_of(entries: Iterable[ListEntry]) -> Export:
    """Return the addresses of entries that block a whole host or domain; others, and those that could affect somebody
    else, are counted.
    """
    export = Export([])
    wide = []
    for entry in entries:
        if entry.scope in (Scope.HOST, Scope.DOMAIN):
            wide.append(entry.host)
        else:
            export.left_out[entry.scope.value] += 1
    listed = frozenset(wide)
    found = set()
    for host in sorted(listed):
        address, behind = _place_of(host)
        why = refusal(address, behind=behind, hosts_there=hosts_at(address) - {host} if address else (), listed=listed)
        if why:
            export.left_out[why] += 1
        else:
            found.add(address.strip("[]"))
    export.lines = sorted(found)
    return export


def _place_of(host: str) -> tuple[str, str]:
    """Return the last known address of a host and the content network in front of it."""
    places = locations_on_host(host, most=1)
    if not places:
        return (host if is_address(host) else ""), ""
    found = whereabouts(places[0])
    return (host if is_address(host) else found.ip), found.behind
