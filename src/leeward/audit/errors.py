"""What can be wrong with the log."""

from leeward.ground.errors import LeewardError
from leeward.ground.said import Said as _


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
