"""The keys of the words: `words.key`, which opens them, and `words.pub`, to which they are sealed.

`words.key` (age, 0600) holds the desk's key, and after a rotation those before until nothing can need them any more. It may be sealed
by a passphrase. `words.pub` names the public half of the newest one, and of the recovery key, whose private half is kept elsewhere.
A process that only takes in needs `words.pub` alone.

Where a file is here but can't be read (another user's, a folder, a failing disk), it is as if the key were away: nothing of that is kept,
and the next one who needs it looks again. Whoever changes the files does so within `changing()`, from what is in them then.
"""

import fcntl
import hashlib
import os
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from leeward.foundation.lazy_text import LazyText
from leeward.foundation.lazy_text import LazyText as _
from leeward.foundation.own_files import give
from leeward.sealing.age import SLOW, WRONG, keys_of, needs_passphrase, new_key, recipients_of, sealed_by
from leeward.sealing.errors import KeyDoesNotOpen, KeyTooSlow, WordsKeyUnreadable, WordsKeyUnusable
from leeward.sealing.key_copy import ASIDE, FILES, aside_name

if TYPE_CHECKING:
    from pyrage.x25519 import Identity, Recipient

KEY, PUBLIC, LOCK, CREDENTIAL = "words.key", "words.pub", ".words.lock", "words-passphrase"
_DESK, _RECOVERY = "desk ", "recovery "
BUSY = _("can’t be opened with its passphrase now: this machine is too busy, or too slow")
type Stamp = tuple[str, int, int]


@dataclass(frozen=True, slots=True)
class Public:
    """To whom words are sealed: the desk's key, and the recovery key ("" where there is none)."""

    desk: str
    recovery: str = ""

    @property
    def recipients(self) -> list["Recipient"]:
        """Return them as age needs them."""
        return recipients_of([part for part in (self.desk, self.recovery) if part])

    @property
    def mark(self) -> str:
        """Return a short name of both together, which each key in the store carries."""
        return hashlib.sha256(f"{self.desk}\n{self.recovery}".encode()).hexdigest()[:16]


class _Held:
    """Whether this process may hold the private key at all; the public face and the API may not."""

    allowed = True
    given = ""


class _Changing:
    """Whether a thread of this process is within `changing()`; which one, its lock knows."""

    of_threads = threading.RLock()
    is_held = False


def hold_no_key() -> None:
    """Let this process never open words: it drops the key, and reads it no more."""
    _Held.allowed = False
    _opened.cache_clear()


def may_open() -> bool:
    """Return whether this process can open words."""
    return bool(identities())


def public() -> Public:
    """Return to whom words are sealed now. The keys are made at first use, unless the database knows that there were some: then
    WordsKeyUnusable is raised, and WordsKeyUnreadable where a file can't be read."""
    stamp = _stamp(_path(PUBLIC))
    if stamp is None:
        with changing():
            if _stamp(_path(PUBLIC)) is None:
                _make_first()
        stamp = _stamp(_path(PUBLIC))
    assert stamp is not None
    return _read_public(stamp)


def recipients() -> tuple[Sequence["Recipient"], str]:
    """Return to whom words are sealed now, and their mark."""
    known = public()
    return _recipients(known), known.mark


def identities() -> Sequence["Identity"]:
    """Return the private keys that this process holds, the newest first; none where it holds none or can't read or open them."""
    stamp = _stamp(_path(KEY)) if _Held.allowed else None
    if stamp is None:
        return ()
    try:
        return _opened(stamp, passphrase())
    except (KeyTooSlow, WordsKeyUnreadable):  # looked at again next time
        return ()


def passphrase() -> str:
    """Return the passphrase of `words.key` that this process was given: by the settings, or by systemd as a credential."""
    if given := _Held.given or str(settings.LEEWARD.words_passphrase):
        return given
    folder = os.environ.get("CREDENTIALS_DIRECTORY", "")
    try:
        return Path(folder, CREDENTIAL).read_text(encoding="utf-8").strip() if folder else ""
    except OSError:
        return ""


def be_given(secret: str) -> None:
    """Take the passphrase that somebody typed."""
    _Held.given = secret


def is_locked() -> bool:
    """Return whether `words.key` is there and can be read, sealed by a passphrase that this process doesn't have."""
    try:
        return is_there(KEY) and needs_passphrase(_read(_path(KEY))) and not identities()
    except WordsKeyUnreadable:
        return False


def why_locked() -> LazyText:
    """Return why the passphrase that was given doesn't open `words.key`."""
    try:
        keys_of(_read(_path(KEY)), passphrase())
    except KeyTooSlow:
        return SLOW
    except (KeyDoesNotOpen, WordsKeyUnreadable):
        pass
    return WRONG


def fault() -> str | object:
    """Return what is wrong with the files, as the end of a sentence that begins with `words.key`; "" if nothing is. Raises
    WordsKeyUnreadable, which is a sentence of its own, and WordsKeyUnusable where `words.pub` is damaged."""
    has_public = is_there(PUBLIC)
    if not _Held.allowed or (not has_public and not is_there(KEY)):
        return ""
    if not is_there(KEY):
        return _("is missing")
    _read(_path(KEY))
    if is_locked():
        return _how_locked()
    held = publics_held()
    if not held:
        return _("is damaged")
    return (
        ""
        if not has_public or public().desk in held
        else _(
            "is not the one that words.pub names; where it is the right one, delete words.pub, and that is made anew"
        )
    )


def is_there(name: str) -> bool:
    """Return whether one of the files is there, whatever it is."""
    return _stamp(_path(name)) is not None


def are_there() -> bool:
    """Return whether there are keys yet."""
    return is_there(PUBLIC) or is_there(KEY)


def publics_held() -> list[str]:
    """Return the public halves of the private keys that this process holds."""
    return [str(key.to_public()) for key in identities()]


@contextmanager
def changing() -> Iterator[None]:
    """Be the only one, of all threads and processes, that changes the files. Nobody is to be waited for meanwhile who types something, or
    who may write to the database. A thread that is within it may enter it again. Raises WordsKeyUnreadable."""
    with _Changing.of_threads:
        if _Changing.is_held:
            yield
            return
        with open(_opened_lock(), "wb") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            _sweep()
            _Changing.is_held = True
            try:
                yield
            finally:
                _Changing.is_held = False


def in_file() -> tuple[list["Identity"], str]:
    """Return the private keys that are in `words.key` at this moment, and the passphrase by which it is sealed; within `changing()`. No
    keys where there is no file, or none that opens here. Raises WordsKeyUnreadable and KeyTooSlow."""
    if not is_there(KEY):
        return [], passphrase()
    raw = _read(_path(KEY))
    secret = passphrase() if needs_passphrase(raw) else ""
    try:
        return (keys_of(raw, secret) if _Held.allowed else []), secret
    except KeyTooSlow:
        raise
    except KeyDoesNotOpen:
        return [], secret


def write(held: Sequence["Identity"], known: Public, secret: str) -> None:
    """Store the keys: first the private ones, then to whom is sealed from now on."""
    lines = [f"# public key: {key.to_public()}\n{key}\n" for key in held]
    written = f"{_DESK}{known.desk}\n" + (f"{_RECOVERY}{known.recovery}\n" if known.recovery else "")
    with changing():
        _write(_path(KEY), sealed_by("".join(lines).encode(), secret))
        _write(_path(PUBLIC), written.encode("ascii"))


def lay_aside() -> None:
    """Keep what is in `words.key`, before another one takes its place, under a name of its own that is in each backup; within `changing()`.
    Raises WordsKeyUnreadable."""
    raw = _read(_path(KEY)) if is_there(KEY) else b""
    if raw:
        _write(_path(aside_name(raw)), raw)


def laid_aside() -> list[Path]:
    """Return the files that lay in the place of `words.key` and were kept."""
    return sorted(Path(settings.LEEWARD.data_dir).glob(f"{ASIDE}*"))


def fingerprint() -> str:
    """Return what tells this `words.key` from another file, also where it is locked, in groups of four. Raises WordsKeyUnreadable."""
    whole = hashlib.sha256(_read(_path(KEY))).hexdigest()[:32]
    return " ".join(whole[at : at + 4] for at in range(0, len(whole), 4))


def key_files() -> dict[str, bytes]:
    """Return what is in `words.key` and `words.pub`, those that are there, as they belong together. Raises WordsKeyUnreadable."""
    with changing():
        return {name: _read(_path(name)) for name in FILES if is_there(name)}


def new_identity() -> "Identity":
    """Return a new private key."""
    return keys_of(new_key()[0])[0]


def _how_locked() -> LazyText:
    if not passphrase():
        return _("is sealed by a passphrase that was not given")
    if why_locked() is SLOW:
        return BUSY
    return _("is sealed by another passphrase than the one that was given")


def _make_first() -> None:
    """Make the keys, or only `words.pub` where a process was killed between the two, or it was lost."""
    from leeward.sealing.models import WordsKey

    known = WordsKey.objects.filter(left_at=None).order_by("-pk")
    held, secret = in_file()
    if not held and (is_there(KEY) or known.filter(kind=WordsKey.DESK).exists()):
        raise WordsKeyUnusable(what=_("or words.pub is missing"))
    fresh = held or [new_identity()]
    recovery = known.filter(kind=WordsKey.RECOVERY).values_list("public", flat=True).first() if held else None
    write(fresh, Public(str(fresh[0].to_public()), recovery or ""), secret)


def _path(name: str) -> Path:
    return Path(settings.LEEWARD.data_dir) / name


def _stamp(path: Path) -> Stamp | None:
    try:
        found = path.stat()
    except OSError:
        return None
    return str(path), found.st_mtime_ns, found.st_ino


@lru_cache(maxsize=4)
def _read_public(stamp: Stamp) -> Public:
    lines = _read(Path(stamp[0])).decode("ascii", errors="replace").splitlines()
    named = {kind: line.removeprefix(kind) for line in lines for kind in (_DESK, _RECOVERY) if line.startswith(kind)}
    if _DESK not in named:
        raise WordsKeyUnusable(what=_("is here, but words.pub is damaged"))
    found = Public(named[_DESK], named.get(_RECOVERY, ""))
    try:
        assert found.recipients
    except KeyDoesNotOpen:
        raise WordsKeyUnusable(what=_("is here, but words.pub is damaged")) from None
    return found


@lru_cache(maxsize=4)
def _recipients(known: Public) -> Sequence["Recipient"]:
    return known.recipients


@lru_cache(maxsize=4)
def _opened(stamp: Stamp, secret: str) -> Sequence["Identity"]:
    """Return what is in the file, nothing where it can't be opened: that takes a second to find out, and once is enough. Raises
    KeyTooSlow and WordsKeyUnreadable, of which nothing is kept."""
    try:
        return tuple(keys_of(_read(Path(stamp[0])), secret))
    except KeyTooSlow:
        raise
    except KeyDoesNotOpen:
        return ()


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise WordsKeyUnreadable(path=path, why=(error.strerror or str(error)).lower()) from error


def _opened_lock() -> int:
    place = _path(LOCK)
    place.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    try:
        opened = os.open(place, os.O_WRONLY | os.O_CREAT | os.O_NOFOLLOW, 0o600)  # a link may lead to somebody else's
    except OSError as error:
        raise WordsKeyUnreadable(path=place, why=(error.strerror or str(error)).lower()) from error
    give(opened, place.parent)
    return opened


def _sweep() -> None:
    """Delete what processes killed in `_write` left: nobody else is there now."""
    for left in Path(settings.LEEWARD.data_dir).glob(f".{KEY}*.new"):
        if not left.is_symlink():  # no process of ours made that: `_write` names it
            with suppress(OSError):
                left.unlink()


def _write(path: Path, raw: bytes) -> None:
    """Put a file in the place of another, whole or not at all; whose it is stays."""
    part = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | os.O_NOFOLLOW, 0o600), "wb") as file:
            file.write(raw)
            file.flush()
            give(file.fileno(), path if path.exists() else path.parent)
            os.fsync(file.fileno())
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
