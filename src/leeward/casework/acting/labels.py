"""Labels of what happened to a case’s exports and reports to receivers, and of what is news about those who were told of it."""

from django.utils.translation import gettext_lazy as _

EVENTS_OF_EXPORTS = {
    "case.exported": _("Exported"),
    "case.export_refused": _("An export was refused"),
    "case.submitted": _("Put on its way to a receiver of reports"),
    "case.submission_ended": _("A report to a receiver ended"),
    "case.submission_unwanted": _("A report to a receiver is to be withdrawn"),
    "case.submission_left_unsure": _("A report to a receiver may have arrived before"),
    "case.submission_again": _("A report to a receiver is sent again"),
    "exchange.kept_back": _("A report to another hotline is not sent: the decision no longer stands"),
    "exchange.never_left": _(
        "A report to another hotline was withdrawn before it was sent: that hotline was told nothing"
    ),
    "case.submission_arrived": _("A report to a receiver was recorded as arrived"),
}
NEWS_FROM_OUTSIDE = {
    "notice_disputed": _("The host disagrees"),
    "notice_wrong_contact": _("A contact says that somebody else is in charge"),
    "notice_answered": _("Whoever got a notice answered"),
    "payment_answered": _("A payment firm answered"),
    "mail_received": _("An answer came by mail"),
    "message_died": _("A message could not be sent"),
    "submission_unsure": _("A report to a receiver may have arrived before"),
    "submission_turned_back": _("A report to a receiver ends: the decision no longer stands"),
    "police_answered": _("The police answered"),
    "protection_answered": _("Child protection answered"),
    "police_not_told": _("The police could not be told, or it is not known whether they were"),
}
