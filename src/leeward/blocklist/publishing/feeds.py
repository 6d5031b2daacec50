"""Serve a subscriber's feed: checked against the contract, made once, cached as a file until the next publication."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from leeward.blocklist.publishing import queries, store
from leeward.blocklist.publishing.copies import Request, State, make_copy
from leeward.blocklist.publishing.errors import FormatUnknown, NothingPublished, NotInContract, SerialInFuture
from leeward.blocklist.publishing.gates import canaries_of
from leeward.blocklist.publishing.keys import sign
from leeward.blocklist.publishing.queries import PublicationRow, SubscriberRow
from leeward.blocklist.publishing.rules.formats import ENCRYPTED_ENDING, ENCRYPTED_MEDIA_TYPE, FORMATS, Format
from leeward.blocklist.publishing.rules.statements import copy_text
from leeward.blocklist.queries import ListRow
from leeward.blocklist.rules.hash_list import prefixes_of
from leeward.blocklist.rules.rice import Numbers
from leeward.blocklist.rules.serials import is_newer
from leeward.blocklist.snapshot import Snapshot, scopes_by_digest
from leeward.foundation.errors import LeewardError

MOST_STEPS = 500


@dataclass(frozen=True, slots=True)
class Made:
    """A copy as a file: its bytes, their type, and what a client must know about them."""

    path: Path
    media_type: str
    ending: str
    serial: int
    since: int | None
    sha256: str
    signature: str
    left_out: dict[str, int]
    narrower: int
    is_encrypted: bool


def format_named(name: str) -> Format:
    """The format of this name; raises FormatUnknown."""
    if name not in FORMATS:
        raise FormatUnknown(", ".join(FORMATS))
    return FORMATS[name]


def newest_of(row: ListRow) -> PublicationRow:
    """Return the current publication of a list; raises NothingPublished."""
    found = queries.newest(row.id)
    if found is None:
        raise NothingPublished(name=row.name)
    return found


def check_contract(subscriber: SubscriberRow, row: ListRow, form: str | None = None) -> None:
    """Raise NotInContract unless the contract includes this list, and this format if one is named."""
    if row.id not in subscriber.list_ids:
        raise NotInContract(what=_("the list %(name)s") % {"name": row.name})
    if form is not None and form not in subscriber.formats:
        raise NotInContract(what=_("the format %(form)s") % {"form": form})


def unchanged_since(subscriber: SubscriberRow | None) -> datetime | None:
    """Return since when this subscriber's copies have been made with the current settings."""
    if subscriber is None:
        return None
    changed = queries.list_settings(subscriber.hotline_id).changed_at
    return max(filter(None, (subscriber.changed_at, changed)))


def held_state(
    row: ListRow, newest: PublicationRow, since: int | None, *, unchanged_since: datetime | None = None
) -> PublicationRow | None:
    """Return the publication that a client holds, or None if no step can start from it; raises SerialInFuture.

    A client more than MOST_STEPS publications behind starts again with the whole list. So does one whose copy was made
    under another contract, because it is no longer known which canaries it contained.
    """
    if since is None or newest.serial is None:
        return None
    if is_newer(since, newest.serial):
        raise SerialInFuture(serial=since, newest=newest.serial)
    if (newest.serial - since) % (1 << 32) > MOST_STEPS:
        return None
    held = queries.with_serial(row.id, since)
    return None if held and unchanged_since and held.at < unchanged_since else held


def copy_for(row: ListRow, form: str, *, subscriber: SubscriberRow | None, since: int | None = None) -> Made | None:
    """Return the copy of the current publication, or None if the client already holds it.

    `subscriber` None: without canaries, for our own use. Raises NothingPublished, FormatUnknown, SerialInFuture, and
    whatever making a copy raises.
    """
    chosen, newest = format_named(form), newest_of(row)
    held = held_state(row, newest, since, unchanged_since=unchanged_since(subscriber))
    if since == newest.serial:
        return None
    before = held if chosen.has_steps else None
    place = _place(newest, before, subscriber, form)
    made = _read(place, chosen)
    return made or _make(place, chosen, _request(row, newest, before, subscriber))


def _place(newest: PublicationRow, before: PublicationRow | None, subscriber: SubscriberRow | None, form: str) -> Path:
    """Return the path of a cached copy; its name depends on everything that goes into it."""
    chosen = queries.list_settings(subscriber.hotline_id) if subscriber else None
    contract = replace(subscriber, alarm="", alarm_at=None) if subscriber else None
    text = json.dumps([newest.id, before and before.id, form, repr(contract), repr(chosen)])
    return store.folder("copies") / f"{newest.id}.{hashlib.sha256(text.encode()).hexdigest()[:32]}"


def _request(
    row: ListRow, newest: PublicationRow, before: PublicationRow | None, subscriber: SubscriberRow | None
) -> Request:
    chosen, secret = queries.list_settings(row.hotline_id), settings.LEEWARD.secret_bytes
    return Request(
        list_name=row.name,
        at=newest.at,
        state=state_of(newest),
        before=state_of(before) if before else None,
        subscriber=subscriber,
        canaries=canaries_of(secret, row.name, subscriber, chosen.canary_domains) if subscriber else (),
        settings=chosen,
        secret=secret,
    )


def _make(place: Path, chosen: Format, request: Request) -> Made:
    copy = make_copy(chosen.name, request)
    summed = hashlib.sha256()

    def counted() -> Iterator[bytes]:
        for chunk in copy.chunks:
            summed.update(chunk)
            yield chunk

    store.put(place, counted())
    serial, since = request.state.serial, request.before.serial if request.before else None
    sha256 = summed.hexdigest()
    text = copy_text(list_name=request.list_name, form=chosen.name, serial=serial, since=since, sha256=sha256)
    facts: dict[str, object] = {
        "serial": serial,
        "since": since,
        "sha256": sha256,
        "signature": sign(text),
        "left_out": dict(copy.left_out),
        "narrower": copy.narrower,
        "is_encrypted": copy.is_encrypted,
    }
    store.put(_facts_of(place), [json.dumps(facts).encode()])
    return _made(place, chosen, facts)


def _facts_of(place: Path) -> Path:
    return place.with_name(place.name + ".json")


def _read(place: Path, chosen: Format) -> Made | None:
    try:
        return _made(place, chosen, json.loads(_facts_of(place).read_bytes()))
    except FileNotFoundError:
        return None


def _made(place: Path, chosen: Format, facts: dict[str, Any]) -> Made:
    is_encrypted = bool(facts["is_encrypted"])
    return Made(
        path=place,
        media_type=ENCRYPTED_MEDIA_TYPE if is_encrypted else chosen.media_type,
        ending=f"{chosen.ending}.{ENCRYPTED_ENDING}" if is_encrypted else chosen.ending,
        **facts,
    )


def state_of(row: PublicationRow) -> State:
    """Return a publication as a State."""

    def prefixes() -> Numbers:
        try:
            with Snapshot.open(store.snapshot_path(row.sha256)) as opened:
                return opened.prefixes()
        except (OSError, LeewardError):  # only the newest publications keep their snapshot
            return prefixes_of(scopes_by_digest(store.state_entries(row.sha256)))

    return State(row.serial or 0, lambda: store.state_entries(row.sha256), prefixes)
