"""The copy of the keys of words that lies beside the backups, as those who restore find it: whether it goes with a backup. Needs no Django."""

import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path

from leeward.audit.rules.signatures import is_signed
from leeward.backup.errors import WordsCopyDamaged, WordsCopyMissing, WordsCopyOfOthers, WordsCopyOld
from leeward.backup.places import Folder
from leeward.backup.rules.manifest import Cover, Stamp, is_current, moment_of, read_cover, read_stamp
from leeward.backup.rules.newest import Seen
from leeward.backup.rules.timing import is_made_by
from leeward.backup.store import Store
from leeward.foundation.lazy_text import LazyText
from leeward.sealing.key_copy import NAME, CopyDamaged, note_of


@dataclass(frozen=True, slots=True)
class _Newest:
    """What is known of the backups that one key signed: the newest, whether copies are signed since, and all of them."""

    name: str
    words_signed: bool
    seen: list[Seen]


def fetch_word_keys(store: Store, name: str, cover: Cover, copy: Path, keys: Collection[str]) -> Stamp | None:
    """Fetch the copy of the keys of words; return the stamp of it that one of these keys signed, None where none is needed. Where such
    copies are signed, it is one of the newest backup of this key or later: an older one would open what was taken back since. Raises
    WordsCopyUnusable."""
    try:
        store.place.fetch(NAME, copy)
        newest = _newest(store, cover.signed_by)
        if not cover.words_signed and not newest.words_signed:
            return None
        digest, note = note_of(copy)
    except FileNotFoundError:
        raise WordsCopyMissing.of(name) from None
    except CopyDamaged:
        raise WordsCopyDamaged.of(name) from None
    return _current(name, read_stamp(note), digest, keys, newest)


def words_faults(store: Store) -> Callable[[str, Cover], LazyText | None]:
    """Look at the copy as it lies in a place; return what says of a backup there why it can't be restored with it, as part of a sentence, None
    if it can as far as is seen without a key. On another machine only whether there is one is seen: it may be large."""
    if NAME not in {file for file, _size in store.place.files()}:
        return lambda name, _cover: WordsCopyMissing.of(name).why
    if not isinstance(store.place, Folder):
        return lambda _name, _cover: None
    try:
        with tempfile.TemporaryDirectory() as folder:
            store.place.fetch(NAME, Path(folder, NAME))
            digest, note = note_of(Path(folder, NAME))
    except CopyDamaged:
        return lambda name, _cover: WordsCopyDamaged.of(name).why
    newest_of = lru_cache(lambda signed_by: _newest(store, signed_by))

    def fault(name: str, cover: Cover) -> LazyText | None:
        newest = newest_of(cover.signed_by)
        if cover.words_signed or newest.words_signed:
            try:
                _current(name, read_stamp(note), digest, {cover.signed_by}, newest)
            except (WordsCopyDamaged, WordsCopyOld, WordsCopyOfOthers) as found:
                return found.why
        return None

    return fault


def _newest(store: Store, signed_by: str) -> _Newest:
    name = store.newest(store.names(), signed_by, datetime.now(UTC))
    last = read_cover(store.read(name)) if name else None
    return _Newest(name, bool(last and last.words_signed), store.signed(signed_by))


def _current(name: str, stamp: Stamp | None, digest: str, keys: Collection[str], newest: _Newest) -> Stamp:
    """Return the stamp of the copy of the keys of words, if it goes with the newest backup. Raises WordsCopyUnusable."""
    latest = newest.name or (name if is_made_by(name, datetime.now(UTC)) else "")
    since = moment_of(latest) or datetime.min.replace(tzinfo=UTC)
    number = max((one.number for one in newest.seen), default=0)
    if stamp is not None and is_current(stamp, digest, keys, since=since, number=number):
        return stamp
    if stamp is None or not is_signed(stamp.signed_text(digest), stamp.signature, stamp.signed_by):
        raise WordsCopyDamaged.of(name)
    if stamp.signed_by not in keys:
        raise WordsCopyOfOthers.of(name, key=stamp.signed_by)
    later = [
        one.name
        for one in newest.seen
        if (one.number > stamp.number if stamp.number and number else _is_after(one.name, stamp.made_at))
    ]
    raise WordsCopyOld.of(name, later=", ".join(later or [name]))


def _is_after(name: str, moment: datetime) -> bool:
    made_at = moment_of(name)
    return made_at is not None and made_at > moment and is_made_by(name, datetime.now(UTC))
