"""Answer questions about addresses from the snapshot of the current publication."""

import hmac
from datetime import timedelta

from django.conf import settings

from leeward.blocklist.publishing import queries, store
from leeward.blocklist.publishing.feeds import newest_of
from leeward.blocklist.publishing.gates import canaries_of
from leeward.blocklist.publishing.queries import SubscriberRow
from leeward.blocklist.queries import ListRow
from leeward.blocklist.rules.expressions import digest
from leeward.blocklist.rules.hash_list import PREFIX_BYTES
from leeward.blocklist.rules.lookup import Hit
from leeward.blocklist.rules.scopes import Scopes
from leeward.blocklist.rules.search import Answer, Found, padded
from leeward.blocklist.snapshot import Heading, Snapshot
from leeward.hosting.rules.urls import BadAddress

CACHE = timedelta(minutes=5)
_opened: dict[str, Snapshot] = {}
_MOST_OPENED = 16


def snapshot_of(row: ListRow) -> tuple[int, Snapshot]:
    """Return the current serial and its snapshot, mapped once per process; raises NothingPublished, StateMissing."""
    newest = newest_of(row)
    found = _opened.get(newest.sha256)
    if found is None:
        path = store.snapshot_path(newest.sha256)
        if not path.exists():
            heading = Heading(row.name, newest.serial or 0, newest.at.isoformat())
            store.keep_snapshot(newest.sha256, heading, store.state_entries(newest.sha256))
        if len(_opened) >= _MOST_OPENED:
            _opened.clear()
        found = _opened[newest.sha256] = Snapshot.open(path)
    return newest.serial or 0, found


def search(row: ListRow, subscriber: SubscriberRow, prefixes: list[bytes]) -> Answer:
    """Return the digests behind prefixes, including the subscriber's canaries and made-up ones, so that their number
    reveals nothing.
    """
    _, held = snapshot_of(row)
    secret = settings.LEEWARD.secret_bytes
    domains = queries.list_settings(row.hotline_id).canary_domains
    wanted = set(prefixes)
    canaries = (digest(f"{name}/") for name in canaries_of(secret, row.name, subscriber, domains))
    found = [one for prefix in prefixes for one in held.behind(prefix)]
    found += [Found(key, int(Scopes.DOMAIN)) for key in canaries if key[:PREFIX_BYTES] in wanted]
    noise = hmac.digest(secret, f"search\n{row.hotline_id}\n{row.name}".encode(), "sha256")
    return Answer(padded(found, prefixes, noise), CACHE)


def hits(row: ListRow, urls: list[str]) -> tuple[int, list[tuple[str, Hit | None, str]]]:
    """Return the serial, and for each address what blocks it (None: nothing) or why it is not a web address."""
    serial, held = snapshot_of(row)
    rows: list[tuple[str, Hit | None, str]] = []
    for url in urls:
        try:
            rows.append((url, held.look_up_url(url), ""))
        except BadAddress as error:
            rows.append((url, None, error.text))
    return serial, rows
