"""A source of known images for the demonstration: its agreement is recorded and waits for whoever looks around as the supervisor."""

import hashlib
from datetime import UTC, datetime

from django_scopes import scope

from leeward.demo.staff import email_of
from leeward.demo.world.feeds import NcmecFeed
from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotFound
from leeward.hashbank.queries import live_source
from leeward.hashbank.sources.services.agreeing import add_source, agree, remove
from leeward.people.queries import staff_of

NAME = "clearing-house"
ENTRIES = 12


def fill_feed(feed: NcmecFeed) -> None:
    """Entries of files that nobody has: the digests of their own names."""
    for number in range(1, ENTRIES + 1):
        name = f"example {number}".encode()
        prints = {
            "md5": hashlib.md5(name, usedforsecurity=False).hexdigest(),
            "sha1": hashlib.sha1(name, usedforsecurity=False).hexdigest(),
        }
        feed.add(f"example-{number}", prints, label="A1" if number % 3 else "B1")


def offer_source(hotline_id: int, feed: NcmecFeed) -> None:
    """Add the source at its address of today; the administrator has recorded the agreement, and the supervisor can confirm it on the desk."""
    command = Actor(kind="command", hotline_id=hotline_id)
    adam = next(row for row in staff_of(hotline_id) if row.email == email_of("adam"))
    recorder = Actor(kind="staff", id=adam.id, name=adam.name, hotline_id=hotline_id, roles=frozenset(adam.roles))
    with scope(hotline=hotline_id):
        try:
            live_source(NAME)
        except NotFound:
            pass
        else:
            remove(NAME, withdraw=False, actor=command)
        add_source(
            NAME,
            protocol="ncmec",
            url=feed.url,
            source="Clearing house (example)",
            secrets=feed.secrets,
            every_minutes=5,
            actor=command,
        )
        agree(NAME, terms="Memorandum of the demonstration", agreed_on=datetime.now(UTC).date(), actor=recorder)
