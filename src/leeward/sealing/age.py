"""Sealing to a public key (age, by pyrage), so that a server can write what it can't read. Needs no Django."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

import zstandard

from leeward.foundation.lazy_text import LazyText as _
from leeward.foundation.patterns import Pattern
from leeward.sealing.errors import KeyDoesNotOpen, KeyTooSlow

if TYPE_CHECKING:
    from pyrage.x25519 import Identity, Recipient

type Held = Identity | Sequence[Identity]  # what a key file holds

_SECRET = Pattern(rb"(?m)^AGE-SECRET-KEY-1[0-9A-Z]+\s*$")


WRONG = _("the passphrase is wrong")
SLOW = _("this machine is too busy now, or too slow, to open it with a passphrase")
_TRIES = 3  # how long it takes is measured anew each time


class NotOpened(Exception):
    """These bytes were changed."""


class OtherKey(Exception):
    """These bytes are sealed to another key."""


def recipients_of(texts: Sequence[str]) -> list["Recipient"]:
    """Return the public keys (`age1…`). Raises KeyDoesNotOpen for one that isn't, and if there is none."""
    from pyrage import RecipientError, x25519

    found = [text.strip() for text in texts if text.strip() and not text.lstrip().startswith("#")]
    if not found:
        raise KeyDoesNotOpen(why=_("no public key is given"))
    try:
        return [x25519.Recipient.from_str(text) for text in found]
    except RecipientError:
        raise KeyDoesNotOpen(why=_("a public key begins with age1 and is copied whole")) from None


def new_key(passphrase: str = "") -> tuple[bytes, str]:
    """Return a new key file, sealed by the passphrase if there is one, and its public key."""
    from pyrage import x25519

    identity = x25519.Identity.generate()
    public = str(identity.to_public())
    return sealed_by(f"# public key: {public}\n{identity}\n".encode(), passphrase), public


def sealed_by(text: bytes, passphrase: str) -> bytes:
    """Return the text of a key file sealed by a passphrase, or as it is without one."""
    from pyrage import passphrase as by_passphrase

    return bytes(by_passphrase.encrypt(text, passphrase)) if passphrase else text


def needs_passphrase(raw: bytes) -> bool:
    """Return whether a key file is sealed by a passphrase."""
    return raw.startswith((b"age-encryption.org/", b"-----BEGIN AGE"))


def key_of(raw: bytes, passphrase: str = "") -> "Identity":
    """Return the private key of a key file, the first if it holds several. Raises KeyDoesNotOpen."""
    return keys_of(raw, passphrase)[0]


def keys_of(raw: bytes, passphrase: str = "") -> list["Identity"]:
    """Return the private keys of a key file, in its order. Raises KeyDoesNotOpen, and KeyTooSlow while that can't be told."""
    from pyrage import IdentityError, x25519

    if needs_passphrase(raw):
        raw = _opened_by(raw, passphrase)
    found = [one[0].decode().strip() for one in _SECRET.finditer(raw)]
    try:
        return [x25519.Identity.from_str(text) for text in found or [""]]
    except IdentityError:
        raise KeyDoesNotOpen(why=_("it is no key file")) from None


def _opened_by(raw: bytes, passphrase: str) -> bytes:
    from pyrage import DecryptError
    from pyrage import passphrase as by_passphrase

    if not passphrase:
        raise KeyDoesNotOpen(why=WRONG)
    for _try in range(_TRIES):
        try:
            return bytes(by_passphrase.decrypt(raw, passphrase))
        except DecryptError as error:
            if not str(error).startswith("Excessive work parameter"):
                raise KeyDoesNotOpen(why=WRONG) from None
    raise KeyTooSlow(why=SLOW)


def held_in(key: "Held") -> Sequence["Identity"]:
    """Return the private keys that a key file held, each of which is tried."""
    return key if isinstance(key, Sequence) else [key]


def opens(wrapped: bytes, held: Sequence["Identity"]) -> bool:
    """Return whether one of these private keys opens the key of a text."""
    from pyrage import DecryptError, decrypt

    try:
        return bool(held) and bool(decrypt(wrapped, list(held)))
    except DecryptError:
        return False


def seal(plain: bytes, recipients: Sequence["Recipient"]) -> bytes:
    """Return the bytes packed and sealed."""
    from pyrage import encrypt

    return bytes(encrypt(zstandard.compress(plain, 3), list(recipients)))


def open_sealed(sealed: bytes, key: "Held") -> bytes:
    """Return what was sealed to one of these private keys. Raises NotOpened and OtherKey."""
    from pyrage import DecryptError, decrypt

    try:
        return zstandard.decompress(decrypt(sealed, list(held_in(key))))
    except DecryptError as error:
        raise (OtherKey if str(error) == "No matching keys found" else NotOpened) from error
    except zstandard.ZstdError as error:
        raise NotOpened from error
