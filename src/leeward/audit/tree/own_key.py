"""Whether the signer has the key of the log that it had before: its fingerprint stands in the database beside those of the others.

A signer that isn't there stops nobody: acts are recorded, and signed once it is back.
"""

import hashlib
from datetime import datetime

from leeward.audit.errors import SignerSilent
from leeward.audit.keys import KEY_BYTES
from leeward.audit.models import KeyPrint
from leeward.audit.signer.__main__ import SOCKET
from leeward.audit.tree import signing
from leeward.foundation.errors import LeewardError

NAME = "log.key"


class LogKeyUnusable(LeewardError):
    """The signer's key of the log is missing or damaged, or is another one than before."""

    code = "log_key_unusable"
    sentence = "The signer’s {path} {what}."
    hint = (
        "Put the signer’s folder in its place as it was. Only if the key is lost for good: leeward audit begin-anew CHAIN --signer-lost, "
        "for each log; docs/how-to/log.md says what witnesses must be given then."
    )
    status = 503


def need_log_key(now: datetime) -> str:
    """Ask the signer for its public key, compare it with the fingerprint, and store that of one the database doesn't know yet. Return
    why the signer can't be asked, or "". Raises LogKeyUnusable."""
    known = KeyPrint.objects.filter(name=NAME).values_list("print", flat=True).first()
    if signing.is_ours():
        _need_file(is_known=known is not None)
    try:
        raw = signing.asked_log_key()
    except SignerSilent as silent:
        return silent.text
    found = hashlib.sha256(b"leeward fingerprint of log.key" + raw).hexdigest()
    if known is None:
        KeyPrint.objects.get_or_create(name=NAME, defaults={"print": found, "kept_at": now})
    elif known != found:
        raise LogKeyUnusable(path=NAME, what="is not the one that signed the log before")
    return ""


def forget_log_key() -> None:
    """Forget the fingerprint: the next key that the signer tells is the right one."""
    KeyPrint.objects.filter(name=NAME).delete()


def _need_file(*, is_known: bool) -> None:
    """Look at the file before the signer is asked, which would make new keys in an empty folder."""
    path = signing.folder() / NAME
    listens = (signing.folder() / SOCKET).exists()
    if not path.exists() and is_known and not listens:
        raise LogKeyUnusable(path=path, what="is missing")
    if path.exists() and path.stat().st_size != KEY_BYTES:
        raise LogKeyUnusable(path=path, what="is damaged")
