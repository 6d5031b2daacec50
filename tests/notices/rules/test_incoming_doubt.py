"""What a program's mail says of a letter that may not have arrived, and by what a mail is known again."""

import pytest

from leeward.notices.rules.incoming import Bounce, guessed_bounce, may_have_failed, read_mail
from tests.notices.rules.test_incoming import HEADS, REPORT


def test_all_who_were_not_reached_are_named_as_they_were_written_to_and_as_it_was_passed_on() -> None:
    both = "Original-Recipient: rfc822;Desk@Police.example\nFinal-Recipient"
    mail = read_mail(REPORT.replace("Final-Recipient", both).replace("RETURNED", HEADS).encode())
    assert mail.bounce == Bounce(("desk@police.example", "abuse@host.example"), "5.1.1")
    more = "Action: Failed\n\nFinal-Recipient: rfc822; a@x.example\nAction: delayed\n\nFinal-Recipient: b@x.example\nAction: failed"
    mail = read_mail(REPORT.replace("Action: Failed", more).replace("RETURNED", HEADS).encode())
    assert mail.bounce == Bounce(("abuse@host.example", "b@x.example"), "5.0.0")
    nobody = REPORT.replace("Final-Recipient: rfc822; Abuse@Host.example\n", "").replace("RETURNED", HEADS)
    assert read_mail(nobody.encode()).bounce == Bounce((), "5.1.1")


@pytest.mark.parametrize(
    ("action", "is_progress"),
    [
        *((action, True) for action in ("Delayed", "relayed", "delivered", "expanded", "delayed\n\nAction: delivered")),
        *((action, False) for action in ("failed", "", "lost", "delayed\n\nAction: failed")),
    ],
)
def test_a_report_of_progress_leaves_no_doubt_and_every_other_one_does(action: str, is_progress: bool) -> None:
    mail = read_mail(REPORT.replace("Action: Failed", f"Action: {action}").replace("RETURNED", HEADS).encode())
    assert mail.is_mere_progress == is_progress
    assert may_have_failed(mail, "abuse@host.example") != is_progress


@pytest.mark.parametrize(
    ("head", "is_doubtful"),
    [
        ("From: postmaster@mx.example", True),
        ("From: a@b.example\r\nReturn-Path: <>", True),
        ("From: a@b.example\r\nAuto-Submitted: auto-replied", True),
        ("From: a@b.example\r\nAuto-Submitted: no", False),
        ("From: P <Police@B.example>\r\nReturn-Path: <>\r\nAuto-Submitted: auto-replied", False),
    ],
)
def test_what_a_program_of_somebody_else_writes_leaves_doubt(head: str, is_doubtful: bool) -> None:
    mail = read_mail(f"{head}\r\n\r\nx".encode())
    assert may_have_failed(mail, "police@b.example") == is_doubtful
    assert not mail.is_mere_progress


@pytest.mark.parametrize(
    ("words", "status"), [("no (#5.1.1)", "5.1.1"), ("550 5.7.1 no", "5.7.1"), ("4.2.1 later", "")]
)
def test_of_words_only_a_status_that_is_for_good_is_sure(words: str, status: str) -> None:
    mail = read_mail(f"From: postmaster@mx.example\r\n\r\n{words}".encode())
    assert guessed_bounce(mail, is_for_good=True) == (Bounce((), status) if status else None)


MAIL = "Received: by a\nFrom: a@b.example\nSubject: s\nIn-Reply-To: <1@c>\nReferences: <2@c>\nMessage-ID: <a@x.example>\n\nText é.\n"
PARTS = (
    "Message-ID: <a@x.example>\nContent-Type: multipart/mixed; boundary=b\n\n--b\n\nOne\n--b\nX-A: 1\n\nTwo\n--b--\n"
)


@pytest.mark.parametrize(
    ("mail", "old", "new", "is_same"),
    [
        (MAIL, "by a", "by b\nReceived: by a", True),
        (MAIL, "\n", "\r\n", True),
        *(
            (MAIL, old, new, False)
            for old, new in (("a@b.", "c@b."), (": s", ": t"), ("<1@c>", "<3@c>"), ("<2@c>", "<3@c>"))
        ),
        *((MAIL, old, new, False) for old, new in (("<a@x", "<b@x"), ("Text", "Word"), ("é", "è"))),
        (PARTS, "One", "Two", False),
        (PARTS, "X-A: 1", "X-A: 2", False),
        (PARTS, "Two", "Three", False),
    ],
)
def test_a_mail_is_known_again_by_what_its_sender_wrote(mail: str, old: str, new: str, is_same: bool) -> None:
    first, second = read_mail(mail.encode()).identity, read_mail(mail.replace(old, new).encode()).identity
    assert (first == second) == is_same
    assert first.startswith("<a@x.example> ")


def test_a_long_message_id_is_cut_in_what_a_mail_is_known_by_but_tells_apart() -> None:
    one, two = (read_mail(f"Message-ID: <{'a' * 220}{end}@x>\r\n\r\nx".encode()).identity for end in "12")
    assert one[:180] == two[:180] == f"<{'a' * 179}"
    assert one != two
    assert len(one) == 180 + 1 + 64


@pytest.mark.parametrize(
    ("raw", "identity"),
    [
        (MAIL.encode(), "<a@x.example> fd1c76b5747b4df2b12f1ec0179b7eddfd1b112a9e1f3fe6791fefd97c1be83d"),
        (PARTS.encode(), "<a@x.example> 3f774d54e69f959e4ce896d207fc939ef3105884e2b871ad1d1235759eaeea98"),
        (b"\r\nx", " 6c1fe8c2871633b8f97f8e8d4596f999c7266599ddb1f9f89b1ae11efef7e20f"),
        (
            b"From: =?utf-7?q?+2AA-?= <a@b.example>\r\n\r\nx",
            " c4e521c65cd70fbe9d4dfc0691fc30a924f63c4006da61730ae3017e2699279d",
        ),
        (
            PARTS.encode().replace(b"X-A: 1", b"X-A: \xff\nX-B: 2"),
            "<a@x.example> d37479ca4de81d1f3090c81cbfc6b90530d087cda4b4d4f5fe51e8df62a21fc2",
        ),
    ],
)
def test_what_a_mail_is_known_by_stays_the_same_for_it_is_stored(raw: bytes, identity: str) -> None:
    assert read_mail(raw).identity == identity


def test_mails_that_can_not_be_taken_apart_are_told_apart_as_a_whole() -> None:
    head = "".join(f"Content-Type: multipart/mixed; boundary=b{n}\r\n\r\n--b{n}\r\n" for n in range(3000))
    one, two, three = (read_mail(f"{head}\r\n{end}".encode()).identity for end in ("one", "two", "one"))
    assert one == three != two


def test_a_report_of_all_kinds_of_progress_is_one() -> None:
    every = "\n\nAction: ".join(("delayed", "delivered", "expanded", "relayed"))
    raw = REPORT.replace("Action: Failed", f"Action: {every}").replace("RETURNED", HEADS)
    assert read_mail(raw.encode()).is_mere_progress
