"""Whether the signer has the key of the log that it had before: its fingerprint stands in the database beside those of the others.

A signer that isn't there stops nobody: acts are recorded, and signed once it is back.
"""

import hashlib
import os
from datetime import datetime

from django.conf import settings

from leeward.audit.errors import LogKeyUnusable, SignerSilent
from leeward.audit.keys import KEY_BYTES
from leeward.audit.models import AuditCheckpoint, KeyPrint
from leeward.audit.tree import signing
from leeward.foundation.errors import LeewardError
from leeward.foundation.lazy_text import LazyText as _

NAME = "log.key"


def need_log_key(now: datetime) -> object:
    """Ask the signer for its public key, compare it with the fingerprint, and store that of one the database doesn't know yet. Return
    why the signer can't be asked, as a text, or "". Raises LogKeyUnusable."""
    known = _known()
    try:
        if signing.is_ours():
            _need_file(is_known=known is not None)
        found = _checked_print(known)
    except SignerSilent as silent:
        return silent.lazy_text
    if known is None:
        KeyPrint.objects.get_or_create(name=NAME, defaults={"print": found, "kept_at": now})
    return ""


def log_key_problem() -> LeewardError | None:
    """Return why the key of the log would stop the start, or why the signer can't be asked; nothing is made and nothing stored. While no key
    is known, as after a restoring, only a signer is asked that is there, for a log that was ever signed."""
    known = _known()
    if known is None and not (signing.is_begun() and AuditCheckpoint.objects.exists()):
        return None
    try:
        if known is not None and (signing.is_ours() or not settings.LEEWARD.signer_dir):
            _need_file(is_known=True)
        if signing.is_ours() or signing.listens() or os.geteuid():  # root asks no child that is the service's
            _checked_print(known)
    except (LogKeyUnusable, SignerSilent) as error:
        return error
    return None


def forget_log_key() -> None:
    """Forget the fingerprint: the next key that the signer tells is the right one."""
    KeyPrint.objects.filter(name=NAME).delete()


def _known() -> str | None:
    return KeyPrint.objects.filter(name=NAME).values_list("print", flat=True).first()


def _checked_print(known: str | None) -> str:
    """Return the fingerprint of the key that the signer tells. Raises SignerSilent, and LogKeyUnusable if it is another than is known."""
    found = hashlib.sha256(b"leeward fingerprint of log.key" + signing.asked_log_key()).hexdigest()
    if known not in (None, found):
        raise LogKeyUnusable(name=NAME, what=_("is not the one that signed the log before"))
    return found


def _need_file(*, is_known: bool) -> None:
    """Look at the file before the signer is asked, which would make new keys in an empty folder. Raises LogKeyUnusable."""
    path = signing.folder() / NAME
    try:
        size = path.stat().st_size
    except (FileNotFoundError, NotADirectoryError):
        if is_known and not signing.listens():
            raise LogKeyUnusable(name=path, what=_("is missing")) from None
        return
    except OSError:
        return  # it is there, and the signer says what is wrong with it
    if size != KEY_BYTES or path.is_dir():
        raise LogKeyUnusable(name=path, what=_("is damaged"))
