"""Exact addresses for search engines and hosts, as lines of JSON: what came and what went since a serial.

The first line says which list this is, its serial, and since which serial the events count (null: from nothing). Each further line
is an event, `add` or `remove`, with the address and its scope. A removal is an order as much as an addition.
"""

import json
from collections.abc import Iterable, Iterator

from leeward.blocklist.rules.entries import ListEntry


def url_events(
    list_name: str,
    serial: int,
    now: Iterable[ListEntry],
    *,
    since: int | None = None,
    before: Iterable[ListEntry] = (),
) -> Iterator[str]:
    """Return the lines that lead from the entries `before` (those of serial `since`) to those of `now`; removals first."""
    new, old = set(map(_key, now)), set(map(_key, before))
    yield _line({"list": list_name, "serial": serial, "since": since, "add": len(new - old), "remove": len(old - new)})
    for event, keys in (("remove", old - new), ("add", new - old)):
        # By address, whatever the scope: canaries, which are all domains, stand all over the list then.
        for scope, address in sorted(keys, key=lambda key: (key[1], key[0])):
            yield _line({"event": event, "scope": scope, "url": address})


def _key(entry: ListEntry) -> tuple[str, str]:
    return entry.scope.value, entry.address or entry.comparable


def _line(row: dict[str, object]) -> str:
    return json.dumps(row) + "\n"
