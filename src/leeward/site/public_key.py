"""`public.key`: what the public face derives everything from, made from the installation's secret and leading nowhere back.

64 bytes: the face's own secret (form keys, receipts, addresses of pages just shown), and the salt of the receipts' hashes, which was always
derived from the secret: so receipts given out before there was this file still open.
"""

import hashlib
import hmac
import os
from pathlib import Path

from leeward.audit.errors import KeyUnusable, read_key, unreadable
from leeward.foundation import own_files
from leeward.foundation.lazy_text import LazyText as _

NAME = "public.key"
_HALF = 32


def derived(secret: bytes) -> bytes:
    """Return the content of the file."""
    from cryptography.hazmat.primitives.hashes import SHA256
    from cryptography.hazmat.primitives.kdf.hkdf import HKDF

    own = HKDF(algorithm=SHA256(), length=_HALF, salt=None, info=b"leeward public face").derive(secret)
    return own + hmac.new(secret, b"leeward receipt salt", hashlib.sha256).digest()


def read(path: Path) -> bytes:
    """Return the content of the file, for who has no secret. Raises KeyUnusable."""
    if not path.exists():
        raise KeyUnusable(name=NAME, what=_("is missing"))
    if len(key := read_key(path)) != 2 * _HALF:
        raise KeyUnusable(name=NAME, what=_("is damaged"))
    return key


def parts(key: bytes) -> tuple[bytes, bytes]:
    """Return the face's own secret, and the salt of receipts."""
    return key[:_HALF], key[_HALF:]


def write(path: Path, key: bytes) -> None:
    """Write the file where it isn't there as it should be; who reads it meanwhile sees the old one or the new. Raises KeyUnreadable
    for a folder with something in it."""
    try:
        if path.read_bytes() == key:
            return
    except OSError:
        pass  # missing, or not readable: it can be made again at any time
    fresh = path.with_name(f"{path.name}.{os.getpid()}.new")
    try:
        with open(os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
            file.write(key)
            file.flush()
            os.fsync(file.fileno())
        own_files.put(fresh, path)
    except IsADirectoryError as error:
        raise unreadable(path, error) from error
    finally:
        fresh.unlink(missing_ok=True)
