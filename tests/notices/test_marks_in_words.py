"""What a mail answers is decided by our own marks: words from outside that a letter quotes carry none."""

import pytest
from django.conf import settings

from leeward.demo.world.smtp import Received
from leeward.foundation.actor import Actor
from leeward.notices import services
from leeward.notices.models import InboundMail, Message, Notice, Referral
from leeward.notices.rules.reference import marks_in
from tests.notices.conftest import ABUSE, POLICE, Office
from tests.notices.test_police_mail_returned import DAEMON, DAY

pytestmark = pytest.mark.django_db


@pytest.fixture
def notice(office: Office) -> Received:
    """A notice that a host has, and so its mark."""
    office.act(office.case())
    office.work()
    services.answer_referral(Referral.objects.get().pk, "release", actor=Actor("police"))
    office.work()
    return office.mails(ABUSE)[0]


def mark_in(letter: Received) -> str:
    return letter.message["Subject"].rpartition("[")[2].rstrip("]")


def take_in(words: str, *, subject: str = "failure", sender: str = DAEMON) -> InboundMail:
    services.take_in(f"From: {sender}\r\nMessage-ID: <q@x.example>\r\nSubject: {subject}\r\n\r\n{words}".encode())
    return InboundMail.objects.get()


def test_a_mark_in_a_report_does_not_hide_that_the_letter_about_it_came_back(office: Office, notice: Received) -> None:
    services.withdraw(1, actor=office.cast["ana"].actor, reason="removed")
    words = f"See {mark_in(notice)} for this, [{mark_in(notice).lower()}] too."
    office.act(office.case(host="pictures.harbour-host.example", urgent=True, reporter_texts=(words,)))
    office.work()
    letter = office.mails(POLICE)[-1]
    assert words.replace("LW-", "LW -").replace("lw-", "lw -") in " ".join(letter.text.split())
    assert len(marks_in(settings.LEEWARD.secret_bytes, letter.text)) == 1
    mail = take_in("Not delivered: quota. You wrote:\r\n\r\n" + letter.text)
    newest = Referral.objects.latest("pk").pk
    assert (mail.notice_id, mail.referral_id) == (None, newest)
    assert Message.objects.get(kind="referral", subject_id=newest).state == "unsure"
    office.work(4 * DAY)
    assert len(office.mails(ABUSE)) == 1, "the host was not told of what the police may not have"


def test_where_marks_in_a_text_disagree_a_person_reads_it(office: Office, notice: Received) -> None:
    mail = take_in(f"{mark_in(notice)} {mark_in(office.mails(POLICE)[0])}", sender="a@b.example")
    assert (mail.notice_id, mail.referral_id) == (None, None)


def test_the_mark_in_the_subject_counts_before_those_in_the_text(office: Office, notice: Received) -> None:
    letter = office.mails(POLICE)[0]
    mail = take_in(f"{mark_in(notice)} {mark_in(letter)}", subject=f"Re: [{mark_in(letter)}]", sender=POLICE)
    assert (mail.notice_id, mail.referral_id) == (None, Referral.objects.get().pk)


def test_the_same_mark_twice_is_no_disagreement(office: Office, notice: Received) -> None:
    mail = take_in(f"{mark_in(notice)} {mark_in(notice).upper()}", sender=ABUSE)
    assert (mail.notice_id, mail.referral_id) == (Notice.objects.get().pk, None)
