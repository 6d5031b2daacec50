"""The words for roles, days and modes."""

from django.utils.translation import gettext_lazy as _

ROLE_NAMES = {
    "administrator": _("Administrator: accounts, portals, the hotline"),
    "supervisor": _("Supervisor: appeals, disputes, colleagues"),
    "analyst": _("Analyst: looks at reports and decides"),
    "police_liaison": _("Police liaison: answers referrals"),
    "auditor": _("Auditor: reads the log, nothing else"),
    "translator": _("Translator: reads and mends what pages say in a language, nothing else"),
}
LEAVE_ENDS = _("Enter the first day back; it is after the first day away.")
SCOPE_NAMES = {
    "provider": _("Mandatory reports of a provider"),
    "subscriber": _("Blocking lists and hash lists"),
    "check": _("Checks of uploads"),
    "police": _("Look-ups by the police"),
    "peer": _("Exchange with another hotline"),
    "statistics": _("Figures"),
}
DAYS = [
    ("1", _("Monday")),
    ("2", _("Tuesday")),
    ("3", _("Wednesday")),
    ("4", _("Thursday")),
    ("5", _("Friday")),
    ("6", _("Saturday")),
    ("7", _("Sunday")),
]
MODES = [
    ("assess", _("Analysts look at reports and decide")),
    ("post_box", _("Reports go to the police as they come")),
]
PLACES = [
    _("First language"),
    _("Second language"),
    _("Third language"),
    _("Fourth language"),
    _("Fifth language"),
    _("Sixth language"),
]
