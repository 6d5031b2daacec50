"""Every write of this slice: keys that change, words that are forgotten, older words that are sealed."""

import base64
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import batched
from typing import TYPE_CHECKING, Any

from django.db import connection, models, transaction
from django.db.models import Q
from django.db.models.functions import Cast

from leeward.audit.services import INSTALLATION, hotline_transaction, record
from leeward.foundation.actor import SYSTEM, Actor
from leeward.foundation.lazy_text import LazyText as _
from leeward.sealing import belonging, keys, store
from leeward.sealing.age import recipients_of
from leeward.sealing.errors import KeyDoesNotOpen, WordsKeyUnreadable, WordsKeyUnusable, WordsLocked
from leeward.sealing.fields import JSONWithSealed, Sealed, SealedText, columns, keepers, open_rows, sealed_within
from leeward.sealing.key_copy import NO_COPY, DataKeyRow
from leeward.sealing.models import OlderWords, WordsKey, WordsStore
from leeward.sealing.queries import drill, older_needed_at, opened_by, problems
from leeward.sealing.rules.older_keys import stays_until
from leeward.sealing.rules.sealed_text import BETWEEN, PREFIX

if TYPE_CHECKING:
    from pyrage.x25519 import Identity

__all__ = [
    "destroy_older",
    "forget",
    "go_on_as_it_is",
    "note_older_database",
    "note_older_needed",
    "note_store",
    "open_rows",
    "recover",
    "reseal",
    "rotate",
    "seal_older",
    "set_passphrase",
    "set_recovery",
    "settle",
    "sweep",
    "take",
    "unseal",
]

BATCH = 200
MANY = 200_000  # keys; above that the sweep goes through them in parts, so that it needs little memory
_PARTS = 64
FEW, SHARE = 100, 10  # so many keys go at once, or a tenth of all; where more would, a person looks first
NOTED_EVERY = timedelta(hours=1)


def settle(now: datetime) -> None:
    """Make the key of a new installation, and remember its public half; raises WordsKeyUnusable for one that is missing, damaged or
    another, and for a store that is lost or can't be used. What a killed rotation left is brought to its end."""
    for found in problems():
        raise found
    _remember(now, SYSTEM)
    belonging.note()


def forget(rows: "models.QuerySet[Any]", *fields: str) -> None:
    """Destroy the keys of what these rows hold in these columns, but for those that other texts need, once the caller's transaction,
    which empties them, is in: then no backup opens them either. A process killed between the two leaves keys that `sweep` destroys."""
    if not fields:  # without a name, Django would give every column
        return
    values = (value for row in rows.values_list(*fields) for value in row if isinstance(value, Sealed))
    names = [name for value in values for name in value.own_names]
    if not names:
        return
    if connection.vendor == "postgresql":
        store.drop(names)
    else:
        transaction.on_commit(lambda: store.drop(names), robust=True)


def unseal(rows: Iterable[models.Model]) -> None:
    """Put the open text into rows that are to be stored anew elsewhere: there it gets keys of its own. Raises WordsLocked."""
    rows = list(rows)
    open_rows(rows)
    for row in rows:
        for name, value in row.__dict__.items():
            if isinstance(value, Sealed):
                row.__dict__[name] = value.open_strictly()


def rotate(actor: Actor, now: datetime, *, are_lost: bool = False) -> str:
    """Make a new desk key and return its public half; those before stay, and open what is sealed to them, until `destroy_older`. Raises
    WordsLocked where the one before can't be opened, unless it is given up as lost: then only the recovery key opens older words, and what
    is in its place is laid aside, for `take`. Raises WordsKeyUnreadable for one that is here and can't be read: nobody knows yet that it is
    lost."""
    fresh = keys.new_identity()
    with keys.changing():
        held, secret = keys.in_file()
        if not held and not are_lost:
            raise WordsLocked
        if not held:
            keys.lay_aside()
        known = keys.Public(str(fresh.to_public()), _recovery())
        keys.write([fresh, *held], known, secret)
    _remember(now, actor)
    return known.desk


def set_recovery(public: str, actor: Actor, now: datetime) -> None:
    """Seal to this recovery key as well from now on, and with `reseal` what is here already. Raises KeyDoesNotOpen and
    WordsKeyUnusable."""
    (recipient,) = recipients_of([public])
    with keys.changing():
        held, secret = _held_in_file()
        keys.write(held, keys.Public(keys.public().desk, str(recipient)), secret)
    _remember(now, actor)


def set_passphrase(fresh: str) -> None:
    """Seal `words.key` by a passphrase, or with an empty one by none. Raises WordsLocked where it can't be opened now: somebody else may
    have set one meanwhile."""
    with keys.changing():
        held, _secret = _held_in_file()
        keys.write(held, keys.public(), fresh)


def recover(key: "Identity", actor: Actor, now: datetime) -> int:
    """Give every word that the recovery key opens to a new desk key; return how many. For when the desk's key is lost. Raises
    KeyDoesNotOpen, before anything is changed, for a key that opens none of those that are tried."""
    tried = drill(key)
    if tried.tried and not tried.opened:
        raise KeyDoesNotOpen(why=_("it opens none of the words that are here"))
    rotate(actor, now, are_lost=True)
    return sum(_rewrapped(some, [key, *keys.identities()]) for some in _batches(keys.public().mark))


def take(found: Sequence["Identity"], actor: Actor, now: datetime) -> int:
    """Put private keys of before that turned up again behind those in `words.key`, where they stay as after a rotation, for `reseal`;
    return how many were not there. Raises WordsLocked, and KeyDoesNotOpen where they have no part in the words that are here, or one is
    the recovery key, which isn't kept here."""
    with keys.changing():
        held, secret = _held_in_file()
        known = keys.public()
        ours = {str(key.to_public()) for key in held}
        fresh = [key for key in found if str(key.to_public()) not in ours]
        publics = {str(key.to_public()) for key in found}
        ever = WordsKey.objects.filter(public__in=publics)
        if known.recovery in publics or ever.filter(kind=WordsKey.RECOVERY).exists():
            raise KeyDoesNotOpen(
                hint="", why=_("it is the recovery key, for leeward words recover, and stays elsewhere")
            )
        if fresh and not ever.exists() and not opened_by(fresh):
            raise KeyDoesNotOpen(hint="", why=_("it opens none of the words that are here"))
        if fresh:
            keys.write([*held, *fresh], known, secret)
    if fresh:
        facts = {"keys": [str(key.to_public()) for key in fresh]}
        with hotline_transaction(INSTALLATION):
            record("words.keys_taken", actor=actor, hotline_id=None, subject="installation:1", facts=facts)
    note_older_needed(now)
    return len(fresh)


def reseal(most: int | None = None) -> int:
    """Wrap the keys of words for whom they are sealed to now, as many as are asked for; return how many are left. None is given another
    where `words.pub` names a key from before the newest: it is of before a rotation elsewhere, or one was killed. Raises WordsLocked."""
    known, held, done = keys.public(), keys.identities(), 0
    mark = known.mark
    if not held:
        raise WordsLocked
    if str(held[0].to_public()) != known.desk and known.desk in keys.publics_held():
        return store.count(other_than=mark)
    if len(held) > 1:
        _remember(datetime.now(UTC), SYSTEM)  # what a killed rotation left: the database may know the older key alone
    if not store.has_other_than(mark):
        return 0
    for some in _batches(mark):
        if _rewrapped(some, held):
            note_older_needed(datetime.now(UTC))
        done += len(some)
        if most is not None and done >= most:
            break
    return store.count(other_than=mark)


def note_older_needed(now: datetime) -> None:
    """Note, once an hour, that something was found which only an older desk key opens: whoever sealed it may not know the newest yet."""
    newest = WordsKey.objects.filter(kind=WordsKey.DESK, left_at=None)
    noted_now = Q(older_seen_at__gt=now - NOTED_EVERY, older_seen_at__lte=now)
    if len(keys.identities()) > 1:
        newest.exclude(noted_now).update(older_seen_at=now)


def destroy_older(now: datetime) -> int:
    """Destroy the older desk keys that this process holds; return how many. None where a text in the store is sealed to one, where
    one was needed lately or nobody knows when, where the file doesn't open here, or where its first key isn't the one of `words.pub`
    (a rotation was killed). That `now` can be trusted, and that nothing waits on the public face, is the caller's to know."""
    if len(keys.identities()) < 2:
        return 0
    with keys.changing():
        known, (held, secret) = keys.public(), keys.in_file()
        if len(held) < 2 or str(held[0].to_public()) != known.desk:
            return 0
        needed_at = older_needed_at()
        if needed_at is None or now < stays_until(needed_at) or store.has_other_than(known.mark):
            return 0
        keys.write(held[:1], known, secret)
        return len(held) - 1


def seal_older(now: datetime, most: int = BATCH) -> int:
    """Seal some of the words that stand in plain text from before there were keys, and go on where the last call ended; return how
    many were sealed. Each row is one change of its own."""
    sealed = 0
    done = set(OlderWords.objects.exclude(done_at=None).values_list("place", flat=True))
    for field in (column for column in columns() if column.place not in done):
        progress, _made = OlderWords.objects.get_or_create(place=field.place)
        while progress.done_at is None and sealed < most:
            some = _plain_after(field, progress.reached, min(BATCH, most - sealed))
            for (number, _text), value in zip(some, _sealed(some, field), strict=True):
                _plain_in(field).filter(pk=number).update(**{field.attname: value})
                progress.reached = number
            sealed += len(some)
            progress.done_at = None if some else now
            progress.save()
    return sealed


def note_store() -> None:
    """Let the database and the store remember that they belong together, and how far they have come; a job does so each hour."""
    belonging.note()


def note_older_database() -> None:
    """Let a database that was made before it remembered its store be known as one that was in use, once it has the tables for it."""
    belonging.note_older()


def sweep(lost: Sequence[tuple[datetime, datetime]] = (), *, is_certain: bool = False) -> int:
    """Destroy keys of no text: left by a killed process, or of a text that another one took the place of; return how many. Those of
    yesterday and today are let be: their text may just be on its way. So are those of times that are `lost` here, each from one moment to
    another: a newer backup may have their texts. None goes where the store isn't this database's, has seen a later one or is an older copy,
    or where too many would go at once: then a database may have lost rows, and a person looks first. It `is_certain` once they have."""
    if not is_certain and not belonging.is_of_this_database():
        return 0
    days = [(store.day_of(since), store.day_of(until)) for since, until in lost]
    unused = [
        row.name for rows in _unused() for row in rows if not any(since <= row.day <= until for since, until in days)
    ]
    are_many = not is_certain and len(unused) > max(FEW, store.count() // SHARE)
    if are_many or WordsStore.objects.exclude(unused=0).exists():
        WordsStore.objects.filter(pk=belonging.known().pk).update(unused=len(unused) if are_many else 0)
    if are_many:
        return 0
    for some in batched(unused, 5000):
        store.drop(some)
    return len(unused)


def go_on_as_it_is() -> int:
    """Take this database and the store as the right ones, since a person says so: what has no key is lost, and keys of no text are destroyed;
    return how many were. The copy beside the backups is replaced by none that lacks keys, all the same."""
    was_lost = belonging.is_lost()
    belonging.tie()
    if was_lost:
        WordsStore.objects.filter(pk=belonging.known().pk).update(empty_is_right=True)
        store.note_copy(NO_COPY, store.last_number())
    return sweep(is_certain=True)


def _unused() -> Iterator[list[DataKeyRow]]:
    """Yield the keys that no text needs, of those that are older than yesterday."""
    parts = 1 if store.count() <= MANY else _PARTS
    for part in range(parts):
        first = bytes([part * 256 // parts])
        start = base64.urlsafe_b64encode(bytes([first[0], 0, 0]))[:1].decode() if parts > 1 else ""
        in_use = set(_names_in_use(PREFIX + start))
        yield [
            row
            for row in store.every_row(after=first if part else b"", before=(part + 1) * 256 // parts)
            if row.day < store.today() - 1 and row.name not in in_use
        ]


def _held_in_file() -> tuple[list["Identity"], str]:
    held, secret = keys.in_file()
    if not held:
        raise WordsLocked
    return held, secret


def _names_in_use(beginning: str) -> Iterator[bytes]:
    for field in columns():
        stored = _every(field).annotate(stored=Cast(field.attname, models.TextField()))
        were_added_to = Q(stored__contains=BETWEEN + PREFIX)  # by keys with other beginnings
        rows = stored.filter(Q(stored__startswith=beginning) | were_added_to)
        for (value,) in rows.order_by().values_list(field.attname).iterator(chunk_size=5000):
            if isinstance(value, Sealed):
                yield from value.names
    for keeper in keepers():
        for (kept,) in _every(keeper).order_by().values_list(keeper.attname).iterator(chunk_size=5000):
            for text in sealed_within(kept):
                yield from text.names


def _sealed(rows: Sequence[tuple[int, str]], field: SealedText) -> list[Sealed]:
    return field.sealed([text for _number, text in rows]) if rows else []


def _plain_after(field: SealedText, number: int, most: int) -> list[tuple[int, str]]:
    rows = _plain_in(field).filter(pk__gt=number).order_by("pk").values_list("pk", field.attname)
    return list(rows[:most])


def _plain_in(field: SealedText) -> "models.QuerySet[Any]":
    return _every(field).exclude(**{field.attname: ""}).exclude(**{f"{field.attname}__startswith": PREFIX})


def _every(field: SealedText | JSONWithSealed) -> "models.QuerySet[Any]":
    return field.model._base_manager.all()


def _batches(mark: str) -> Iterator[list[DataKeyRow]]:
    name = b""
    while some := store.rows_after(name, BATCH, other_than=mark):
        yield some
        name = some[-1].name


def _rewrapped(rows: Sequence[DataKeyRow], held: Sequence["Identity"]) -> int:
    from pyrage import DecryptError, decrypt, encrypt

    to, mark = keys.recipients()
    fresh = []
    for row in rows:
        try:
            plain = decrypt(row.wrapped, list(held))
        except DecryptError:
            continue
        fresh.append(row._replace(wrapped=bytes(encrypt(plain, list(to))), mark=mark))
    store.rewrap(fresh)
    return len(fresh)


def _recovery() -> str:
    """Return the recovery key that `words.pub` names, or else the database."""
    try:
        named = keys.public().recovery
    except WordsKeyUnreadable:
        raise
    except WordsKeyUnusable:  # it is missing or damaged, and made anew
        named = ""
    known = WordsKey.objects.filter(kind=WordsKey.RECOVERY, left_at=None).values_list("public", flat=True)
    return named or known.first() or ""


def _remember(now: datetime, actor: Actor) -> None:
    """Store the public keys in use, and when another one's place was taken."""
    if not _new_ones():
        return
    with hotline_transaction(INSTALLATION):
        changed = _new_ones()  # another process may have stored them, or may have changed the files once more
        had_any = WordsKey.objects.filter(left_at=None).exists()
        for kind, public in changed.items():
            WordsKey.objects.filter(kind=kind, left_at=None).update(left_at=now)
            WordsKey.objects.create(kind=kind, public=public, made_at=now)
        if changed and (had_any or actor is not SYSTEM):
            record("words.keys_changed", actor=actor, hotline_id=None, subject="installation:1", facts=changed)


def _new_ones() -> dict[str, str]:
    """Return the public keys in use that the database doesn't know as such, by kind."""
    known = keys.public()
    wanted = {WordsKey.DESK: known.desk, WordsKey.RECOVERY: known.recovery}
    in_use = dict(WordsKey.objects.filter(left_at=None).values_list("kind", "public"))
    return {str(kind): public for kind, public in wanted.items() if public and in_use.get(kind) != public}
