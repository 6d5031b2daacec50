"""Authentication of HMA clients: by a key in the header or the path, or as a program on this machine, and what each may
do.
"""

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpRequest

from leeward.foundation.actor import Actor
from leeward.hashbank.hma.errors import PlainRefusal
from leeward.hashbank.uploads.services.checking import subscriber_of
from leeward.people.bearer import open_with, token_actor
from leeward.people.queries import hotlines
from leeward.web_security.caller import is_from_this_machine

PER_MINUTE, BURST = 60_000.0, 3_000
OPENS = {"match": ("match", "check"), "read": ("read", "curate"), "curate": ("curate",)}
"""The scopes of keys that satisfy what a route requires."""
_ON_LOOPBACK = ("match", "read")


@dataclass(frozen=True, slots=True)
class Asker:
    """A program and the hotline whose bank it queries.

    `source`: the source it speaks as; empty where it may only read. `is_vouched`: two people say that it is.
    """

    hotline_id: int
    subscriber: str
    actor: Actor | None = None
    source: str = ""
    is_vouched: bool = False

    @property
    def budget(self) -> str:
        """The name under which fetches from other hosts are counted."""
        return f"hma {self.actor.label if self.actor else self.subscriber}"


def is_open() -> bool:
    """Return whether the routes are switched on at all."""
    return settings.LEEWARD.hma != "off"


def asker_of(request: HttpRequest, key: str, needs: str) -> Asker:
    """Return who is asking, if that satisfies what the route needs. Raises PlainRefusal, KeyIsWrong, KeyTooNarrow,
    TooFast.
    """
    key = key or _bearer(request)
    if key:
        row = open_with(key, OPENS[needs], per_minute=PER_MINUTE, burst=BURST)
        return Asker(row.hotline_id, subscriber_of(row), token_actor(row), row.holder, row.is_vouched)
    if settings.LEEWARD.hma != "loopback" or not is_from_this_machine(request) or needs not in _ON_LOOPBACK:
        raise PlainRefusal("This takes a key: Authorization: Bearer KEY, or /hma/KEY/ as the base address.", 401)
    if settings.LEEWARD.onion_hosts:  # Tor's requests come from this machine as well
        raise PlainRefusal("loopback is refused while an onion address is served: set LEEWARD_HMA=token", 401)
    wanted = settings.LEEWARD.hma_hotline
    found = [row.id for row in hotlines() if not wanted or row.slug == wanted]
    if len(found) != 1:
        raise PlainRefusal("set LEEWARD_HMA_HOTLINE to one hotline of this installation", 503)
    return Asker(found[0], "loopback")


def _bearer(request: HttpRequest) -> str:
    kind, _blank, key = request.headers.get("Authorization", "").partition(" ")
    return key.strip() if kind.lower() == "bearer" else ""
