"""Mail that anybody can send: whatever comes, something short and plain is kept."""

import email.policy
from email.message import EmailMessage

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from leeward.notices.rules.incoming import MOST_BYTES, MOST_TEXT, read_mail
from leeward.notices.rules.plain_text import clean, from_html


def answer(**changes: str) -> EmailMessage:
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"], message["To"] = "Abuse desk <abuse@host.example>", "desk@leeward.example"
    message["Subject"] = changes.pop("subject", "Re: Please remove")
    message["Message-ID"] = "<answer-1@host.example>"
    message["In-Reply-To"] = "<n1.abc@leeward.example>"
    message["References"] = "<first@leeward.example> <n1.abc@leeward.example>"
    message.set_content(changes.pop("text", "It is removed.\n"))
    return message


def test_a_plain_answer() -> None:
    mail = read_mail(answer().as_bytes())
    assert mail.message_id == "<answer-1@host.example>"
    assert mail.in_reply_to == "<n1.abc@leeward.example>"
    assert mail.answers == ("<n1.abc@leeward.example>", "<first@leeward.example>")
    assert (mail.subject, mail.text) == ("Re: Please remove", "It is removed.")
    assert mail.recipients == ("desk@leeward.example",)
    assert (mail.is_bounce, mail.dropped, mail.was_cut) == (False, 0, False)


def test_attachments_are_counted_and_dropped() -> None:
    message = answer()
    message.add_attachment(b"\x89PNG not a picture", maintype="image", subtype="png", filename="a.png")
    message.add_attachment(b"%PDF", maintype="application", subtype="pdf", filename="b.pdf")
    message.add_attachment("text in a file", filename="c.txt")
    mail = read_mail(message.as_bytes())
    assert mail.dropped == 3
    assert mail.text == "It is removed."


def test_html_alone_becomes_text_without_script() -> None:
    message = answer()
    message.set_content(
        "<html><head><title>no</title><style>p{}</style></head><body><p>It is <b>removed</b>.</p>"
        "<script>alert(1)</script><img src='http://tracker.example/x.gif'><div>Bye &amp; thanks</div></body></html>",
        subtype="html",
    )
    assert read_mail(message.as_bytes()).text == "It is removed.\nBye & thanks"


def test_a_huge_mail_is_cut() -> None:
    mail = read_mail(b"Subject: big\r\nMessage-ID: <b@x.example>\r\n\r\n" + b"word " * (MOST_BYTES // 2))
    assert mail.was_cut
    assert len(mail.text) == MOST_TEXT
    assert mail.subject == "big"


def test_deep_nesting_is_survived() -> None:
    head = b"Message-ID: <deep@x.example>\r\nSubject: deep\r\n"
    for level in range(3000):
        head += f"Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n".encode()
    mail = read_mail(head + b"\r\nbottom")
    assert (mail.message_id, mail.subject) == ("<deep@x.example>", "deep")


def test_a_mail_without_message_id_gets_one_from_its_content() -> None:
    first, second = read_mail(b"Subject: a\r\n\r\nx"), read_mail(b"Subject: a\r\n\r\ny")
    assert first.message_id != second.message_id
    assert first.message_id == read_mail(b"Subject: a\r\n\r\nx").message_id


@pytest.mark.parametrize(
    "subject",
    [
        "=?utf-8?B?4pyTIG9r?=",
        "=?no-such-charset?B?4pyTIG9r?=",
        "=?utf-8?B?broken",
        "=?utf-8?Q?=FF=FE?=",
        "a\r\n folded\r\n line",
        "\u202edlo",
    ],
)
def test_any_subject_is_one_short_line(subject: str) -> None:
    mail = read_mail(f"Subject: {subject}\r\n\r\nx".encode())
    assert "\n" not in mail.subject
    assert "\u202e" not in mail.subject
    assert len(mail.subject) <= 200


@given(st.binary(max_size=3000))
@example(
    b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\r\n\r\n--x\r\nContent-Type: message/delivery-status\r\n\r\n"
)
@example(b"Content-Type: text/plain; charset=\x00\r\n\r\nx")
@example(b"Content-Type: message/rfc822\r\n\r\nContent-Type: message/rfc822\r\n\r\n")
@settings(deadline=None)
def test_any_bytes_are_read(raw: bytes) -> None:
    mail = read_mail(raw)
    assert len(mail.text) <= MOST_TEXT
    assert "\x00" not in mail.text + mail.subject + mail.sender
    assert mail.message_id
    assert len(mail.message_id) <= 250


@given(st.text(alphabet="<>!-=\"'/ab scriptyle[]&;#x0\n", max_size=400))
def test_any_markup_becomes_text(markup: str) -> None:
    assert "\x00" not in from_html(markup)


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)
