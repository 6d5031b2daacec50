"""Mail that comes in: taken in once, put to what it answers; bounces mark message and contact."""

import shutil
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
import time_machine
from django.conf import settings

from leeward.demo.world.mailbox import Mailbox
from leeward.notices import queries, services
from leeward.notices.channels import mailbox
from leeward.notices.errors import MailboxUnreadable
from leeward.notices.models import InboundMail, Message
from leeward.notices.rules.briefs import Plan
from leeward.notices.rules.incoming import MOST_BYTES
from leeward.notices.tasks import read_mailbox
from tests.notices.conftest import ABUSE, POLICE, Office
from tests.notices.dovecot import Dovecot
from tests.notices.imap import ImapServer


@pytest.fixture
def box(tmp_path: Path, configure: Callable[..., None]) -> Mailbox:
    """A folder that Leeward reads."""
    made = Mailbox(tmp_path / "mail")
    configure(mailbox=made.setting)
    return made


@pytest.fixture
def told(office: Office) -> Office:
    """A hotline that has told the police about case 1 and a host about case 2."""
    office.act(office.case())
    office.act(office.case(), Plan(police=False))
    office.work()
    return office


def test_an_answer_is_put_to_its_notice_and_shown_on_the_case(told: Office, box: Mailbox) -> None:
    box.reply(told.mails(ABUSE)[0].message, "It is removed.")
    read_mailbox()
    [mail] = InboundMail.objects.all()
    assert queries.case_of_mail(mail.pk) == [2]
    assert mail.text.startswith("It is removed.")
    shown = [row for row in queries.history_of(2) if row.what == "mail_received"]
    assert shown[0].title == f"Answer by mail from {ABUSE}"
    assert box.waiting() == []


def test_an_answer_of_the_police_is_put_to_the_referral(told: Office, box: Mailbox) -> None:
    box.reply(told.mails(POLICE)[0].message, "We have it.")
    read_mailbox()
    assert queries.case_of_mail(InboundMail.objects.get().pk) == [1]


def test_a_mark_in_the_subject_is_enough(told: Office, box: Mailbox) -> None:
    subject = told.mails(ABUSE)[0].message["Subject"]
    box.deliver(f"From: other@host.example\r\nSubject: AW: {subject}\r\n\r\nGone.\r\n".encode())
    read_mailbox()
    assert queries.case_of_mail(InboundMail.objects.get().pk) == [2]


def test_a_made_up_mark_fits_nothing(told: Office, box: Mailbox) -> None:
    box.deliver(b"From: other@host.example\r\nSubject: [LW-N1-aaaaaaaa]\r\n\r\nGone.\r\n")
    read_mailbox()
    assert queries.case_of_mail(InboundMail.objects.get().pk) == []
    assert queries.unread_mails().count() == 1


def test_the_same_mail_is_taken_in_once(told: Office, box: Mailbox) -> None:
    answer = box.reply(told.mails(ABUSE)[0].message, "It is removed.")
    box.deliver(answer)
    read_mailbox()
    box.deliver(answer)
    read_mailbox()
    assert InboundMail.objects.count() == 1
    assert box.waiting() == []


def test_a_bounce_marks_message_and_contact_and_the_network_is_told(office: Office, box: Mailbox) -> None:
    office.internet.host("pictures.harbour-host.example", abuse=[ABUSE], upstream=["noc@upstream.example"])
    office.act(office.case(), Plan(police=False))
    office.work()
    box.bounce(office.mails(ABUSE)[0].message, recipient=ABUSE)
    read_mailbox()
    [stuck] = queries.dead_letters()
    assert (stuck.state, stuck.problem) == ("dead", "bounced")
    assert queries.contact_row(queries.contacts(search=ABUSE).get()).bounced_at is not None
    office.work()
    assert len(office.mails("noc@upstream.example")) == 1
    assert "Mail bounced" in [row.title for row in queries.history_of(1)]


def test_a_bounced_referral_is_shown_to_a_person(told: Office, box: Mailbox) -> None:
    box.bounce(told.mails(POLICE)[0].message)
    read_mailbox()
    assert [row.kind for row in queries.dead_letters()] == ["referral"]


def test_a_mere_delay_is_no_bounce(told: Office, box: Mailbox) -> None:
    report = box.bounce(told.mails(ABUSE)[0].message).as_bytes().replace(b"Action: failed", b"Action: delayed")
    for path in box.waiting():
        path.unlink()
    box.deliver(report)
    read_mailbox()
    assert queries.dead_letters() == []
    assert InboundMail.objects.get().is_bounce


def test_somebody_elses_bounce_marks_nothing_of_ours(told: Office, box: Mailbox) -> None:
    report = box.bounce(told.mails(ABUSE)[0].message, recipient="other@host.example")
    assert report
    read_mailbox()
    assert queries.dead_letters() == []


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"\x00" * 1000,
        b"\xff\xfe\r\n\r\n\x80",
        b"From: a\r\n" * 5000,
        b"Subject: x\r\nContent-Type: multipart/mixed; boundary=\r\n\r\n--\r\n",
        b"Subject: big\r\n\r\n" + b"A" * (MOST_BYTES + 10),
    ],
    ids=["empty", "zeros", "bytes", "headers", "no boundary", "huge"],
)
def test_hostile_mail_is_put_away_and_the_next_one_is_read(told: Office, box: Mailbox, raw: bytes) -> None:
    box.deliver(raw)
    box.reply(told.mails(ABUSE)[0].message, "It is removed.")
    read_mailbox()
    assert box.waiting() == []
    assert InboundMail.objects.filter(notice__isnull=False).count() == 1


def test_a_mail_that_was_read_when_the_machine_stopped_is_read_again(told: Office, box: Mailbox) -> None:
    box.reply(told.mails(ABUSE)[0].message, "It is removed.")

    def stop_after(raw: bytes) -> None:
        services.take_in(raw)
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        mailbox.read(settings.LEEWARD.mailbox, stop_after)
    assert len(box.waiting()) == 1
    read_mailbox()
    assert (InboundMail.objects.count(), box.waiting()) == (1, [])


def test_other_files_in_the_folder_are_left_alone(told: Office, box: Mailbox) -> None:
    (box.folder / "half.part").write_bytes(b"Subject: half")
    (box.folder / "folder.eml").mkdir()
    read_mailbox()
    assert (box.folder / "half.part").exists()
    assert InboundMail.objects.count() == 0


@pytest.mark.parametrize("setting", ["dir:/no/such/folder", "pop3://x", "imaps://user:secretword@127.0.0.1:1/INBOX"])
def test_a_mailbox_that_can_not_be_read_says_so_without_its_password(setting: str) -> None:
    with pytest.raises(MailboxUnreadable) as caught:
        mailbox.read(setting, lambda raw: None)
    assert "secretword" not in f"{caught.value} {caught.value.hint}"


def test_mail_is_read_over_imap_with_a_verified_certificate(
    told: Office, configure: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    post = Mailbox(tmp_path / "made")
    with ImapServer(tmp_path) as server:
        configure(mailbox=server.setting)
        monkeypatch.setenv("SSL_CERT_FILE", str(server.made.certificate))
        post.reply(told.mails(ABUSE)[0].message, "It is removed.")
        post.reply(told.mails(POLICE)[0].message, "We have it.")
        server.messages += [path.read_bytes() for path in post.waiting()]
        server.messages.append(b"Subject: big\r\n\r\n" + b"A" * (MOST_BYTES + 1000))
        server.fails_on = "STORE"
        with pytest.raises(MailboxUnreadable):
            read_mailbox()
        server.fails_on = ""
        read_mailbox()
        read_mailbox()
        assert server.seen == {1, 2, 3}
        assert InboundMail.objects.count() == 3
        assert not any("BODY[]" in said for said in server.said)


@pytest.mark.once
@pytest.mark.servers
@pytest.mark.skipif(shutil.which("dovecot") is None, reason="no dovecot: apt-get install dovecot-imapd")
def test_mail_is_read_from_dovecot(
    told: Office, configure: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An IMAP server that isn't ours: each mail is taken in once, also a huge one, and is marked as seen."""
    post = Mailbox(tmp_path / "made")
    post.reply(told.mails(ABUSE)[0].message, "It is removed.")
    huge = b"Subject: big\r\n\r\n" + b"A line of text.\r\n" * (MOST_BYTES // 16)
    with time_machine.travel(datetime.now(UTC)), Dovecot(tmp_path) as server:
        configure(mailbox=server.setting)
        monkeypatch.setenv("SSL_CERT_FILE", str(server.made.certificate))
        server.put(*(path.read_bytes() for path in post.waiting()), huge)
        read_mailbox()
        read_mailbox()
        assert server.unseen() == 0
        assert [mail.was_cut for mail in InboundMail.objects.order_by("pk")] == [False, True]
        assert queries.case_of_mail(InboundMail.objects.order_by("pk")[0].pk) == [2]
        with pytest.raises(MailboxUnreadable, match="refused"):
            mailbox.read(server.setting.replace("a%20long", "a%20wrong"), lambda raw: None)


def test_an_imap_server_without_a_trusted_certificate_gets_no_password(
    configure: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("SSL_CERT_FILE", raising=False)
    with ImapServer(tmp_path) as server:
        with pytest.raises(MailboxUnreadable, match="certificate"):
            mailbox.read(server.setting, lambda raw: None)
        assert server.said == []


def test_a_refused_log_in_says_so(
    configure: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ImapServer(tmp_path) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.made.certificate))
        server.password = "another"
        wrong = server.setting.replace("another", "wrong")
        with pytest.raises(MailboxUnreadable, match="refused"):
            mailbox.read(wrong, lambda raw: None)


def test_nor_do_as_many_as_are_read_at_once(
    configure: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "MOST_A_RUN", 2)
    with ImapServer(tmp_path) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.made.certificate))
        server.messages += [f"Subject: {number}\r\n\r\nx".encode() for number in range(113)]
        taken: list[bytes] = []
        server.fails_on = "UID FETCH 10"  # the 10th, and those from the 100th to the 109th
        server.seen |= set(range(1, 10)) | set(range(11, 100))
        for _again in range(2):
            with pytest.raises(MailboxUnreadable, match="refused"):
                mailbox.read(server.setting, taken.append)
        assert taken == server.messages[109:113], "two at once"


def test_a_mail_that_the_server_does_not_hand_over_keeps_no_other_back(
    configure: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ImapServer(tmp_path) as server:
        monkeypatch.setenv("SSL_CERT_FILE", str(server.made.certificate))
        server.messages += [b"Subject: a\r\n\r\n1", b"Subject: b\r\n\r\n2", b"Subject: c\r\n\r\n3"]
        taken: list[bytes] = []
        server.fails_on = "UID FETCH 2 "
        for _again in range(2):  # it stays, and the alarm with it
            with pytest.raises(MailboxUnreadable, match="refused"):
                mailbox.read(server.setting, taken.append)
            assert taken == [server.messages[0], server.messages[2]]
        server.fails_on = ""
        assert mailbox.read(server.setting, taken.append) == 1
        assert taken[-1] == server.messages[1]


def test_mail_of_the_other_hotline_is_not_seen_here(told: Office, box: Mailbox) -> None:
    box.deliver(b"From: a@x.example\r\nTo: desk@bb.example\r\nSubject: For Barbados\r\n\r\nHello\r\n")
    read_mailbox()
    assert InboundMail.objects.count() == 0
    assert InboundMail.of_every_hotline.get().hotline_id == told.cast.other_hotline_id


def test_an_answer_to_an_unsure_message_does_not_settle_it_by_itself(office: Office, box: Mailbox) -> None:
    office.post.drop_after_message(ABUSE, kept=True)
    office.act(office.case(), Plan(police=False))
    office.work()
    box.reply(office.mails(ABUSE)[0].message, "What do you want?")
    read_mailbox()
    office.work(timedelta(minutes=1))
    assert Message.objects.get().state == "unsure"
    assert queries.case_of_mail(InboundMail.objects.get().pk) == [1]
