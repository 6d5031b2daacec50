"""How a host reaches the police for whom it keeps material."""

from collections.abc import Iterable

from leeward.notices.rules.claims import WITH_POLICE
from leeward.people.queries import portals_of


def police_for_hosts(kind: str, places: Iterable[tuple[int, str | None]], *, hotline_id: int) -> tuple[str, ...]:
    """Return the words of the portals for it, without a full stop. `places` are the portal and the hosting country of
    each address: a portal's police are named only for what is hosted in its own country, and only to those who store or
    carry it."""
    if kind not in WITH_POLICE:
        return ()
    portals = {portal.id: portal for portal in portals_of(hotline_id)}
    found = [
        portal.police_for_hosts.rstrip(".")
        for portal_id, country in places
        if (portal := portals.get(portal_id)) and portal.country == (country or "").upper()
    ]
    return tuple(name for name in dict.fromkeys(found) if name)
