"""The words for roles, days and modes."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leeward.people.rules import desk_parts
from leeward.people.rules.second_person import Why

ROLE_NAMES = {
    "administrator": _("Administrator: accounts, portals, the hotline"),
    "supervisor": _("Supervisor: appeals, disputes, colleagues"),
    "analyst": _("Analyst: assesses reports"),
    "police_liaison": _("Police liaison: answers referrals"),
    "auditor": _("Auditor: reads the log, nothing else"),
    "translator": _("Translator: reads and corrects what pages say in a language, nothing else"),
}
_CONFIRM = _(
    "Once its owner has set up a second factor, an administrator who did not create the account can "
    "confirm it on its page under People, or whoever runs the server: leeward account confirm. For one "
    "case, an outside reviewer can be invited."
)
# Why somebody can't be the second person, and what to do. {when} is filled in where time alone settles it.
SECOND_PERSON: dict[Why, tuple[str | Promise, str | Promise]] = {
    Why.SAME_PERSON: (
        _("This needs a second person, and you had the first part in it."),
        _("Ask a colleague who had no part in it, or invite an outside reviewer."),
    ),
    Why.NO_ROLE: (
        _("This needs a second person who has the role for it."),
        _("Ask a colleague who has the role."),
    ),
    Why.SAME_HANDS: (
        _(
            "This needs two people, and one administrator alone created both accounts or one of the two "
            "created the other."
        ),
        _CONFIRM,
    ),
    Why.NEW_ACCOUNT: (
        _("This account is new: it can be the second person from {when}."),
        _CONFIRM,
    ),
    Why.NEW_ROLE: (
        _("This role was given only recently: it counts for a second person from {when}."),
        _CONFIRM,
    ),
}
# Whom a portal tells or calls, as the page of a change names it.
REACH_NAMES = {
    "police_email": _("Where referrals to the police go"),
    "police_on_danger": _("When the police are told that a child is in danger"),
    "police_on_urgent": _("When the police are told of other urgent reports"),
    "emergency_number": _("Emergency number"),
    "helpline_number": _("Number of the child helpline"),
    "on_call_mail": _("Address to which pages are mailed"),
    "page_webhook": _("Address to which pages are posted"),
}
WAITS = _(
    "The portal’s police contact, numbers and paging addresses change once a second person has "
    "confirmed it. Until then nothing changes."
)
WAITS_OF = _("A second person confirms the police contact, numbers and paging addresses of the portal %(name)s.")
LEAVE_ENDS = _("Enter a first day back that is after the first day away.")
SCOPE_NAMES = {
    "provider": _("Mandatory reports of a provider"),
    "subscriber": _("Blocking lists and hash lists"),
    "check": _("Checks of uploads"),
    "read": _("HMA programs: see the names of banks and what is in them"),
    "match": _("HMA programs: ask whether a picture or video is known"),
    "curate": _("HMA programs: keep banks of their own and add known images to them, as one source"),
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
    ("assess", _("Analysts assess reports")),
    ("post_box", _("Reports go to the police as they come")),
]
DESK_PARTS = [
    (desk_parts.BLOCKING, _("Blocking lists")),
    (desk_parts.BANK, _("Known images")),
    (desk_parts.QUALITY, _("Blind second assessments of a sample")),
    (desk_parts.LAW, _("The law register")),
    (desk_parts.LANGUAGES, _("Translations")),
    (desk_parts.KEYS, _("API keys")),
]
PLACES = [
    _("First language"),
    _("Second language"),
    _("Third language"),
    _("Fourth language"),
    _("Fifth language"),
    _("Sixth language"),
]

POLICE_MOMENTS = [
    ("at_once", _("At once, as it came in, with the reporter’s words")),
    ("after_look", _("After a person here has read it and passes it on")),
    ("after_assessment", _("Never before somebody here has assessed it")),
]
