"""Ed25519 keys of the processes that serve and work; each is a file in the data directory, outside the database.

`audit.key` signs documents: receipts, lists of hashes, backups, bundles of evidence. The log it signed once; now the signer
does that with a key of its own (`signer/`), which no process here can read. A process that signs nothing needs only
the file beside it with the public key, `audit.pub`.
"""

import base64
import os
from functools import lru_cache
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat
from django.conf import settings
from django.utils.translation import gettext as _

from leeward.audit.errors import KeyUnusable, read_key, unreadable
from leeward.audit.models import KeyPrint
from leeward.audit.rules.signatures import is_signed
from leeward.foundation import own_files

__all__ = [
    "DOCUMENTS",
    "KEYS",
    "LISTS",
    "is_damaged",
    "is_signed",
    "key_path",
    "load_all",
    "make_key",
    "public_key",
    "sign",
    "write_public",
]

DOCUMENTS, LISTS = "audit.key", "lists.key"
KEYS = (DOCUMENTS, LISTS)
KEY_BYTES = 32


@lru_cache(maxsize=8)
def _load(path: Path) -> Ed25519PrivateKey:
    if not path.exists():
        if KeyPrint.objects.filter(name=path.name).exists():
            raise KeyUnusable(name=path.name, what=_("is missing"))
        make_key(path)
    raw = read_key(path)
    if len(raw) != KEY_BYTES:
        raise KeyUnusable(name=path.name, what=_("is damaged"))
    return Ed25519PrivateKey.from_private_bytes(raw)


def make_key(path: Path) -> None:
    """Make the key stored at `path`; if another process does so at the same time, both end up with the same one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    raw = Ed25519PrivateKey.generate().private_bytes(Encoding.Raw, PrivateFormat.Raw, NoEncryption())
    own_files.make(path, raw)


def is_damaged(name: str = DOCUMENTS) -> bool:
    """Return whether a key's file contains something other than a key."""
    path = key_path(name)
    return path.exists() and len(read_key(path)) != KEY_BYTES


def load_all() -> None:
    """Load every existing key, so that this process doesn't need the files any more."""
    for name in KEYS:
        if key_path(name).exists() and not is_damaged(name):
            _load(key_path(name))


def key_path(name: str = DOCUMENTS) -> Path:
    """Return where a private key is stored."""
    return Path(settings.LEEWARD.data_dir) / name


def sign(text: bytes, name: str = DOCUMENTS) -> str:
    """Return the signature of `text` in base64; the key is made at its first use."""
    return base64.b64encode(_load(key_path(name)).sign(text)).decode("ascii")


def public_key(name: str = DOCUMENTS) -> str:
    """Return the public key (32 bytes) in base64, as it is published."""
    if not key_path(name).exists() and (published := _published(name)):
        return published
    raw = _load(key_path(name)).public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
    return base64.b64encode(raw).decode("ascii")


def write_public(name: str = DOCUMENTS) -> None:
    """Write the public key into the file beside the private one, for processes that may not read that. Raises KeyUnreadable for a
    folder with something in it."""
    if _published(name) != (known := public_key(name)):
        fresh = _public_path(name).with_suffix(f".{os.getpid()}.new")
        try:
            fresh.write_text(f"{known}\n", encoding="ascii")
            own_files.put(fresh, _public_path(name))
        except IsADirectoryError as error:
            raise unreadable(_public_path(name), error) from error
        finally:
            fresh.unlink(missing_ok=True)


def _published(name: str) -> str:
    try:
        return _public_path(name).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        return ""


def _public_path(name: str) -> Path:
    return key_path(name).with_suffix(".pub")
