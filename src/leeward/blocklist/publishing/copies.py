"""One subscriber's copy of a publication in one format: the published entries and the subscriber's own canaries."""

import io
import zipfile
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from itertools import islice

import numpy as np

from leeward.blocklist.publishing.errors import KeyNeeded, NetworksAreOff
from leeward.blocklist.publishing.networks import networks_of
from leeward.blocklist.publishing.openpgp import encrypted
from leeward.blocklist.publishing.queries import SettingsRow, SubscriberRow
from leeward.blocklist.publishing.zones import zone_of
from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.expressions import digest
from leeward.blocklist.rules.hash_list import HashList, difference, prefixes_of, whole
from leeward.blocklist.rules.hash_list_wire import write_update
from leeward.blocklist.rules.keyed import KeyedList, epoch_of, keyed_scopes, keyed_text, subscriber_key
from leeward.blocklist.rules.plain import Export, adblock, domains, e2guardian_sites, e2guardian_urls, hosts
from leeward.blocklist.rules.rice import Numbers
from leeward.blocklist.rules.rpz import rules_of, zone_text
from leeward.blocklist.rules.scopes import Scope
from leeward.blocklist.rules.url_events import url_events

MINIMUM_WAIT = timedelta(minutes=10)
WARNING = (
    "Confidential. This file names places that must not be found: keep it from view, and pass it to nobody.",
    "Each copy is different, so a copy that gets out names who lost it.",
)
_EPOCH = (1980, 1, 1, 0, 0, 0)
_LINES_AT_ONCE = 2000


@dataclass(frozen=True)
class State:
    """A published state: its serial, its entries, and the prefixes of their digests if they are available faster."""

    serial: int
    read: Callable[[], Iterable[ListEntry]]
    read_prefixes: Callable[[], Numbers]

    @cached_property
    def entries(self) -> list[ListEntry]:
        """Return its entries."""
        return list(self.read())


@dataclass(frozen=True, slots=True)
class Request:
    """The inputs of a copy. `before` is the state that the subscriber already holds, None if unknown."""

    list_name: str
    at: datetime
    state: State
    before: State | None
    subscriber: SubscriberRow | None
    canaries: tuple[str, ...]
    settings: SettingsRow
    secret: bytes


@dataclass(slots=True)
class Copy:
    """The bytes of a copy in pieces, and how many entries the format left out, by reason, or narrowed."""

    chunks: Iterable[bytes]
    left_out: Counter[str] = field(default_factory=Counter)
    narrower: int = 0
    is_encrypted: bool = False


def canary_entries(names: Iterable[str]) -> list[ListEntry]:
    """Return canaries as entries."""
    return [ListEntry(Scope.DOMAIN, f"http://{name}/", f"http://{name}/") for name in names]


def make_copy(form: str, request: Request) -> Copy:
    """Make a copy; raises SettingsMissing, KeyNeeded, NetworksAreOff, CertificateUnusable."""
    return _MAKERS[form](request)


def _all(request: Request, state: State) -> list[ListEntry]:
    return [*state.entries, *canary_entries(request.canaries)]


def _rpz(request: Request) -> Copy:
    action = request.subscriber.dns_action if request.subscriber else "no_such_name"
    zone = zone_of(request.list_name, request.state.serial, request.settings, action)
    rules = rules_of(_all(request, request.state), zone.origin)
    comments = [f"; {line}\n" for line in (*WARNING, _left_out_line(rules.left_out))]
    return Copy(_pieces([*comments], zone_text(zone, rules.owners)), rules.left_out)


def _left_out_line(left_out: Counter[str]) -> str:
    reasons = ", ".join(f"{reason} {count}" for reason, count in sorted(left_out.items()))
    return f"Entries that this format can't say: {reasons or 'none'}."


def _pieces(*parts: Iterable[str]) -> Iterator[bytes]:
    lines = (line for part in parts for line in part)
    while batch := list(islice(lines, _LINES_AT_ONCE)):
        yield "".join(batch).encode()


def prefixes_with(canaries: Iterable[str], prefixes: Numbers) -> Numbers:
    """Return the prefixes of a list with a subscriber's canaries merged in."""
    return np.union1d(prefixes, prefixes_of(digest(f"{name}/") for name in canaries)).astype(np.uint32)


def _hashes(request: Request) -> Copy:
    new = _hash_list(request, request.state)
    old = _hash_list(request, request.before) if request.before else None
    return Copy([write_update(difference(old, new) if old else whole(new))])


def _hash_list(request: Request, state: State) -> HashList:
    prefixes = prefixes_with(request.canaries, state.read_prefixes())
    return HashList(request.list_name, str(state.serial).encode(), prefixes, MINIMUM_WAIT)


def keyed_key(secret: bytes, list_name: str, subscriber: SubscriberRow | None, day: date) -> tuple[str, bytes]:
    """Return the epoch of a day and a subscriber's key in it; without a subscriber, our own."""
    epoch = epoch_of(day)
    name = subscriber.key if subscriber else ""
    return epoch, subscriber_key(secret, list_name=list_name, subscriber=name, epoch=epoch)


def _keyed(request: Request) -> Copy:
    epoch, key = keyed_key(request.secret, request.list_name, request.subscriber, request.at.date())
    scopes = keyed_scopes(key, _all(request, request.state))
    return Copy(_pieces(keyed_text(KeyedList(request.list_name, epoch, request.state.serial, scopes))))


def _urls(request: Request) -> Copy:
    before = request.before
    lines = url_events(
        request.list_name,
        request.state.serial,
        _all(request, request.state),
        since=before.serial if before else None,
        before=_all(request, before) if before else (),
    )
    subscriber = request.subscriber
    if subscriber is None or subscriber.takes_plain_addresses:
        return Copy(_pieces(lines))
    if not subscriber.certificate:
        raise KeyNeeded
    return Copy([encrypted("".join(lines).encode(), subscriber.certificate)], is_encrypted=True)


def _plain(say: Callable[[Iterable[ListEntry]], Export], mark: str = "#") -> Callable[[Request], Copy]:
    def make(request: Request) -> Copy:
        export = say(_all(request, request.state))
        facts = (f"list {request.list_name}, serial {request.state.serial}", _left_out_line(export.left_out))
        heading = [f"{mark} {line}\n" for line in (*WARNING, *facts)]
        return Copy(_pieces(heading, (f"{line}\n" for line in export.lines)), export.left_out, export.narrower)

    return make


def _e2guardian(request: Request) -> Copy:
    """Return both files of e2guardian in one archive, byte for byte the same for the same list."""
    entries = _all(request, request.state)
    sites, pages = e2guardian_sites(entries), e2guardian_urls(entries)
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, export in (("bannedsitelist", sites), ("bannedurllist", pages)):
            file = zipfile.ZipInfo(name, _EPOCH)
            file.compress_type = zipfile.ZIP_DEFLATED
            archive.writestr(file, export.text((*WARNING, f"list {request.list_name}, serial {request.state.serial}")))
    covered = {Scope.DOMAIN.value, Scope.URL.value, Scope.PATH.value}
    left_out = Counter(
        {reason: count for reason, count in (sites.left_out + pages.left_out).items() if reason not in covered}
    )
    left_out[Scope.HOST.value] = sites.left_out[Scope.HOST.value]
    return Copy([packed.getvalue()], +left_out)


def _ip(request: Request) -> Copy:
    if not request.settings.gives_networks:
        raise NetworksAreOff
    export = networks_of(request.state.entries)
    facts = (f"list {request.list_name}, serial {request.state.serial}", _left_out_line(export.left_out))
    heading = [f"# {line}\n" for line in (*WARNING, *facts)]
    return Copy(_pieces(heading, (f"{line}\n" for line in export.lines)), export.left_out)


_MAKERS: dict[str, Callable[[Request], Copy]] = {
    "rpz": _rpz,
    "hashes": _hashes,
    "keyed": _keyed,
    "urls": _urls,
    "hosts": _plain(hosts),
    "domains": _plain(domains),
    "adblock": _plain(adblock, "!"),
    "e2guardian": _e2guardian,
    "ip": _ip,
}
