"""Mail that anybody can send: whatever comes, something short and plain is kept."""

import email.policy
from email.message import EmailMessage

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from leeward.notices.rules.incoming import (
    MOST_BYTES,
    MOST_PARTS,
    MOST_TEXT,
    Bounce,
    Incoming,
    guessed_bounce,
    read_mail,
)
from leeward.notices.rules.plain_text import clean, from_html, one_line


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
    message.add_attachment(b'{"a": 1}', maintype="application", subtype="json", filename="d.json")
    mail = read_mail(message.as_bytes())
    assert mail.dropped == 4
    assert mail.text == "It is removed."
    assert mail.documents == ('{"a": 1}',), "what programs read"


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
    file = b"Content-Disposition: attachment\r\n\r\n"
    for length, was_cut in ((MOST_BYTES, False), (MOST_BYTES + 1, True)):
        assert read_mail(file + b"x" * (length - len(file))).was_cut == was_cut


def test_deep_nesting_is_survived() -> None:
    head = b"Message-ID: <deep@x.example>\r\nSubject: deep\r\n"
    for level in range(3000):
        head += f"Content-Type: multipart/mixed; boundary=b{level}\r\n\r\n--b{level}\r\n".encode()
    mail = read_mail(head + b"\r\nbottom")
    assert (mail.message_id, mail.subject, mail.was_cut) == ("<deep@x.example>", "deep", True)
    assert (mail.text, mail.dropped, mail.bounce) == ("", 0, None)


def test_of_a_mail_in_countless_parts_only_the_first_are_read() -> None:
    head = b"Content-Type: multipart/mixed; boundary=b\r\n\r\n"
    mail = read_mail(head + b"--b\r\nContent-Type: image/png\r\n\r\n" * (MOST_PARTS + 50) + b"--b\r\n\r\nx\r\n--b--")
    assert (mail.dropped, mail.text, mail.was_cut) == (MOST_PARTS, "", True)


def test_a_mail_without_message_id_gets_one_from_its_content() -> None:
    first, second = read_mail(b"Subject: a\r\n\r\nx"), read_mail(b"Subject: a\r\n\r\ny")
    assert first.message_id != second.message_id
    assert first.message_id == read_mail(b"Subject: a\r\n\r\nx").message_id


@pytest.mark.parametrize(
    ("given", "read"),
    [
        ("=?utf-8?B?4pyTIG9r?=", "✓ ok"),
        ("Re: =?iso-8859-1?Q?d=E9j=E0?= =?utf-8?Q?_vu?=", "Re: déjà vu"),
        ("=?no-such-charset?B?4pyTIG9r?=", "✓ ok"),
        ("=?punycode?Q?aaaa?=", "aaaa"),
        ("=?utf-8?B?broken", "=?utf-8?B?broken"),
        ("=?utf-8?B?a?=", "=?utf-8?B?a?="),
        ("=?utf-8?Q?=FF=FEa?=", "\ufffd\ufffda"),
        ("a\r\n folded\r\n  line", "a folded line"),
        ("\u202eعلوم, déjà", "علوم, déjà"),
        ("x" * 300, "x" * 200),
        ("=?utf-8?Q?" + "=C3=A9" * 100 + "?=", "é" * 100),
    ],
)
def test_any_subject_is_one_short_line(given: str, read: str) -> None:
    assert read_mail(f"Subject: {given}\r\n\r\nx".encode()).subject == read


@pytest.mark.parametrize(
    "kind",
    [
        "text/plain; charset=punycode",
        "text/plain; charset*=punycode''aaaa",
        "text/plain; charset=\0",
        "text/plain; charset*=\0''utf-8",
        "text/plain" + ";" * 20_000 + "; charset=utf-16",
    ],
)
def test_no_mail_says_how_to_read_it_in_a_way_that_fails_or_takes_long(kind: str) -> None:
    """Python would decode punycode and the parameters of a long header in a time that grows with the square of their length."""
    assert read_mail(f"Content-Type: {kind}\r\n\r\naaaa".encode()).text == "aaaa"


def test_a_bare_mail_says_no_more_than_it_holds() -> None:
    mail = read_mail(b"Message-ID: <a@x.example>\r\n\r\nx")
    identity = mail.identity
    assert mail == Incoming(
        "<a@x.example>",
        identity,
        "",
        (),
        "",
        (),
        "",
        "x",
        ("", "", "x"),
        was_cut=False,
        dropped=0,
        is_bounce=False,
        bounce=None,
    )


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
    assert 64 < len(mail.identity) <= 250


@given(st.text(alphabet="<>!-=\"'/ab scriptyle[]&;#x0\n", max_size=400))
def test_any_markup_becomes_text(markup: str) -> None:
    assert "\x00" not in from_html(markup)


@given(st.text())
def test_cleaning_twice_changes_nothing(text: str) -> None:
    assert clean(clean(text)) == clean(text)


REPORT = """From: Mail system <MAILER-DAEMON@mx.example>
Return-Path: <>
Message-ID: <report@mx.example>
Content-Type: multipart/report; report-type=delivery-status; boundary=x

--x

It could not be delivered.
--x
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example

Final-Recipient: rfc822; Abuse@Host.example
Action: Failed
Status: 5.1.1 (no such mailbox)

--x
RETURNED

--x--
"""
HEADS = "Content-Type: text/rfc822-headers\n\nMessage-ID: <n1.abc@leeward.example>\nSubject: [LW-N1-abc]"
WHOLE = "Content-Type: message/rfc822\n\nMessage-ID: <n1.abc@leeward.example>\nSubject: [LW-N1-abc]\n\nIt was said."


@pytest.mark.parametrize("returned", [HEADS, WHOLE])
def test_a_report_names_who_was_not_reached_and_the_message_that_came_back(returned: str) -> None:
    mail = read_mail(REPORT.replace("RETURNED", returned).replace("\n", "\r\n").encode())
    assert mail.bounce == guessed_bounce(mail) == Bounce(("abuse@host.example",), "5.1.1")
    assert mail.answers == ("<n1.abc@leeward.example>",)
    assert "LW-N1-abc" in mail.marks_from[1]
    assert (mail.is_bounce, mail.is_from_a_server, mail.text) == (True, True, "It could not be delivered.")


def test_a_delay_is_no_failure_and_one_without_a_status_is_for_good() -> None:
    late = read_mail(REPORT.replace("Failed", "delayed").replace("RETURNED", HEADS).encode())
    assert (late.is_bounce, late.bounce, guessed_bounce(late)) == (True, None, None)
    bare = read_mail(REPORT.replace("Status: 5.1.1 (no such mailbox)\n", "").replace("RETURNED", HEADS).encode())
    assert bare.bounce == Bounce(("abuse@host.example",), "5.0.0")
    short = read_mail(REPORT.replace("rfc822; Abuse", "Abuse").replace("RETURNED", HEADS).encode())
    assert short.bounce == Bounce(("abuse@host.example",), "5.1.1"), "some servers leave out the kind of address"


@pytest.mark.parametrize(
    "kind", ["multipart/report; report-type=feedback-report", "multipart/mixed; x=delivery-status"]
)
def test_what_is_no_report_of_a_delivery_is_no_bounce(kind: str) -> None:
    report = REPORT.replace("multipart/report; report-type=delivery-status", kind).replace("RETURNED", WHOLE)
    mail = read_mail(report.encode())
    assert (mail.is_bounce, mail.bounce, mail.answers) == (False, None, ())


def test_a_report_without_the_message_that_it_is_about_refers_to_none() -> None:
    mail = read_mail(REPORT.replace("RETURNED", "Content-Type: image/png\n").encode())
    assert (mail.bounce, mail.answers, mail.marks_from) == (
        Bounce(("abuse@host.example",), "5.1.1"), (), ("", "", "It could not be delivered."),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("head", "is_servers"),
    [
        ("From: postmaster@mx.example", True),
        ("From: Mailer-Daemon@mx.example", True),
        ("From: MAILER-DAEMON", True),
        ("From: a@b.example\r\nReturn-Path: <>", True),
        ("From: a@b.example\r\nReturn-Path: <a@b.example>", False),
        ("Subject: x", False),
    ],
)
def test_what_a_server_says_in_its_own_words_is_read_and_what_people_write_is_not(head: str, is_servers: bool) -> None:
    for words, status in (("550 5.2.1 Mailbox disabled", "5.2.1"), ("Sorry, no", "4.0.0")):
        mail = read_mail(f"{head}\r\n\r\n{words}".encode())
        assert mail.is_from_a_server == is_servers
        assert guessed_bounce(mail) == (Bounce((), status) if is_servers else None)


@pytest.mark.parametrize(("value", "is_automatic"), [("auto-replied", True), ("No", False), ("", False)])
def test_answering_machines_say_so(value: str, is_automatic: bool) -> None:
    assert read_mail(f"Auto-Submitted: {value}\r\n\r\nx".encode()).is_automatic == is_automatic


def test_everybody_it_was_sent_to_is_named_once() -> None:
    head = "To: A <A@x.example>, b@x.example\r\nCc: c@x.example\r\nDelivered-To: a@x.example\r\n"
    head += "X-Original-To: d@x.example\r\nEnvelope-To: e@x.example\r\nFrom: Desk <f@x.example>\r\n"
    mail = read_mail(f"{head}\r\nx".encode())
    assert mail.recipients == tuple(f"{name}@x.example" for name in "abcde")
    assert mail.sender == "Desk <f@x.example>"


def test_words_that_are_broken_in_their_character_set_are_read_as_far_as_possible() -> None:
    assert read_mail(b"Content-Type: text/plain; charset=shift_jis\r\n\r\n\x82\xa0\xff").text == "あ\ufffd"


def test_a_text_of_just_the_greatest_length_is_not_cut() -> None:
    for length in (MOST_TEXT, MOST_TEXT + 1):
        mail = read_mail(b"Subject: a\r\n\r\n" + b"x" * length)
        assert (len(mail.text), mail.was_cut) == (MOST_TEXT, length > MOST_TEXT)


@pytest.mark.parametrize("charset", ["iso-8859-1", "no-such-charset", ""])
def test_words_in_any_character_set_are_read(charset: str) -> None:
    given = "déjà".encode("iso-8859-1" if charset == "iso-8859-1" else "utf-8")
    kind = f"Content-Type: text/plain; charset={charset}\r\n" if charset else "Content-Type: text/plain\r\n"
    mail = read_mail(kind.encode() + b"Content-Transfer-Encoding: 8bit\r\n\r\n" + given)
    assert (mail.text, mail.was_cut) == ("déjà", False)


@pytest.mark.parametrize(
    "head",
    [
        "Content-Disposition: Attachment",
        "Content-Disposition: inline; filename=a.txt",
        "Content-Disposition: inline; filename*=\0''a.txt",
        "Content-Type: text/plain; name=a.txt",
    ],
)
def test_text_in_a_file_is_not_the_words_of_a_mail(head: str) -> None:
    mail = read_mail(f"{head}\r\n\r\nx".encode())
    assert (mail.text, mail.dropped) == ("", 1)


def test_every_text_counts_and_other_parts_are_dropped() -> None:
    message = answer()
    message.add_attachment("second", disposition="inline")
    message.add_attachment(b"x", maintype="application", subtype="octet-stream", disposition="inline")
    mail = read_mail(message.as_bytes())
    assert (mail.text, mail.dropped) == ("It is removed.\n\nsecond", 1)


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<!-- <p>no</p> -->yes", "yes"),
        ("<!DOCTYPE html>yes", "yes"),
        ('<a title="a>b">yes</a>', "yes"),
        ("<head><title>no<body>yes", "yes"),
        ("<title>no<body>yes", "yes"),
        ("<script>no</b>no</script>yes", "yes"),
        ("<style>no<body>no</style>yes", "yes"),
        ("yes<SCRIPT>no", "yes"),
        ("a<BR>b<p>c</p>d&amp;e", "a\nb\ncd&e"),
        ("a<b>c</b>", "ac"),
        ("<script>no</style></script>yes", "yes"),
        ("x" * 400_001, "x" * 400_000),
    ],
)
def test_markup_is_read_as_people_see_it(markup: str, text: str) -> None:
    assert from_html(markup) == text


def test_text_is_plain_and_what_turns_it_round_is_gone() -> None:
    assert clean(" a\r\nb\rc\n \n\t\n\nd\te\x07\u202e\u2066\ue000\u0378\ud800 ") == "a\nb\nc\n\nd\te"
    assert one_line(" a\n b  c ", 4) == "a b "
