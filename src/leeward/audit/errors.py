"""What can be wrong with the log."""

from django.utils.translation import gettext_lazy as _

from leeward.ground.errors import LeewardError


class NotALogFile(LeewardError):
    """The file given to `leeward audit verify --file` is not an export of ours."""

    code = "not_a_log_file"
    sentence = _("{file} is not an exported log: {why}.")
    hint = _("Make one with leeward audit export --out FILE.")
