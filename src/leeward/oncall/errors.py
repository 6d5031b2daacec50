"""Errors of this slice."""

from django.utils.translation import gettext_lazy as _

from leeward.foundation.errors import LeewardError


class PageLinkUnknown(LeewardError):
    """No page has this link."""

    code = "page_link_unknown"
    sentence = _("This link does not work.")
    hint = _("Copy the whole address from the message, or sign in at the desk.")
    status = 404


class TooManyTries(LeewardError):
    """Too many wrong links were tried."""

    code = "too_many_tries"
    sentence = _("Too many wrong links were opened from your network.")
    hint = _("Wait a minute and try again.")
    status = 429


class NotOnCall(LeewardError):
    """Somebody who is not on call for a portal tried to switch themselves on or off."""

    code = "not_on_call"
    sentence = _("You are not on call for this portal.")
    hint = _("A supervisor or an administrator puts you on the list.")


class CantTakePages(LeewardError):
    """Somebody who may not acknowledge a page can't be put on call."""

    code = "cant_take_pages"
    sentence = _("Nobody with these roles alone can take up a page.")
    hint = _("Choose an analyst, a supervisor, an administrator or the police liaison.")


class LastOnCall(LeewardError):
    """The last person on the list of a portal that takes reports can't be removed."""

    code = "last_on_call"
    sentence = _("Nobody else is on call for this portal, and it takes reports.")
    hint = _("Put somebody else on call first.")
    status = 409


class CantBePaged(LeewardError):
    """Nobody can be paged about this portal now."""

    code = "cant_be_paged"
    sentence = _("Nobody can be paged: no recipient is known.")
    hint = _("Put somebody on call first.")


class PageWebhookUnusable(LeewardError):
    """The address is not usable for a webhook."""

    code = "page_webhook_unusable"
    sentence = _("Pages can't be posted there: {why}.")
    hint = _("It is an https address without a password in it.")


class RotaUnusable(LeewardError):
    """A rotation or override can't be used as it was entered."""

    code = "rota_unusable"
    sentence = _("This can’t be entered: {why}.")
    hint = _("Nothing was changed.")
