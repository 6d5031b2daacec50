"""Opens a backup, proves it, and puts it back. Needs no installation, no settings and no Django."""

import base64
import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from leeward.audit.rules.signatures import is_signed, public_of
from leeward.backup.databases import Database, database_named
from leeward.backup.databases.outside import Outside, vouched
from leeward.backup.databases.postgres import Postgres, ProgramFailed, ProgramMissing, ServerFailed
from leeward.backup.databases.room import why_no_room
from leeward.backup.errors import (
    BackupDamaged,
    BackupOfNewer,
    BackupOfOthers,
    BackupWithoutKeys,
    FolderNotEmpty,
    NotLoaded,
    NotRestored,
    ProgramNeeded,
    WordsCopyGood,
    WordsCopyOfOthers,
    WordsCopyUnusable,
)
from leeward.backup.own_keys import LOG_KEY, fault_in_keys
from leeward.backup.places import Where
from leeward.backup.places.face import inside_chunks
from leeward.backup.rules.choosing import DATABASE, ENVIRONMENT, RESTORING
from leeward.backup.rules.manifest import (
    Cover,
    File,
    Manifest,
    belong_together,
    is_named,
    newer_version,
    read_cover,
    read_manifest,
)
from leeward.backup.store import Store, store_at, store_to_read
from leeward.backup.trial import trial_folder
from leeward.backup.words_there import fetch_word_keys, need_opening, put_key_files, put_word_keys, words_faults
from leeward.foundation import own_files
from leeward.foundation.lazy_text import LazyText
from leeward.foundation.lazy_text import LazyText as _
from leeward.sealing.age import NotOpened, OtherKey, held_in, open_sealed
from leeward.sealing.errors import KeyDoesNotOpen
from leeward.sealing.key_copy import NAME as COPY

if TYPE_CHECKING:
    from leeward.sealing.age import Held

__all__ = ["Listed", "Outside", "Proved", "Restored", "listed", "restore", "verify"]
type Passing = Callable[[tuple[str, ...]], None]
NOTHING = Outside()
_LOG_KEY = f"data/{LOG_KEY}"
_NOBODYS = {"lost+found", ".words.lock"}  # of the disk itself, and of any command that looked for keys there
_MOST_NAMED = 5
_WORDS_KEY, _WORDS = "words.key", "words.pub"  # a backup that has it is of an installation that seals words


@dataclass(frozen=True, slots=True)
class Listed:
    """A backup as it can be seen without the key. `size` is that of everything in it, packed by nobody; `made_at` is "" where its
    file is damaged; `is_held`: an installation that was restored made it before anybody confirmed that; `words`: why the copy of the keys of
    words in the place doesn't go with it, "" if it does; `sealed_to`: the public keys of whoever can open it, none where an older version
    made it; `newer`: the version that made it, where that is a newer one than this, which can't read it."""

    name: str
    made_at: str
    size: int
    pieces: int
    missing_pieces: int
    is_verified: bool
    is_held: bool = False
    words: str = ""
    sealed_to: tuple[str, ...] = ()
    newer: str = ""


@dataclass(frozen=True, slots=True)
class Restored:
    """A backup that was put back. `key_fault`: what is wrong with the secret and the keys in it, as part of a sentence, "" if nothing is;
    `words_fault` the same of the copy of the keys of words, without which it was put back then."""

    made_at: str
    key_fault: str = ""
    words_fault: str = ""


@dataclass(frozen=True, slots=True)
class Proved:
    """A backup that was restored for trial and found whole; `rows` are those of the log, `signed_by` the key that signed it; `vouched`
    is what the outside says of the log, `loaded` whether a server took the copy."""

    name: str
    made_at: str
    database: str
    files: int
    size: int
    rows: int
    signed_by: str
    vouched: tuple[str, ...] = ()
    loaded: bool = False


def listed(where: Where) -> list[Listed]:
    """Return every backup in a place, oldest first. Raises BadInput if it can't be read."""
    with store_to_read(where) as store:
        store.look_through()
        return _listed(store)


def _listed(store: Store) -> list[Listed]:
    marked, found, fault_of_words = set(store.marked()), [], words_faults(store)
    for name in store.names():
        cover = read_cover(raw := store.read(name))
        if cover is None or not is_named(cover, name):
            newer = newer_version(raw) if cover is None else ""
            found.append(Listed(name, "", 0, 0, 0, is_verified=False, newer=newer))
            continue
        is_verified = name in marked and store.is_proved(name, cover)
        missing = sum(not store.has(piece) for piece in cover.pieces)
        seen = Listed(name, cover.made_at, cover.size, len(cover.pieces), missing, is_verified, cover.held)
        seen = replace(seen, sealed_to=tuple(cover.sealed_to))
        if fault := fault_of_words(name, cover):
            seen = replace(seen, words=str(fault))
        found.append(seen)
    return found


def verify(
    where: Where,
    name: str,
    key: "Held",
    *,
    signed_by: tuple[str, ...] = (),
    scratch: Path | None = None,
    outside: Outside = NOTHING,
    server: str = "",
    now: datetime | None = None,
    passing_over: Passing = lambda _names: None,
) -> Proved:
    """Restore a backup into a scratch place, check its files, its database and its log, the latter also against what stands `outside`,
    and delete it there. `signed_by`: the keys that may have signed it; any, where none is named. With the address of a `server`, a
    PostgreSQL copy is loaded into a scratch database of it if the role may make one. Without a name it is the last that was made, by one of them;
    `passing_over` is called with those that are named later.
    Raises NoBackup, BackupDamaged, NotLoaded, KeyDoesNotOpen, and BadInput if the place can't be read, or a person has to name one."""
    with store_to_read(where) as store:
        name = _chosen(store, name, now or datetime.now(UTC), signed_by, passing_over)
        with trial_folder(scratch) as place:
            manifest, cover, _faults = _unpacked(store, name, key, place, signed_by=signed_by)
            found = _vouched(name, manifest, place, outside)
            is_loaded = _is_loaded(name, manifest, place, server)
            key_in_it = Ed25519PrivateKey.from_private_bytes((place / _LOG_KEY).read_bytes())
        with suppress(OSError):  # a copy that can only be read is as good
            store.mark_proved(name, base64.b64encode(key_in_it.sign(cover.proved_text())).decode("ascii"))
    return Proved(
        name,
        manifest.made_at,
        manifest.database,
        len(manifest.files),
        cover.size,
        sum(head.number for head in manifest.heads),
        cover.signed_by,
        found,
        is_loaded,
    )


def _vouched(name: str, manifest: Manifest, place: Path, outside: Outside) -> tuple[str, ...]:
    if outside == NOTHING:
        return ()
    database = database_named(manifest.database, place, "")
    copy = database.log_in(place / "database" / database.file, place)
    found = vouched(copy, outside, datetime.fromisoformat(manifest.made_at))
    if found.fault:
        raise BackupDamaged(name=name, why=found.fault)
    return found.sentences


def _is_loaded(name: str, manifest: Manifest, place: Path, server: str) -> bool:
    if not server or manifest.database != "postgresql":
        return False
    database = Postgres(server)
    try:
        return database.try_to_load(place / "database" / database.file, manifest.heads)
    except ServerFailed as error:
        raise NotLoaded(name=name, why=str(error)) from error
    except ProgramMissing as error:
        raise ProgramNeeded(name=name, why=str(error)) from error
    except ProgramFailed as error:
        raise BackupDamaged(name=name, why=str(error)) from error


def restore(
    where: Where,
    name: str,
    key: "Held",
    *,
    data: Path,
    database_url: str,
    now: datetime,
    signed_by: tuple[str, ...] = (),
    passing_over: Passing = lambda _names: None,
    without_words: bool = False,
) -> Restored:
    """Put a backup into an empty data directory and an empty database, after checking all of it. The database comes last, and is
    held from its first moment. `name`, `signed_by` and `passing_over` are as for `verify`. One that lacks a key that its database was made
    with is put back all the same: what it has is had from nowhere else. `without_words`: the copy of the keys of words is lost, and they are
    given up; raises WordsCopyGood where it isn't. Raises NotEmpty, NotRestored and what `verify` raises."""
    try:
        _need_empty(data)
        if any((above / file).exists() for above in data.resolve().parents for file in (DATABASE, LOG_KEY)):
            raise NotRestored(why=_("{place} is within the data directory of an installation", place=data))
        with store_at(where) as store:
            name = _chosen(store, name, now, signed_by, passing_over)
            data.mkdir(mode=0o700, parents=True, exist_ok=True)
            place = Path(tempfile.mkdtemp(prefix=RESTORING, dir=data))
            try:
                _need_empty(data, but=place.name)  # somebody else may have begun since: at most one of us goes on
                target = (data, database_url)
                manifest, _cover, (key_fault, words_fault) = _unpacked(
                    store, name, key, place, signed_by=signed_by, target=target, without_words=without_words
                )
            except BaseException:
                shutil.rmtree(place)
                raise
            database = database_named(manifest.database, data, database_url)
            own_files.keep_all(place)
            # From here on the folder says that a restoring was cut off until the database has its name, also where something fails.
            _move(place / "data", data)
            made_at = datetime.fromisoformat(manifest.made_at)
            copy = place / "database" / database.file
            database.load(copy, backup_at=made_at, waiting_since=manifest.waiting_since, now=now)
            own_files.keep_names(data)
            shutil.rmtree(place)
    except OSError as error:
        at = f" ({error.filename})" if error.filename else ""
        why = error.strerror or str(error)
        raise NotRestored(why=f"{why[:1].lower()}{why[1:]}{at}") from error
    return Restored(manifest.made_at, str(key_fault or ""), str(words_fault or ""))


def _need_empty(data: Path, *, but: str = "") -> None:
    there = {path.name for path in data.iterdir()} if data.exists() else set[str]()
    if in_it := sorted(there - _NOBODYS - {but}):
        raise FolderNotEmpty(place=data, what=", ".join(in_it[:_MOST_NAMED]) + (", …" if in_it[_MOST_NAMED:] else ""))


def _chosen(store: Store, name: str, now: datetime, signed_by: tuple[str, ...], passing_over: Passing) -> str:
    choice = store.chosen(name, now, signed_by)
    if choice.passed_over:
        passing_over(choice.passed_over)
    return choice.name


def _unpacked(
    store: Store,
    name: str,
    key: "Held",
    place: Path,
    *,
    signed_by: tuple[str, ...],
    target: tuple[Path, str] | None = None,
    without_words: bool = False,
) -> tuple[Manifest, Cover, tuple[LazyText | None, LazyText | None]]:
    """Write every file of a backup to a place and check them; with a target, only if that is empty. Return as well what is wrong with its keys
    and with those of words, where it is put back all the same."""
    cover, manifest = _opened(store, name, key)
    if signed_by and cover.signed_by not in signed_by:
        raise BackupOfOthers.of(name, key=cover.signed_by)
    database = database_named(manifest.database, *(target or (place, "")))
    if target:
        if manifest.database == "sqlite" and target[1]:
            raise NotRestored(why=_("this backup is of an SQLite database; unset LEEWARD_DATABASE_URL"))
        database.require_empty()
    _need_room(place, cover.size)
    for file in manifest.files:
        _write(store, name, file, key, place)
    key_fault = _check(name, cover, manifest, database, place)
    if key_fault and target is None:
        raise BackupWithoutKeys(name=name, why=key_fault)
    words_fault = None
    if any(file.path == f"data/{_WORDS}" for file in manifest.files):
        copy = place / COPY
        try:
            stamp = fetch_word_keys(store, name, cover, copy, {cover.signed_by, *signed_by})
            put_word_keys(name, key, copy, place, database, number=stamp.number if stamp else 0)
            if stamp:
                put_key_files(name, key, copy, place)
        except WordsCopyUnusable as error:
            if not without_words or isinstance(error, WordsCopyOfOthers):
                raise
            numbers = [one.number for one in store.signed(cover.signed_by)]
            database.put_no_word_keys(place, max([cover.number, *numbers]))
            words_fault = error.why
        if target is None:
            need_opening(name, key, copy, place)
        copy.unlink(missing_ok=True)
    if without_words and not words_fault:
        raise WordsCopyGood
    return manifest, cover, (key_fault, words_fault)


def _need_room(place: Path, size: int) -> None:
    if why := why_no_room(place, size):
        raise OSError(errno.ENOSPC, str(why))


def _opened(store: Store, name: str, key: "Held") -> tuple[Cover, Manifest]:
    cover = read_cover(raw := store.read(name))
    if cover is None:
        _need_no_newer(name, raw)
        raise BackupDamaged(name=name, why=_("its file was cut off or changed"))
    if not is_signed(cover.signed_text(), cover.signature, cover.signed_by):
        raise BackupDamaged(name=name, why=_("its signature doesn’t hold"))
    if not is_named(cover, name):
        raise BackupDamaged(name=name, why=_("{path} is not what it was", path=name))
    try:
        manifest = read_manifest(raw := open_sealed(base64.b64decode(cover.sealed), key))
        _need_no_newer(name, b"" if manifest else raw)
    except OtherKey:
        raise _other_key(name, cover, key) from None
    except (NotOpened, ValueError):
        manifest = None
    if manifest is None or not belong_together(cover, manifest):
        raise BackupDamaged(name=name, why=_("its manifest was changed"))
    return cover, manifest


def _need_no_newer(name: str, raw: bytes) -> None:
    if version := newer_version(raw):
        raise BackupOfNewer(name=name, version=version)


def _other_key(name: str, cover: Cover, key: "Held") -> KeyDoesNotOpen:
    """Return the error that names the keys of a backup; one that an older version made names none."""
    hint = _(
        "It opens by the private key of {keys}; what was given is that of {given}. Look for the file that leeward backup key made when it printed "
        "the former: it is kept elsewhere than the server, in two places. Name it by --key.",
        keys=", ".join(cover.sealed_to),
        given=", ".join(str(one.to_public()) for one in held_in(key)),
    )
    return KeyDoesNotOpen(hint if cover.sealed_to else None, why=_("it is not the key of the backup {name}", name=name))


def _write(store: Store, name: str, file: File, key: "Held", place: Path) -> None:
    target, digest = place / file.path, hashlib.sha256()
    target.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as stream:
        for piece in file.pieces:
            try:
                plain = open_sealed(store.get(piece), key)
            except FileNotFoundError:
                raise BackupDamaged(name=name, why=_("chunks/{piece} is missing", piece=inside_chunks(piece))) from None
            except (NotOpened, OtherKey):
                raise BackupDamaged(
                    name=name, why=_("chunks/{piece} was changed", piece=inside_chunks(piece))
                ) from None
            stream.write(plain)
            digest.update(plain)
    if digest.hexdigest() != file.sha256:
        raise BackupDamaged(name=name, why=_("{path} is not what it was", path=file.path))


def _check(name: str, cover: Cover, manifest: Manifest, database: Database, place: Path) -> LazyText | None:
    """Return what is wrong with the secret and the keys in a backup, as part of a sentence. Raises BackupDamaged where anything else is."""
    log_key, dump, environment = place / _LOG_KEY, place / "database" / database.file, place / "data" / ENVIRONMENT
    if not dump.exists():
        raise BackupDamaged(name=name, why=_("there is no database in it"))
    try:
        fault = database.fault(dump, place, manifest.heads, cover.signed_by)
    except ProgramMissing as error:
        raise ProgramNeeded(name=name, why=str(error)) from error
    if fault:
        raise BackupDamaged(name=name, why=fault)
    given = environment.read_text(encoding="utf-8") if environment.exists() else ""
    if wrong := fault_in_keys(database.log_in(dump, place), place / "data", given):
        return wrong
    try:
        public = public_of(log_key.read_bytes())
    except (OSError, ValueError):
        public = ""
    return None if public == cover.signed_by else _("{path} in it is not the key that signed it", path=LOG_KEY)


def _move(source: Path, target: Path) -> None:
    for path in sorted(source.iterdir()):
        path.replace(target / path.name)
