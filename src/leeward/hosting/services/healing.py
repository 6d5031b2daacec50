"""What name servers or registries could not say in an outage: they are asked again within minutes of its end.

Each place has a job of its own that fails until it is answered, 1, 2, 4 … and at most 15 minutes apart; after two days it is
left to a person among the failed jobs. While not even the name of the control address is known, one question in 20 seconds is
enough for all places; as soon as it is known again, all of them are due.
"""

import threading
import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from django.conf import settings

from leeward.foundation.http.networks import address_of
from leeward.hosting.errors import StillUnheard
from leeward.hosting.lookups import names
from leeward.hosting.lookups.later import PATIENCE, AskLater
from leeward.hosting.lookups.registries import registries
from leeward.hosting.models import Location
from leeward.hosting.name_history import name_of_host
from leeward.jobs.services import run_all_now, schedule

HEAL = "hosting.heal"
FIRST, THEN, MOST = timedelta(minutes=1), timedelta(minutes=2), timedelta(minutes=15)
TRIES = 195  # 2, 4, 8 and then 15 minutes apart: two days
SECONDS = 25.0  # for all questions about one place
QUIET_SECONDS = 20.0
UNHEARD = frozenset({"name_timed_out", "name_failed", "proxy_failed"})


class _Outage:
    """Whether this process sees an outage of the name servers, and until when it asks nothing for others."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._quiet_until = 0.0

    def is_quiet(self) -> bool:
        with self._lock:
            return time.monotonic() < self._quiet_until

    def note(self, *, is_going_on: bool) -> bool:
        """Note what was seen; return whether an outage has just ended."""
        with self._lock:
            was = self._quiet_until > 0.0
            self._quiet_until = time.monotonic() + QUIET_SECONDS if is_going_on else 0.0
            return was and not is_going_on


OUTAGE = _Outage()


def is_unheard(host: str, learned: Iterable[tuple[str, str, str]]) -> bool:
    """Return whether something of what was asked about a host met an outage."""
    values = {kind: value for kind, value, _source in learned}
    return values.get("name_problem") in UNHEARD or _is_silent(host, values.get("ip", ""))


def heal_soon(place: Location, now: datetime) -> None:
    """Ask again in a minute, as a job; in the caller's transaction."""
    schedule(HEAL, subject_id=place.pk, hotline_id=place.hotline_id, due_at=now + FIRST)


def require_answers(place: Location) -> None:
    """Ask about a place, and store nothing. Raises StillUnheard."""
    if OUTAGE.is_quiet():
        raise StillUnheard
    literal = address_of(place.host)
    address = str(literal) if literal is not None else ""
    if literal is None:
        found = names.resolve(place.host)
        if found.problem in UNHEARD:
            OUTAGE.note(is_going_on=_is_everything_silent())
            raise StillUnheard
        if OUTAGE.note(is_going_on=False):
            run_all_now(HEAL)
        address = found.addresses[0] if found.addresses else ""
    try:
        with PATIENCE.lasting(SECONDS):
            if address:
                registries().network(address, at_most_old=timedelta(0))
            if literal is None:
                registries().domain(name_of_host(place.host), at_most_old=timedelta(0))
    except AskLater as later:
        raise StillUnheard from later
    if _is_silent(place.host, address):
        raise StillUnheard


def _is_silent(host: str, address: str) -> bool:
    name = "" if address_of(host) is not None else name_of_host(host)
    return bool(address and registries().is_silent("ip", address)) or bool(
        name and registries().is_silent("domain", name)
    )


def _is_everything_silent() -> bool:
    control = urlsplit(settings.LEEWARD.control_url).hostname or ""
    return bool(control) and address_of(control) is None and names.resolve(control).problem in UNHEARD
