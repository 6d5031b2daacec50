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
        "Put it back from your backup, where LEEWARD_DATA is. Only if it is lost for good: leeward keys accept NAME; what ends then "
        "stands in docs/how-to/production.md."
    )
    status = 503


class KeyUnreadable(KeyUnusable):
    """The file of a secret or key is there and can't be read: a folder, or another user's."""

    code = "key_unreadable"
    sentence = _("{path} can't be read: {why}.")
    hint = _(
        "It is a file that only the user Leeward runs as may read (chown, chmod 600). Put it back from your backup if it is not."
    )


def read_key(path: Path) -> bytes:
    """What the file of a secret or key holds; raises KeyUnreadable."""
    try:
        return path.read_bytes()
    except OSError as error:
        raise KeyUnreadable(name=path.name, path=path, why=(error.strerror or str(error)).lower()) from error
