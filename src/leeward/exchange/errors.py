"""Errors of this slice."""

from django.utils.translation import gettext_lazy as _

from leeward.foundation.errors import LeewardError


class InvitationUnknown(LeewardError):
    """No invitation that still works has this link."""

    code = "invitation_unknown"
    sentence = _("This invitation does not work: it is unknown, too old, withdrawn or used by another hotline.")
    hint = _("Ask the hotline that sent it for a new one.")
    status = 404


class LinkUnusable(LeewardError):
    """What was pasted is no invitation, or what is behind it is no hotline."""

    code = "link_unusable"
    sentence = _("This link can’t be used: {why}.")
    hint = _("Copy the whole link from the message of the other hotline, or ask it for a new one.")


class TooManyTries(LeewardError):
    """Too many wrong links were tried."""

    code = "too_many_tries"
    sentence = _("Too many wrong links were opened from your network.")
    hint = _("Wait a minute and try again.")
    status = 429


class PeerIsActive(LeewardError):
    """A hotline that was confirmed sends other keys without its old ones."""

    code = "peer_is_active"
    sentence = _("This hotline was confirmed before, with other keys.")
    hint = _("Stop the exchange with it first, then use a new invitation.")
    status = 409


class KeyRotated(LeewardError):
    """The key was replaced so recently that peers still need the one before."""

    code = "key_rotated"
    sentence = _("The key was replaced less than {days} days ago.")
    hint = _("Until then other hotlines may know only the key before; wait for the end of that time.")
    status = 409


class SignatureBad(LeewardError):
    """A request of another hotline proves nothing."""

    code = "signature_bad"
    sentence = _("The request is refused: {why}")
    hint = _("Only a hotline that this one exchanges with can use this address.")
    status = 401

    def __init__(self, code: str, why: object) -> None:
        self.code = code
        super().__init__(why=why)


class PeerSilent(LeewardError):
    """A peer could not be reached, or what it answered is no receipt."""

    code = "peer_silent"
    sentence = _("The other hotline’s server gives no receipt: {why}.")
    hint = _("It is tried again.")
