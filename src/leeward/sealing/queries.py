"""What is asked about sealed words."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import islice
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import DatabaseError, connection
from django.db.migrations.recorder import MigrationRecorder

from leeward.foundation.lazy_text import LazyText as _
from leeward.sealing import belonging, keys, store
from leeward.sealing.age import opens
from leeward.sealing.errors import (
    DatabaseBehind,
    PassphraseNotGiven,
    PassphraseNotTried,
    StoreBehind,
    UnusedKeysStay,
    WordsKeyUnusable,
    WordsStoreLost,
    WordsTableLost,
)
from leeward.sealing.fields import columns
from leeward.sealing.models import OlderWords, WordsKey, WordsStore
from leeward.sealing.rules.sealed_text import PREFIX

if TYPE_CHECKING:
    from pyrage.x25519 import Identity

TABLE_OF_STORE, WHOLE_SINCE = WordsStore._meta.db_table, "0004_copies_made"


@dataclass(frozen=True, slots=True)
class Standing:
    """How words are sealed here: to which keys, how many texts, how many of them to keys from before, where plain text is left,
    whether this process can open any, how many desk keys from before it holds, and why these stay; how many texts none of its keys opens,
    where it holds some, and which files lay in the place of `words.key` and were kept."""

    desk: str
    recovery: str
    texts: int
    to_older_keys: int
    plain_in: tuple[str, ...]
    opens: bool
    older_keys: int = 0
    older_stay: tuple[str, ...] = ()
    closed: int = 0
    laid_aside: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Drilled:
    """How many texts were tried, and how many a key opened."""

    tried: int
    opened: int


def standing() -> Standing:
    """Return how words are sealed now. Raises WordsKeyUnusable."""
    known = keys.public()
    older = store.count(other_than=known.mark)
    held = keys.identities()
    plain, count = tuple(plain_columns()), store.count()
    return Standing(
        known.desk,
        known.recovery,
        count,
        older,
        plain,
        bool(held),
        max(len(held) - 1, 0),
        closed=count - opened_by(held) if held else 0,
        laid_aside=tuple(str(file) for file in keys.laid_aside()),
    )


def opened_by(held: Sequence["Identity"]) -> int:
    """Return how many texts these keys open: of each mark, one is tried."""
    return sum(many for mark, many in store.marks().items() if opens(store.one_for(mark) or b"", held))


def may_need_other_keys() -> bool:
    """Return whether a text may be sealed to none of the keys in `words.key`: where they open here that is seen, elsewhere any text may be
    that is sealed to older keys. Raises WordsKeyUnusable."""
    if store.is_empty():  # and there may be no key yet, which a backup doesn't make
        return False
    held = keys.identities()
    return opened_by(held) < store.count() if held else store.has_other_than(keys.public().mark)


def older_needed_at() -> datetime | None:
    """Return when a desk key before the one of `words.pub` was last needed, as far as is known: when that one took its place, or when
    something was last found that it doesn't open. None where the database doesn't know that one yet."""
    row = WordsKey.objects.filter(kind=WordsKey.DESK, left_at=None, public=keys.public().desk).first()
    return max(row.made_at, row.older_seen_at or row.made_at) if row is not None else None


def problems() -> Iterator[WordsKeyUnusable]:
    """Yield what is wrong with the key of the words, and with the store of the keys of single texts; reads the files each time."""
    yield from problems_of_key()
    yield from problems_of_store()


def problems_of_key() -> Iterator[WordsKeyUnusable]:
    """Yield what is wrong with the key of the words."""
    try:
        yield from _of_files_and_database()
    except WordsKeyUnusable as found:
        yield found


def problems_of_store() -> Iterator[WordsKeyUnusable]:
    """Yield what is wrong with the store: that it can't be used, or that it is lost."""
    try:
        store.need_usable()
        if belonging.is_lost():
            yield (WordsStoreLost if store.is_apart() else WordsTableLost)(path=store.named())
    except WordsKeyUnusable as found:
        yield found


def unused_that_stay() -> Iterator[UnusedKeysStay]:
    """Yield why the sweep destroys nothing, if it doesn't: a DatabaseBehind where rows may be missing as well, a StoreBehind where keys may."""
    try:
        is_ours, is_older = belonging.is_of_this_database(), belonging.is_older()
    except WordsKeyUnusable:  # which is one of the problems
        return
    if is_older:
        yield StoreBehind(path=store.named())
    elif not is_ours:
        yield DatabaseBehind()
    elif count := sum(WordsStore.objects.values_list("unused", flat=True)):
        yield UnusedKeysStay(why=_("there are many of them at once ({count})", count=count))


def knows_a_store() -> bool:
    """Return whether this database was in use with a store, whichever that was; so, too, where it doesn't answer."""
    try:
        return WordsStore.objects.exists()
    except DatabaseError:
        return True


def is_of_before_stores() -> bool:
    """Return whether this database has tables, but of before it remembered its store."""
    tables = connection.introspection.table_names()
    return bool(tables) and TABLE_OF_STORE not in tables


def has_older_tables() -> bool:
    """Return whether the tables are of before the step by which the store has all that is asked of it here."""
    return ("sealing", WHOLE_SINCE) not in MigrationRecorder(connection).applied_migrations()


def _of_files_and_database() -> Iterator[WordsKeyUnusable]:
    known = dict(WordsKey.objects.filter(left_at=None).values_list("kind", "public"))
    if what := keys.fault():
        if what is keys.BUSY:
            yield PassphraseNotTried(what=what)
        else:
            yield PassphraseNotGiven(what=what) if keys.is_locked() else WordsKeyUnusable(what=what)
        return
    desk = known.get(WordsKey.DESK)
    if desk is None:
        return
    if not keys.are_there():
        yield WordsKeyUnusable(what=_("is missing"))
    elif keys.public().desk != desk and desk not in keys.publics_held() and not _opens_store():
        yield WordsKeyUnusable(what=_("is not the one that this database was made with"))


def _opens_store() -> bool:
    """Return whether the key that is here opens what is wrapped for whom words are sealed to now: then it is the one, though the database was
    restored to a moment before a rotation."""
    wrapped = store.one_for(keys.public().mark)
    return wrapped is not None and opens(wrapped, keys.identities())


def is_closed_here() -> bool:
    """Return whether the key is sealed by a passphrase that nothing gives to this process: whether it is in order can't be seen then."""
    return keys.is_locked() and not (keys.passphrase() or settings.LEEWARD.words_passphrase_command)


def plain_columns() -> list[str]:
    """Return the columns in which plain text from before there were keys is left."""
    done = set(OlderWords.objects.exclude(done_at=None).values_list("place", flat=True))
    found = []
    for field in columns():
        if field.place not in done:
            rows = field.model._base_manager.exclude(**{field.attname: ""})
            if rows.exclude(**{f"{field.attname}__startswith": PREFIX}).exists():
                found.append(field.place)
    return found


def drill(key: "Identity", most: int = 1000) -> Drilled:
    """Try whether a key opens the words that are here, without showing any."""
    tried = opened = 0
    for row in islice(store.every_row(), most):
        tried += 1
        opened += opens(row.wrapped, [key])
    return Drilled(tried, opened)
