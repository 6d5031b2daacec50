"""`leeward blocklist serve-dns`: runs the small primary with the current publications."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import takewhile

from django.conf import settings
from django.db import connections
from django_scopes import scope

from leeward.blocklist import queries as blocklist_queries
from leeward.blocklist.dns.answers import MOST_OWNERS, Subscriber, ZoneTooLarge, make_key
from leeward.blocklist.dns.primary import Primary
from leeward.blocklist.publishing import queries, services, store
from leeward.blocklist.publishing.copies import canary_entries
from leeward.blocklist.publishing.feeds import unchanged_since
from leeward.blocklist.publishing.gates import canaries_of
from leeward.blocklist.publishing.queries import PublicationRow, SettingsRow, SubscriberRow
from leeward.blocklist.publishing.zones import key_name, key_secret, notify_places, zone_of
from leeward.blocklist.queries import ListRow
from leeward.blocklist.rules.rpz import Zone, rules_of
from leeward.blocklist.rules.scopes import Scope
from leeward.blocklist.rules.zone_history import SerialNotNewer
from leeward.foundation.errors import LeewardError
from leeward.people.queries import hotlines

FORM = "rpz"
STEPS_LOADED = 20
Complain = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Loaded:
    """One state of a zone, ready to be served."""

    zone: Zone
    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A zone for a subscriber, the id of its newest publication, and the states that are not served yet."""

    subscriber: str
    origin: str
    newest: int
    states: tuple[Loaded, ...]


@dataclass(slots=True)
class Reading:
    """The result of reading the database: admitted subscribers, zones with news, and all zones that should exist."""

    subscribers: dict[str, Subscriber] = field(default_factory=dict)
    news: list[Wanted] = field(default_factory=list)
    zones: set[tuple[str, str]] = field(default_factory=set)
    places: dict[tuple[str, str], tuple[int, int, int]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


class Served:
    """Keeps a primary in step with the database; a single task, so nothing runs concurrently."""

    def __init__(self, primary: Primary, complain: Complain) -> None:
        self.primary = primary
        self._complain = complain
        self._known: dict[tuple[str, str], int] = {}
        self._places: dict[tuple[str, str], tuple[int, int, int]] = {}
        self._keys: dict[str, tuple[object, ...]] = {}
        self._complaints: set[str] = set()
        self._notices: set[asyncio.Task[object]] = set()

    async def refresh(self) -> int:
        """Load what is new and notify subscribers; return how many zones changed."""
        reading = await asyncio.to_thread(_in_thread, _read_database, dict(self._known))
        for problem in reading.problems:
            self._complain_once(problem)
        self._take_people(reading)
        changed = [wanted for wanted in reading.news if self._publish(wanted)]
        self._places = reading.places
        for wanted in changed:
            notice = asyncio.create_task(self.primary.notify(wanted.subscriber, wanted.origin))
            self._notices.add(notice)  # an unreachable secondary must not delay the others
            notice.add_done_callback(self._notices.discard)
        return len(changed)

    async def note_taken(self) -> None:
        """Record who took which serial, and who asked and is already up to date."""
        taken, polled = self._placed(self.primary.taken()), self._placed(self.primary.polled())
        if taken or polled:
            await asyncio.to_thread(_in_thread, _note, taken, polled)

    def _placed(self, seen: dict[tuple[str, str], int]) -> list[tuple[tuple[int, int, int], int]]:
        return [(self._places[place], serial) for place, serial in seen.items() if place in self._places]

    async def run(self, poll_seconds: float) -> None:
        """Refresh repeatedly until cancelled."""
        while True:
            try:
                await self.refresh()
                await self.note_taken()
            except Exception as error:  # the database may be unavailable: keep serving what is loaded
                self._complain_once(f"The lists could not be looked at: {error}")
            await asyncio.sleep(poll_seconds)

    def _complain_once(self, problem: str) -> None:
        if problem not in self._complaints:
            self._complaints.add(problem)
            self._complain(problem)

    def _take_people(self, reading: Reading) -> None:
        for name in self._keys.keys() - reading.subscribers.keys():
            self.primary.dismiss(name)
            self._keys.pop(name)
        for name, subscriber in reading.subscribers.items():
            mark = (subscriber.key.name, subscriber.key.secret, subscriber.notify)
            if self._keys.get(name) != mark:
                self.primary.admit(subscriber)
                self._keys[name] = mark
        for name, origin in self._known.keys() - reading.zones:
            if name in self._keys:
                self.primary.withdraw(name, origin)
            self._known.pop((name, origin))

    def _publish(self, wanted: Wanted) -> bool:
        """Publish a zone's new states; return whether its serial changed."""
        place = wanted.subscriber, wanted.origin
        try:
            for state in wanted.states:
                try:
                    self.primary.publish(wanted.subscriber, state.zone, state.owners)
                except SerialNotNewer:  # the database was restored: start again, secondaries fetch the whole zone
                    self.primary.withdraw(wanted.subscriber, wanted.origin)
                    self.primary.publish(wanted.subscriber, state.zone, state.owners)
        except LeewardError as error:
            self._complain_once(f"{wanted.origin} for {wanted.subscriber}: {error.text} {error.hint}")
            return False
        self._known[place] = wanted.newest
        return True


def _in_thread[**P, R](work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Run work in a thread and close its database connections: the thread may never be reused."""
    try:
        return work(*args, **kwargs)
    finally:
        connections.close_all()


def _read_database(known: dict[tuple[str, str], int]) -> Reading:
    reading = Reading()
    for hotline in hotlines():
        with scope(hotline=hotline.id):
            chosen = queries.list_settings(hotline.id)
            if not chosen.zone_suffix:
                continue
            lists = [row for row in blocklist_queries.block_lists() if queries.newest(row.id)]
            for found in queries.subscribers():
                row = queries.subscriber_row(found)
                if FORM in row.formats:
                    _read_list(reading, row, chosen, [one for one in lists if one.id in row.list_ids], known)
    return reading


def _read_list(
    reading: Reading,
    row: SubscriberRow,
    chosen: SettingsRow,
    lists: list[ListRow],
    known: dict[tuple[str, str], int],
) -> None:
    secret = key_secret(settings.LEEWARD.secret_bytes, row)
    reading.subscribers[row.key] = Subscriber(
        row.key, make_key(key_name(row, chosen), secret), notify_places(row.notify)
    )
    for one in lists:
        try:
            wanted = _wanted(row, one, chosen, known)
        except LeewardError as error:
            reading.problems.append(f"{one.name} for {row.slug}: {error.text} {error.hint}")
            continue
        place = row.key, wanted.origin
        reading.zones.add(place)
        reading.places[place] = (row.hotline_id, row.id, one.id)
        if wanted.states:
            reading.news.append(wanted)


def _wanted(
    row: SubscriberRow,
    one: ListRow,
    chosen: SettingsRow,
    known: dict[tuple[str, str], int],
) -> Wanted:
    """Return a zone's unserved states: at first the last few, so that secondaries can transfer incrementally."""
    origin = f"{one.name}.{chosen.zone_suffix}"
    held = known.get((row.key, origin), 0)
    since = unchanged_since(row)
    found = list(queries.publications(one.id).filter(state="published", id__gt=held)[:STEPS_LOADED])
    fresh = [queries.publication_row(made) for made in found]
    if fresh and _owners(fresh[0]) > MOST_OWNERS:
        raise ZoneTooLarge(_owners(fresh[0]))  # before reading a million entries, on every refresh
    usable = [made for place, made in enumerate(fresh) if place == 0 or not since or made.at >= since]
    usable = list(takewhile(lambda made: _owners(made) <= MOST_OWNERS, usable))
    canaries = canary_entries(canaries_of(settings.LEEWARD.secret_bytes, one.name, row, chosen.canary_domains))
    states = []
    for made in reversed(usable):
        zone = zone_of(one.name, made.serial or 0, chosen, row.dns_action)
        rules = rules_of([*store.state_entries(made.sha256), *canaries], zone.origin)
        states.append(Loaded(zone, rules.owners))
    return Wanted(row.key, origin, fresh[0].id if fresh else held, tuple(states))


def _owners(made: PublicationRow) -> int:
    """Return the maximum number of rules that a publication has as a zone: one for a host, two for a domain."""
    return made.by_scope.get(Scope.HOST, 0) + 2 * made.by_scope.get(Scope.DOMAIN, 0)


def _note(taken: list[tuple[tuple[int, int, int], int]], polled: list[tuple[tuple[int, int, int], int]]) -> None:
    for note, rows in ((services.note_fetch, taken), (services.note_poll, polled)):
        for (hotline_id, subscriber_id, list_id), serial in rows:
            with scope(hotline=hotline_id):
                note(hotline_id=hotline_id, subscriber_id=subscriber_id, list_id=list_id, form=FORM, serial=serial)


async def serve(host: str, port: int, *, poll_seconds: float, complain: Complain, ready: Callable[[int], None]) -> None:
    """Serve until cancelled; `ready` receives the port once everything published can be queried. Raises OSError."""
    primary = Primary()
    served = Served(primary, complain)
    await served.refresh()
    ready(await primary.start(host, port))
    try:
        await served.run(poll_seconds)
    finally:
        await primary.close()
