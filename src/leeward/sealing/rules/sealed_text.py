"""A sealed text: what it is in a column, and how it is made and opened with the key that is for it alone.

`sealed1.NAME.BODY`: the name of its key (16 random bytes) and the text by ChaCha20-Poly1305, both in base64 without padding.
The name, the table and the column are part of what is authenticated, so that a text moved elsewhere doesn't open. A key seals one
text only, so the nonce may always be the same. The text is filled up to a multiple of 64 bytes: its length tells little.
Who can’t open a text can add to it: what is added stands behind it, after a space, with a key of its own.
Texts that nobody takes back one by one may have a key together (`sealed1.NAME~SALT.BODY`): each is sealed with what an HMAC makes
of the key and a salt of its own, so that thousands open after one look.
"""

import base64
import binascii
import hashlib
import hmac
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import ChaCha20Poly1305

PREFIX = "sealed1."
KEY_BYTES, NAME_BYTES, SALT_BYTES, STEP_BYTES = 32, 16, 16, 64
_NONCE = bytes(12)
_FILL = b"\0"  # no text has one: what people type is refused with it
BETWEEN = " "  # a text and what was added to it
_SHARED = "~"  # between the name of a key that several have and the salt of this one
_GAP = "\n\n"
_AS_BASE64 = str.maketrans("-_", "+/")


class Unopened(Exception):
    """The text was changed, was moved, or is another key's."""


def is_sealed(value: object) -> bool:
    """Return whether what a column holds is a sealed text."""
    return isinstance(value, str) and value.startswith(PREFIX)


def seal_text(text: str, *, key: bytes, name: bytes, place: str, salt: bytes = b"") -> str:
    """Return a text sealed with its own new key, or by a new salt with one that it shares. `place` is the table and the column that
    it is for."""
    plain = text.encode("utf-8", "surrogatepass")
    plain += _FILL * (-len(plain) % STEP_BYTES)
    body = ChaCha20Poly1305(_of_one(key, salt)).encrypt(_NONCE, plain, _bound(name, place))
    named = f"{_written(name)}{_SHARED}{_written(salt)}" if salt else _written(name)
    return f"{PREFIX}{named}.{_written(body)}"


def open_text(sealed: str, *, keys: Mapping[bytes, bytes], place: str) -> str:
    """Return the text, what was added to it below. Raises Unopened, also where one of its keys isn't among these."""
    return _GAP.join(_opened(part, keys, place) for part in sealed.split(BETWEEN))


def names_in(sealed: str) -> list[bytes]:
    """Return the names of the keys that a sealed text needs: one, and one for whatever was added. Raises Unopened."""
    return [_parts(part)[0] for part in sealed.split(BETWEEN)]


def own_names_in(sealed: str) -> list[bytes]:
    """Return the names of the keys that no other text needs. Raises Unopened."""
    return [name for name, salt, _body in map(_parts, sealed.split(BETWEEN)) if not salt]


def _opened(part: str, keys: Mapping[bytes, bytes], place: str) -> str:
    name, salt, body = _parts(part)
    try:
        plain = ChaCha20Poly1305(_of_one(keys[name], salt)).decrypt(_NONCE, body, _bound(name, place))
    except (InvalidTag, KeyError, ValueError) as error:
        raise Unopened from error
    return plain.rstrip(_FILL).decode("utf-8", "surrogatepass")


def _parts(sealed: str) -> tuple[bytes, bytes, bytes]:
    named, dot, body = sealed.removeprefix(PREFIX).partition(".")
    name, shared, salt = named.partition(_SHARED)
    try:
        found = _read(name), _read(salt), _read(body)
    except (binascii.Error, ValueError) as error:
        raise Unopened from error
    if not dot or len(found[0]) != NAME_BYTES or len(found[1]) != (SALT_BYTES if shared else 0):
        raise Unopened
    return found


def _of_one(key: bytes, salt: bytes) -> bytes:
    return hmac.digest(key, b"leeward words of many\n" + salt, hashlib.sha256) if salt else key


def _bound(name: bytes, place: str) -> bytes:
    return b"leeward words 1\n" + place.encode() + b"\n" + name


def _written(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode("ascii").rstrip("=")


def _read(text: str) -> bytes:
    return binascii.a2b_base64(text.translate(_AS_BASE64) + "=" * (-len(text) % 4), strict_mode=True)
