"""After restoring, the mail server says which of the messages that wait for a person left already."""

import gzip
import os
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from leeward.administration.services import read_what_left, take_up
from leeward.backup.errors import NothingToConfirm
from leeward.backup.models import Restoration
from leeward.cli.arguments import lines_of_logs
from leeward.foundation.errors import BadInput, NotAllowed
from leeward.notices import queries, services
from leeward.notices.models import Message, SentSince, SentSource
from leeward.people.models import Portal
from leeward.web_security.keys import new_form_key
from tests.notices.conftest import ABUSE, POLICE, START, Office, _nobody_above_listens, configure, internet, office
from tests.notices.conftest import post as mail_server
from tests.notices.imap import ImapServer
from tests.people.signing import signed_in

__all__ = ["_nobody_above_listens", "configure", "internet", "mail_server", "office"]
pytestmark = pytest.mark.django_db
LOST = "<r999.0123456789abcdef0123@leeward.example>"


@pytest.fixture(name="post")
def _post(mail_server: Any) -> Any:
    return mail_server


@pytest.fixture
def held(office: Office) -> Message:
    """A referral that waited when the backup was made, two days ago."""
    office.act(office.case())
    Restoration.objects.create(backup_at=START - timedelta(days=2), restored_at=START)
    take_up(START)
    return Message.objects.get(kind="referral")


def log_of(message: Message) -> str:
    """What the mail server wrote of it, of one that is lost here, and of a week ago."""
    yesterday, before = START - timedelta(days=1), START - timedelta(days=7)
    return "\n".join(
        [
            f"{before:%Y-%m-%d %H:%M:%S}Z mx x: message-id=<r1.0123456789abcdef0123@leeward.example>",
            *(
                f"{yesterday:%Y-%m-%dT%H:%M:%S}Z mx postfix/{said}"
                for name, queue in ((message.message_id, "4F1A2B3C4D"), (LOST, "4F1A2B3C5E"))
                for said in (
                    f"cleanup[81]: {queue}: message-id={name}",
                    f"smtp[82]: {queue}: to=<{POLICE}>, relay=mx.{POLICE.partition('@')[2]}[192.0.2.9]:25, status=sent (250 ok)",
                )
            ),
        ]
    )


def test_beside_each_held_message_stands_whether_it_left(office: Office, held: Message) -> None:
    admin, boss, other = (signed_in(office.cast, name) for name in ("adam", "carl", "dora"))
    assert "It isn’t among what left" not in boss.get("/desk/outbox").content.decode(), "nothing was read yet"
    assert "Log of the mail server" in admin.get("/desk/administration/restored").content.decode()
    file = SimpleUploadedFile("mail.log", log_of(held).encode())
    given = {"file": file, "once": new_form_key()}
    done = admin.post("/desk/administration/restored/sent", given, follow=True).content.decode()
    assert "2 messages left since then" in done
    shown = boss.get("/desk/outbox").content.decode()
    assert "the receiver’s server took it" in shown
    assert "1 letter to this address left since then" in shown
    assert "Send again" not in shown, "first it is seen what would be sent"
    seen = boss.get(f"/desk/outbox/{held.pk}/preview").content.decode()
    assert "http://pictures.harbour-host.example/a/1" in seen
    assert "the receiver’s server took it" in seen
    assert "Send again" in seen
    without = admin.get(f"/desk/outbox/{held.pk}/preview").content.decode()
    assert "harbour-host.example/a/1" not in without, "who may not read cases reads no letter"
    assert other.get(f"/desk/outbox/{held.pk}/preview").status_code == 404
    assert "took it" not in other.get("/desk/outbox").content.decode()
    assert Message.objects.get(pk=held.pk).state == "unsure", "reading changes no message"
    services.call_arrived(held.pk, actor=office.cast["carl"].actor)
    assert Message.objects.get(pk=held.pk).sent_at == START - timedelta(days=1)


def test_the_page_has_the_hotline_s_times_and_says_so(office: Office, held: Message) -> None:
    read_what_left(log_of(held).splitlines(), actor=office.cast["adam"].actor, now=START)
    page = signed_in(office.cast, "adam").get("/desk/administration/restored").content.decode()
    shown = [one.partition("</time>")[0] for one in page.split("<time ")[1:]]
    assert len(shown) == 5
    assert all("(UTC−5)" in one for one in shown)
    assert "22 November 2026, 07:00" in shown[0]


def test_the_preview_shows_to_which_address_it_would_go_now(office: Office, held: Message) -> None:
    portals = Portal.objects.filter(pk=office.cast.portal_id)
    portals.update(police_email="duty@constabulary.example")
    boss, page = signed_in(office.cast, "carl"), f"/desk/outbox/{held.pk}/preview"
    assert '<dd class="mono">duty@constabulary.example</dd>' in boss.get(page).content.decode()
    assert Message.objects.get(pk=held.pk).to == POLICE, "looking changes no message"
    services.retry(held.pk, actor=office.cast["carl"].actor)
    assert Message.objects.get(pk=held.pk).to == "duty@constabulary.example"
    lost = Message(kind="referral", subject_id=0, to=POLICE)
    assert queries.address_now(lost) == POLICE, "where nothing more is known, the one that it has"


def test_what_is_not_in_it_is_said_too_and_a_second_log_adds(office: Office, held: Message) -> None:
    adam = office.cast["adam"].actor
    read = read_what_left(["no log", ""], actor=adam, now=START)
    assert (read.found, read.since) == ({}, None)
    assert queries.left_of([held]) == {}, "what is no log says of nothing that it did not leave"
    assert queries.left_summary() is None
    read_what_left([f"{START:%Y-%m-%dT%H:%M:%S}Z mx: started"], actor=adam, now=START)
    left = queries.left_of([held])[held.pk]
    assert (left.has_left, left.others) == (False, 0)
    for _ in range(2):
        read_what_left(log_of(held).splitlines(), actor=adam, now=START)
    assert set(SentSince.objects.values_list("message_id", "to", "fate")) == {
        (held.message_id, POLICE, "delivered"),
        (LOST, POLICE, "delivered"),
    }
    summary = queries.left_summary()
    assert summary is not None
    assert (summary.found, summary.unknown) == (2, 1)
    services.forget_sent_since(START + timedelta(days=89))
    assert SentSince.objects.count() == 2
    services.forget_sent_since(START + timedelta(days=91))
    assert not SentSince.objects.exists()
    assert not SentSource.objects.exists()


def test_the_folder_of_sent_mail_is_read_over_imap_and_nothing_is_marked(
    office: Office, held: Message, configure: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with ImapServer(tmp_path) as server:
        configure(mailbox=server.setting)
        monkeypatch.setenv("SSL_CERT_FILE", str(server.made.certificate))
        server.messages.append(f"To: {POLICE}\r\nMessage-ID: {held.message_id}\r\n\r\nText".encode())
        server.messages.append(f"To: {ABUSE}\r\nMessage-ID: <private@someone.example>\r\n\r\nText".encode())
        read = read_what_left(folder="Sent Mail", actor=office.cast["adam"].actor, now=START)
        assert list(read.found) == [held.message_id]
        assert server.seen == set()
        assert any('SELECT "Sent Mail"' in said or 'EXAMINE "Sent Mail"' in said for said in server.said)
        assert any("SINCE 22-Nov-2026" in said for said in server.said)
    assert queries.left_of([held])[held.pk].sentence == "It left already: it is among the sent mail."


def test_a_folder_of_files_and_packed_logs(
    office: Office, held: Message, configure: Callable[..., None], tmp_path: Path
) -> None:
    (tmp_path / "sent" / "cur").mkdir(parents=True)
    (tmp_path / "sent" / "cur" / "1").write_text(f"Message-ID: {held.message_id}\nTo: {POLICE}\n\nText")
    configure(mailbox=f"dir:{tmp_path}")
    assert list(read_what_left(folder="sent", actor=office.cast["adam"].actor, now=START).found) == [held.message_id]
    with gzip.open(tmp_path / "mail.log.2.gz", "wt") as file:
        file.write("one\n")
    (tmp_path / "mail.log").write_bytes(b"two\xff\n")
    assert list(lines_of_logs([tmp_path / "mail.log.2.gz", tmp_path / "mail.log"])) == ["one\n", "two\ufffd\n"]
    (tmp_path / "bad.gz").write_bytes(b"no")
    for name in ("bad.gz", "missing.log"):
        with pytest.raises(BadInput):
            list(lines_of_logs([tmp_path / name]))


def test_of_a_full_folder_the_newest_are_read(
    office: Office, held: Message, configure: Callable[..., None], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("leeward.notices.channels.mailbox.MOST_HEADS", 2)
    for name, days, said in (("1", 9, "x"), ("2", 8, "x"), ("3", 1, "x"), ("4", 1, "x"), ("5", 0, held.message_id)):
        (tmp_path / name).write_text(f"Message-ID: {said}\nTo: {POLICE}\n\nText")
        at = (START - timedelta(days=days)).timestamp() + int(name)
        os.utime(tmp_path / name, (at, at))
    configure(mailbox=f"dir:{tmp_path}")
    read = read_what_left(folder=".", actor=office.cast["adam"].actor, now=START)
    assert list(read.found) == [held.message_id]
    assert read.since == START - timedelta(days=1) + timedelta(seconds=4), "at most two, the newest"


def test_a_log_of_some_megabytes_is_read_and_nothing_given_reads_nothing(
    office: Office, held: Message, configure: Callable[..., None], tmp_path: Path
) -> None:
    (tmp_path / "1").write_text(f"Message-ID: {held.message_id}\nTo: {POLICE}\n\nText")
    configure(mailbox=f"dir:{tmp_path}")
    adam, page = signed_in(office.cast, "adam"), "/desk/administration/restored/sent"

    def given(**more: object) -> HttpResponse:
        return cast("HttpResponse", adam.post(page, {"once": new_form_key(), **more}, follow=True))

    for folder in ("", " "):
        assert given(folder=folder).status_code == 400
    assert "it can’t be read" in given(file=SimpleUploadedFile("mail.log", b"words\n" * 10)).content.decode()
    assert given(file=SimpleUploadedFile("mail.log", b" " * 20_200_000)).status_code == 413
    assert not SentSince.objects.exists()
    assert not SentSource.objects.exists()
    log = log_of(held).encode() + b"\n" + (b"mx cron[7]: " + b"nothing " * 120 + b"\n") * 18_000  # 18 MB
    assert "2 messages left since then" in given(file=SimpleUploadedFile("mail.log", log)).content.decode()
    assert SentSource.objects.get().what == "log"
    checked = Client(enforce_csrf_checks=True)
    checked.cookies = adam.cookies
    assert checked.post(page, {"once": new_form_key(), "folder": "."}).status_code == 403


def test_only_who_runs_the_installation_reads_it_and_only_after_restoring(office: Office) -> None:
    with pytest.raises(NothingToConfirm):
        read_what_left([], actor=office.cast["adam"].actor, now=START)
    for name in ("ana", "carl", "dora"):
        with pytest.raises(NotAllowed):
            read_what_left([], actor=office.cast[name].actor, now=START)
    page = signed_in(office.cast, "adam").post("/desk/administration/restored/sent", {"folder": "Sent"}, follow=True)
    assert page.status_code == 200
