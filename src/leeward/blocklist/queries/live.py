"""Read the current entries of a list, for publication."""

from collections.abc import Iterator
from dataclasses import dataclass

from leeward.blocklist.models import Entry
from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.scopes import Scope

_MANY = 5_000


@dataclass(frozen=True, slots=True)
class LiveEntry:
    """An entry's id and what it blocks."""

    id: int
    entry: ListEntry


def live_entries(list_id: int) -> Iterator[LiveEntry]:
    """Yield every approved entry of a list, oldest first: the content of the next publication. One query, read in
    chunks.
    """
    rows = Entry.objects.filter(list_id=list_id, state="approved").order_by("id")
    for pk, scope, comparable, address in rows.values_list("id", "scope", "comparable", "address").iterator(_MANY):
        yield LiveEntry(pk, ListEntry(Scope(scope), comparable, address))


def live_count(list_id: int) -> int:
    """Return the current number of entries of a list."""
    return Entry.objects.filter(list_id=list_id, state="approved").count()
