"""Whether the signer has the key of the log that it had before: its fingerprint stands in the database beside those of the others.

A signer that isn't there stops nobody: acts are recorded, and signed once it is back.
"""

import hashlib
from datetime import datetime

from leeward.audit.errors import LogKeyUnusable, SignerSilent
from leeward.audit.keys import KEY_BYTES
from leeward.audit.models import KeyPrint
from leeward.audit.signer.__main__ import SOCKET
from leeward.audit.tree import signing
from leeward.foundation.lazy_text import LazyText as _

NAME = "log.key"


def need_log_key(now: datetime) -> object:
    """Ask the signer for its public key, compare it with the fingerprint, and store that of one the database doesn't know yet. Return
    why the signer can't be asked, as a text, or "". Raises LogKeyUnusable."""
    known = KeyPrint.objects.filter(name=NAME).values_list("print", flat=True).first()
    if signing.is_ours():
        _need_file(is_known=known is not None)
    try:
        raw = signing.asked_log_key()
    except SignerSilent as silent:
        return silent.lazy_text
    found = hashlib.sha256(b"leeward fingerprint of log.key" + raw).hexdigest()
    if known is None:
        KeyPrint.objects.get_or_create(name=NAME, defaults={"print": found, "kept_at": now})
    elif known != found:
        raise LogKeyUnusable(name=NAME, what=_("is not the one that signed the log before"))
    return ""


def forget_log_key() -> None:
    """Forget the fingerprint: the next key that the signer tells is the right one."""
    KeyPrint.objects.filter(name=NAME).delete()


def _need_file(*, is_known: bool) -> None:
    """Look at the file before the signer is asked, which would make new keys in an empty folder."""
    path = signing.folder() / NAME
    listens = (signing.folder() / SOCKET).exists()
    if not path.exists() and is_known and not listens:
        raise LogKeyUnusable(name=path, what=_("is missing"))
    if path.exists() and path.stat().st_size != KEY_BYTES:
        raise LogKeyUnusable(name=path, what=_("is damaged"))
