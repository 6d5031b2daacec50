"""What this installation remembers of its backups, so that nobody has to ask a server how old the newest is.

A script that makes backups in another way touches the same file; it says nothing of places then.
"""

import json
from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import DatabaseError

from leeward.audit.errors import KeyUnusable
from leeward.audit.keys import public_key
from leeward.backup.places import Folder, Where, is_remote, shown
from leeward.backup.store import Store, Thinned
from leeward.foundation import own_files

MARK = "backup-done"
_GONE = "gone from "  # begins the name under which the newest is kept of what a place had and lacks


def remember(where: Where, store: Store, now: datetime, thinned: Thinned | None = None, *, gone: str) -> None:
    """Note what is newest in a place, and the newest there that was proved, after a backup was made or proved; after it was thinned out, what
    was left there; and of what was there before, the newest that is `gone` (`gone_from`)."""
    mark = settings.LEEWARD.data_dir / MARK
    known = _noted(mark)
    known.pop(f"{_GONE}{_key(where)}", None)
    if gone:
        known[f"{_GONE}{_key(where)}"] = [gone]
    left = [*thinned.unread, *thinned.others] if thinned else left_in(where)
    known[_key(where)] = [*newest_of(store, now), *left]
    own_files.replace(mark, json.dumps(known).encode())


def our_key() -> str:
    """Return the public key by which this installation signs its backups; "" while that can't be had: then it counts none as its own."""
    try:
        return public_key()
    except (KeyUnusable, DatabaseError, OSError):
        return ""


def remembered(where: Where) -> tuple[str, str]:
    """Return the names of the newest backup in a place, and of the newest that was proved; "" for one that nobody knows of."""
    made, proved, *_left = _noted(settings.LEEWARD.data_dir / MARK).get(_key(where), ("", ""))
    return made, proved


def gone_from(where: Where, names: Collection[str]) -> str:
    """Return the newest backup that was known in a place which had these before now, without it: another disk is there than was, whatever
    older ones that has. "" where it is there, or nobody knows of any. Once it is noted as gone, it is until it is there again, however many
    are made meanwhile. We delete none ourselves that is known as the newest."""
    known = _noted(settings.LEEWARD.data_dir / MARK)
    newest, *_more = known.get(f"{_GONE}{_key(where)}") or known.get(_key(where)) or [""]
    return "" if newest in names else newest


def lacking(where: Where) -> str:
    """Return the same as the place is now; of a server, as it was when a backup was last made there."""
    if is_remote(where):
        return next(iter(_noted(settings.LEEWARD.data_dir / MARK).get(f"{_GONE}{_key(where)}", ())), "")
    try:
        store = Store(Folder(Path(where)))
        # Twice: one that is made meanwhile may be noted after the names were read.
        return gone_from(where, store.names()) and gone_from(where, store.names())
    except OSError:  # what can't be read may be there all the same
        return ""


def left_in(where: Where) -> list[str]:
    """Return the names of files in a place that were not thinned out when a backup was last made there, since they can't be read or another
    key signed them."""
    _made, _proved, *left = _noted(settings.LEEWARD.data_dir / MARK).get(_key(where), ("", ""))
    return left


def newest_of(store: Store, now: datetime) -> tuple[str, str]:
    """Return the names of the newest backup of ours in a place, and of the newest that was proved; "" for one that isn't there. Raises OSError."""
    ours = our_key()
    return store.newest(store.names(), ours, now), store.newest(store.marked(), ours, now, is_proved=True)


def _key(where: Where) -> str:
    """Return under which name a place is noted, however its path is written."""
    return shown(where).rstrip("/") if is_remote(where) else str(Path(where).resolve())


def _noted(mark: Path) -> dict[str, list[str]]:
    try:
        found = json.loads(mark.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
