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
        raise unreadable(path, error) from error


def unreadable(path: Path, error: OSError) -> KeyUnreadable:
    """Return the error that names a file and why it can't be read."""
    return KeyUnreadable(name=path.name, path=path, why=(error.strerror or str(error)).lower())


class LogKeyUnusable(LeewardError):
    """The signer's key of the log is missing or damaged, or is another one than before."""

    code = "log_key_unusable"
    sentence = _("{name} {what}.")
    hint = _(
        "Put the signer’s folder in its place as it was; no backup has it. Only if that is lost for good: move what is left of it aside, restart "
        "the signer if it is a service of its own, then leeward audit begin-anew CHAIN --signer-lost for each log (0 is the installation’s own). "
        "docs/how-to/log.md says what witnesses must be given then."
    )
    status = 503


class SignerSilent(LeewardError):
    """The process that signs checkpoints doesn't answer."""

    code = "signer_silent"
    sentence = _("The signer of the log doesn't answer: {why}.")
    hint = _("Nothing is lost: acts go on being recorded, and are signed once it answers. See leeward doctor.")
    status = 503


class SignerLost(SignerSilent):
    """The signer answers that a key, or how far it has signed, is missing or damaged: it will sign nothing until a person acts."""

    code = "signer_lost"
    sentence = _("The signer of the log can sign nothing any more: {why}.")
    hint = LogKeyUnusable.hint


class SignerRefused(LeewardError):
    """The signer doesn't sign this tree, for it has signed another or a larger one."""

    code = "signer_refused"
    sentence = _("The signer refuses to sign the log: {why}.")
    hint = _(
        "Rows were removed or changed since, or the database was restored from a backup. docs/how-to/log.md says how to find out, and how to "
        "begin anew."
    )
    status = 409


class SignerChanged(SignerRefused):
    """The signer has another key than before: what it signs holds by none that is known here. That says nothing about the rows."""

    code = "signer_changed"
    sentence = _("What the signer of the log signs can't be used: {why}.")
    hint = LogKeyUnusable.hint


class CheckpointDamaged(LeewardError):
    """A stored checkpoint can't be read any more, or its signature doesn't hold."""

    code = "checkpoint_damaged"
    sentence = _("The checkpoint of {size} rows of log {chain} is damaged: {why}.")
    hint = _("Don’t restore or delete anything. docs/how-to/log.md says how to find out what happened.")
    status = 503


class NotProven(LeewardError):
    """There is nothing yet by which this row could be proven."""

    code = "not_proven"
    sentence = _("Row {number} can't be proven: {why}.")
    hint = _("leeward audit checkpoint signs all rows there are.")
    status = 404
