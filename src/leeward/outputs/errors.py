"""Errors of this slice."""

from django.utils.translation import gettext_lazy as _

from leeward.foundation.errors import LeewardError


class FormatUnknown(LeewardError):
    """No export has this name."""

    code = "format_unknown"
    sentence = _("There is no format “{name}”.")
    hint = _(
        "The formats are: xarf, xarf-3, cybertipline, iccam, dsa16, goaml, police, police-pdf, bundle, stats-inhope."
    )
    status = 404


class ExportRefused(LeewardError):
    """What would be exported does not hold; `refusals` name each reason."""

    code = "export_refused"
    sentence = _("Nothing was exported: {why}")
    hint = _("The verdict is kept with the case.")
    status = 409


class ChangedSincePreview(LeewardError):
    """A report would no longer say what somebody read in its preview."""

    code = "changed_since_preview"
    sentence = _("Nothing is reported yet: since the preview that you read, something has changed in this report.")
    hint = _("Read it again below, then report it.")
    status = 409


class ReceiverOff(LeewardError):
    """Nothing may be sent to this receiver."""

    code = "receiver_off"
    sentence = _("Nothing is sent to {name}: {why}.")
    hint = _("An administrator records the agreement or membership on the page “Receivers of reports”.")
    status = 409


class SubmittedAlready(LeewardError):
    """The case was reported there already."""

    code = "submitted_already"
    sentence = _("This case was reported there already.")
    hint = _("Its state is on the case’s page of exports.")
    status = 409


class NotUnsure(LeewardError):
    """A report about which nobody has to decide."""

    code = "not_unsure"
    sentence = _("Nobody has to decide about this report any more.")
    hint = _("Its state is on the case’s page of exports.")
    status = 409


class NotRetractable(LeewardError):
    """A report that can't be taken back."""

    code = "not_retractable"
    sentence = _("This report can’t be withdrawn: it is over.")
    hint = _("Write to the receiver.")
    status = 409
