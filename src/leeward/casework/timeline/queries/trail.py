"""Where the content of a case was over time: on other addresses, on other hosts and in other countries; moved,
reuploaded or back.
"""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from leeward.casework import labels
from leeward.casework.models import Case
from leeward.hosting import queries as hosting_queries

MOST_PLACES = 50


@dataclass(frozen=True, slots=True)
class Stop:
    """One stop of the content: since when, a description, the case there and its country."""

    at: datetime
    title: str
    note: str = ""
    reference: str = ""


def trail_of(case: Case) -> list[Stop]:
    """Return every other address at which a file of this case was found or that was merged into it, and every change of
    machine, network or country. Six queries.
    """
    merged = list(Case.objects.filter(merged_into=case.pk).order_by("pk")[:MOST_PLACES])
    same = {one.location_id for one in merged}
    there = [
        one for one in hosting_queries.places_with_its_files(case.location_id, most=MOST_PLACES) if one not in same
    ]
    at = hosting_queries.locations_by_id([case.location_id, *there, *same])
    own = at[case.location_id].host
    stops = [
        Stop(
            change.at,
            _("%(what)s changed") % {"what": labels.FINDINGS[change.kind]},
            f"{change.before} → {change.value}",
        )
        for change in hosting_queries.changes_of(case.location_id)
    ]
    for other in [*merged, *(Case.objects.filter(location_id__in=there) if there else [])]:
        place = at[other.location_id]
        note = " · ".join(part for part in (place.display, other.country) if part)
        title = _("The same content at another address") if other.merged_into_id == case.pk else ""
        title = title or _title(case, other, is_same_host=place.host == own)
        stops.append(Stop(other.received_at, title, note, other.reference))
    return sorted(stops, key=lambda stop: stop.at)


def _title(case: Case, other: Case, *, is_same_host: bool) -> str:
    """Return what the same file elsewhere means, judged by when and where it was reported."""
    if other.received_at < case.received_at:
        return _("The same file was reported before")
    if case.removed_at is not None and other.received_at > case.removed_at:
        return _("Published again on the same site") if is_same_host else _("Published again on another site")
    return _("The same file at another place on this site") if is_same_host else _("The same file on another site")
