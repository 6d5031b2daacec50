"""Errors about witnesses and watched logs."""

from leeward.foundation.errors import LeewardError
from leeward.foundation.lazy_text import LazyText as _


class NotAKey(LeewardError):
    """What was given is not the key of a log or witness."""

    code = "not_a_key"
    sentence = _("This is not a key that can be used here: {why}.")
    hint = _(
        "A key is one line: name+id+base64. The other side prints its own with leeward audit key; compare it by telephone."
    )


class WatchedAlready(LeewardError):
    """This log or witness is known already."""

    code = "watched_already"
    sentence = _("{name} is known already.")
    hint = _("leeward witness list shows all; remove it first if its key changed.")
    status = 409
