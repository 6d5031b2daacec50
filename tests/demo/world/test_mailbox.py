import email.policy
import threading
from email.message import EmailMessage
from email.parser import BytesParser

import pytest

from leeward.demo.world import Mailbox


@pytest.fixture
def mailbox(tmp_path):
    return Mailbox(tmp_path / "box")


def notice():
    message = EmailMessage()
    message["From"], message["To"] = "Hotline <hotline@hotline.example>", "abuse@host.example"
    message["Subject"], message["Message-ID"] = "Notice JM-17", "<17@hotline.example>"
    message["Reply-To"] = "replies@hotline.example"
    message.set_content("Please remove:\nhttp://host.example/")
    return message


def read(path):
    return BytesParser(EmailMessage, policy=email.policy.default).parsebytes(path.read_bytes())


def test_a_reply_is_threaded_and_quotes(mailbox):
    mailbox.reply(notice(), "It is done.\nGood wishes")
    (path,) = mailbox.waiting()
    answer = read(path)
    assert (answer["To"], answer["From"]) == ("replies@hotline.example", "abuse@host.example")
    assert answer["Subject"] == "Re: Notice JM-17"
    assert answer["In-Reply-To"] == answer["References"] == "<17@hotline.example>"
    assert answer.get_content().splitlines() == [
        "It is done.",
        "Good wishes",
        "",
        "> Please remove:",
        "> http://host.example/",
    ]
    assert mailbox.setting == f"dir:{path.parent}"


def test_a_reply_to_a_reply_keeps_the_thread_and_one_re(mailbox):
    second = mailbox.reply(mailbox.reply(notice(), "Done"), "Also", sender="other@host.example")
    assert second["Subject"] == "Re: Notice JM-17"
    assert second["References"].split()[0] == "<17@hotline.example>"
    assert (second["From"], len(second["References"].split())) == ("other@host.example", 2)


def test_a_bounce_is_a_report_that_names_recipient_status_and_message(mailbox):
    mailbox.bounce(notice(), status="5.2.2")
    report = read(mailbox.waiting()[0])
    assert report.get_content_type() == "multipart/report"
    assert report.get_param("report-type") == "delivery-status"
    _, status, headers = report.iter_parts()
    assert status.get_content_type() == "message/delivery-status"
    assert status.get_payload()[1]["Status"] == "5.2.2"
    assert status.get_payload()[1]["Final-Recipient"] == "rfc822; abuse@host.example"
    assert "Message-ID: <17@hotline.example>" in headers.get_content()
    assert not report.defects


def test_broken_mail_goes_in_as_it_is(mailbox):
    path = mailbox.deliver(b"\xff\xfenot a message")
    assert path.read_bytes() == b"\xff\xfenot a message"


def test_a_reader_never_sees_half_a_message(mailbox):
    whole = b"Subject: long\r\n\r\n" + b"x" * 500_000 + b"\r\nend"
    sizes, stop = set(), threading.Event()

    def look():
        while not stop.is_set():
            sizes.update(path.stat().st_size for path in mailbox.waiting())

    reader = threading.Thread(target=look)
    reader.start()
    for _ in range(20):
        mailbox.deliver(whole)
    stop.set()
    reader.join()
    assert sizes <= {len(whole)}
    assert len(mailbox.waiting()) == 20


def test_the_oldest_comes_first(mailbox):
    paths = [mailbox.deliver(b"Subject: %d\r\n\r\n" % number) for number in range(12)]
    assert mailbox.waiting() == paths
