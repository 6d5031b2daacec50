"""The hotline's mailbox in the demonstration: a folder of `.eml` files to which the world outside can write."""

import email.policy
import itertools
import os
import time
from email.message import EmailMessage
from email.parser import BytesParser
from email.utils import format_datetime, localtime, make_msgid
from pathlib import Path


class Mailbox:
    """A folder that Leeward reads as `dir:/path`; a message appears whole or not at all, and names sort by age."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._number = itertools.count(1)

    @property
    def setting(self) -> str:
        """The value for `LEEWARD_MAILBOX`."""
        return f"dir:{self.folder}"

    def deliver(self, message: EmailMessage | bytes) -> Path:
        """Put a message into the mailbox and return its file; bytes go in as they are, however broken."""
        raw = message if isinstance(message, bytes) else message.as_bytes(policy=email.policy.SMTP)
        final = self.folder / f"{time.time_ns():020d}-{os.getpid()}-{next(self._number):06d}.eml"
        part = final.with_suffix(".part")
        part.write_bytes(raw)
        part.rename(final)
        return final

    def waiting(self) -> list[Path]:
        """Return the messages in the mailbox, oldest first."""
        return sorted(self.folder.glob("*.eml"))

    def reply(self, to: EmailMessage, text: str, *, sender: str = "") -> EmailMessage:
        """Answer a message as its recipient's mail program would, quoting it, and deliver the answer."""
        answer = _message(
            sender=sender or str(to["To"]),
            recipient=str(to["Reply-To"] or to["From"]),
            subject=_re(str(to["Subject"])),
        )
        if to["Message-ID"]:
            answer["In-Reply-To"] = str(to["Message-ID"])
            answer["References"] = " ".join(
                part for part in (str(to["References"] or ""), str(to["Message-ID"])) if part
            )
        quoted = to.get_body(("plain",))
        lines = str(quoted.get_content()).splitlines() if quoted else []
        answer.set_content("\n".join([text, "", *(f"> {line}" for line in lines)]) + "\n")
        self.deliver(answer)
        return answer

    def bounce(self, message: EmailMessage, *, recipient: str = "", status: str = "5.1.1") -> EmailMessage:
        """Report that a message could not be delivered (RFC 3464), as a mail server far away would."""
        lost = recipient or str(message["To"])
        report = _message(
            sender="MAILER-DAEMON@mail.demonstration.example",
            recipient=str(message["From"]),
            subject="Undelivered mail returned to sender",
        )
        report["Auto-Submitted"] = "auto-replied"
        report["MIME-Version"] = "1.0"
        report["Content-Type"] = 'multipart/report; report-type="delivery-status"'
        report.set_payload(
            [
                _part("text/plain", f"Your message to {lost} could not be delivered ({status})."),
                _part("message/delivery-status", _DELIVERY.format(recipient=lost, status=status)),
                _part("text/rfc822-headers", "\n".join(f"{name}: {value}" for name, value in message.items())),
            ]
        )
        self.deliver(report)
        return report


_DELIVERY = """Reporting-MTA: dns; mail.demonstration.example

Final-Recipient: rfc822; {recipient}
Action: failed
Status: {status}"""


def _part(content_type: str, body: str) -> EmailMessage:
    raw = f"Content-Type: {content_type}\nContent-Transfer-Encoding: 8bit\n\n{body}\n".encode()
    return BytesParser(EmailMessage, policy=email.policy.default).parsebytes(raw)


def _message(*, sender: str, recipient: str, subject: str) -> EmailMessage:
    message = EmailMessage(policy=email.policy.default)
    message["From"], message["To"], message["Subject"] = sender, recipient, subject
    message["Date"] = format_datetime(localtime())
    message["Message-ID"] = make_msgid(domain="mail.demonstration.example")
    return message


def _re(subject: str) -> str:
    return subject if subject.lower().startswith("re:") else f"Re: {subject}"
