"""Single letters by e-mail, sent at once and outside the outbox: tests of the mail server, test referrals, invitations.

They never mention a case. Each is tried once; whoever sends it sees the server's answer and may send it again.
"""

import email.policy
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime, make_msgid

from leeward.backup.queries import is_held
from leeward.notices.channels.smtp import Envelope, MailServer, hand_over, trouble_with
from leeward.notices.channels.smtp.meaning import fate_of
from leeward.notices.rules.plain_text import one_line
from leeward.notices.timing import mail_server, replies, sender


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter and its recipient; `sender_name` is shown with our address."""

    to: str
    subject: str
    body: str
    sender_name: str


@dataclass(frozen=True, slots=True)
class Posted:
    """The outcome: `fate` is sent, later, dead or unsure; `no_server` is the problem if none is configured,
    `held` if nothing may go out yet."""

    fate: str
    stage: str = ""
    code: int = 0
    problem: str = ""

    @property
    def is_sent(self) -> bool:
        """Return whether the mail server accepted it."""
        return self.fate == "sent"


def post(
    letter: Letter,
    *,
    may_go: Callable[[], bool] = lambda: True,
    server: MailServer | None = None,
    sender_now: str = "",
) -> Posted | None:
    """Deliver a letter to the mail server, or as a trial to another one with another sender. Returns None if `may_go`,
    called just before the point of no return, said no."""
    if is_held():
        return Posted("later", "connect", 0, "held")
    server, by = server or mail_server(), sender_now or sender()
    if server is None:
        return Posted("later", "connect", 0, "no_server")
    outcome = hand_over(server, Envelope(by, letter.to, _as_bytes(letter, server.hello, by)), may_go)
    if outcome is None:
        return None
    return Posted(fate_of(outcome), outcome.stage, outcome.code, outcome.problem)


def mail_trouble() -> str:
    """Return what is wrong with the mail server, as it greets whoever would send; "" if nothing is, or none is configured."""
    server = mail_server()
    return trouble_with(server) if server is not None and not is_held() else ""


def _as_bytes(letter: Letter, host: str, by: str) -> bytes:
    built = EmailMessage(policy=email.policy.SMTP)
    user, _, domain = by.rpartition("@")
    built["From"] = Address(one_line(letter.sender_name, 70), user, domain)
    built["To"] = letter.to
    if replies() != by:
        built["Reply-To"] = replies()
    built["Subject"] = one_line(letter.subject, 150)
    built["Date"] = format_datetime(datetime.now(UTC))
    built["Message-ID"] = make_msgid(domain=host)
    built["Auto-Submitted"] = "auto-generated"
    built.set_content(letter.body, cte="quoted-printable")
    return built.as_bytes()
