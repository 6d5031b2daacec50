"""Warns when what a case is about moves to another name."""

from collections.abc import Iterable

from leeward.casework.acting.services import following
from leeward.casework.models import Case
from leeward.hosting import queries as hosting_queries

# Outcomes after which another name of the same content is no news.
HARMLESS = frozenset({"not_illegal", "out_of_scope"})


def warn_of_hop(hop_id: int) -> None:
    """List the case of the name that was seen now and the newest one of the other name under “news”; nobody is warned of content
    that was closed as nothing illegal."""
    joined = hosting_queries.joined_places(hop_id)
    if joined is None:
        return
    here, there = _newest_case([joined.location_id]), _newest_case(joined.other_ids)
    if there is not None and there.state == "closed" and there.outcome in HARMLESS:
        return
    for case in (here, there):
        if case is not None:
            following.something_is_new(case.pk, "name_hopped", is_told_once=True)


def _newest_case(places: Iterable[int]) -> Case | None:
    found: Case | None = Case.objects.filter(location_id__in=list(places)).order_by("-pk").first()
    return found
