"""What stands on a list now, for whoever publishes it."""

from collections.abc import Iterator
from dataclasses import dataclass

from leeward.blocklist.models import Entry
from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.scopes import Scope

_MANY = 5_000


@dataclass(frozen=True, slots=True)
class LiveEntry:
    """An entry's number, and what it blocks."""

    id: int
    entry: ListEntry


def live_entries(list_id: int) -> Iterator[LiveEntry]:
    """Every approved entry of a list, the oldest first: what the next publication carries. One query, read in pieces."""
    rows = Entry.objects.filter(list_id=list_id, state="approved").order_by("id")
    for pk, scope, comparable, address in rows.values_list("id", "scope", "comparable", "address").iterator(_MANY):
        yield LiveEntry(pk, ListEntry(Scope(scope), comparable, address))


def live_count(list_id: int) -> int:
    """How many entries a list has now."""
    return Entry.objects.filter(list_id=list_id, state="approved").count()
