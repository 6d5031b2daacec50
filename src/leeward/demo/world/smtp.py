"""The mail server of the demonstration: a real SMTP server that keeps what it gets and can be told to be difficult."""

import asyncio
import contextlib
import email.policy
import logging
import ssl
import tempfile
import threading
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from types import TracebackType
from typing import Any, Literal

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from leeward.demo.world.certificate import make_certificate
from leeward.demo.world.errors import AddressNotOurs
from leeward.demo.world.moods import EVERYBODY, Mood, Moods
from leeward.demo.world.server import LOOPBACK, Server, reason_of
from leeward.demo.world.waiting import Log

Security = Literal["none", "starttls", "tls"]

# The library writes whole conversations to its log; here the messages themselves can be looked at.
logging.getLogger("mail.log").setLevel(logging.ERROR)


@dataclass(frozen=True, slots=True)
class Received:
    """One message that the server has accepted and kept."""

    at: datetime
    sender: str
    recipients: tuple[str, ...]
    message: EmailMessage
    raw: bytes
    user: str
    encrypted: bool

    @property
    def text(self) -> str:
        """The text of the message, without attachments."""
        part = self.message.get_body(("plain", "html"))
        return str(part.get_content()) if part else ""


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt to deliver a message to one recipient, and the code it got (0: the connection was dropped)."""

    at: datetime
    recipient: str
    code: int


class MailServer(Server):
    """An SMTP server on loopback; with `user` it wants a log-in. Messages and moods survive a stop and a start."""

    host = LOOPBACK

    def __init__(self, *, port: int = 0, security: Security = "none", user: str = "", password: str = "") -> None:
        self.port = port
        self.security = security
        self.user = user
        self.password = password
        self._received: Log[Received] = Log("a message")
        self._attempts: Log[Attempt] = Log("a try to send")
        self._moods = Moods()
        self._running: _Running | None = None
        self._directory: tempfile.TemporaryDirectory[str] | None = None
        self._tls: ssl.SSLContext | None = None

    def messages(self, recipient: str | None = None) -> list[Received]:
        """Return every message kept so far, in order, optionally for one recipient."""
        return [one for one in self._received.all() if recipient is None or recipient in one.recipients]

    def wait_for(self, predicate: Callable[[Received], bool], timeout_seconds: float = 60.0) -> Received:
        """Return the first message, past or future, that fits; raise NothingCame when none does in time."""
        return self._received.wait_for(predicate, timeout_seconds)

    def attempts(self, recipient: str | None = None) -> list[Attempt]:
        """Every delivery attempt so far, including refused ones."""
        return [one for one in self._attempts.all() if recipient in (None, one.recipient)]

    def clear(self) -> None:
        """Forget messages, tries and moods."""
        self._received.clear()
        self._attempts.clear()
        self._moods.forget()

    def defer(self, recipient: str = EVERYBODY, *, times: int = 1) -> None:
        """Answer 450 (come again later) to the next tries for a recipient."""
        self._moods.add(recipient, Mood("RCPT", "450 4.2.1 The mailbox is busy, try again later"), times)

    def refuse(self, recipient: str = EVERYBODY, *, times: int | None = None) -> None:
        """Answer 550 (no such mailbox) to a recipient; for good unless `times` is given."""
        self._moods.add(recipient, Mood("RCPT", "550 5.1.1 There is no such mailbox"), times)

    def refuse_message(self, recipient: str = EVERYBODY, *, times: int | None = None) -> None:
        """Take the recipient, then answer 554 to the message itself; for good unless `times` is given."""
        self._moods.add(recipient, Mood("DATA", "554 5.7.1 The message was refused"), times)

    def drop_after_message(self, recipient: str = EVERYBODY, *, kept: bool, times: int = 1) -> None:
        """Cut the connection after the message, before any reply; `kept` says whether it was delivered all the same."""
        self._moods.add(recipient, Mood("DATA", drops=True, keeps=kept), times)

    def stall(self, recipient: str = EVERYBODY, *, seconds: float, times: int = 1) -> None:
        """Keep the message, but reply only after some seconds."""
        self._moods.add(recipient, Mood("DATA", wait_seconds=seconds, keeps=True), times)

    def accept_again(self, recipient: str = EVERYBODY) -> None:
        """Treat a recipient normally again."""
        self._moods.forget(recipient)

    @property
    def authority(self) -> Path:
        """The certificate that a client must believe (for `SSL_CERT_FILE`); with TLS only, while the server lives."""
        if self._directory is None:
            raise ValueError("this mail server has no certificate")
        return Path(self._directory.name) / "mail-server.crt"

    def start(self) -> None:
        if self.security != "none" and self._tls is None:
            self._directory = tempfile.TemporaryDirectory(prefix="leeward-demo-mail-")
            made = make_certificate(Path(self._directory.name), name="localhost", address=self.host)
            self._tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self._tls.load_cert_chain(made.certificate, made.key)
        running = _Running(self, _Handler(self, self._moods, self._received, self._attempts), self._tls)
        self.port = running.start()
        self._running = running

    def stop(self) -> None:
        if self._running is not None:
            self._running.stop()
            self._running = None

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()
        if self._directory is not None:
            self._directory.cleanup()
            self._directory, self._tls = None, None


class _Conversation(SMTP):
    """One connection; remembers its transport so that the server can cut it."""

    def __init__(self, handler: "_Handler", transports: set[asyncio.BaseTransport], **options: Any) -> None:
        self._transports = transports
        super().__init__(handler, **options)

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transports.add(transport)
        super().connection_made(transport)

    def connection_lost(self, error: Exception | None) -> None:
        self._transports.discard(self.transport)
        super().connection_lost(error)


class _Running:
    """The event loop of a mail server in its thread, from one start to one stop."""

    def __init__(self, owner: MailServer, handler: "_Handler", tls: ssl.SSLContext | None) -> None:
        self._owner = owner
        self._handler = handler
        self._tls = tls
        self._transports: set[asyncio.BaseTransport] = set()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="demo-mail", daemon=True)
        self._server: asyncio.Server | None = None

    def start(self) -> int:
        self._thread.start()
        try:
            self._server = asyncio.run_coroutine_threadsafe(self._listen(), self._loop).result(5)
        except OSError as error:
            self.stop()
            raise AddressNotOurs(address=LOOPBACK, port=self._owner.port, why=reason_of(error)) from error
        return int(self._server.sockets[0].getsockname()[1])

    def stop(self) -> None:
        with contextlib.suppress(TimeoutError):
            asyncio.run_coroutine_threadsafe(self._wind_down(), self._loop).result(5)
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    async def _listen(self) -> asyncio.Server:
        wrapped = self._tls if self._owner.security == "tls" else None
        return await self._loop.create_server(self._converse, LOOPBACK, self._owner.port, ssl=wrapped)

    def _converse(self) -> SMTP:
        starttls = self._owner.security == "starttls"
        return _Conversation(
            self._handler,
            self._transports,
            hostname="mail.demonstration.example",
            ident="keeps what it gets",
            enable_SMTPUTF8=True,
            tls_context=self._tls if starttls else None,
            require_starttls=starttls,
            auth_require_tls=starttls,
            authenticator=self._log_in,
            loop=self._loop,
        )

    def _log_in(self, server: SMTP, session: Session, envelope: Envelope, mechanism: str, proof: object) -> AuthResult:
        expected = (self._owner.user.encode(), self._owner.password.encode())
        good = isinstance(proof, LoginPassword) and (proof.login, proof.password) == expected
        return AuthResult(success=good and bool(self._owner.user), handled=False, auth_data=self._owner.user)

    async def _wind_down(self) -> None:
        if self._server is not None:
            self._server.close()
        for transport in list(self._transports):
            if isinstance(transport, asyncio.WriteTransport):
                transport.abort()
        tasks = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


class _Handler:
    """What the server says to each command; shared by its connections, which all live in one event loop."""

    def __init__(self, owner: MailServer, moods: Moods, received: Log[Received], attempts: Log[Attempt]) -> None:
        self._owner = owner
        self._moods = moods
        self._received = received
        self._attempts = attempts

    async def handle_MAIL(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        if self._owner.user and not session.authenticated:
            return "530 5.7.0 Log in first"
        envelope.mail_from = address
        envelope.mail_options.extend(options)
        return "250 2.1.0 Go on"

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, server: SMTP, session: Session, envelope: Envelope, address: str, options: list[str]
    ) -> str:
        mood = self._moods.take(address, "RCPT")
        if mood is not None:
            self._attempts.add(Attempt(datetime.now(UTC), address, mood.code))
            return mood.reply
        envelope.rcpt_tos.append(address)
        return "250 2.1.5 Go on"

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802 - the name that aiosmtpd calls
        moods = [self._moods.take(address, "DATA") for address in envelope.rcpt_tos]
        mood = next((one for one in moods if one is not None), Mood("DATA", keeps=True))
        if mood.keeps:
            encrypted = session.ssl is not None or self._owner.security == "tls"
            self._received.add(_received(session, envelope, encrypted=encrypted))
        for address in envelope.rcpt_tos:
            self._attempts.add(Attempt(datetime.now(UTC), address, mood.code))
        if mood.drops and isinstance(server.transport, asyncio.WriteTransport):
            server.transport.abort()
        await asyncio.sleep(mood.wait_seconds)
        return mood.reply


def _received(session: Session, envelope: Envelope, *, encrypted: bool) -> Received:
    raw = bytes(envelope.original_content or b"")
    return Received(
        at=datetime.now(UTC),
        sender=envelope.mail_from or "",
        recipients=tuple(envelope.rcpt_tos),
        message=BytesParser(EmailMessage, policy=email.policy.default).parsebytes(raw),
        raw=raw,
        user=str(session.auth_data) if session.authenticated else "",
        encrypted=encrypted,
    )
