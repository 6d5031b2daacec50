import smtplib
import ssl
import threading
import time
from contextlib import contextmanager
from email.message import EmailMessage

import pytest

from leeward.demo.world import MailServer
from leeward.demo.world.errors import AddressNotOurs, NothingCame

HOST = "abuse@host.example"


def letter(to=HOST, text="Hello", subject="A word"):
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "hotline@hotline.example", to, subject
    message.set_content(text)
    return message


@contextmanager
def client(server, *, trust=None):
    context = ssl.create_default_context(cafile=trust)
    if server.security == "tls":
        connection = smtplib.SMTP_SSL(server.host, server.port, timeout=60, context=context)
    else:
        connection = smtplib.SMTP(server.host, server.port, timeout=60)
    try:
        if server.security == "starttls":
            connection.starttls(context=context)
        yield connection
    finally:
        connection.close()


def send(server, message=None, **more):
    with client(server, **more) as connection:
        connection.send_message(message or letter())


@pytest.fixture
def server():
    with MailServer() as running:
        yield running


def test_it_keeps_what_it_gets_word_for_word(server):
    message = letter(text="Grüße, سلام\n.a line with a dot\n", subject="Prüfung")
    message.add_attachment(b'{"a": 1}', maintype="application", subtype="json", filename="facts.json")
    send(server, message)
    (kept,) = server.messages()
    assert kept.sender == "hotline@hotline.example"
    assert kept.recipients == (HOST,)
    assert kept.message["Subject"] == "Prüfung"
    assert kept.text.splitlines() == ["Grüße, سلام", ".a line with a dot"]
    assert [part.get_filename() for part in kept.message.iter_attachments()] == ["facts.json"]
    assert (kept.user, kept.encrypted) == ("", False)


def test_one_can_wait_for_a_message(server):
    threading.Timer(0.05, lambda: send(server)).start()
    assert server.wait_for(lambda kept: "Hello" in kept.text, 60).recipients == (HOST,)
    with pytest.raises(NothingCame):
        server.wait_for(lambda kept: "Never" in kept.text, 0.05)


def test_deferred_once_then_accepted(server):
    server.defer(HOST)
    with pytest.raises(smtplib.SMTPRecipientsRefused) as refusal:
        send(server)
    assert refusal.value.recipients[HOST][0] == 450
    send(server)
    assert [attempt.code for attempt in server.attempts(HOST)] == [450, 250]
    assert len(server.messages(HOST)) == 1


def test_refused_for_good_until_accepted_again(server):
    server.refuse(HOST)
    for _ in range(2):
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            send(server)
    send(server, letter(to="other@host.example"))
    server.accept_again(HOST)
    send(server)
    assert [kept.recipients for kept in server.messages()] == [("other@host.example",), (HOST,)]


def test_the_message_itself_is_refused(server):
    server.refuse_message(HOST, times=1)
    with pytest.raises(smtplib.SMTPDataError) as refusal:
        send(server)
    assert refusal.value.smtp_code == 554
    assert server.messages() == []


@pytest.mark.parametrize("kept", [True, False])
def test_the_connection_drops_after_the_message(server, kept):
    server.drop_after_message(HOST, kept=kept)
    with pytest.raises((smtplib.SMTPServerDisconnected, OSError)):
        send(server)
    assert len(server.messages()) == int(kept)
    assert [attempt.code for attempt in server.attempts()] == [0]
    send(server)
    assert len(server.messages()) == int(kept) + 1


def test_a_stalled_reply_comes_late_but_the_message_is_there(server):
    server.stall(HOST, seconds=0.3)
    began = time.monotonic()
    send(server)
    assert time.monotonic() - began >= 0.3
    assert len(server.messages()) == 1


def test_moods_for_everybody_and_several_in_a_row(server):
    server.defer(times=2)
    server.drop_after_message(HOST, kept=False)
    for _ in range(2):
        with pytest.raises(smtplib.SMTPRecipientsRefused):
            send(server, letter(to="anybody@host.example"))
    with pytest.raises((smtplib.SMTPServerDisconnected, OSError)):
        send(server)
    send(server)
    assert len(server.messages()) == 1


@pytest.mark.parametrize("security", ["none", "starttls", "tls"])
def test_a_log_in_is_wanted_with_and_without_encryption(security):
    with MailServer(security=security, user="u", password="p") as server:
        trust = None if security == "none" else server.authority
        with client(server, trust=trust) as connection:
            with pytest.raises(smtplib.SMTPSenderRefused):
                connection.send_message(letter())
            with pytest.raises(smtplib.SMTPAuthenticationError):
                connection.login("u", "wrong")
            connection.login("u", "p")
            connection.send_message(letter())
        (kept,) = server.messages()
        assert (kept.user, kept.encrypted) == ("u", security != "none")


def test_with_starttls_nothing_goes_in_the_clear():
    with MailServer(security="starttls") as server, smtplib.SMTP(server.host, server.port, timeout=60) as connection:
        assert connection.ehlo()[0] == 250
        assert connection.has_extn("starttls")
        assert connection.mail("hotline@hotline.example")[0] == 530


@pytest.mark.parametrize("security", ["starttls", "tls"])
def test_the_certificate_is_believed_only_by_those_who_know_it(security):
    with MailServer(security=security) as server:
        with pytest.raises(ssl.SSLCertVerificationError), client(server):
            pass
        send(server, trust=server.authority)
        assert server.authority.parent.stat().st_mode & 0o077 == 0
    assert len(server.messages()) == 1


def test_it_comes_back_on_the_same_port_with_what_it_had(server):
    send(server)
    port = server.port
    server.stop()
    with pytest.raises(ConnectionRefusedError):
        send(server)
    server.start()
    assert server.port == port
    send(server)
    assert len(server.messages()) == 2


def test_it_starts_fast_and_stops_without_waiting_for_clients(fastest_start):
    assert fastest_start(lambda: MailServer(security="starttls")) < 0.2
    with MailServer(security="starttls") as server:
        connection = smtplib.SMTP(server.host, server.port, timeout=60)
        began = time.monotonic()
        server.stop()
        assert time.monotonic() - began < 4
        with pytest.raises((smtplib.SMTPServerDisconnected, OSError)):
            connection.noop()
        connection.close()


def test_a_port_that_is_taken_is_one_clear_error(server):
    with pytest.raises(AddressNotOurs, match="address already in use"):
        MailServer(port=server.port).start()


def test_many_senders_at_once_lose_nothing(server):
    def post(number):
        with client(server) as connection:
            for part in range(10):
                connection.send_message(letter(subject=f"{number}-{part}"))

    senders = [threading.Thread(target=post, args=(number,)) for number in range(6)]
    for sender in senders:
        sender.start()
    for sender in senders:
        sender.join()
    assert len({kept.message["Subject"] for kept in server.messages()}) == 60
