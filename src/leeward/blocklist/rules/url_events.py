"""Exact addresses for search engines and hosts, as lines of JSON: additions and removals since a serial.

The first line names the list, its serial, and the serial since which the events apply (null: from nothing). Each
further line is an event, `add` or `remove`, with the address and its scope. A removal must be obeyed as much as an
addition.
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
    """Return the lines that lead from the entries `before` (of serial `since`) to those of `now`; removals first."""
    new, old = set(map(_key, now)), set(map(_key, before))
    yield _line({"list": list_name, "serial": serial, "since": since, "add": len(new - old), "remove": len(old - new)})
    for event, keys in (("remove", old - new), ("add", new - old)):
        # By address, whatever the scope, so that canaries, which are all domains, are spread over the list.
        for scope, address in sorted(keys, key=lambda key: (key[1], key[0])):
            yield _line({"event": event, "scope": scope, "url": address})


def _key(entry: ListEntry) -> tuple[str, str]:
    return entry.scope.value, entry.address or entry.comparable


def _line(row: dict[str, object]) -> str:
    return json.dumps(row) + "\n"
