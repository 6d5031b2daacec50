"""E-mail, the default channel for everybody and every message."""

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from leeward.foundation.lazy_text import LazyText
from leeward.foundation.lazy_text import LazyText as _
from leeward.notices.channels import smtp
from leeward.notices.channels.protocol import Ask, Form, Parcel
from leeward.notices.channels.smtp import meaning
from leeward.notices.rules.bounces import Grade
from leeward.notices.rules.delivery import Fate, Outcome, Patience
from leeward.notices.timing import mail_server, return_path_of

if TYPE_CHECKING:
    from leeward.notices.models import Contact


class Smtp:
    """Mail through the configured server."""

    name = "smtp"
    label = _("E-mail")
    form: Form = "mime"
    kinds = None
    most_addresses = None
    can_go_again = False
    code_kind = "SMTP"
    panel = ""
    asks: tuple[Ask, ...] = ()
    problems: Mapping[str, LazyText] = {
        "refused": _("The mail server refused it."),
        "no_code": _("The mail server’s answer makes no sense."),
        "cut_off": _("The connection to the mail server broke."),
        "restored": _("The installation was restored from a backup; it is not known whether this went before."),
        "put_back": _("It came back from a file of this hotline; it is not known whether this went before."),
        "moved": _("It is not known whether this went before the hotline moved here."),
        "held": _("Nothing goes out until somebody confirms that this installation is the one in use."),
        "no_server": _("No mail server is set."),
        "not_reached": _("The mail server can’t be reached."),
        "no_answer_in_time": _("The mail server did not answer in time."),
        "log_in_refused": _("The mail server refused our log-in."),
        "certificate_not_trusted": _("The mail server’s certificate is not trusted."),
        "tls_failed": _("No encrypted connection to the mail server could be made."),
        "no_tls_offered": _("The mail server offers no encryption."),
        "not_supported": _("The mail server lacks a feature that is needed."),
        "address_not_ascii": _("The address has characters that mail can’t carry."),
    }

    def is_ready(self) -> bool:
        """Return whether a mail server is configured."""
        return mail_server() is not None

    def address_of(self, contact: "Contact") -> str:
        """Return the contact's mail address."""
        return contact.email

    def by_hand(self, name: str) -> LazyText:
        """Return nothing, since nobody chooses this channel."""
        return LazyText("")

    def hand_over(self, parcel: Parcel, may_go: Callable[[], bool]) -> Outcome | None:
        """Deliver the message to the mail server."""
        server = mail_server()
        if server is None:
            return Outcome("connect", 0, "no_server")
        envelope = smtp.Envelope(return_path_of(parcel.number), parcel.to, parcel.content)
        return smtp.hand_over(server, envelope, may_go)

    def fate_of(self, outcome: Outcome) -> Fate:
        """Return what the server's answer means."""
        return meaning.fate_of(outcome)

    def patience(self, outcome: Outcome, *, urgent: bool) -> Patience:
        """Return how long mail is retried."""
        return meaning.patience(urgent=urgent)

    def grade_of(self, outcome: Outcome) -> Grade | None:
        """Return how serious a refusal is for the contact."""
        return meaning.grade_of(outcome)


CHANNEL = Smtp()
