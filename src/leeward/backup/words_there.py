"""The copy of the keys of words that lies beside the backups, as those who restore find it: whether it goes with a backup. Needs no Django."""

import os
import tempfile
from collections.abc import Callable, Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from leeward.audit.rules.signatures import is_signed
from leeward.backup.databases import Database
from leeward.backup.errors import (
    BackupDamaged,
    WordsCopyDamaged,
    WordsCopyMissing,
    WordsCopyOfOthers,
    WordsCopyOld,
    WordsCopySealedToOthers,
)
from leeward.backup.places import Folder
from leeward.backup.rules.manifest import Cover, Stamp, is_current, moment_of, read_cover, read_stamp
from leeward.backup.rules.newest import Seen
from leeward.backup.rules.timing import is_made_by
from leeward.backup.store import Store
from leeward.foundation.lazy_text import LazyText
from leeward.foundation.lazy_text import LazyText as _
from leeward.sealing.age import keys_of, needs_passphrase, opens
from leeward.sealing.errors import KeyDoesNotOpen
from leeward.sealing.joining import joined
from leeward.sealing.key_copy import (
    NAME,
    CopyDamaged,
    CopySealedToOthers,
    aside_name,
    files_in,
    note_of,
    noted,
    read_copy,
)

if TYPE_CHECKING:
    from leeward.sealing.age import Held

_WORDS_KEY = "words.key"


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
    newest = _newest(store, cover.signed_by)  # first: one that is made meanwhile brings a newer copy along
    try:
        store.place.fetch(NAME, copy)
        if not cover.words_signed and not newest.words_signed:
            return None
        digest, note = note_of(copy)
    except FileNotFoundError:
        raise WordsCopyMissing.of(name) from None
    except CopyDamaged:
        raise WordsCopyDamaged.of(name) from None
    return _current(name, read_stamp(note), digest, keys, newest)


def put_word_keys(name: str, key: "Held", copy: Path, place: Path, database: Database, *, number: int) -> None:
    """Put the keys of words, of a copy for the backup of this number, where restoring takes them from. Raises WordsCopySealedToOthers and
    WordsCopyDamaged."""
    try:
        database.put_word_keys(read_copy(copy, key), place, noted(note_of(copy)[0], number))
    except CopySealedToOthers:
        raise WordsCopySealedToOthers(name=name, path=NAME) from None
    except CopyDamaged:
        raise WordsCopyDamaged.of(name) from None


def put_key_files(name: str, key: "Held", copy: Path, place: Path) -> None:
    """Put the files that open the keys of words now in the place of those in the backup, which may be of before a rotation; of its own
    `words.key`, and of those that the copy has from before, what still opens more stays. Only from a copy that is signed: in another one,
    whoever may write to the place would choose to whom words are sealed from now on."""
    own = place / "data" / _WORDS_KEY
    try:
        files, *older = files_in(copy, key) or [{}]
        others = [own.read_bytes()] if own.exists() else []
        others += [one[_WORDS_KEY] for one in older if _WORDS_KEY in one]
        if _WORDS_KEY in files:
            files[_WORDS_KEY], aside = joined(files[_WORDS_KEY], others, read_copy(copy, key))
            files |= {aside_name(raw): raw for raw in aside}
    except CopyDamaged:
        raise BackupDamaged(name=name, why=_("{path} is not what it was", path=NAME)) from None
    for file, raw in files.items():
        (place / "data" / file).unlink(missing_ok=True)
        with open(os.open(place / "data" / file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
            stream.write(raw)


def need_opening(name: str, key: "Held", copy: Path, place: Path) -> None:
    """Raises BackupDamaged where `words.key` of a backup opens none of the keys of words; of each mark, one is tried. What a passphrase
    seals can't be."""
    path = place / "data" / _WORDS_KEY
    raw = path.read_bytes() if path.exists() else b""
    if needs_passphrase(raw):
        return
    try:
        held = keys_of(raw)
    except KeyDoesNotOpen:
        held = []
    tried = set[str]()
    for row in read_copy(copy, key):
        if row.mark not in tried and opens(row.wrapped, held):
            return
        tried.add(row.mark)
    if tried:
        raise BackupDamaged(name=name, why=_("{path} in it opens none of the words", path=_WORDS_KEY))


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
