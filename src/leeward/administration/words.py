"""Words of the administrator's pages."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

POINTS: dict[str, str | Promise] = {
    "emergency": _("Emergency number and helpline"),
    "languages": _("Languages read through"),
    "law": _("The law read by a lawyer"),
    "second_factor": _("A second factor for everybody"),
    "backup": _("A backup that runs"),
    "police": _("The police confirm a test referral"),
    "test_report": _("A test report goes the whole way"),
}
HOW: dict[str, str | Promise] = {
    "emergency": _("Enter them on the portal’s page."),
    "languages": _("Somebody who speaks the language reads the pages through, then it is marked as reviewed."),
    "law": _("A lawyer of the country reads the law file and marks it as reviewed."),
    "second_factor": _("They set one up when they sign in next."),
    "backup": _(
        "Whoever runs the server sets it up; at its end it touches the file backup-done in the data directory."
    ),
    "police": _("Send them the test referral below. They press a button on the page behind its link."),
    "test_report": _("Send a report by the form yourself; an analyst takes it from the queue and decides it."),
}
