"""`leeward blocklist serve-dns`: the small primary, fed from what is published, for as long as it runs."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import takewhile

from django.conf import settings
from django.db import connections
from django_scopes import scope

from leeward.blocklist import queries as entry_queries
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
    """One state of one zone, ready to be served."""

    zone: Zone
    owners: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Wanted:
    """One zone that a subscriber is to have, the number of its newest publication, and the states that are not served yet."""

    subscriber: str
    origin: str
    newest: int
    states: tuple[Loaded, ...]


@dataclass(slots=True)
class Look:
    """What one look at the database found: who may ask, the zones that have something new, all zones that there should be."""

    subscribers: dict[str, Subscriber] = field(default_factory=dict)
    news: list[Wanted] = field(default_factory=list)
    zones: set[tuple[str, str]] = field(default_factory=set)
    places: dict[tuple[str, str], tuple[int, int, int]] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)


class Served:
    """Keeps a primary at the state of the database; one task, so nothing here happens twice at once."""

    def __init__(self, primary: Primary, complain: Complain) -> None:
        self.primary = primary
        self._complain = complain
        self._known: dict[tuple[str, str], int] = {}
        self._places: dict[tuple[str, str], tuple[int, int, int]] = {}
        self._keys: dict[str, tuple[object, ...]] = {}
        self._said: set[str] = set()
        self._notices: set[asyncio.Task[object]] = set()

    async def refresh(self) -> int:
        """Take up what is new and notify anybody who wants to know; return how many zones changed."""
        look = await asyncio.to_thread(_in_thread, _look, dict(self._known))
        for problem in look.problems:
            self._say(problem)
        self._take_people(look)
        changed = [wanted for wanted in look.news if self._publish(wanted)]
        self._places = look.places
        for wanted in changed:
            notice = asyncio.create_task(self.primary.notify(wanted.subscriber, wanted.origin))
            self._notices.add(notice)  # a secondary that is away must not keep the others waiting
            notice.add_done_callback(self._notices.discard)
        return len(changed)

    async def note_taken(self) -> None:
        """Remember who took which serial, and who asked and has it already."""
        taken, polled = self._placed(self.primary.taken()), self._placed(self.primary.polled())
        if taken or polled:
            await asyncio.to_thread(_in_thread, _note, taken, polled)

    def _placed(self, seen: dict[tuple[str, str], int]) -> list[tuple[tuple[int, int, int], int]]:
        return [(self._places[place], serial) for place, serial in seen.items() if place in self._places]

    async def run(self, poll_seconds: float) -> None:
        """Look again and again, until cancelled."""
        while True:
            try:
                await self.refresh()
                await self.note_taken()
            except Exception as error:  # the database may be away: what is served stays served
                self._say(f"The lists could not be looked at: {error}")
            await asyncio.sleep(poll_seconds)

    def _say(self, problem: str) -> None:
        if problem not in self._said:
            self._said.add(problem)
            self._complain(problem)

    def _take_people(self, look: Look) -> None:
        for name in self._keys.keys() - look.subscribers.keys():
            self.primary.dismiss(name)
            self._keys.pop(name)
        for name, subscriber in look.subscribers.items():
            mark = (subscriber.key.name, subscriber.key.secret, subscriber.notify)
            if self._keys.get(name) != mark:
                self.primary.admit(subscriber)
                self._keys[name] = mark
        for name, origin in self._known.keys() - look.zones:
            if name in self._keys:
                self.primary.withdraw(name, origin)
            self._known.pop((name, origin))

    def _publish(self, wanted: Wanted) -> bool:
        """Give one zone its new states; whether it has another serial than before."""
        place = wanted.subscriber, wanted.origin
        try:
            for state in wanted.states:
                try:
                    self.primary.publish(wanted.subscriber, state.zone, state.owners)
                except SerialNotNewer:  # the database was put back: begin anew, secondaries fetch the whole
                    self.primary.withdraw(wanted.subscriber, wanted.origin)
                    self.primary.publish(wanted.subscriber, state.zone, state.owners)
        except LeewardError as error:
            self._say(f"{wanted.origin} for {wanted.subscriber}: {error.text} {error.hint}")
            return False
        self._known[place] = wanted.newest
        return True


def _in_thread[**P, R](work: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
    """Do a piece of work and leave no connection behind: the thread may never be used again."""
    try:
        return work(*args, **kwargs)
    finally:
        connections.close_all()


def _look(known: dict[tuple[str, str], int]) -> Look:
    look = Look()
    for hotline in hotlines():
        with scope(hotline=hotline.id):
            chosen = queries.list_settings(hotline.id)
            if not chosen.zone_suffix:
                continue
            lists = [row for row in entry_queries.block_lists() if queries.newest(row.id)]
            for found in queries.subscribers():
                row = queries.subscriber_row(found)
                if FORM in row.formats:
                    _look_at(look, row, chosen, [one for one in lists if one.id in row.list_ids], known)
    return look


def _look_at(
    look: Look,
    row: SubscriberRow,
    chosen: SettingsRow,
    lists: list[ListRow],
    known: dict[tuple[str, str], int],
) -> None:
    secret = key_secret(settings.LEEWARD.secret_bytes, row)
    look.subscribers[row.key] = Subscriber(row.key, make_key(key_name(row, chosen), secret), notify_places(row.notify))
    for one in lists:
        try:
            wanted = _wanted(row, one, chosen, known)
        except LeewardError as error:
            look.problems.append(f"{one.name} for {row.slug}: {error.text} {error.hint}")
            continue
        place = row.key, wanted.origin
        look.zones.add(place)
        look.places[place] = (row.hotline_id, row.id, one.id)
        if wanted.states:
            look.news.append(wanted)


def _wanted(
    row: SubscriberRow,
    one: ListRow,
    chosen: SettingsRow,
    known: dict[tuple[str, str], int],
) -> Wanted:
    """The states of one zone that are not served yet: at first the last few, so that secondaries can step from them."""
    origin = f"{one.name}.{chosen.zone_suffix}"
    held = known.get((row.key, origin), 0)
    since = unchanged_since(row)
    found = list(queries.publications(one.id).filter(state="published", id__gt=held)[:STEPS_LOADED])
    fresh = [queries.publication_row(made) for made in found]
    if fresh and _owners(fresh[0]) > MOST_OWNERS:
        raise ZoneTooLarge(_owners(fresh[0]))  # before a million entries are read, again at every look
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
    """How many rules a publication has as a zone, at most: one for a host, two for a domain."""
    return made.by_scope.get(Scope.HOST, 0) + 2 * made.by_scope.get(Scope.DOMAIN, 0)


def _note(taken: list[tuple[tuple[int, int, int], int]], polled: list[tuple[tuple[int, int, int], int]]) -> None:
    for note, rows in ((services.note_fetch, taken), (services.note_poll, polled)):
        for (hotline_id, subscriber_id, list_id), serial in rows:
            with scope(hotline=hotline_id):
                note(hotline_id=hotline_id, subscriber_id=subscriber_id, list_id=list_id, form=FORM, serial=serial)


async def serve(host: str, port: int, *, poll_seconds: float, complain: Complain, ready: Callable[[int], None]) -> None:
    """Serve until cancelled; `ready` is told the port when everything that is published can be asked for. Raises OSError."""
    primary = Primary()
    served = Served(primary, complain)
    await served.refresh()
    ready(await primary.start(host, port))
    try:
        await served.run(poll_seconds)
    finally:
        await primary.close()
