"""Why an act on a tip is refused, and why a file is."""

from leeward.foundation.errors import LeewardError
from leeward.foundation.lazy_text import LazyText as _

REFUSALS: dict[str, object] = {
    "not_a_tip": _("it is no CyberTip, item of ICCAM or X-ARF report"),
    "not_utf8": _("it is not text (UTF-8)"),
    "html": _("it is a web page"),
    "torn": _("it is broken or incomplete"),
    "nested": _("it is nested too deeply"),
    "field_twice": _("it has two different values for one field"),
    "doctype": _("it has a document type or entities of its own"),
    "too_large": _("it is too large"),
    "other_abuse": _("it is about something else than the sexual abuse of children"),
    "no_number": _("it has no number, neither inside nor in its name"),
    "file_alone": _("it describes a file of a tip that is not there"),
    "only_paper": _("there is only the PDF of it: enter it as a report"),
    "zip_torn": _("the ZIP is broken"),
    "zip_path": _("the ZIP holds paths that lead out of it"),
    "zip_too_many": _("the ZIP holds too many files"),
    "zip_bomb": _("the ZIP unpacks to too much"),
    "zip_encrypted": _("it needs a password"),
    "zip_in_zip": _("it is a ZIP inside a ZIP"),
    "unreadable": _("it can’t be opened"),
}


class TooManyForDesk(LeewardError):
    """More tips than a page can carry."""

    code = "too_many_for_desk"
    sentence = _("That is more than the desk takes at once.")
    hint = _("Take it in with the command: leeward intake cybertips FILE.")
    status = 413


class PreviewGone(LeewardError):
    """A preview that is not ours, or is too old."""

    code = "preview_gone"
    sentence = _("This preview was open too long or is not complete.")
    hint = _("Choose the file again; nothing was taken in.")
    status = 409


class NotDecidable(LeewardError):
    """A tip that nobody has to decide about, or not any more."""

    code = "tip_not_decidable"
    sentence = _("This tip can’t be decided so any more.")
    hint = _("Look at its page: somebody else decided meanwhile.")
    status = 409
