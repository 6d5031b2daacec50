"""A short-lived cache of portals by name: every public page needs its portal, and a portal changes a few times a year."""

import time

from django.db import Error

from leeward.people.queries import PortalRow, portal_by_slug
from leeward.web_security.remembered import forget as forget_remembered

# Other processes of the installation see a change after this delay; the process that made it, at once.
KEPT_SECONDS = 1.0
MOST_KEPT = 200

_kept: dict[str, tuple[float, PortalRow]] = {}


def portal_named(slug: str) -> PortalRow | None:
    """Return the open portal with this name, or None; where the database doesn't answer, as this process last saw it. Unknown names
    are never cached, so they cost no memory."""
    found = _kept.get(slug)
    if found is not None and found[0] > time.monotonic():
        return found[1]
    try:
        row = portal_by_slug(slug)
    except Error:
        if found is None:
            raise
        return found[1]
    if row is None:
        _kept.pop(slug, None)
    elif KEPT_SECONDS and len(_kept) < MOST_KEPT:
        _kept[slug] = (time.monotonic() + KEPT_SECONDS, row)
    return row


def portal_remembered(slug: str) -> PortalRow | None:
    """Return the portal of this name as this process last saw it, however long ago, without a query."""
    found = _kept.get(slug)
    return found[1] if found is not None else None


def forget_portals() -> None:
    """Clear the cache, and what is remembered of what portals show."""
    _kept.clear()
    forget_remembered()
