"""The entries of a publication as sorted lines of text: scope, comparable form and exact address, separated by tabs.

Two publications with the same entries have the same bytes, so a state is identified by its SHA-256.
"""

from collections.abc import Iterable, Iterator

from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.errors import BadCoding
from leeward.blocklist.rules.scopes import Scope
from leeward.foundation.lazy_text import LazyText as _

_SCOPES = {scope.value: scope for scope in Scope}
_PARTS = 3


def state_lines(entries: Iterable[ListEntry]) -> list[str]:
    """Return the sorted lines of entries, without line ends and duplicates."""
    found: dict[tuple[str, str], str] = {}
    for entry in entries:
        key = entry.scope.value, entry.comparable
        found[key] = min(filter(None, (found.get(key), entry.address or entry.comparable)))
    return [f"{scope}\t{comparable}\t{address}" for (scope, comparable), address in sorted(found.items())]


def read_state(lines: Iterable[str]) -> Iterator[ListEntry]:
    """Read lines as `state_lines` writes them; raises BadCoding."""
    for number, line in enumerate(lines, 1):
        parts = line.rstrip("\n").split("\t")
        if len(parts) != _PARTS or parts[0] not in _SCOPES:
            raise BadCoding(_("line %(number)s is not an entry", number=number))
        yield ListEntry(_SCOPES[parts[0]], parts[1], parts[2])
