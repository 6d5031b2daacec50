"""Directory changes that wait for a second person, and the entries to which portals write as their police."""

from collections.abc import Iterable

from leeward.notices.queries.lists import ContactRow
from leeward.people import queries as people_queries
from leeward.people.queries import PortalChangeRow
from leeward.people.rules.reach import POLICE_CONTACT

Entry = tuple[str, str, str]  # kind, country and address


def changes_of(row: ContactRow, hotline_id: int) -> list[PortalChangeRow]:
    """Return an entry's changes that wait for a second person."""
    return people_queries.changes_about(hotline_id, POLICE_CONTACT, "/".join((row.kind, row.country, row.email)))


def entries_waiting(names: Iterable[str], hotline_id: int) -> list[str]:
    """Return the entries with such changes, named kind/COUNTRY/address."""
    waiting = {
        row.about.lower(): row
        for row in people_queries.portal_changes_waiting(hotline_id)
        if row.what == POLICE_CONTACT
    }
    return [waiting[name.lower()].about.split("/", 2)[2] for name in names if name.lower() in waiting]


def police_by_portal(hotline_id: int) -> dict[Entry, list[str]]:
    """Return the police addresses of the portals, as directory entries, with the portals' names."""
    found: dict[Entry, list[str]] = {}
    for portal in people_queries.portals_of(hotline_id, with_records=False):
        if portal.police_email:
            found.setdefault(("police", portal.country, portal.police_email.lower()), []).append(portal.name)
    return found


def written_by(row: ContactRow, hotline_id: int) -> list[str]:
    """Return the portals that write to an entry as their police, whatever the entry's own kind."""
    return police_by_portal(hotline_id).get((row.kind, row.country, row.email), [])
