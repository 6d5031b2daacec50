"""Labels of on call and paging; translated where they are shown."""

from django.utils.dates import WEEKDAYS
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from leeward.oncall.rules.rota import HOLIDAY

# Why a report is urgent, as the person paged reads it. It says nothing about what was reported.
KINDS: dict[str, str | Promise] = {
    "danger": _("A child is in danger now"),
    "contact": _("Somebody contacts or threatens a child"),
    "threat": _("Somebody may be threatening to share a picture of the reporter"),
    "shown": _("Somebody says that they are the person shown"),
    "marked": _("Marked as urgent by staff or a partner"),
    "untold": _("The police could not be told of it"),
    "test": _("A test"),
}
HOWS: dict[str, str | Promise] = {
    "link": _("by the link"),
    "desk": _("at the desk"),
    "case": _("by taking the case"),
    "not_urgent": _("found not urgent"),
    "ended": _("ended without an answer"),
    "reply": _("by a reply"),
}
# What came of the reports of a page, as whoever answered states it.
OUTCOMES: dict[str, str | Promise] = {
    "police": _("The police have it"),
    "safe": _("The child is safe"),
    "known": _("It belongs to a case that somebody works on"),
    "not_urgent": _("It is not urgent"),
}
LAYERS: dict[int, str | Promise] = {1: _("Paged first"), 2: _("Paged next"), 3: _("Paged third")}
DAYS: dict[int, str | Promise] = {
    **{number + 1: name for number, name in WEEKDAYS.items()},
    HOLIDAY: _("Public holidays"),
}
# What is wrong with a rotation or an override.
FAULTS: dict[str, str | Promise] = {
    "layer": _("there is no such layer"),
    "people": _("a rotation has at least one person and at most fifty"),
    "zone": _("there is no such time zone"),
    "days": _("a shift is one to 28 days long"),
    "on": _("it would be on no day"),
    "last_on": _("it would end before it begins"),
    "order": _("it would end before it begins"),
    "length": _("it would be longer than three months"),
    "person": _("neither who is on call nor who is replaced is named"),
    "many": _("there are too many already"),
}
WAYS: dict[str, str | Promise] = {"mail": _("mail"), "webhook": _("webhook")}
MESSAGE_STATES: dict[str, str | Promise] = {
    "waiting": _("waiting"),
    "sending": _("on its way"),
    "sent": _("sent"),
    "unsure": _("perhaps sent"),
    "dead": _("not sent"),
    "stopped": _("stopped"),
}
ALARMS: dict[str, str | Promise] = {
    "no_mail_server": _("No mail server is set, and no webhook: nobody can be paged."),
    "nobody_on_call": _("Nobody is on call for %(portal)s."),
    "rota_to_supervisors": _(
        "Nobody who is on call for %(portal)s can be reached (away, switched off, or no address): the supervisors are paged."
    ),
    "rota_to_staff": _(
        "Nobody who is on call for %(portal)s can be reached, and no supervisor: all staff who are here are paged."
    ),
    "rota_to_everybody": _("Everybody who could be paged for %(portal)s is away: all of them are paged anyway."),
    "page_reaches_nobody": _("A page of %(portal)s reaches nobody: an urgent report waits."),
    "page_unanswered": _("A page of %(portal)s has gone out more than twice, and nobody has acknowledged it."),
}
STILL_PAGING = _(
    "Paging goes on until somebody who can take these reports answers. Accounts that are new, or that no second person "
    "has confirmed, don’t end it while others could."
)
