"""What name servers or registries could not say in an outage: they are asked again within minutes of its end.

Each place has a job of its own that fails until it is answered, 1, 2, 4 … and at most 15 minutes apart; after two days it is
left to a person among the failed jobs. While not even the name of the control address is known, one question in 20 seconds is
enough for all places; as soon as it is known again, all of them are due. Where that one is known and more than a few places a
minute stay unheard all the same (somebody may report thousands of names whose servers are ill), a lot says which few are asked:
the others' turn comes later, and no other work waits for them.
"""

import secrets
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
MOST_UNHEARD = 12  # how many questions a minute may come to nothing, at five seconds each
MINUTE_SECONDS = 60.0
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


class _Turns:
    """Whose turn it is to be asked while more places stay unheard than may take our time, as seen by this process."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._since = 0.0
        self._now = self._before = 0  # how many stayed unheard, or were left out, in this minute and the one before

    def draw(self) -> bool:
        """Return whether a place may be asked now."""
        with self._lock:
            self._turn_over()
            many = max(self._now, self._before)
            return many < MOST_UNHEARD or secrets.randbelow(many + 1) < MOST_UNHEARD

    def note_unheard(self) -> None:
        """Note a place that was left out, or that stayed unheard."""
        with self._lock:
            self._turn_over()
            self._now += 1

    def _turn_over(self) -> None:
        passed = time.monotonic() - self._since
        if passed >= MINUTE_SECONDS:
            self._before = self._now if passed < 2 * MINUTE_SECONDS else 0
            self._now, self._since = 0, time.monotonic()


OUTAGE = _Outage()
TURNS = _Turns()


def is_unheard(host: str, learned: Iterable[tuple[str, str, str]]) -> bool:
    """Return whether something of what was asked about a host met an outage."""
    values = {kind: value for kind, value, _source in learned}
    return values.get("name_problem") in UNHEARD or _is_silent(host, values.get("ip", ""))


def heal_soon(place: Location, now: datetime) -> None:
    """Ask again in a minute, as a job; in the caller's transaction."""
    schedule(HEAL, subject_id=place.pk, hotline_id=place.hotline_id, due_at=now + FIRST)


def require_answers(place: Location) -> None:
    """Ask about a place, and store nothing. Raises StillUnheard, be it that others come first."""
    if OUTAGE.is_quiet():
        raise StillUnheard
    try:
        if not TURNS.draw():
            raise StillUnheard
        _ask(place)
    except StillUnheard:
        TURNS.note_unheard()
        raise


def _ask(place: Location) -> None:
    literal = address_of(place.host)
    address = str(literal) if literal is not None else ""
    if literal is None:
        found = names.resolve(place.host)
        if found.problem in UNHEARD:
            _note_outage(is_going_on=_is_everything_silent())
            raise StillUnheard
        _note_outage(is_going_on=False)
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


def _note_outage(*, is_going_on: bool) -> None:
    if OUTAGE.note(is_going_on=is_going_on):
        run_all_now(HEAL)


def _is_silent(host: str, address: str) -> bool:
    name = "" if address_of(host) is not None else name_of_host(host)
    return bool(address and registries().is_silent("ip", address)) or bool(
        name and registries().is_silent("domain", name)
    )


def _is_everything_silent() -> bool:
    control = urlsplit(settings.LEEWARD.control_url).hostname or ""
    return bool(control) and address_of(control) is None and names.resolve(control).problem in UNHEARD
