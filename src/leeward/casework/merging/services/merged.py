"""Cases that were merged into another one, and where the work continues. Each keeps its own address, with what was sent
about it and the checks on it; their results are handled in the other case.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass

from django.db.models import Q

from leeward.casework.merging.models import Merging
from leeward.casework.models import Case
from leeward.monitoring import queries as monitoring_queries

MOST_MERGED = 200
MOST_LAYERS = 50
_LOOKS, _AT_ONCE = 6, 500  # so often merges of so many cases are looked up; what is more is found in all of the hotline


@dataclass(frozen=True, slots=True)
class EverTogether:
    """Cases that merges and splits ever connected, also undone ones; `had`: those in which some items were at any time."""

    cases: frozenset[int]
    had: frozenset[int]


def where_work_goes_on(case_id: int) -> int:
    """Return the case into which this one was merged, followed transitively; itself if it wasn't merged. One query per
    step.
    """
    seen = {case_id}
    while into := Case.objects.filter(pk=case_id).values_list("merged_into_id", flat=True).first():
        if into in seen:
            break
        seen.add(into)
        case_id = into
    return case_id


def merged_into_it(case: Case) -> list[Case]:
    """Return the cases merged into this one, transitively; locked."""
    found: list[Case] = []
    layer = [case.pk]
    while layer and len(found) < MOST_MERGED:
        rows = list(Case.objects.select_for_update().filter(merged_into__in=layer).order_by("pk")[:MOST_MERGED])
        found += rows
        layer = [row.pk for row in rows]
    return found


def numbers_merged_into(case_id: int) -> list[int]:
    """Return the numbers of the cases merged into this one, transitively."""
    found: list[int] = []
    layer = [case_id]
    for _layer in range(MOST_LAYERS):
        layer = list(Case.objects.filter(merged_into_id__in=layer).values_list("pk", flat=True))
        if not layer:
            break
        found += layer
    return found


def references_merged_into(case_id: int) -> dict[int, str]:
    """Return the references of the cases merged into this one, transitively, by their numbers."""
    return dict(Case.objects.filter(pk__in=numbers_merged_into(case_id)).order_by("pk").values_list("pk", "reference"))


def ever_together(case_id: int, item_ids: Collection[int]) -> EverTogether:
    """Return the cases that were ever connected with this one, which has these items now, by however many merges and splits one after
    another; a few queries, however many there are."""
    rows = Merging.objects.values_list("case_id", "other_id", "items")
    known, found = {case_id}, list[tuple[int, int, list[int]]]()
    for _look in range(_LOOKS):
        found = list(rows.filter(Q(case_id__in=known) | Q(other_id__in=known)))
        grown = known.union(*((case, other) for case, other, _items in found))
        if grown == known:
            break
        known = grown
        if len(known) > _AT_ONCE:
            found = list(rows)
            break
    else:
        found = list(rows)
    cases, wanted = _connected(case_id, [(case, other) for case, other, _items in found]), set(item_ids)
    moved = [(case, other) for case, other, items in found if case in cases and not wanted.isdisjoint(items)]
    return EverTogether(frozenset(cases), frozenset({case_id}.union(*moved)))


def _connected(case_id: int, pairs: Iterable[tuple[int, int]]) -> set[int]:
    """Return the cases that pairs connect with this one, itself included; circles end."""
    beside = defaultdict[int, list[int]](list)
    for one, other in pairs:
        beside[one].append(other)
        beside[other].append(one)
    found, waiting = {case_id}, [case_id]
    while waiting:
        fresh = set(beside[waiting.pop()]) - found
        found |= fresh
        waiting += fresh
    return found


def places_still_up(case: Case, merged: list[Case]) -> list[int]:
    """Return the watched locations of a case and of those merged into it where the content is still up."""
    found = monitoring_queries.watches_of([one.location_id for one in (case, *merged)])
    return [location_id for location_id, watch in found.items() if watch.state not in ("removed", "off")]


def was_seen_removed(location_id: int) -> bool:
    """Return whether the checks on a location say that the content is gone."""
    watch = monitoring_queries.watch_of(location_id)
    return watch is not None and watch.state == "removed"
