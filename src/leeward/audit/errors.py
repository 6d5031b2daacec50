"""Errors about the log and its keys."""

from pathlib import Path

from leeward.foundation.errors import LeewardError
from leeward.foundation.lazy_text import LazyText as _


class NotALogFile(LeewardError):
    """The file given to `leeward audit verify --file` is not one of our exports."""

    code = "not_a_log_file"
    sentence = _("{file} is not an exported log: {why}.")
    hint = _("Make one with leeward audit export --out FILE.")


class KeyUnusable(LeewardError):
    """A secret or key of this installation is missing, damaged or has been replaced."""

    code = "key_unusable"
    sentence = _("{name} {what}.")
    hint = _(
        "Restore it from your backup to LEEWARD_DATA. Only if it is lost for good: leeward keys accept "
        "NAME; docs/how-to/production.md says what stops working then."
    )
    status = 503


class WrongFingerprint(LeewardError):
    """Somebody accepts a key but gives the fingerprint of a different one."""

    code = "wrong_fingerprint"
    sentence = _("This is not the fingerprint of {name} as it is now.")
    hint = _(
        "Nothing was changed. leeward keys accept NAME shows the fingerprint; compare it with whoever made the key."
    )


class KeyUnreadable(KeyUnusable):
    """The file of a secret or key exists but can't be read: it is a directory, or another user's."""

    code = "key_unreadable"
    sentence = _("{path} can't be read: {why}.")
    hint = _(
        "Let only the user that Leeward runs as read this file (chown, chmod 600), or restore it from your backup."
    )


def read_key(path: Path) -> bytes:
    """Return the content of a secret's or key's file; raises KeyUnreadable."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise KeyUnreadable(name=path.name, path=path, why=(error.strerror or str(error)).lower()) from error
