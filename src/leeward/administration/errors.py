"""Errors in administrators' actions."""

from django.utils.translation import gettext_lazy as _

from leeward.foundation.errors import LeewardError


class LetterNotSent(LeewardError):
    """The mail server could not be reached, or deferred the letter; it is retried."""

    code = "letter_not_sent"
    sentence = _("The message could not be sent yet: {problem}.")
    hint = _("It will be tried again.")
    status = 503


class NotReadyToOpen(LeewardError):
    """Something is missing without which no portal may take reports."""

    code = "not_ready_to_open"
    sentence = _("This portal can’t be opened yet: an emergency number is missing, or nobody would be paged.")
    hint = _("The checklist says which, and where to settle them.")
    status = 409


class NoLongerReady(LeewardError):
    """Since somebody asked to open a portal, something has come to be missing, or it can't be opened without it."""

    code = "no_longer_ready"
    sentence = _("This portal can’t be opened now. Open on its checklist: {points}.")
    hint = _("Settle that first. Or refuse this, and have somebody who has read the checklist ask anew.")
    status = 409


class OpenedTooSoon(LeewardError):
    """The checklist has open points, and nobody confirmed that the portal is to be opened all the same."""

    code = "opened_too_soon"
    sentence = _("{missing} points of the checklist are still open.")
    hint = _("Settle them, or tick the box to open it anyway. The log records which were open.")
    status = 409


class NoPoliceContact(LeewardError):
    """There is no address for a test referral."""

    code = "no_police_contact"
    sentence = _("This portal has no police address yet.")
    hint = _("Enter it on the portal’s page.")
    status = 409


class SettingsRefused(LeewardError):
    """Rows of a settings file that can't be imported, one line each; nothing of the file was imported."""

    code = "settings_refused"
    sentence = "{lines}"
    hint = _("Nothing was changed. Correct this line, or leave it out, and send the file again.")
    status = 422


class ChangedMeanwhile(LeewardError):
    """What was confirmed is no longer what would happen now."""

    code = "changed_meanwhile"
    sentence = _("Something was changed since you looked, so the file would do something else now.")
    hint = _("Nothing was changed. Look at it again.")
    status = 409


class WrittenForAnother(LeewardError):
    """A settings file names another hotline, and nobody confirmed that this is intended."""

    code = "written_for_another"
    sentence = _("This file was written for another hotline, and you have not confirmed that you want it here.")
    hint = _(
        "Nothing was changed. Check that its names, numbers and addresses are right for your hotline, "
        "then tick the box."
    )
    status = 409


class HandOverBlocked(LeewardError):
    """Something has to be settled before a portal can go to another hotline."""

    code = "hand_over_blocked"
    sentence = _("The portal can’t be handed over now: {points}.")
    hint = _("Nothing was changed. Settle that first; the offer stays.")
    status = 409


class HandOverSettled(LeewardError):
    """An offer of a portal that was accepted, refused or taken back before."""

    code = "hand_over_settled"
    sentence = _("This offer of a portal has been settled.")
    hint = _("Look at the portals of both hotlines.")
    status = 409


class StillInUse(LeewardError):
    """Somebody can't be erased while work still rests on them."""

    code = "still_in_use"
    sentence = _("This can’t be erased yet.")
    hint = _("The page says what has to be done first.")
    status = 409


class RequestSettled(LeewardError):
    """A request about a person's data that was confirmed, refused or made before."""

    code = "request_settled"
    sentence = _("This request is settled, or the same one waits already.")
    hint = _("Look at the list of requests.")
    status = 409
