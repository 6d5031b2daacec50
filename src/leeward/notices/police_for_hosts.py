"""How a host reaches the police for whom it keeps material."""

from collections.abc import Iterable, Sequence

from leeward.notices.rules.claims import WITH_POLICE
from leeward.people.queries import PortalRow, portals_of


def police_for_hosts(
    kind: str, places: Iterable[tuple[int, str | None]], *, hotline_id: int, known: Sequence[PortalRow] = ()
) -> tuple[str, ...]:
    """Return the words of the portals for it, without a full stop. `places` are the portal and the hosting country of
    each address: a portal's police are named only for what is hosted in its own country, and only to those who store or
    carry it. No query if all are of the portals that are `known`."""
    if kind not in WITH_POLICE:
        return ()
    asked = list(places)
    portals = {portal.id: portal for portal in known}
    if any(portal_id not in portals for portal_id, _ in asked):
        portals = {portal.id: portal for portal in portals_of(hotline_id)}
    found = [
        portal.police_for_hosts.rstrip(".")
        for portal_id, country in asked
        if (portal := portals.get(portal_id)) and portal.country == (country or "").upper()
    ]
    return tuple(name for name in dict.fromkeys(found) if name)
