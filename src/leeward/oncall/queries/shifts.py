"""Somebody's own shifts as a calendar."""

from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings

from leeward.oncall.labels import LAYERS
from leeward.oncall.queries.lists import lists_of
from leeward.oncall.rules.calendars import Entry, calendar_text
from leeward.oncall.rules.rota import shifts_of, stretches
from leeward.people import queries as people_queries

# How far a calendar looks back and ahead.
BACK, AHEAD = timedelta(days=35), timedelta(days=92)


def calendar_of(hotline_id: int, person_id: int, now: datetime) -> str:
    """Return the shifts of somebody for every portal of their hotline, in its scope. It names portals, and nobody else."""
    start = now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0) - BACK
    portals = people_queries.portals_of(hotline_id)
    lists, entries = lists_of(hotline_id, [row.id for row in portals]), []
    for row in portals:
        rota = lists.rota(row)
        if person_id in rota.always:
            continue  # with no beginning and no end there is nothing to enter
        for span, layer in shifts_of(person_id, stretches(rota, start, start + BACK + AHEAD, row.time_zone)):
            entries.append(Entry(span, f"{row.name}: {LAYERS[layer]}", f"{row.slug}-{person_id}-{layer}"))
    host = urlsplit(settings.LEEWARD.base_url).hostname or "localhost"
    return calendar_text(portals[0].hotline_name if portals else host, entries, host, now.astimezone(UTC))
