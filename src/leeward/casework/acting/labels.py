"""Labels of what happened to a case’s exports and reports to receivers."""

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
    "case.submission_arrived": _("A report to a receiver was recorded as arrived"),
}
