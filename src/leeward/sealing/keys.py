"""The keys of the words: `words.key`, which opens them, and `words.pub`, to which they are sealed.

`words.key` (age, 0600) holds the desk's key, and after a rotation the one before until everything is sealed anew. It may be sealed
by a passphrase. `words.pub` names the public half of the newest one, and of the recovery key, whose private half is kept elsewhere.
A process that only takes in needs `words.pub` alone.
"""

import fcntl
import hashlib
import os
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from django.conf import settings

from leeward.foundation.lazy_text import LazyText
from leeward.foundation.lazy_text import LazyText as _
from leeward.sealing.age import SLOW, WRONG, keys_of, needs_passphrase, new_key, recipients_of, sealed_by
from leeward.sealing.errors import KeyDoesNotOpen, KeyTooSlow, WordsKeyUnusable

if TYPE_CHECKING:
    from pyrage.x25519 import Identity, Recipient

KEY, PUBLIC, CREDENTIAL = "words.key", "words.pub", "words-passphrase"
_DESK, _RECOVERY = "desk ", "recovery "
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


_making = threading.Lock()


def hold_no_key() -> None:
    """Let this process never open words: it drops the key, and reads it no more."""
    _Held.allowed = False
    _opened.cache_clear()


def may_open() -> bool:
    """Return whether this process can open words."""
    return bool(identities())


def public() -> Public:
    """Return to whom words are sealed now. The keys are made at first use, unless the database knows that there were some: then
    WordsKeyUnusable is raised."""
    stamp = _stamp(_path(PUBLIC))
    if stamp is None:
        _path(PUBLIC).parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        with (
            _making,
            open(os.open(_path(".words.lock"), os.O_WRONLY | os.O_CREAT, 0o600), "w", encoding="ascii") as lock,
        ):
            fcntl.flock(lock, fcntl.LOCK_EX)
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
    """Return the private keys that this process holds, the newest first; none where it holds none or can't open them."""
    stamp = _stamp(_path(KEY)) if _Held.allowed else None
    if stamp is None:
        return ()
    try:
        return _opened(stamp, passphrase())
    except KeyTooSlow:  # asked again next time
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
    """Return whether `words.key` is there, sealed by a passphrase that this process doesn't have."""
    return _path(KEY).exists() and needs_passphrase(_path(KEY).read_bytes()) and not identities()


def why_locked() -> LazyText:
    """Return why the passphrase that was given doesn't open `words.key`."""
    try:
        keys_of(_path(KEY).read_bytes(), passphrase())
    except KeyTooSlow:
        return SLOW
    except (KeyDoesNotOpen, OSError):
        pass
    return WRONG


def fault() -> str | object:
    """Return what is wrong with the files, as the end of a sentence that begins with `words.key`; "" if nothing is."""
    has_public = _path(PUBLIC).exists()
    if not _Held.allowed or (not has_public and not _path(KEY).exists()):
        return ""
    if not _path(KEY).exists():
        return _("is missing")
    if is_locked():
        if passphrase() and why_locked() is SLOW:
            return _("can’t be opened with its passphrase now: this machine is too busy, or too slow")
        return _("is sealed by a passphrase that was not given")
    held = identities()
    if not held:
        return _("is damaged")
    return (
        "" if not has_public or str(held[0].to_public()) == public().desk else _("is not the one that words.pub names")
    )


def are_there() -> bool:
    """Return whether there are keys yet."""
    return _path(PUBLIC).exists() or _path(KEY).exists()


def publics_held() -> list[str]:
    """Return the public halves of the private keys that this process holds."""
    return [str(key.to_public()) for key in identities()]


def write(held: Sequence["Identity"], known: Public, secret: str) -> None:
    """Store the keys: first the private ones, then to whom is sealed from now on."""
    lines = [f"# public key: {key.to_public()}\n{key}\n" for key in held]
    _write(_path(KEY), sealed_by("".join(lines).encode(), secret))
    written = f"{_DESK}{known.desk}\n" + (f"{_RECOVERY}{known.recovery}\n" if known.recovery else "")
    _write(_path(PUBLIC), written.encode("ascii"))


def new_identity() -> "Identity":
    """Return a new private key."""
    return keys_of(new_key()[0])[0]


def _make_first() -> None:
    """Make the keys, or only `words.pub` where a process was killed between the two, or it was lost."""
    from leeward.sealing.models import WordsKey

    known = WordsKey.objects.filter(left_at=None).order_by("-pk")
    held = identities()
    if not held and (_path(KEY).exists() or known.filter(kind=WordsKey.DESK).exists()):
        raise WordsKeyUnusable(what=_("or words.pub is missing"))
    fresh = list(held) or [new_identity()]
    recovery = known.filter(kind=WordsKey.RECOVERY).values_list("public", flat=True).first() if held else None
    write(fresh, Public(str(fresh[0].to_public()), recovery or ""), passphrase())


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
    lines = Path(stamp[0]).read_text(encoding="ascii", errors="replace").splitlines()
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
    KeyTooSlow."""
    try:
        return tuple(keys_of(Path(stamp[0]).read_bytes(), secret))
    except KeyTooSlow:
        raise
    except KeyDoesNotOpen:
        return ()


def _write(path: Path, raw: bytes) -> None:
    part = path.with_name(f".{path.name}.{os.getpid()}.new")
    with open(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        file.write(raw)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
