"""Errors of this slice."""

from django.utils.functional import Promise
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


class PeerTooFast(LeewardError):
    """A peer sends more requests than this server takes; its messages come again later."""

    code = "too_fast"
    sentence = _("This hotline sends too much at once.")
    hint = _("Wait a minute and try again.")
    status = 429


# Why a server gives no receipt, by the outcome of the request; a status, with what is wrong with a signature, stands for itself.
SILENCES: dict[str, str | Promise] = {
    "timed_out": _("no answer in time"),
    "connection_refused": _("nothing answers there"),
    "connection_failed": _("no connection"),
    "no_such_name": _("domain does not exist"),
    "no_address": _("the name has no address"),
    "name_failed": _("the name servers did not answer properly"),
    "name_timed_out": _("the name servers did not answer in time"),
    "protocol_error": _("its response can’t be read"),
    "tls_failed": _("no secure connection"),
    "too_many_redirects": _("it redirects without end"),
    "too_large": _("too large to fetch"),
    "packed_too_well": _("its answer can’t be unpacked"),
    "not_unpackable": _("its answer can’t be unpacked"),
    "cut_short": _("was cut off"),
    "proxy_failed": _("the proxy failed"),
    "bad_address": _("its address can’t be read"),
    "no_onion_proxy": _("onion addresses can’t be opened from here: no proxy is set"),
    "forbidden_scheme": _("its address is not https"),
    "forbidden_address": _("its address is inside a private network"),
}


class PeerSilent(LeewardError):
    """A peer could not be reached, or what it answered is no receipt. `why`: the outcome of the request, or a status."""

    code = "peer_silent"
    sentence = _("The other hotline’s server gives no receipt: {why}.")
    hint = _("It is tried again.")


class RequestRefused(LeewardError):
    """A signed request says nothing that can be taken."""

    code = "not_readable"
    sentence = _("The request is refused: {why}")
    hint = _("The form of messages is in docs/reference/exchange.json.")
    status = 400

    def __init__(self, code: str, why: object) -> None:
        self.code = code
        self.status = 413 if code == "too_large" else 400
        super().__init__(why=why)


class NotSayable(LeewardError):
    """What somebody wants to say to another hotline has no effect now."""

    code = "not_sayable"
    sentence = _("This can’t be sent: {why}")
    hint = _("Read what was written about the item; something may have come in meanwhile.")
    status = 409


class NoPeerForIt(LeewardError):
    """No hotline is known to which an item goes."""

    code = "no_peer_for_it"
    sentence = _("There is no hotline to which this goes: {why}")
    hint = _("Tell the police and the host, as in any other case.")
    status = 409


class ReportedAlready(LeewardError):
    """The item is with another hotline already."""

    code = "reported_already"
    sentence = _("This was reported to a hotline already, and it was not handed back.")
    hint = _("Ask that hotline, or withdraw the report first.")
    status = 409
