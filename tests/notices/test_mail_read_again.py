"""No mail is lost by what it is called, nor by a restoring: only the same mail counts as one, and all since a backup is read once more."""

import os
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from django.db import IntegrityError
from django.test import Client

from leeward.administration.services import confirm_restored, take_up
from leeward.backup.models import Restoration
from leeward.demo.world.mailbox import Mailbox
from leeward.jobs.models import Job
from leeward.notices import services
from leeward.notices.channels import mailbox
from leeward.notices.errors import MailboxUnreadable
from leeward.notices.models import InboundMail
from leeward.notices.services import mail as services_mail
from leeward.notices.services.mail import READ_AGAIN
from leeward.notices.services.sent_since import KEPT
from leeward.notices.tasks import read_mailbox
from tests.notices.conftest import POLICE, START, Office
from tests.notices.imap import ImapServer

pytestmark = pytest.mark.django_db
DAY = timedelta(days=1)


def mail(text: str, *more: str, number: str = "<same@gateway.example>") -> bytes:
    return "\r\n".join([*more, f"From: {POLICE}", f"Message-ID: {number}", "Subject: Re: it", "", text, ""]).encode()


def texts() -> list[str]:
    return [one.text for one in InboundMail.objects.order_by("pk")]


def restore(office: Office, backup_at: datetime) -> None:
    """Put the hotline back to a backup, in which no mail was, and confirm it."""
    InboundMail.objects.all().delete()
    Restoration.objects.create(backup_at=backup_at, restored_at=office.reached)
    take_up(office.reached)
    confirm_restored(actor=office.cast["adam"].actor, now=office.reached)


def test_two_mails_with_one_message_id_are_two(office: Office) -> None:
    for text in ("We have it.", "Please wait with the host until Friday.", "We have it."):
        services.take_in(mail(text))
    assert texts() == ["We have it.", "Please wait with the host until Friday."]


def test_the_same_mail_by_another_way_is_one(office: Office) -> None:
    services.take_in(mail("We have it."))
    services.take_in(mail("We have it.", "Received: from relay.example", "Delivered-To: desk@bb.example"))
    services.take_in(mail("We have it.").replace(b"\r\n", b"\n"))
    assert texts() == ["We have it."]


def test_a_mail_from_before_contents_were_compared_is_known_by_its_message_id(office: Office) -> None:
    services.take_in(mail("We have it."))
    InboundMail.objects.update(message_id="<same@gateway.example>", text="")
    services.take_in(mail("We have it."))
    assert InboundMail.objects.count() == 1


def test_what_the_database_refuses_for_another_reason_is_no_mail_that_was_stored(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(*_given: object, **_more: object) -> None:
        raise IntegrityError

    monkeypatch.setattr(services_mail, "_keep", refuse)
    with pytest.raises(IntegrityError):
        services.take_in(mail("We have it."))


@pytest.fixture
def server(configure: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ImapServer:
    made = ImapServer(tmp_path)
    configure(mailbox=made.setting)
    monkeypatch.setenv("SSL_CERT_FILE", str(made.made.certificate))
    return made


def work(office: Office) -> None:
    office.work(timedelta(minutes=5))
    read_mailbox()


def test_after_a_restoring_all_mail_since_the_backup_is_read_once_more(
    office: Office, server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mailbox, "HEADS_AT_ONCE", 2)
    monkeypatch.setattr(mailbox, "MOST_A_RUN", 3)
    services.take_in(mail("Known.", number="<1@x>"))
    with server:
        server.messages += [mail("Known.", number="<1@x>"), mail("Please wait with the host.", number="<2@x>")]
        server.messages += [mail(f"No {n}.", number=f"<n{n}@x>") for n in range(3)]
        server.seen = set(range(1, len(server.messages) + 1))
        read_mailbox()
        assert texts() == ["Known."]
        restore(office, START - 2 * DAY)
        services.take_in(mail("Known.", number="<1@x>"))  # it was in the backup
        server.fails_on = "STORE"
        office.work()
        assert Job.objects.filter(kind=READ_AGAIN).exists(), "cut off, it is tried again"
        server.fails_on = ""
        work(office)
        assert server.seen == {1, 2, 3}, "in parts"
        read_mailbox()
    assert texts() == ["Known.", "Please wait with the host.", "No 0.", "No 1.", "No 2."]
    assert len(server.seen) == len(server.messages)
    assert "UID SEARCH SINCE 15-Nov-2026" in server.said, "a week before, for what was read late"
    assert not Job.objects.filter(kind=READ_AGAIN).exists()


def test_nothing_is_read_again_before_it_is_confirmed(office: Office, server: ImapServer) -> None:
    with server:
        server.messages, server.seen = [mail("Wait.")], {1}
        Restoration.objects.create(backup_at=START, restored_at=START)
        take_up(START)
        office.work(DAY)
        assert (server.said, texts()) == ([], [])
        confirm_restored(actor=office.cast["adam"].actor, now=office.reached)
        work(office)
    assert texts() == ["Wait."]


def test_a_backup_that_is_dated_ahead_counts_as_of_now(office: Office, server: ImapServer) -> None:
    with server:
        restore(office, START + 90 * DAY)
        office.work()
    assert "UID SEARCH SINCE 17-Nov-2026" in server.said


def test_so_it_is_where_the_mailbox_is_set_later(
    office: Office, configure: Callable[..., None], tmp_path: Path
) -> None:
    box = Mailbox(tmp_path / "mail")
    (box.folder / mailbox.TAKEN).mkdir()
    (box.folder / mailbox.TAKEN / "a.eml").write_bytes(mail("Please wait."))
    (box.folder / mailbox.TAKEN / "a.txt").write_bytes(b"another file")
    restore(office, START)
    office.work(DAY)
    configure(mailbox=box.setting)
    work(office)
    assert (texts(), box.waiting()) == (["Please wait."], [])
    assert services.let_mail_be_new(START, START)
    configure(mailbox="")
    assert [services.let_mail_be_new(START, START + KEPT + more) for more in (timedelta(0), DAY)] == [False, True]


def test_in_a_folder_no_mail_takes_the_place_of_another(tmp_path: Path) -> None:
    box = Mailbox(tmp_path / "mail")
    taken = box.folder / mailbox.TAKEN
    taken.mkdir()
    (taken / "a.eml").write_bytes(mail("Then."))
    (box.folder / "a.eml").write_bytes(mail("Now."))
    since = datetime.now(UTC) - DAY
    assert not mailbox.let_be_new(box.setting, since)
    assert (box.folder / "a.eml").read_bytes() == mail("Now.")
    (box.folder / "a.eml").unlink()
    os.utime(taken / "a.eml", (0, 0))  # written long ago, and taken just now
    assert mailbox.let_be_new(box.setting, since + 2 * DAY)
    assert box.waiting() == []
    assert mailbox.let_be_new(box.setting, since)
    assert [path.read_bytes() for path in box.waiting()] == [mail("Then.")]


def test_a_mailbox_that_can_not_be_read_says_so(tmp_path: Path) -> None:
    for setting in ("", "pop3://x"):
        with pytest.raises(MailboxUnreadable):
            mailbox.let_be_new(setting, START)


def test_what_is_read_again_says_nothing_of_the_servers_clock(
    server: ImapServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    heard: list[datetime] = []
    monkeypatch.setattr(mailbox, "hear_mail", lambda _host, put_at, **_more: heard.append(put_at))
    with server:
        server.messages = [mail("Then.")]
        mailbox.read(server.setting, lambda _raw: None)
        mailbox.let_be_new(server.setting, START)
        mailbox.read(server.setting, lambda _raw: None)
        assert heard == []
        server.messages.append(mail("Now."))
        mailbox.read(server.setting, lambda _raw: None)
        assert len(heard) == 1


@pytest.mark.parametrize("page", ["notice", "notices", "payment", "referral"])
def test_a_link_of_the_lost_time_says_that_it_may_be_lost(office: Office, page: str) -> None:
    path = f"/{page}/AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
    assert "was restored" not in Client().get(path).content.decode()
    Restoration.objects.create(backup_at=START - DAY, restored_at=START, prepared_at=START, confirmed_at=START)
    Restoration.objects.create(backup_at=START, restored_at=START, moved=True, confirmed_at=START)
    shown = Client().get(path).content.decode()
    assert "between 2026-11-23 12:00 and 2026-11-24 12:00 (UTC)" in shown
    assert shown.count("was restored") == 1
