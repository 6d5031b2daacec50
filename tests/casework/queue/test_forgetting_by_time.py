"""However much work mail makes, what was taken back is looked for in all of it: a run ends in time, keeps how far it came, and puts
what stays in order once."""

import json
from email.message import EmailMessage
from typing import Any

import pytest

from leeward.intake.services import add_to_report, withdraw_report
from leeward.jobs.models import Job
from leeward.notices import services as notices_services
from leeward.notices.models import InboundMail, NoticeCase
from leeward.notices.services import forgetting
from leeward.notices.services.mail import take_in
from leeward.web_security.keys import new_form_key
from tests.casework.conftest import POLICE, Desk
from tests.casework.queue.test_forgetting_in_mail import looked_for, run_until_looked_for, texts
from tests.casework.queue.test_withdrawing import letter_with, mail_about, quoted

pytestmark = pytest.mark.django_db
BOAT, HOUSE = "The red boat of words8c1d left at nine.", "The green house by the wall is hers."


def with_document(desk: Desk) -> InboundMail:
    """A mail of the police with words that programs read."""
    mail = EmailMessage()
    mail["From"], mail["Message-ID"] = POLICE, f"<d{InboundMail.objects.count()}@police.example>"
    mail.set_content("We have got it.")
    document = json.dumps({"note": [f"You write: {BOAT}"]}).encode()
    mail.add_attachment(document, maintype="application", subtype="json", filename="a.json")
    return InboundMail.objects.get(pk=take_in(mail.as_bytes()))


def several_who_say_it(desk: Desk, count: int = 2) -> NoticeCase:
    """A case about which the police were told the same by several."""
    case = desk.case(text=BOAT, kind="danger")
    for _report in range(count - 1):
        desk.report(desk.world.gallery_url, text=BOAT, kind="danger")
    letter_with(desk, BOAT)
    return NoticeCase.objects.get(case_id=case.pk)


def test_a_run_ends_in_time_and_the_next_goes_on_behind_it(desk: Desk, monkeypatch: Any) -> None:
    notice_case = several_who_say_it(desk)
    mails = [mail_about(desk, f"You say: {BOAT}", to="") for _mail in range(3)]
    monkeypatch.setattr(forgetting, "_SECONDS", 0, raising=False)
    withdraw_report(desk.reports[1])
    run_until_looked_for(notice_case)
    for mail in mails[:2]:
        assert notices_services.forget_quoted(notice_case.pk), "there are more"
        assert [one.after for one in looked_for(notice_case)] == [mail.pk]
    assert not notices_services.forget_quoted(notice_case.pk)
    assert not looked_for(notice_case)
    assert all(BOAT in text for text in texts(mails)), "somebody else says it, too"


def test_documents_are_looked_through_within_the_same_time(desk: Desk, monkeypatch: Any) -> None:
    notice_case = several_who_say_it(desk, 1)
    mails = [with_document(desk) for _mail in range(3)]
    Job.objects.filter(kind__startswith="tips.").delete()  # nobody could take them in
    monkeypatch.setattr(forgetting, "_SECONDS", 0, raising=False)
    withdraw_report(desk.reports[0])
    run_until_looked_for(notice_case)
    for count in (1, 2, 3):
        assert notices_services.forget_quoted(notice_case.pk) == (count < 3)
        held = [InboundMail.objects.get(pk=mail.pk).documents for mail in mails]
        assert ["boat" in "".join(one) for one in held] == [number >= count for number in range(3)]


def test_what_ends_a_run_keeps_how_far_it_came(desk: Desk, monkeypatch: Any) -> None:
    notice_case = several_who_say_it(desk, 1)
    mails = [mail_about(desk, f"You say: {BOAT} {words}", to="") for words in ("One.", "Two.", "Stop.", "Four.")]
    take = forgetting.without_pieces

    def stopped(text: str, *pieces: Any, **more: Any) -> str:
        if "Stop." in text:
            raise TimeoutError
        return take(text, *pieces, **more)

    monkeypatch.setattr(forgetting, "_AT_ONCE", 1)
    monkeypatch.setattr(forgetting, "without_pieces", stopped)
    withdraw_report(desk.reports[0])
    run_until_looked_for(notice_case)
    with pytest.raises(TimeoutError):
        notices_services.forget_quoted(notice_case.pk)
    assert [one.after for one in looked_for(notice_case)] == [mails[1].pk]
    assert [BOAT in text for text in texts(mails)] == [False, False, True, True]


@pytest.mark.parametrize("about", ["nothing", "the case"])
def test_what_stays_is_put_in_order_once_in_a_run(desk: Desk, monkeypatch: Any, about: str) -> None:
    notice_case = several_who_say_it(desk)
    to = letter_with(desk, BOAT).message["Message-ID"] if about == "the case" else ""
    mails = [mail_about(desk, f"You say: {BOAT}", to=to) for _mail in range(4)]
    put_in_order, times = forgetting.pieces_of, []

    def counted(lines: Any) -> Any:
        times.append(1)
        return put_in_order(lines)

    monkeypatch.setattr(forgetting, "pieces_of", counted)
    withdraw_report(desk.reports[1])
    run_until_looked_for(notice_case)
    assert not notices_services.forget_quoted(notice_case.pk)
    assert all(BOAT in text for text in texts(mails))
    assert len(times) == (2 if about == "nothing" else 3), "what is gone, what stays here and what stays there"


def test_who_takes_something_back_later_keeps_no_search_from_its_end(desk: Desk, monkeypatch: Any) -> None:
    case = desk.case(text=HOUSE, kind="danger")
    others = [desk.report(desk.world.gallery_url, text=f"{BOAT} It is {n}.", kind="danger") for n in range(3)]
    letter = letter_with(desk, HOUSE)
    mails = [mail_about(desk, *quoted(letter), to=letter.message["Message-ID"]) for _mail in range(5)]
    notice_case = NoticeCase.objects.get(case_id=case.pk)
    monkeypatch.setattr(forgetting, "_A_RUN", 2)
    withdraw_report(desk.reports[0])
    run_until_looked_for(notice_case)
    for count, report in enumerate(others, start=1):
        notices_services.forget_quoted(notice_case.pk)
        assert [HOUSE in text.replace("\n> ", " ") for text in texts(mails)] == [
            number >= 2 * count for number in range(5)
        ]
        withdraw_report(report)
        run_until_looked_for(notice_case, min(2, 4 - count))
    desk.work()
    assert not any("boat" in text for text in texts(mails))
    assert not looked_for(notice_case)


def test_of_what_is_too_much_to_be_put_in_order_the_shortest_stay(desk: Desk) -> None:
    notice_case = several_who_say_it(desk)
    long = desk.report(desk.world.gallery_url, text=f"{HOUSE} {'x' * 400}", kind="danger")
    add_to_report(long, text=f"{HOUSE} {'y' * 400}", form_key=new_form_key())
    desk.report(desk.world.gallery_url, text=HOUSE, kind="danger")
    desk.work()
    notice_case.refresh_from_db()
    few, many = ([*forgetting._lines_left(notice_case, [desk.reports[1]], most)] for most in (800, 100_000))
    for words, stays in ((BOAT, True), (f"“{HOUSE}”", True), ("y" * 400, False)):
        assert sum(words in line for line in many) > 1
        assert (sum(words in line for line in few) > 1) == stays, "once in the next letter, and in all that they wrote"
