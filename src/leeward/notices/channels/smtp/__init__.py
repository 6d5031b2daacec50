"""Delivers one message to the mail server. No database here; `may_go` is called once, just before the message itself."""

import smtplib
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from leeward.notices.rules.bounces import status_in
from leeward.notices.rules.delivery import Outcome, Stage

SECONDS = 30.0
REPLY_SECONDS = 120.0


@dataclass(frozen=True, slots=True)
class MailServer:
    """The mail server of the settings."""

    host: str
    port: int
    security: Literal["none", "starttls", "tls"]
    user: str = ""
    password: str = ""
    hello: str = "localhost"


@dataclass(frozen=True, slots=True)
class Envelope:
    """What is sent: sender, recipient, and the message as bytes with CRLF line ends."""

    sender: str
    recipient: str
    raw: bytes


def trouble_with(server: MailServer) -> str:
    """Open a conversation with the server as for a message, and end it; return what is wrong with it, or ""."""
    outcome = _converse(server, None, lambda: False)
    return outcome.problem if outcome is not None else ""


def hand_over(server: MailServer, envelope: Envelope, may_go: Callable[[], bool]) -> Outcome | None:
    """Deliver the message to the server and return the outcome; None if `may_go` said no (then nothing was handed over).

    Nothing can be delivered before DATA, so an attempt that ends earlier can always be repeated. Certificates are
    verified; a server that doesn't offer the security that the settings require gets nothing.
    """
    return _converse(server, envelope, may_go)


def _converse(server: MailServer, envelope: Envelope | None, may_go: Callable[[], bool]) -> Outcome | None:
    line: smtplib.SMTP | None = None
    stage: Stage = "connect"
    try:
        line = _connect(server)
        _greet(line, server)
        stage = "secure"
        if server.security == "starttls":
            _start_tls(line, server)
        stage = "log_in"
        if server.user:
            line.login(server.user, server.password)
        if envelope is None:
            return None
        stage = "sender"
        _expect(line.mail(envelope.sender))
        stage = "recipient"
        _expect(line.rcpt(envelope.recipient))
        if not may_go():
            return None
        stage = "message"
        return _send(line, envelope.raw)
    except (OSError, smtplib.SMTPException, UnicodeError) as error:
        return _outcome(stage, error)
    finally:
        _hang_up(line)


def _connect(server: MailServer) -> smtplib.SMTP:
    if server.security == "tls":
        context = ssl.create_default_context()
        return smtplib.SMTP_SSL(server.host, server.port, server.hello, timeout=SECONDS, context=context)
    return smtplib.SMTP(server.host, server.port, server.hello, timeout=SECONDS)


def _greet(line: smtplib.SMTP, server: MailServer) -> None:
    code, _ = line.ehlo()
    if not 200 <= code <= 299:
        _expect(line.helo())


def _start_tls(line: smtplib.SMTP, server: MailServer) -> None:
    if not line.has_extn("starttls"):
        raise smtplib.SMTPNotSupportedError("no TLS")
    _expect(line.starttls(context=ssl.create_default_context()))
    _greet(line, server)


def _expect(reply: tuple[int, bytes]) -> None:
    code, text = reply
    if not 200 <= code <= 299:
        raise smtplib.SMTPResponseException(code, text)


def _send(line: smtplib.SMTP, raw: bytes) -> Outcome:
    if line.sock is not None:
        line.sock.settimeout(REPLY_SECONDS)
    reply = line.data(raw)
    _expect(reply)
    return Outcome("message", reply[0])


def _outcome(stage: Stage, error: Exception) -> Outcome:
    code = error.smtp_code if isinstance(error, smtplib.SMTPResponseException) else 0
    if isinstance(error, smtplib.SMTPAuthenticationError):
        problem = "log_in_refused"
    elif code > 0:
        problem = "refused"
    elif isinstance(error, smtplib.SMTPResponseException):
        problem = "no_code"
    elif isinstance(error, ssl.SSLCertVerificationError):
        problem = "certificate_not_trusted"
    elif isinstance(error, smtplib.SMTPNotSupportedError):
        problem = "no_tls_offered" if stage == "secure" else "not_supported"
    elif isinstance(error, TimeoutError):
        problem = "no_answer_in_time"
    elif isinstance(error, ssl.SSLError):
        problem = "tls_failed"
    elif isinstance(error, UnicodeError):
        problem = "address_not_ascii"
    else:
        problem = "cut_off" if stage != "connect" else "not_reached"
    smtp_text = error.smtp_error if isinstance(error, smtplib.SMTPResponseException) else b""
    reply = smtp_text.decode("ascii", "replace") if isinstance(smtp_text, bytes) else str(smtp_text)
    return Outcome(stage, max(code, 0), problem, status_in(reply))


def _hang_up(line: smtplib.SMTP | None) -> None:
    if line is None:
        return
    try:
        if line.sock is not None:
            line.sock.settimeout(5.0)
        line.quit()
    except (OSError, smtplib.SMTPException):
        line.close()
