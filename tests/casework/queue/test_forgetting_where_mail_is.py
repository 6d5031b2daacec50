"""What was taken back goes from mail wherever it landed: at another hotline of the installation, and in a thread in which others are
named, too."""

from datetime import UTC, datetime
from email.message import EmailMessage

import pytest
from django_scopes import scope, scopes_disabled

from leeward.demo.world.smtp import Received
from leeward.intake.services import withdraw_report
from leeward.notices.models import (
    InboundMail,
    Message,
    Notice,
    NoticeCase,
    NoticeItem,
    PaymentAlert,
    PaymentAlertCase,
    Referral,
)
from leeward.notices.rules.quoted import LEFT_OUT
from leeward.notices.services.mail import take_in
from leeward.people.queries import hotline
from tests.casework.conftest import POLICE, Desk
from tests.casework.queue.test_withdrawing import letter_with, on_a_line, quoted

pytestmark = pytest.mark.django_db
BOAT, HOUSE = "The red boat of words8c1d left at nine.", "The green house by the wall is hers."


def mail_of_police(desk: Desk, *lines: str, to: str = "", names: str = "") -> InboundMail:
    """A mail of theirs to that address, in a thread with these messages."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Message-ID"] = POLICE, to, f"<{len(lines)}{len(names)}@police.example>"
    mail["References"] = names
    mail.set_content("\n".join(lines))
    number = take_in(mail.as_bytes())
    return InboundMail.of_every_hotline.get(pk=number)


def text_of(mail: InboundMail) -> str:
    with scopes_disabled():
        return on_a_line(InboundMail.of_every_hotline.get(pk=mail.pk).text)


def notice(kind: str, notice_case: NoticeCase) -> Message:
    """A notice about a case that was sent after the letter to the police."""
    now = datetime.now(UTC)
    referral = Referral.objects.filter(notice_case=notice_case).latest("pk")
    made = Notice.objects.create(hotline_id=notice_case.hotline_id, contact=referral.contact, kind=kind, created_at=now)
    NoticeItem.objects.create(
        hotline_id=notice_case.hotline_id,
        notice=made,
        notice_case=notice_case,
        case_id=notice_case.case_id,
        location_id=notice_case.location_id,
        address="there",
    )
    return message(notice_case, "notice", made.pk, kind)


def alert(notice_case: NoticeCase) -> Message:
    """An alert to a payment firm that rests on the case."""
    now, referral = datetime.now(UTC), Referral.objects.filter(notice_case=notice_case).latest("pk")
    own = {"hotline_id": notice_case.hotline_id}
    made = PaymentAlert.objects.create(contact=referral.contact, payee_id=1, brief={}, created_at=now, **own)
    PaymentAlertCase.objects.create(alert=made, case_id=notice_case.case_id, **own)
    return message(notice_case, "payment", made.pk, "payment")


def message(notice_case: NoticeCase, kind: str, subject_id: int, name: str) -> Message:
    now = datetime.now(UTC)
    return Message.objects.create(
        hotline_id=notice_case.hotline_id,
        kind=kind,
        subject_id=subject_id,
        to=POLICE,
        message_id=f"<{name}{notice_case.pk}@desk.example>",
        state="sent",
        next_at=now,
        created_at=now,
    )


def in_thread(letter: Received, *messages: Message) -> str:
    return " ".join([letter.message["Message-ID"], *(message.message_id for message in messages)])


def test_mail_about_nothing_that_another_hotline_holds_is_looked_through(desk: Desk) -> None:
    case = desk.case(text=BOAT, kind="danger")
    letter_with(desk, BOAT)
    address = hotline(desk.cast.other_hotline_id).email
    mail = mail_of_police(desk, "We have got it.", f"> {BOAT}", to=address)
    theirs = mail_of_police(desk, "We ask you:", BOAT, "Is it so?", to=address)
    with scope(hotline=desk.cast.other_hotline_id):
        assert InboundMail.objects.filter(referral=None, notice=None).count() == 2
        of_theirs(desk, case.pk, theirs)
    withdraw_report(desk.reports[0])
    desk.work()
    assert text_of(mail) == f"We have got it. {LEFT_OUT}."
    assert BOAT in text_of(theirs), "that is about a case of theirs"
    with scopes_disabled():
        assert {one.hotline_id for one in InboundMail.of_every_hotline.all()} == {desk.cast.other_hotline_id}
    assert not InboundMail.objects.exists(), "none of it is shown here"


def of_theirs(desk: Desk, case_id: int, mail: InboundMail) -> None:
    """Let a mail answer a letter that the other hotline sent about a case of its own."""
    with scope(hotline=desk.cast.hotline_id):
        referral = Referral.objects.select_related("notice_case").filter(case_id=case_id).latest("pk")
    own, letter = referral.notice_case, referral
    own.pk = letter.pk = None
    own.hotline_id = letter.hotline_id = desk.cast.other_hotline_id
    own.portal_id = letter.portal_id = desk.cast.other_portal_id
    own.reporter_texts = ""
    own.save()
    letter.notice_case = own
    letter.save()
    InboundMail.objects.filter(pk=mail.pk).update(referral=letter)


@pytest.mark.parametrize("kind", ["host", "name_police", "payment"])
def test_mail_that_also_names_a_notice_about_the_case_is_looked_through(desk: Desk, kind: str) -> None:
    case = desk.case(text=BOAT, kind="danger")
    desk.report(desk.world.gallery_url, text=HOUSE, kind="danger")
    letter = letter_with(desk, HOUSE)
    notice_case = NoticeCase.objects.get(case_id=case.pk)
    last = alert(notice_case) if kind == "payment" else notice(kind, notice_case)
    mail = mail_of_police(desk, "We have got it.", *quoted(letter), names=in_thread(letter, last))
    assert mail.payment_alert_id if kind == "payment" else mail.notice_id == last.subject_id
    assert mail.referral_id is None
    withdraw_report(desk.reports[0])
    desk.work()
    assert BOAT not in text_of(mail)
    assert HOUSE in text_of(mail), "nobody took this back"


def test_a_letter_to_our_police_about_the_name_of_another_case_is_one_of_theirs_and_what_a_host_says_of_it_is_not(
    desk: Desk,
) -> None:
    case = desk.case(text=BOAT, kind="danger")
    letter = letter_with(desk, BOAT)
    other = desk.case("http://other.example/elsewhere", text=HOUSE, kind="danger")
    letter_with(desk, HOUSE)
    about, apart = (
        mail_of_police(
            desk,
            f"About {kind}:",
            *quoted(letter),
            f"> {HOUSE}",
            names=in_thread(letter, notice(kind, NoticeCase.objects.get(case_id=other.pk))),
        )
        for kind in ("name_police", "host")
    )
    assert case.pk != other.pk
    withdraw_report(desk.reports[0])
    desk.work()
    assert [BOAT in text_of(mail) for mail in (about, apart)] == [False, True]
    assert HOUSE in text_of(about)


def test_what_somebody_wrote_of_the_case_of_a_name_stays_in_mail_about_it(desk: Desk) -> None:
    desk.case(text=BOAT, kind="danger")
    letter_with(desk, BOAT)
    other = desk.case("http://other.example/elsewhere", text=f"{BOAT} {HOUSE}", kind="danger")
    letter = letter_with(desk, "other.example")
    last = notice("name_police", NoticeCase.objects.get(case_id=other.pk))
    mail = mail_of_police(desk, *quoted(letter), names=in_thread(letter, last))
    withdraw_report(desk.reports[0])
    desk.work()
    assert BOAT in text_of(mail)
    withdraw_report(desk.reports[1])
    desk.work()
    assert "boat" not in text_of(mail)
