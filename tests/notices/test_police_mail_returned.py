"""The police's letter came back, or may have: whatever form that mail has, no wait alone tells the host, and a person sees it."""

from collections.abc import Callable
from datetime import timedelta

import pytest

from leeward.demo.world.smtp import Received
from leeward.notices import queries, services
from leeward.notices.channels.smtp.channel import CHANNEL
from leeward.notices.models import InboundMail, Message, NoticeCase, Referral, StaffNote
from leeward.notices.rules.delivery import Outcome
from leeward.notices.rules.incoming import read_mail
from leeward.notices.services import delivery
from tests.notices.conftest import ABUSE, POLICE, Office

pytestmark = pytest.mark.django_db
OFFICER = "officer.smith@constabulary.example"
DAEMON = "Mail Delivery System <MAILER-DAEMON@constabulary.example>"
DAY = timedelta(days=1)
REPORT = """From: MAILER-DAEMON@constabulary.example\r
To: {to}\r
Message-ID: <d1@constabulary.example>\r
Auto-Submitted: auto-replied\r
Return-Path: <>\r
Content-Type: multipart/report; report-type=delivery-status; boundary=b\r
\r
--b\r
Content-Type: message/delivery-status\r
\r
Reporting-MTA: dns; mx.constabulary.example\r
\r
{said}\r
Status: 5.1.1\r
\r
--b\r
Content-Type: text/rfc822-headers\r
\r
Message-ID: {about}\r
\r
--b--\r
"""
QMAIL = f"Hi. This is the qmail-send program. I wasn't able to deliver it.\r\n<{POLICE}>: 550 5.1.1 no mailbox"
LATE = "No action is required on your part. Delivery attempts will continue for some time."


@pytest.fixture
def sent(office: Office) -> Received:
    """The letter to the police about a case of a host."""
    office.act(office.case())
    office.work()
    return office.mails(POLICE)[0]


def report(letter: Received, *said: str, to: str = "desk@leeward.example") -> bytes:
    """A report that programs read."""
    return REPORT.format(to=to, said="\r\n".join(said), about=letter.message["Message-ID"]).encode()


def in_words(
    letter: Received, words: str, *more: str, sender: str = DAEMON, to: str = "desk@leeward.example", number: int = 1
) -> bytes:
    """A program's mail that quotes the letter."""
    heads = [f"From: {sender}", f"To: {to}", f"Message-ID: <q{number}@constabulary.example>", "Subject: failure notice"]
    quoted = f"\r\n--- Below is a copy.\r\n\r\nSubject: {letter.message['Subject']}\r\n"
    return ("\r\n".join([*heads, *more, "", words]) + quoted).encode()


def standing() -> tuple[str, str, str, bool]:
    """The letter's state and problem, the case's problem, and whether the police count as informed."""
    message, case = Message.objects.get(kind="referral"), NoticeCase.objects.get()
    return message.state, message.problem, case.problem, Referral.objects.get().sent_at is not None


def is_host_informed(office: Office, after: timedelta = 2 * DAY) -> bool:
    office.work(after)
    return bool(office.mails(ABUSE))


def notes(*, of: str = "police_not_told") -> int:
    return StaffNote.objects.filter(what=of).values("key").distinct().count()


UNSURE = ("unsure", "program_answered", "police_unsure", False)
FAILED = ("dead", "bounced", "police_not_told", False)
FINE = ("sent", "", "", True)


@pytest.mark.parametrize("final", [POLICE, OFFICER])
def test_a_mailbox_that_passes_mail_on_is_told_by_whom_it_was_written_to(
    office: Office, sent: Received, final: str
) -> None:
    said = (f"Original-Recipient: rfc822;{POLICE.upper()}", f"Final-Recipient: rfc822; {final}", "Action: failed")
    services.take_in(report(sent, *said))
    assert standing() == FAILED
    assert not is_host_informed(office)


def test_the_failure_of_an_address_that_is_not_ours_may_be_that_of_one_it_is_passed_on_to(
    office: Office, sent: Received
) -> None:
    services.take_in(report(sent, f"Final-Recipient: rfc822; {OFFICER}", "Action: failed"))
    assert standing() == UNSURE
    assert not is_host_informed(office)


def test_a_report_without_an_outcome_says_nothing_for_sure(office: Office, sent: Received) -> None:
    services.take_in(report(sent, f"Final-Recipient: rfc822; {POLICE}"))
    assert standing() == UNSURE


@pytest.mark.parametrize("action", ["delayed", "Relayed", "delivered", "expanded"])
@pytest.mark.parametrize("is_return_address", [False, True])
def test_what_has_not_failed_is_no_failure(
    office: Office, configure: Callable[..., None], action: str, is_return_address: bool
) -> None:
    configure(mail_bounces="bounces@leeward.example")
    office.act(office.case())
    office.work()
    [sent] = office.mails(POLICE)
    to = {"to": sent.sender} if is_return_address else {}
    services.take_in(report(sent, f"Final-Recipient: rfc822; {POLICE}", f"Action: {action}", **to))
    assert standing() == FINE
    assert is_host_informed(office)


@pytest.mark.parametrize(
    ("sender", "more"),
    [
        (DAEMON, ()),
        (DAEMON, ("Return-Path: <>",)),
        ("Postmaster@mx.example", ()),
        ("mail@constabulary.example", ("Return-Path: <>",)),
        (OFFICER, ("Auto-Submitted: auto-replied",)),
    ],
)
def test_what_a_program_writes_in_its_own_words_leaves_it_to_a_person(
    office: Office, sent: Received, sender: str, more: tuple[str, ...]
) -> None:
    services.take_in(in_words(sent, QMAIL, *more, sender=sender))
    assert standing() == UNSURE
    assert not is_host_informed(office)
    [row] = queries.dead_letters()
    assert "A program answered it" in row.problem_sentence
    assert notes() == 1
    services.call_arrived(row.id, actor=office.cast["carl"].actor)
    assert standing() == FINE
    assert is_host_informed(office)


@pytest.mark.parametrize("more", [(), ("Auto-Submitted: no",), ("Return-Path: <officer.smith@constabulary.example>",)])
def test_a_person_who_answers_is_no_program(office: Office, sent: Received, more: tuple[str, ...]) -> None:
    services.take_in(in_words(sent, "We have it.", *more, sender=OFFICER))
    assert standing() == FINE
    assert is_host_informed(office)


@pytest.mark.parametrize("is_return_address", [False, True])
def test_the_answering_machine_of_the_very_address_has_it(
    office: Office, configure: Callable[..., None], is_return_address: bool
) -> None:
    configure(mail_bounces="bounces@leeward.example")
    office.act(office.case())
    office.work()
    [sent] = office.mails(POLICE)
    heads = ("Auto-Submitted: auto-replied", "Return-Path: <>")
    to = {"to": sent.sender} if is_return_address else {}
    services.take_in(in_words(sent, "We got your mail. Call 5.1.1 if urgent.", *heads, sender=f"P <{POLICE}>", **to))
    assert standing() == FINE
    assert not InboundMail.objects.get().is_bounce
    assert is_host_informed(office)


@pytest.mark.parametrize(
    ("words", "expected"), [(QMAIL, FAILED), (LATE, UNSURE), ("450 4.2.1 busy, it is tried again", UNSURE)]
)
def test_at_the_return_address_only_what_is_for_good_is_a_failure(
    office: Office, configure: Callable[..., None], words: str, expected: tuple[str, str, str, bool]
) -> None:
    configure(mail_bounces="bounces@leeward.example")
    office.act(office.case())
    office.work()
    [sent] = office.mails(POLICE)
    services.take_in(in_words(sent, words, to=sent.sender))
    assert standing() == expected
    assert not is_host_informed(office)


def test_a_program_raises_no_doubt_where_the_police_answered_by_their_link(office: Office, sent: Received) -> None:
    from leeward.foundation.actor import Actor

    services.answer_referral(Referral.objects.get().pk, "release", actor=Actor("police"))
    services.take_in(in_words(sent, QMAIL))
    assert standing() == FINE
    assert is_host_informed(office)


def test_each_time_that_it_is_in_doubt_again_a_person_is_told(office: Office, sent: Received) -> None:
    """Whoever knows the letter and forges such mails can't hold the host's notice without a person who sees it each time."""
    for number in (1, 2, 3):
        services.take_in(in_words(sent, QMAIL, number=10 + number))
        services.take_in(in_words(sent, QMAIL, number=20 + number))  # while it is in doubt, one more changes nothing
        assert (standing(), notes()) == (UNSURE, number)
        office.work(timedelta(hours=1))
        services.call_arrived(queries.dead_letters()[0].id, actor=office.cast["carl"].actor)
    assert is_host_informed(office)


def test_who_does_not_know_the_letter_raises_no_doubt(office: Office, sent: Received) -> None:
    words = f"Not delivered: <{POLICE}>\r\nSubject: [LW-R1-aaaaaaaa]\r\nMessage-ID: <r1.0000@leeward.example>"
    services.take_in(f"From: MAILER-DAEMON@host.example\r\nMessage-ID: <z@host.example>\r\n\r\n{words}".encode())
    assert standing() == FINE
    assert is_host_informed(office)


def test_a_host_answers_by_a_program_and_nothing_is_held(office: Office, sent: Received) -> None:
    from leeward.foundation.actor import Actor

    services.answer_referral(Referral.objects.get().pk, "release", actor=Actor("police"))
    office.work()
    [notice] = office.mails(ABUSE)
    services.take_in(in_words(notice, "Ticket 5", "Auto-Submitted: auto-generated", sender="t@harbour-host.example"))
    assert set(Message.objects.exclude(kind="staff").values_list("state", flat=True)) == {"sent"}


def test_the_mail_servers_late_answer_does_not_settle_what_came_back_meanwhile(office: Office, sent: Received) -> None:
    message = Message.objects.get(kind="referral")
    Message.objects.filter(pk=message.pk).update(state="sending")
    services.take_in(in_words(sent, QMAIL))
    delivery.settle(message.pk, CHANNEL, Outcome("message", 250))
    assert standing() == UNSURE


def test_a_bounce_in_words_is_no_sign_of_life(office: Office, sent: Received) -> None:
    contact = queries.contacts(search=POLICE).get()
    type(contact).objects.filter(pk=contact.pk).update(bounces_hard=1)
    services.take_in(in_words(sent, QMAIL))
    assert queries.contact_row(queries.contacts(search=POLICE).get()).bounces_hard == 1


def test_all_who_were_not_reached_are_read() -> None:
    groups = "".join(
        f"\r\n\r\nOriginal-Recipient: rfc822;{name}@x.example\r\nFinal-Recipient: rfc822;{name}@y.example\r\nAction: {action}"
        for name, action in (("a", "failed"), ("b", "delayed"), ("c", "failed"))
    )
    raw = REPORT.format(to="d@x.example", said=groups.lstrip(), about="<a@b>").encode()
    found = read_mail(raw).bounce
    assert found is not None
    assert found.recipients == ("a@x.example", "a@y.example", "c@x.example", "c@y.example")
    assert not read_mail(raw).is_mere_progress
