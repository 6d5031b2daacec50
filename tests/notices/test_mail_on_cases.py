"""Mail that answers a letter, as the history of its cases shows it: in each of them, and what of it isn't kept."""

import pytest

from leeward.notices import services
from leeward.notices.models import InboundMail, Message, NoticeItem, Referral
from leeward.notices.queries.history import HistoryRow, history_of
from leeward.notices.rules.briefs import Plan
from leeward.notices.rules.incoming import MOST_TEXT
from tests.notices.conftest import ABUSE, POLICE, Office
from tests.notices.test_name_acts import NAME, free
from tests.notices.test_police_mail_returned import QMAIL, in_words

pytestmark = pytest.mark.django_db
PARTS = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n{text}\r\n{files}--b--\r\n"
FILE = "--b\r\nContent-Type: image/png\r\n\r\nx\r\n"


def answer(letter_id: str, subject: str, rest: str) -> bytes:
    heads = f"From: DI <di@constabulary.example>\r\nMessage-ID: <z@c.example>\r\nIn-Reply-To: {letter_id}\r\n"
    return f"{heads}Subject: {subject}\r\n{rest}".encode()


def mails_of(case_id: int) -> list[HistoryRow]:
    return [row for row in history_of(case_id) if row.what == "mail_received"]


def test_an_answer_to_a_letter_about_several_cases_is_shown_in_each(office: Office) -> None:
    one, two = office.case(), office.case()
    office.act(one)
    services.act_on(two, plan=Plan(), actor=office.cast["ana"].actor, beside=[1])
    office.act(office.case(host="other.harbour-host.example"))
    office.work()
    assert Referral.objects.get(case_id=2).mail_of_id == Referral.objects.get(case_id=1).pk
    letter = next(mail for mail in office.mails(POLICE) if "2026-0002" in mail.text)
    services.take_in(answer(letter.message["Message-ID"], "Re: both", "\r\nHold both, please."))
    for case_id in (1, 2):
        [row] = mails_of(case_id)
        assert row.mail_text == "Hold both, please."
    assert mails_of(3) == []


@pytest.mark.parametrize(
    ("files", "text", "note"),
    [
        (0, "x", "Re: it"),
        (1, "x", "Re: it\n1 attachment was dropped"),
        (
            2,
            "x" * (MOST_TEXT + 1),
            "Re: it\n2 attachments were dropped\nThe rest was too long and was not stored.",
        ),
    ],
)
@pytest.mark.parametrize("to", [POLICE, ABUSE])
def test_what_is_not_kept_of_an_answer_is_said_with_it(
    office: Office, to: str, files: int, text: str, note: str
) -> None:
    office.act(office.case(), Plan() if to == POLICE else Plan(police=False))
    office.work()
    letter = office.mails(to)[0].message["Message-ID"]
    services.take_in(answer(letter, "Re: it", PARTS.format(text=text, files=FILE * files)))
    [row] = mails_of(1)
    assert row.note == note


def test_what_a_program_answers_to_any_letter_to_our_police_is_left_to_a_person(office: Office) -> None:
    """Also to a letter about a name, and to what was recorded as their answer."""
    brief = free(office)
    services.act_on_name(brief.case_id, "police", name=NAME, actor=office.cast["ana"].actor)
    office.work()
    for number, kind in enumerate(("reply", "notice")):
        message = Message.objects.get(kind=kind, to=POLICE)
        letter = next(one for one in office.mails(POLICE) if one.message["Message-ID"] == message.message_id)
        services.take_in(in_words(letter, QMAIL, f"In-Reply-To: {message.message_id}", number=number))
        message.refresh_from_db()
        assert (message.state, message.problem) == ("unsure", "program_answered")
        services.call_arrived(message.pk, actor=office.cast["carl"].actor)
        message.refresh_from_db()
        assert message.state == "sent"


def test_what_a_program_answers_to_a_letter_about_a_name_that_they_answered_raises_no_doubt(office: Office) -> None:
    brief = free(office)
    services.act_on_name(brief.case_id, "police", name=NAME, actor=office.cast["ana"].actor)
    office.work()
    message = Message.objects.get(kind="notice", to=POLICE)
    NoticeItem.objects.filter(notice=message.subject_id).update(answered_at=office.reached)
    services.take_in(in_words(office.mails(POLICE)[-1], QMAIL))
    assert InboundMail.objects.get().notice_id == message.subject_id
    message.refresh_from_db()
    assert message.state == "sent"
