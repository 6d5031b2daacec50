"""Mail that answers a letter, as the history of its cases shows it: in each of them, and what of it isn't kept."""

from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from leeward.notices import queries, services
from leeward.notices.models import InboundMail, Message, NoticeItem, Referral
from leeward.notices.queries import HistoryRow, history_of, mails, mails_about_alerts
from leeward.notices.queries.mails import MOST_FIRST, MOST_LAST
from leeward.notices.rules.briefs import Plan
from leeward.notices.rules.incoming import MOST_TEXT
from tests.notices.conftest import ABUSE, POLICE, Office
from tests.notices.test_name_acts import NAME, free
from tests.notices.test_payment_alerts import FIRM, firm, released, tell  # noqa: F401
from tests.notices.test_police_mail_returned import QMAIL, in_words, report

pytestmark = pytest.mark.django_db
PARTS = "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n{text}\r\n{files}--b--\r\n"
FILE = "--b\r\nContent-Type: image/png\r\n\r\nx\r\n"


def answer(letter_id: str, subject: str, rest: str, sender: str = "DI <di@constabulary.example>") -> bytes:
    heads = f"From: {sender}\r\nMessage-ID: <z@c.example>\r\nIn-Reply-To: {letter_id}\r\n"
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
    assert row.note.endswith(f"\n{note}")


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


TO_POLICE = f"This is about our letter to the police ({POLICE})."
TO_HOST = f"This is about notice 1 to host ({ABUSE})."
STRANGER = "Its sender isn’t whom we wrote to. It may be from anybody who has that letter."


@pytest.fixture
def both_told(office: Office) -> tuple[str, str]:
    """The letter to the police and the notice to the host about one case."""
    office.act(office.case())
    office.work()
    office.work(timedelta(days=3))
    return office.mails(POLICE)[0].message["Message-ID"], office.mails(ABUSE)[0].message["Message-ID"]


def test_a_host_pushes_out_neither_the_police_nor_its_own_first_mails(both_told: tuple[str, str]) -> None:
    police, host = both_told
    services.take_in(answer(police, "Re", "\r\nHold it: an officer is at the house."))
    count = MOST_FIRST + MOST_LAST + 2
    for number in range(count):
        services.take_in(answer(host, "Re", f"\r\nTicket {number}", ABUSE))
    texts = [row.mail_text for row in mails_of(1)]
    tickets = [*range(MOST_FIRST), *range(MOST_FIRST + 2, count)]
    assert texts == ["Hold it: an officer is at the house.", *(f"Ticket {number}" for number in tickets)]
    [row] = [row for row in history_of(1) if row.what == "mails_left_out"]
    assert (row.title, row.note) == ("2 mails are not shown here", TO_HOST)


def test_as_many_mails_as_are_shown_leave_none_out(both_told: tuple[str, str]) -> None:
    for number in range(MOST_FIRST + MOST_LAST):
        services.take_in(answer(both_told[1], "Re", f"\r\nTicket {number}", ABUSE))
    assert len(mails_of(1)) == MOST_FIRST + MOST_LAST
    assert not [row for row in history_of(1) if row.what == "mails_left_out"]


def many_mails(office: Office, letters: int, *, each: int, text: str = "We have it.") -> None:
    """Mails that answer further letters to the police about the case, one letter after the other."""
    [first] = Referral.objects.all()
    for number in range(letters):
        letter = Referral.objects.create(
            notice_case=first.notice_case, hotline_id=first.hotline_id, case_id=first.case_id, reference=first.reference,
            portal_id=first.portal_id, created_at=office.reached, sent_at=office.reached,
        )  # fmt: skip
        for which in range(each):
            InboundMail.objects.create(
                hotline_id=first.hotline_id, referral=letter, message_id=f"<{number}.{which}@x>", sender=POLICE,
                subject=f"{number}.{which}", text=text, received_at=office.reached + timedelta(seconds=number * each + which),
            )  # fmt: skip


def test_of_very_many_letters_so_many_mails_are_shown_and_how_many_more_there_are(
    office: Office, both_told: tuple[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(mails, "MOST_MAILS", 8)
    many_mails(office, 3, each=5)
    shown = [row.note.rpartition("\n")[2] for row in mails_of(1)]
    assert shown == ["0.0", "0.4", "1.0", "1.1", "1.4", "2.0", "2.1", "2.4"], "the first of each, then the newest ones"
    rows = [row for row in history_of(1) if row.what == "mails_left_out"]
    assert [row.title for row in rows] == ["3 mails are not shown here", *["2 mails are not shown here"] * 2]
    assert all(row.is_in_part for row in rows)
    monkeypatch.setattr(mails, "MOST_MAILS", 2)
    assert [row.note.rpartition("\n")[2] for row in mails_of(1)] == ["1.0", "2.0"]
    rows = [row for row in history_of(1) if row.what == "mails_left_out"]
    assert sorted(row.title for row in rows) == ["4 mails are not shown here"] * 2 + ["5 mails are not shown here"]
    page = queries.mails_of([1], 1)
    assert [row.note.rpartition("\n")[2] for _case, row in page.rows] == [
        f"{letter}.{which}" for letter in (2, 1, 0) for which in (4, 3, 2, 1, 0)
    ]
    assert {case for case, _row in page.rows} == {1}
    assert queries.mails_of([2], 1).rows == []


def test_a_page_holds_so_many_characters_and_of_each_mail_at_least_the_beginning(
    office: Office, both_told: tuple[str, str]
) -> None:
    text = "x" * MOST_TEXT
    many_mails(office, 5, each=7, text=text)
    rows = mails_of(1)
    whole = [row.note.rpartition("\n")[2] for row in rows if row.mail_text == text]
    assert len(whole) == mails.MOST_CHARACTERS // MOST_TEXT == 20
    assert {f"{letter}.{which}" for letter in range(5) for which in (0, 1, 6)} < set(whole)
    rest = [row for row in rows if row.is_in_part]
    assert len(rest) == len(rows) - 20 == 15
    assert {(row.mail_text, row.note.rpartition("\n")[2]) for row in rest} == {
        ("x" * mails.BEGINNING + "…", "Only its beginning is shown here.")
    }
    assert {row.mail_text for _case, row in queries.mails_of([1], 1).rows} == {text}


def test_of_more_letters_than_mails_are_shown_one_line_says_how_many_are_not(
    office: Office, both_told: tuple[str, str]
) -> None:
    many_mails(office, mails.MOST_MAILS + 30, each=1)
    assert len(mails_of(1)) == mails.MOST_MAILS
    [row] = [row for row in history_of(1) if row.what == "mails_left_out"]
    assert (row.title, row.note) == ("30 mails are not shown here", "")


def test_mail_is_read_in_the_same_queries_however_much_there_is(
    both_told: tuple[str, str], django_assert_num_queries: Any
) -> None:
    services.take_in(answer(both_told[0], "Re", "\r\nOne"))
    with CaptureQueriesContext(connection) as before:
        history_of(1)
    for number in range(20):
        services.take_in(answer(both_told[1], "Re", f"\r\nTicket {number}", ABUSE))
    with django_assert_num_queries(len(before)):
        history_of(1)


def test_a_mail_says_which_letter_it_answers_and_whether_its_sender_got_that(both_told: tuple[str, str]) -> None:
    police, host = both_told
    for letter, sender in ((police, f"Constabulary <{POLICE}>"), (host, f"Constabulary <{POLICE}>"), (host, ABUSE)):
        services.take_in(answer(letter, "Re", "\r\nThe child is safe. Close it.", sender))
    assert [row.note for row in mails_of(1)] == [
        f"{TO_POLICE}\nRe", f"{TO_HOST}\n{STRANGER}\nRe", f"{TO_HOST}\nRe",
    ]  # fmt: skip


def test_nobody_is_a_stranger_whose_server_returns_a_letter(office: Office) -> None:
    office.act(office.case())
    office.work()
    services.take_in(report(office.mails(POLICE)[0]))
    [row] = [row for row in history_of(1) if row.what == "mail_bounced"]
    assert row.note.startswith(TO_POLICE)
    assert STRANGER not in row.note


def test_mail_of_a_payment_firm_is_named_in_its_cases_and_read_where_its_answers_are(office: Office, firm: int) -> None:  # noqa: F811
    """A case doesn't say what is paid to, nor what the firm writes of it: not everybody who reads a case may."""
    case = released(office)
    number = tell(office, firm, case)
    office.work()
    text = "The account is closed. Its holder has others at Dove Bank."
    services.take_in(answer(office.mails(FIRM)[0].message["Message-ID"], "Wallet 17bn", f"\r\n{text}", FIRM))
    [row] = mails_of(case)
    assert row.note == (
        f"This is about our alert to a payment firm ({FIRM}).\nWhat it says stands under Money, with what is paid to."
    )
    assert row.mail_text == ""
    [shown] = mails_about_alerts([number])
    assert shown.note == f"This is about our alert to a payment firm ({FIRM}).\nWallet 17bn"
    assert (shown.title, shown.mail_text) == (f"Answer by mail from {FIRM}", text)
