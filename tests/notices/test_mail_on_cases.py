"""Mail that answers a letter, as the history of its cases shows it: in each of them, and what of it isn't kept."""

import pytest

from leeward.notices import services
from leeward.notices.models import Referral
from leeward.notices.queries.history import HistoryRow, history_of
from leeward.notices.rules.briefs import Plan
from leeward.notices.rules.incoming import MOST_TEXT
from tests.notices.conftest import ABUSE, POLICE, Office

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
    assert Referral.objects.get(case_id=2).mail_of_id == 1
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
