"""Which hotline a command works for: the one named, or the only one."""

from collections.abc import Iterator
from contextlib import contextmanager

from leeward.foundation.actor import Actor
from leeward.foundation.errors import BadInput, NotFound


@contextmanager
def in_hotline(slug: str) -> Iterator[Actor]:
    """Set up, and enter the scope of the hotline; yields the command as its actor."""
    from leeward.site.start import start

    start()
    from django_scopes import scope

    from leeward.people.queries import hotlines

    found = [row for row in hotlines() if slug in ("", row.slug)]
    if not found:
        raise NotFound("See leeward setup.", what="hotline")
    if len(found) > 1:
        raise BadInput(what="--hotline", why=f"there are several: {', '.join(row.slug for row in found)}")
    with scope(hotline=found[0].id):
        yield Actor(kind="command", hotline_id=found[0].id)
