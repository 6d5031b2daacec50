"""Errors that stop a publication or a feed; each has a code, a sentence and a hint."""

from django.utils.translation import gettext_lazy as _

from leeward.foundation.errors import LeewardError


class NothingPublished(LeewardError):
    """The list exists, but nothing of it has been published."""

    code = "nothing_published"
    sentence = _("Nothing of the list {name} has been published yet.")
    hint = _("Publish it first: on the desk, or with leeward blocklist publish.")
    status = 404


class NotInContract(LeewardError):
    """The subscriber's contract doesn't include this list or format."""

    code = "not_in_contract"
    sentence = _("Your contract does not cover {what}.")
    hint = _("Ask the hotline to change the contract.")
    status = 403


class ContractEnded(LeewardError):
    """The key is valid, but its subscriber's contract has ended."""

    code = "contract_ended"
    sentence = _("This key belongs to no subscriber, or the contract has ended.")
    hint = _("Ask the hotline.")
    status = 403


class SerialInFuture(LeewardError):
    """A client claims to hold a serial that was never published."""

    code = "serial_in_future"
    sentence = _("The serial {serial} has not been published; the newest one is {newest}.")
    hint = _("Fetch the list as a whole, without since.")
    status = 409


class SerialUnreadable(LeewardError):
    """`since` is not a serial."""

    code = "serial_unreadable"
    sentence = _("since must be a serial: a whole number from 1 to 4294967295.")
    hint = _("Send the serial of the list that you hold, or leave it out.")


class FormatUnknown(LeewardError):
    """There is no such format."""

    code = "format_unknown"
    sentence = _("There is no format with this name.")
    hint = _("The formats are: {formats}.")
    status = 404

    def __init__(self, formats: str) -> None:
        super().__init__(hint=str(self.hint).format(formats=formats))


class KeyNeeded(LeewardError):
    """Exact addresses must be encrypted, and there is no certificate for that."""

    code = "certificate_needed"
    sentence = _("Exact addresses go out encrypted, and there is no OpenPGP certificate of this subscriber.")
    hint = _("Add the certificate on the subscriber's page, or let the contract say that plain addresses are taken.")
    status = 409


class CertificateUnusable(LeewardError):
    """The text is not an OpenPGP certificate that can be used for encryption."""

    code = "certificate_unusable"
    sentence = _("This certificate can’t be used for encryption: {why}.")
    hint = _("Ask the subscriber for its public certificate (public key).")


class SettingsMissing(LeewardError):
    """A format needs a name that the hotline has not chosen yet."""

    code = "list_settings_missing"
    sentence = _("The settings of the lists lack {what}.")
    hint = _("An administrator fills them in on the desk: Subscribers, Settings.")
    status = 409


class NetworksAreOff(LeewardError):
    """The format ip is switched off."""

    code = "networks_are_off"
    sentence = _("IP addresses are not given out: the lists’ settings don’t allow it.")
    hint = _("Use names or pages instead; they affect nobody else.")
    status = 403


class ListChanged(LeewardError):
    """Another publication came in between."""

    code = "list_changed"
    sentence = _("Another version of this list was published in the meantime.")
    hint = _("Review it, and try again if it is still needed.")
    status = 409
