"""What of the directory waits for a second person, and which entries a portal's police are written to by."""

from collections.abc import Iterable

from leeward.notices.queries.lists import ContactRow
from leeward.people import queries as people
from leeward.people.queries import PortalChangeRow
from leeward.people.rules.reach import POLICE_CONTACT

Entry = tuple[str, str, str]  # kind, country and address


def changes_of(row: ContactRow, hotline_id: int) -> list[PortalChangeRow]:
    """The changes of an entry that wait for a second person."""
    return people.changes_about(hotline_id, POLICE_CONTACT, "/".join((row.kind, row.country, row.email)))


def entries_waiting(names: Iterable[str], hotline_id: int) -> list[str]:
    """The addresses of those entries, named kind/COUNTRY/address, of which a change waits for a second person."""
    waiting = {
        row.about.lower(): row for row in people.portal_changes_waiting(hotline_id) if row.what == POLICE_CONTACT
    }
    return [waiting[name.lower()].about.split("/", 2)[2] for name in names if name.lower() in waiting]


def police_by_portal(hotline_id: int) -> dict[Entry, list[str]]:
    """The addresses that portals have for their police, as entries of the directory, and the portals' names."""
    found: dict[Entry, list[str]] = {}
    for portal in people.portals_of(hotline_id):
        if portal.police_email:
            found.setdefault(("police", portal.country, portal.police_email.lower()), []).append(portal.name)
    return found


def written_by(row: ContactRow, hotline_id: int) -> list[str]:
    """The portals that write to an entry as their police, whatever it says of itself."""
    return police_by_portal(hotline_id).get((row.kind, row.country, row.email), [])
