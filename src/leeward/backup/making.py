"""Makes a backup: a copy of the database, the files beside it, the settings of the machine; in sealed pieces."""

import base64
import errno
import hashlib
import hmac
import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

from django.conf import settings

from leeward import __version__
from leeward.audit.keys import key_path, public_key, sign
from leeward.audit.rules.signatures import public_of
from leeward.audit.tree import signing
from leeward.backup.databases import database_of
from leeward.backup.databases.postgres import ProgramMissing
from leeward.backup.errors import BackupNotMade, DatabaseDamaged, KeysNotRight
from leeward.backup.noting import gone_from, remember
from leeward.backup.own_keys import LOG_KEY, OWN_KEYS, fault_in_keys
from leeward.backup.places import LOCK, Where, is_remote
from leeward.backup.rules.choosing import ENVIRONMENT, belongs
from leeward.backup.rules.cutting import pieces
from leeward.backup.rules.manifest import FORMAT, Cover, File, Manifest, Stamp, name_at
from leeward.backup.rules.newest import is_sealed_anew
from leeward.backup.rules.timing import Kept
from leeward.backup.store import Store, Thinned, alone, store_at
from leeward.backup.words_copy import need_replaceable
from leeward.foundation.environment_file import quoted
from leeward.foundation.lazy_text import LazyText as _
from leeward.foundation.watch import FOLDER as WATCHED
from leeward.sealing.age import recipients_of, seal
from leeward.sealing.key_copy import NAME as COPY
from leeward.sealing.key_copy import add_note, note_of, write_copy
from leeward.sealing.keys import key_files
from leeward.sealing.store import every_row, last_number, note_copy

if TYPE_CHECKING:
    from pyrage.x25519 import Recipient

_SCRATCH = ".backup-"
_OF_THE_MACHINE = (
    "LEEWARD_DATA",
    "LEEWARD_VOLATILE",
    "LEEWARD_BACKUP_KEY",
    "LEEWARD_TOKEN",
    "LEEWARD_FACE",
    WATCHED,
)
_SECRET = "PASSPHRASE"  # noqa: S105 - part of the names of variables that open what a backup holds, or say how
_HELD = (
    "this installation was restored or moved here and nobody has confirmed it, and other backups lie there; "
    "name a folder of its own, or confirm it first, if it is the one in use"
)

AGAIN = _("Restart Leeward, so that it signs by the key that is there now. Earlier backups are as they were.")


@dataclass(frozen=True, slots=True)
class Made:
    """A new backup: its name, how much is in it, how much of that was new to the folder, how many old ones went, and which files stay
    whatever their age: those that can't be read, and those that another key signed. `problem`: why older ones could not be looked
    through, or deleted; "" if they could. `sealed_anew`: the last one there is sealed to other keys, or doesn't say to which.
    `gone`: the newest backup that was known there before, where it is gone."""

    name: str
    size: int
    files: int
    pieces: int
    new_pieces: int
    new_bytes: int
    thinned_out: int
    unread: tuple[str, ...]
    others: tuple[str, ...]
    problem: str
    sealed_anew: bool
    gone: str


class _Packer:
    """Cuts files into pieces and stores those that the folder doesn't have, sealed to these keys."""

    def __init__(self, store: Store, recipients: Sequence["Recipient"], secret: bytes) -> None:
        self._store, self._recipients = store, recipients
        self.sealed_to = sorted({str(one) for one in recipients})
        to = "\n".join(self.sealed_to).encode()
        self._naming = hmac.new(secret, b"leeward backup pieces to\n" + to, hashlib.sha256).digest()
        self.new_pieces = self.new_bytes = 0

    def pack(self, path: str, file: IO[bytes]) -> File:
        """Store an open file under a name; what is appended meanwhile is not part of it."""
        names, digest, size = [], hashlib.sha256(), 0
        for piece in pieces(file.read):
            names.append(self._keep(piece))
            digest.update(piece)
            size += len(piece)
        return File(path=path, size=size, sha256=digest.hexdigest(), pieces=names)

    def sealed(self, plain: bytes) -> bytes:
        """Return bytes as only the key reads them."""
        return seal(plain, self._recipients)

    def _keep(self, piece: bytes) -> str:
        # By the installation's secret, so that nobody who sees the folder can tell whether it has something they know; and by the keys that
        # open it: one that is sealed to others is another.
        name = hmac.new(self._naming, b"leeward backup piece\n" + piece, hashlib.sha256).hexdigest()
        if not self._store.has(name):
            sealed = self.sealed(piece)
            self._store.put(name, sealed)
            self.new_pieces += 1
            self.new_bytes += len(sealed)
        return name


def create(
    where: Where,
    recipients: Sequence[str],
    *,
    keep: int | Kept | None,
    waiting_since: datetime | None,
    now: datetime,
    is_held: bool = False,
    is_emptied: bool = False,
) -> Made:
    """Make a backup in a place, sealed to these public keys, then delete all of ours but those to `keep` (a number: the newest; None: nothing
    is deleted). It counts once its file has its name, which comes last.
    `waiting_since`: since when something waits outside of the database, which is not in it. `is_held`: this installation was restored and
    nobody has confirmed that: it deletes nothing, and makes none where the installation that it came from has its own.
    `is_emptied`: what was in the place before is gone on purpose.
    Raises BackupNotMade, BackupUnderWay, KeyDoesNotOpen, BadInput for an address that can't be used, DatabaseDamaged and KeysNotRight."""
    config, sealed_to = settings.LEEWARD, recipients_of(recipients)
    if not is_remote(where) and Path(where).resolve().is_relative_to(config.data_dir):
        raise BackupNotMade(why=_("the folder is in the data directory"))
    try:
        with (
            alone(config.data_dir),
            store_at(where) as store,
            store.place.alone(_whose(config.secret_bytes, config.data_dir)),
        ):
            if is_held and store.has_of_others():
                raise BackupNotMade(why=_HELD)
            store.place.begin()
            _sweep(config.data_dir)
            seen = store.look_through()
            with _room_given_back(store), tempfile.TemporaryDirectory(prefix=_SCRATCH, dir=config.data_dir) as scratch:
                older = need_replaceable(store.place, Path(scratch))
                number = max((last_number(), *(one.number for one in seen))) + 1
                packer = _Packer(store, sealed_to, config.secret_bytes)
                cover, many = _write(packer, Path(scratch), waiting_since, now)
                copy = Path(scratch) / COPY
                # After the database: every text in it has its key in here.
                ours = [one for one in seen if one.signed_by == public_key()]
                to_all = recipients_of(sorted({*packer.sealed_to, *(to for one in ours for to in one.sealed_to)}))
                files = write_copy(copy, every_row(), to_all, key_files, older)
                digest = note_of(copy)[0]
                note_copy(digest, number)
                add_note(copy, _stamp(digest, now, number, files))
                store.place.send(COPY, copy)
            cover = _signed(cover, store, number, is_held=is_held)
            store.publish(name_at(now), cover.written(), cover.pieces)
            others = set(store.names()) - {name_at(now)}  # also those that we thin out
            gone = "" if is_emptied else gone_from(where, others)
            # Noted before the one that is known so far goes.
            thinned = _remembered(where, store, now, Thinned(), is_thinned=False, gone=gone)
            if keep is not None and not is_held:
                tidied = _tidied(store, keep, name_at(now))
                thinned = _remembered(where, store, now, tidied, is_thinned=True, gone=gone)
    except OSError as error:
        raise BackupNotMade(why=_reason(error, where)) from error
    return Made(
        name_at(now),
        cover.size,
        many,
        len(cover.pieces),
        packer.new_pieces,
        packer.new_bytes,
        thinned.gone,
        thinned.unread,
        thinned.others,
        thinned.problem,
        is_sealed_anew(ours, packer.sealed_to),
        gone,
    )


def thin_out(where: Where, keep: Kept, last: str, now: datetime) -> Thinned:
    """Delete all backups of ours in a place but those to `keep`, once the `last` that was made is proved. Raises BackupNotMade and
    BackupUnderWay."""
    config = settings.LEEWARD
    try:
        with (
            alone(config.data_dir),
            store_at(where) as store,
            store.place.alone(_whose(config.secret_bytes, config.data_dir)),
        ):
            gone = gone_from(where, store.names())
            return _remembered(where, store, now, _tidied(store, keep, last), is_thinned=True, gone=gone)
    except OSError as error:
        return Thinned(problem=_reason(error, where))


@contextmanager
def _room_given_back(store: Store) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EDQUOT):
            with suppress(OSError):
                store.give_room()
        raise


def _tidied(store: Store, keep: int | Kept, last: str) -> Thinned:
    """Thin out; return what came of it, and why it failed: the new backup is made all the same."""
    try:
        return store.thin_out(keep if isinstance(keep, Kept) else Kept(keep), last, public_key())
    except OSError as error:
        return Thinned(problem=_reason(error))


def _remembered(where: Where, store: Store, now: datetime, thinned: Thinned, *, is_thinned: bool, gone: str) -> Thinned:
    """Note what is newest in a place; return what came of thinning out, or why nothing could be noted."""
    try:
        remember(where, store, now, thinned if is_thinned and not thinned.problem else None, gone=gone)
    except OSError as error:
        return replace(thinned, problem=thinned.problem or _reason(error, where))
    return thinned


def _reason(error: OSError, where: Where = "") -> str:
    """Return what happened and where; of a full disk that the error doesn't name, the fuller one of those that a backup writes to."""
    at = error.filename
    if not at and error.errno in (errno.ENOSPC, errno.EDQUOT):
        data = settings.LEEWARD.data_dir
        places = [Path(where), data] if where and not is_remote(where) else [data]
        at = min((place for place in places if place.is_dir()), key=lambda place: shutil.disk_usage(place).free)
    return f"{(error.strerror or str(error)).lower()}{f' ({at})' if at else ''}"


def _whose(secret: bytes, data: Path) -> str:
    """Return a mark of this data directory, which this process has locked, that tells others nothing: of several machines that have one
    PostgreSQL database and one secret, each has another."""
    own = (data / LOCK).read_bytes()
    if not own:
        own = secrets.token_hex(16).encode("ascii")
        (data / LOCK).write_bytes(own)
    return hmac.new(secret, b"leeward backup lock\n" + own, hashlib.sha256).hexdigest()[:32]


def _write(packer: _Packer, scratch: Path, waiting_since: datetime | None, now: datetime) -> tuple[Cover, int]:
    """Store every piece; return the cover, and how many files there are. Raises DatabaseDamaged and KeysNotRight: what nobody could put back,
    or go on with, takes no good one's place."""
    config, signed_by = settings.LEEWARD, public_key()  # made at its first use, so before files are listed
    database = database_of(config.data_dir, config.database_url)
    dump = scratch / database.file
    database.dump(dump)
    try:
        fault = database.damage(dump)
    except ProgramMissing as error:
        raise BackupNotMade(why=str(error)) from error
    if fault:
        raise DatabaseDamaged(why=fault)
    heads = database.heads(dump, scratch)
    # As the files are now: a process holds what it read at its start.
    if wrong := fault_in_keys(database.log_in(dump, scratch), config.data_dir, environment(os.environ)):
        raise KeysNotRight(why=wrong)
    if public_of(key_path().read_bytes()) != signed_by:
        raise KeysNotRight(AGAIN, why=_("{path} is another one than this process began with", path=LOG_KEY))
    manifest = Manifest(
        format=FORMAT,
        made_at=now.isoformat(),
        waiting_since=waiting_since,
        leeward=__version__,
        database=database.name,
        heads=heads,
        files=list(_packed(packer, dump, scratch, config.data_dir)),
    )
    cover = Cover(  # signed once its pieces lie there
        format=FORMAT,
        made_at=manifest.made_at,
        leeward=__version__,
        size=sum(file.size for file in manifest.files),
        pieces=sorted(manifest.pieces),
        sealed=base64.b64encode(packer.sealed(manifest.model_dump_json().encode())).decode("ascii"),
        sealed_to=packer.sealed_to,
        signed_by=signed_by,
        signature="",
        words_signed=True,
    )
    return cover, len(manifest.files)


def _signed(cover: Cover, store: Store, number: int, *, is_held: bool) -> Cover:
    sizes = [store.size(piece) for piece in cover.pieces]
    cover = cover.model_copy(update={"sizes": sizes, "number": number, "held": is_held})
    return cover.model_copy(update={"signature": sign(cover.signed_text())})


def _stamp(digest: str, now: datetime, number: int, files: list[str]) -> bytes:
    """Return what stands behind the copy of the keys of words: of this moment and this backup, and signed as covers are."""
    stamp = Stamp(made_at=now, signed_by=public_key(), signature="", number=number, files=files)
    return stamp.model_copy(update={"signature": sign(stamp.signed_text(digest))}).model_dump_json().encode()


def _packed(packer: _Packer, dump: Path, scratch: Path, data: Path) -> Iterator[File]:
    for path, source in _sources(dump, scratch, data):
        try:
            file = source.open("rb")
        except FileNotFoundError:  # deleted meanwhile: nothing names it any more
            continue
        with file:
            yield packer.pack(path, file)


def _sources(dump: Path, scratch: Path, data: Path) -> Iterator[tuple[str, Path]]:
    """Yield everything that is backed up: first the database, so that each file that a row names is there."""
    yield f"database/{dump.name}", dump
    dump.unlink()
    # What was taken in and not fetched yet, whatever its file is called.
    public = settings.LEEWARD.public_file
    waiting = (
        {f"{public.resolve()}{end}" for end in ("", "-wal", "-shm", "-journal", "-owner")} if public else set[str]()
    )
    of_the_signer = signing.folder().resolve()  # which the configuration may have put at another place in here
    for folder, folders, names in os.walk(data, onerror=partial(_need_not, data)):
        folders[:] = [
            name for name in folders if not name.startswith(".") and Path(folder, name).resolve() != of_the_signer
        ]
        for name in sorted(names):
            path = Path(folder, name)
            inside = path.relative_to(data).as_posix()
            if not belongs(inside) or str(path.resolve()) in waiting or not path.is_file():
                continue
            if inside in OWN_KEYS or not path.is_symlink():
                yield f"data/{inside}", path
    written = scratch / ENVIRONMENT
    written.write_text(environment(os.environ), encoding="utf-8")
    yield f"data/{ENVIRONMENT}", written


def _need_not(data: Path, error: OSError) -> None:
    """Raise the error of a folder that can't be read, unless nothing in it is backed up or it was deleted meanwhile."""
    folder = Path(error.filename or data)
    if not isinstance(error, FileNotFoundError) and belongs((folder / "any").relative_to(data).as_posix()):
        raise error


def environment(given: Mapping[str, str]) -> str:
    """Return the installation's settings from the machine's environment as lines of an environment file, with the content of the
    files that some of them name; nothing that opens backups or words, and no token of whoever sits there."""
    lines = []
    for name in sorted(given):
        if name.startswith("LEEWARD_") and name.removesuffix("_FILE") not in _OF_THE_MACHINE and _SECRET not in name:
            value = given[name]
            if name.endswith("_FILE") and Path(value).is_file():
                name, value = name.removesuffix("_FILE"), Path(value).read_text(encoding="utf-8").strip()  # noqa: PLW2901
            lines.append(f"{name}={quoted(value)}\n")
    return "".join(lines)


def _sweep(data: Path) -> None:
    """Delete the copies of a backup that was killed."""
    for left in data.glob(f"{_SCRATCH}*"):
        shutil.rmtree(left, ignore_errors=True)
