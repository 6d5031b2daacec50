"""Sending over a real SMTP server: TLS, log-in, refusals, retries; what is not known is never sent twice by itself."""

import socket
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

import pytest

from leeward.demo.world.smtp import MailServer
from leeward.foundation.actor import Actor
from leeward.foundation.errors import LeewardError
from leeward.jobs.worker import run_until_idle
from leeward.notices import queries, services
from leeward.notices.channels import registry
from leeward.notices.models import Message, Referral
from leeward.notices.rules.briefs import Plan
from leeward.notices.services import delivery
from tests.notices.conftest import ABUSE, POLICE, Office

HOUR = timedelta(hours=1)
DAY = timedelta(days=1)


def only_message() -> Message:
    """The one message to somebody outside."""
    return Message.objects.exclude(kind="staff").get()


def test_a_server_that_asks_to_come_later_gets_the_same_message_once(office: Office) -> None:
    office.post.defer(POLICE, times=3)
    office.act(office.case())
    office.work()
    assert only_message().state in ("failed", "waiting")
    office.work(HOUR)
    [mail] = office.mails(POLICE)
    assert mail.message["Message-ID"] == only_message().message_id
    assert [attempt.code for attempt in office.post.attempts(POLICE)] == [450, 450, 450, 250]


def test_a_refused_recipient_is_a_dead_letter_at_once(office: Office) -> None:
    office.post.refuse(POLICE)
    office.act(office.case())
    office.work()
    [row] = queries.dead_letters()
    assert (row.state, row.code, row.attempts) == ("dead", 550, 1)
    office.work(5 * DAY)
    assert len(office.post.attempts(POLICE)) == 1


def test_a_refused_message_is_dead_but_the_contact_is_not_blamed(office: Office) -> None:
    office.post.refuse_message(ABUSE)
    office.act(office.case(), Plan(police=False))
    office.work()
    assert only_message().state == "dead"
    assert queries.contact_row(queries.contacts(search=ABUSE).get()).bounced_at is None
    office.post.accept_again(ABUSE)
    office.work(DAY)
    assert len(office.mails(ABUSE)) == 1


def test_a_server_that_is_down_is_tried_until_it_is_back(office: Office) -> None:
    office.post.stop()
    office.act(office.case())
    office.work()
    office.work(6 * HOUR)
    row = only_message()
    assert (row.state, row.problem) == ("failed", "not_reached")
    assert row.attempts > 1
    office.post.start()
    office.work(4 * HOUR)
    assert len(office.mails(POLICE)) == 1


def test_a_server_that_stays_down_for_days_ends_on_the_list(office: Office) -> None:
    office.post.stop()
    office.act(office.case())
    for _ in range(12):
        office.work(DAY / 2)
    assert [row.state for row in queries.dead_letters()] == ["dead"]


@pytest.mark.parametrize("kept", [True, False])
def test_a_line_that_breaks_after_the_message_leaves_it_unsure(office: Office, kept: bool) -> None:
    office.post.drop_after_message(POLICE, kept=kept)
    office.act(office.case())
    office.work()
    office.work(2 * DAY)
    [row] = queries.dead_letters()
    assert row.state == "unsure"
    assert len(office.mails(POLICE)) == int(kept)
    assert len(office.post.attempts(POLICE)) == 1
    assert office.mails(ABUSE) == []  # nobody before the police


def test_a_person_sends_an_unsure_message_again_or_says_that_it_arrived(office: Office) -> None:
    office.post.drop_after_message(POLICE, kept=True, times=2)
    office.act(office.case())
    office.work()
    first = only_message().message_id
    services.retry(only_message().pk, actor=office.cast["carl"].actor)
    office.work()
    assert [mail.message["Message-ID"] for mail in office.mails(POLICE)] == [first, first]
    assert Referral.objects.get().sent_at is None
    services.call_arrived(only_message().pk, actor=office.cast["carl"].actor)
    assert Referral.objects.get().sent_at is not None
    assert queries.dead_letters() == []
    with pytest.raises(LeewardError):
        services.call_arrived(only_message().pk, actor=office.cast["carl"].actor)


@pytest.mark.parametrize("is_theirs", [True, False])
def test_what_waits_to_leave_again_stays_once_the_police_answer_by_its_link(office: Office, *, is_theirs: bool) -> None:
    office.post.drop_after_message(POLICE, kept=True, times=1)
    office.act(office.case())
    office.work()
    services.retry(only_message().pk, actor=office.cast["carl"].actor)
    letter = Referral.objects.get()
    services.answer_referral(
        letter.pk, "acknowledge", actor=Actor("police") if is_theirs else office.cast["carl"].actor
    )
    office.work()
    message = Message.objects.get(kind="referral")
    sent = [mail for mail in office.mails(POLICE) if mail.message["Message-ID"] == message.message_id]
    assert len(sent) == (1 if is_theirs else 2), "what one of us enters proves nothing of this letter"
    assert message.state == "sent"


def test_an_answer_takes_no_letter_back_that_was_never_tried(office: Office, configure: Callable[..., None]) -> None:
    configure(smtp_host="")
    office.act(office.case())
    services.answer_referral(Referral.objects.get().pk, "acknowledge", actor=Actor("police"))
    assert (only_message().state, only_message().attempts) == ("waiting", 0)


def test_without_a_mail_server_messages_wait(office: Office, configure: Callable[..., None]) -> None:
    configure(smtp_host="")
    office.act(office.case())
    office.work(DAY)
    assert (only_message().state, only_message().attempts) == ("waiting", 0)
    configure(smtp_host="127.0.0.1")
    office.work(HOUR)
    assert len(office.mails(POLICE)) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_mail_goes_over_tls_with_a_log_in(
    office: Office, configure: Callable[..., None], monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    with MailServer(security=security, user="leeward", password="a long one") as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
        configure(
            smtp_host="localhost",
            smtp_port=server.port,
            smtp_security=security,
            smtp_user="leeward",
            smtp_password="a long one",
        )
        office.act(office.case())
        office.work()
        [mail] = server.messages(POLICE)
        assert (mail.encrypted, mail.user) == (True, "leeward")


def test_a_wrong_password_is_no_dead_letter(
    office: Office, configure: Callable[..., None], monkeypatch: pytest.MonkeyPatch
) -> None:
    with MailServer(security="starttls", user="leeward", password="right") as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.authority))
        configure(
            smtp_host="localhost",
            smtp_port=server.port,
            smtp_security="starttls",
            smtp_user="leeward",
            smtp_password="wrong",
        )
        office.act(office.case())
        office.work()
        assert (only_message().state, only_message().problem) == ("failed", "log_in_refused")
        configure(smtp_password="right")
        office.work(HOUR)
        assert len(server.messages(POLICE)) == 1


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_an_untrusted_certificate_gets_nothing(
    office: Office, configure: Callable[..., None], monkeypatch: pytest.MonkeyPatch, security: str
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with MailServer(security=security) as server:
        configure(smtp_host="localhost", smtp_port=server.port, smtp_security=security)
        office.act(office.case())
        office.work()
        assert server.messages() == []
        assert (only_message().state, only_message().problem) == ("failed", "certificate_not_trusted")


def test_a_server_without_tls_gets_nothing_where_tls_is_wanted(office: Office, configure: Callable[..., None]) -> None:
    configure(smtp_security="starttls")
    office.act(office.case())
    office.work()
    assert office.post.messages() == []
    assert (only_message().state, only_message().problem) == ("failed", "no_tls_offered")


def test_a_server_that_speaks_nonsense_is_tried_again(office: Office, configure: Callable[..., None]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        configure(smtp_port=listener.getsockname()[1])

        def answer() -> None:
            line, _ = listener.accept()
            line.sendall(b"\x00\xff nonsense\r\n" * 10)
            line.close()

        threading.Thread(target=answer, daemon=True).start()
        office.act(office.case())
        run_until_idle(office.reached)
        assert only_message().state == "failed"


def _may_go(message: Message) -> bool:
    """What a worker asks at the last moment, with the message as it read it."""
    return delivery._may_go(message, "a subject", registry.for_everybody(), datetime.now(UTC))


def test_an_address_that_joins_while_the_message_goes_is_not_forgotten(office: Office) -> None:
    """The text is made, then another address comes: the old text must not go."""
    office.act(office.case(), Plan(police=False))
    run_until_idle(office.reached)
    old = only_message()
    office.act(office.case(), Plan(police=False))
    run_until_idle(office.reached)
    assert _may_go(old) is False
    assert _may_go(only_message()) is True


def test_two_workers_never_hand_over_one_message(office: Office) -> None:
    office.act(office.case())
    message = only_message()
    assert _may_go(message) is True
    assert _may_go(message) is False


def test_a_message_found_half_sent_becomes_unsure_and_is_left_alone(office: Office) -> None:
    """What a worker leaves behind that is killed after DATA."""
    office.act(office.case())
    message = only_message()
    assert _may_go(message)
    office.work(timedelta(minutes=10))
    assert only_message().state == "unsure"
    office.work(25 * HOUR)
    assert (office.mails(POLICE), office.mails(ABUSE)) == ([], [])


class LastAnswer:
    """A mail server that says `last` once it has the message, and is gone for who asks after that."""

    def __init__(self, last: bytes) -> None:
        self._last = last
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.port = self._socket.getsockname()[1]
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        line, _address = self._socket.accept()
        self._socket.close()
        with line, line.makefile("rwb", buffering=0) as file:
            file.write(b"220 ready\r\n")
            is_message = False
            for said in file:
                if is_message:
                    is_message = said != b".\r\n"
                    file.write(b"" if is_message else self._last)
                    continue
                is_message = said.startswith((b"data", b"DATA"))
                file.write(b"354 go on\r\n" if is_message else b"250 yes\r\n")


@pytest.mark.parametrize(
    ("last", "state", "code", "problem"),
    [
        (b"garbage\r\n", "unsure", None, "no_code"),
        (b"\r\n", "unsure", None, "no_code"),
        (b"-50 yes\r\n", "unsure", None, "no_code"),
        (b"354 more\r\n", "unsure", 354, "refused"),
        (b"999 yes\r\n", "unsure", 999, "refused"),
        (b"550 no\r\n", "dead", 550, "refused"),
        (b"250-yes\r\n250 queued\r\n", "sent", 250, ""),
    ],
)
def test_whatever_the_last_answer_is_it_is_recorded_at_once(
    office: Office, configure: Callable[..., None], last: bytes, state: str, code: int | None, problem: str
) -> None:
    server = LastAnswer(last)
    configure(smtp_port=server.port)
    office.act(office.case())
    run_until_idle(office.reached, most=100)
    found = only_message()
    assert (found.state, found.code, found.problem, found.attempts) == (state, code, problem, 1)
