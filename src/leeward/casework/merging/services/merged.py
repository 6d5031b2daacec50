"""Cases that were merged into another one, and where the work continues. Each keeps its own address, with what was sent
about it and the checks on it; their results are handled in the other case.
"""

from leeward.casework.models import Case
from leeward.monitoring import queries as monitoring_queries

MOST_MERGED = 200
MOST_LAYERS = 50


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


def places_still_up(case: Case, merged: list[Case]) -> list[int]:
    """Return the watched locations of a case and of those merged into it where the content is still up."""
    found = monitoring_queries.watches_of([one.location_id for one in (case, *merged)])
    return [location_id for location_id, watch in found.items() if watch.state not in ("removed", "off")]


def was_seen_removed(location_id: int) -> bool:
    """Return whether the checks on a location say that the content is gone."""
    watch = monitoring_queries.watch_of(location_id)
    return watch is not None and watch.state == "removed"
