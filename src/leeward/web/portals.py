"""Portals by name, remembered for a moment: every public page asks for its portal, and a portal changes a few times a year."""

import time

from leeward.people.queries import PortalRow, portal_by_slug

# Another process of the installation shows a change so much later; the one that changed it, at once.
KEPT_SECONDS = 1.0
MOST_KEPT = 200

_kept: dict[str, tuple[float, PortalRow]] = {}


def portal_named(slug: str) -> PortalRow | None:
    """The open portal of this name, or None. Names that there are not are never remembered: they cost no memory."""
    found = _kept.get(slug)
    if found is not None and found[0] > time.monotonic():
        return found[1]
    row = portal_by_slug(slug)
    if row is None:
        _kept.pop(slug, None)
    elif KEPT_SECONDS and len(_kept) < MOST_KEPT:
        _kept[slug] = (time.monotonic() + KEPT_SECONDS, row)
    return row


def portal_remembered(slug: str) -> PortalRow | None:
    """What this process saw last of the portal of this name, however long ago; without asking the database."""
    found = _kept.get(slug)
    return found[1] if found is not None else None


def forget_portals() -> None:
    """Ask the database again from now on."""
    _kept.clear()
