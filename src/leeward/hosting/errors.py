"""Errors of requests to hosting."""

from django.utils.translation import gettext_lazy as _

from leeward.foundation.errors import LeewardError


class PreviewImpossible(LeewardError):
    """A recorded picture can't be shown now."""

    code = "preview_impossible"
    sentence = _("This picture can’t be shown: {why}.")
    hint = _("Fetch it again, or state facts that were seen on an isolated workstation.")
    status = 409


class PageViewImpossible(LeewardError):
    """A page can't be shown without its pictures now."""

    code = "page_view_impossible"
    sentence = _("This page can’t be shown: {why}.")
    hint = _("Try again later, or state facts that were seen on an isolated workstation.")
    status = 409


class ReasonMissing(LeewardError):
    """Personal data are shown for a reason only."""

    code = "reason_missing"
    sentence = _("These are personal data: choose why you need them.")
    hint = _("The log keeps the reason.")


class CannotCorrect(LeewardError):
    """People can't correct this kind of finding, or the value is invalid."""

    code = "cannot_correct"
    sentence = _("{what} can’t be corrected to this.")
    hint = _("A country is two capital letters, an abuse desk an e-mail address.")


class StillUnheard(LeewardError):
    """Name servers or registries still say nothing about a place; it is asked again."""

    code = "still_unheard"
    sentence = _("The registry could not be asked.")
    status = 503
