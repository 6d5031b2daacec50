"""What can be wrong with the log."""

from pathlib import Path

from leeward.foundation.errors import LeewardError
from leeward.foundation.said import LazyText as _


class NotALogFile(LeewardError):
    """The file given to `leeward audit verify --file` is not an export of ours."""

    code = "not_a_log_file"
    sentence = _("{file} is not an exported log: {why}.")
    hint = _("Make one with leeward audit export --out FILE.")


class KeyUnusable(LeewardError):
    """A secret or key that this installation was made with is missing, damaged or another."""

    code = "key_unusable"
    sentence = _("{name} {what}.")
    hint = _(
        "Restore it from your backup to LEEWARD_DATA. Only if it is lost for good: leeward keys accept "
        "NAME; docs/how-to/production.md says what stops working then."
    )
    status = 503


class WrongFingerprint(LeewardError):
    """Somebody accepts a key and gives the fingerprint of another."""

    code = "wrong_fingerprint"
    sentence = _("This is not the fingerprint of {name} as it is now.")
    hint = _(
        "Nothing was changed. leeward keys accept NAME shows the fingerprint; compare it with whoever made the key."
    )


class KeyUnreadable(KeyUnusable):
    """The file of a secret or key is there and can't be read: a folder, or another user's."""

    code = "key_unreadable"
    sentence = _("{path} can't be read: {why}.")
    hint = _(
        "Let only the user that Leeward runs as read this file (chown, chmod 600), or restore it from your backup."
    )


def read_key(path: Path) -> bytes:
    """What the file of a secret or key holds; raises KeyUnreadable."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise KeyUnreadable(name=path.name, path=path, why=(error.strerror or str(error)).lower()) from error
