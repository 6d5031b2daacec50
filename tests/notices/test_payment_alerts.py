"""A payment firm is told after the police, by mail or encrypted, answers without an account, and silence is noticed."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django_scopes import scope

from leeward.foundation.actor import Actor
from leeward.foundation.errors import NotAllowed, NotFound
from leeward.notices import queries, services
from leeward.notices.channels import registry
from leeward.notices.errors import NoRoomForWords
from leeward.notices.models import Contact, InboundMail, Message, PaymentAlert, Referral
from leeward.notices.queries.payments import payment_alerts
from leeward.notices.rules.delivery import Outcome
from leeward.notices.rules.payments import MOST_NOTE, MOST_WORDS, PaymentBrief
from leeward.notices.services.delivery import settle
from leeward.notices.timing import police_wait
from leeward.web_security.keys import new_form_key
from tests.having_read import seen_on
from tests.notices.conftest import POLICE, START, Office
from tests.notices.test_pages import path_of, signed_in
from tests.notices.test_police_mail_returned import report
from tests.notices.test_services import link_in

pytestmark = pytest.mark.django_db
FIRM = "alerts@harbour-pay.example"
WALLET = "17bnfudZkgMzmzL4BFA4gcFe5uirQMSajT"
BRIEF = PaymentBrief(
    7, "btc", WALLET, "", False, (("20", "USD"),), ("RIVER*STONES",), 1, 2, ("JM",), START, START + timedelta(days=1)
)


@pytest.fixture
def firm(office: Office) -> int:
    details = services.ContactDetails("payment", "", "Harbour Pay", FIRM)
    return services.add_contact(details, hotline_id=office.cast.hotline_id, actor=office.cast["carl"].actor)


def tell(office: Office, firm: int, *cases: int, decided: Any = None, brief: PaymentBrief = BRIEF) -> int:
    return services.alert_payment_firm(
        brief,
        firm,
        cases=cases,
        decided=cases if decided is None else decided,
        hotline_id=office.cast.hotline_id,
        actor=office.cast["ana"].actor,
    )


def released(office: Office) -> int:
    """A case of which the police let others be told."""
    case = office.case()
    acted = office.act(case)
    office.work()
    services.answer_referral(acted.referral_id, "release", actor=Actor("police"))
    office.work()
    return case.case_id


def test_a_firm_reads_what_is_paid_to_and_no_address_and_its_answer_counts(office: Office, firm: int) -> None:
    case = released(office)
    number = tell(office, firm, case)
    office.work()
    (mail,) = office.mails(FIRM)
    text = " ".join(mail.text.split())
    for part in (
        f"Bitcoin: {WALLET}",
        "asked for: 20 USD",
        "RIVER*STONES",
        "named in 1 case, hosted in: JM",
        "first seen 2026-11-24",
    ):
        assert part in text
    assert "harbour-host" not in text
    assert "2026-0001" not in text
    assert "no check digits" not in text
    path = path_of(link_in(mail, "payment"))
    page = Client().get(path)
    assert (page.status_code, page.headers["Cache-Control"], page.cookies) == (200, "no-store", {})
    assert "noindex" in page.headers["X-Robots-Tag"]
    assert WALLET in page.content.decode()
    assert PaymentAlert.objects.get(pk=number).answer == "none"
    key = new_form_key()
    sent = {"once": key, "answer": "closed", "note": "Closed today."}
    done = Client().post(path, sent)
    assert (done.status_code, done.headers["Location"]) == (303, f"{path}?done=1")
    Client().post(path, sent | {"answer": "not_ours"})
    (row,) = queries.alerts_of([7])[7]
    assert (row.answer, row.note, row.is_late, row.firm) == (
        "closed",
        "2026-11-24 12:18 UTC: Closed today.",
        False,
        "Harbour Pay",
    )
    assert "Your answer: account closed" in Client().get(f"{path}?done=1").content.decode()
    measured = Contact.objects.get(pk=firm)
    assert (measured.asked, measured.answered, measured.removed) == (1, 1, 1)


@pytest.mark.parametrize("bad", [{"answer": "none"}, {"answer": "<b>"}, {}, {"answer": "closed", "note": "x" * 2001}])
def test_an_answer_that_is_none_is_asked_for_again(office: Office, firm: int, bad: dict[str, str]) -> None:
    number = tell(office, firm, released(office))
    office.work()
    path = path_of(link_in(office.mails(FIRM)[0], "payment"))
    assert Client().post(path, {"once": new_form_key(), **bad}).status_code == 422
    assert Client().post(path, {"answer": "closed"}).status_code == 422
    assert PaymentAlert.objects.get(pk=number).answer == "none"
    assert Client().get(f"{path}x").status_code == 404


def test_the_police_come_first_and_a_hold_stops_even_what_waits(office: Office, firm: int) -> None:
    free, waiting = released(office), office.case()
    referral = office.act(waiting).referral_id
    office.work()
    with pytest.raises(NotAllowed, match="police come first"):
        tell(office, firm, waiting.case_id)
    with pytest.raises(NotAllowed, match="decided as illegal"):
        tell(office, firm, free, decided=())
    number = tell(office, firm, free, waiting.case_id)
    assert queries.cases_of_alert(number) == [free]
    until = START + timedelta(days=3)
    services.answer_referral(referral, "hold", actor=Actor("police"), until=until)
    with pytest.raises(NotAllowed, match="hold a case"):
        tell(office, firm, free, waiting.case_id)


def test_a_case_held_before_the_alert_goes_keeps_it_back(office: Office, firm: int) -> None:
    case = released(office)
    number = tell(office, firm, case)
    Referral.objects.filter(case_id=case).update(state="held")
    office.work()
    assert office.mails(FIRM) == []
    assert PaymentAlert.objects.get(pk=number).state == "stopped"
    assert Message.objects.get(kind="payment").state == "stopped"


@pytest.mark.parametrize("others", [0, 1])
def test_one_that_waits_when_the_letter_to_the_police_comes_back_does_not_go(
    office: Office, firm: int, others: int
) -> None:
    """It names what the case says, so another one that the police have is not enough."""
    cases = [released(office) for _ in range(others)]
    office.act(case := office.case())
    office.work()
    letter = office.mails(POLICE)[-1]
    office.work(police_wait() + timedelta(hours=1))
    office.post.defer(FIRM, times=1000)
    number = tell(office, firm, *cases, case.case_id)
    office.work()
    services.take_in(report(letter, f"Final-Recipient: rfc822; {POLICE}", "Action: failed"))
    office.post.accept_again(FIRM)
    office.work(timedelta(hours=5))
    assert (office.mails(FIRM), PaymentAlert.objects.get(pk=number).state) == ([], "stopped")
    if cases:
        tell(office, firm, *cases, case.case_id)
        office.work()
        assert len(office.mails(FIRM)) == 1, "anew, of what the police have"


def test_silence_is_told_to_supervisors_once_and_the_list_says_late(office: Office, firm: int) -> None:
    tell(office, firm, released(office))
    office.work()
    assert [row.is_late for row in queries.alerts_of([7])[7]] == [False]
    office.work(timedelta(days=4))
    office.work(timedelta(days=4))
    (letter,) = [mail for mail in office.mails("carl@staff.example") if "payment firm" in mail.text]
    assert "/desk/money/7" in letter.text
    client = signed_in(office, "ana")
    for view, count in (("open", 1), ("late", 1), ("answered", 0), ("all", 1), ("nonsense", 1)):
        page = client.get(f"/desk/payment-alerts?view={view}").content.decode()
        assert page.count(WALLET) == count, view
    assert client.get("/desk/payment-alerts?page=99999999999999999999").status_code == 200


def test_what_was_withdrawn_after_a_review_is_taken_back_once_nothing_carries_it(office: Office, firm: int) -> None:
    first, second = released(office), released(office)
    number = tell(office, firm, first, second)
    office.work()
    services.withdraw_after_review(first)
    office.work()
    assert len(office.mails(FIRM)) == 1
    services.withdraw_after_review(second)
    services.withdraw_after_review(second)
    office.work()
    first_mail, back = office.mails(FIRM)
    assert "withdraw what we wrote" in " ".join(back.text.split())
    assert "20 USD" not in back.text
    page = Client().get(path_of(link_in(first_mail, "payment"))).content.decode()
    assert "We have withdrawn this" in page
    newest, oldest = queries.alerts_of([7])[7]
    assert (newest.is_withdrawal, oldest.is_withdrawn, oldest.id) == (True, True, number)


def test_two_people_who_press_send_tell_a_firm_once(office: Office, firm: int) -> None:
    case = released(office)
    assert tell(office, firm, case) == tell(office, firm, case)
    office.work()
    assert len(office.mails(FIRM)) == 1
    tell(office, firm, case)
    office.work()
    assert len(office.mails(FIRM)) == 2, "what was sent can be said again"


@pytest.mark.parametrize("arrived", [True, False])
def test_one_that_may_have_gone_is_taken_back_once_that_is_known_and_never_sent_again(
    office: Office, firm: int, arrived: bool
) -> None:
    case = released(office)
    office.post.drop_after_message(FIRM, kept=arrived)
    number = tell(office, firm, case)
    office.work()
    message, carl = Message.objects.get(kind="payment"), office.cast["carl"].actor
    assert message.state == "unsure"
    services.withdraw_after_review(case)
    office.work()
    assert len(office.mails(FIRM)) == int(arrived), "a firm that may know nothing is told nothing"
    if arrived:
        services.call_arrived(message.pk, actor=carl)
    else:
        services.retry(message.pk, actor=carl)
    office.work()
    found = [" ".join(mail.text.split()) for mail in office.mails(FIRM)]
    assert ["withdraw what we wrote" in text for text in found] == ([False, True] if arrived else [])
    assert PaymentAlert.objects.get(pk=number).state == ("sent" if arrived else "stopped")


def test_the_list_walks_along_an_index_whoever_looks(office: Office) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("PostgreSQL reads a small table whole; its indexes are the same")
    for view, index in (
        ("open", "payment_alert_open"),
        ("late", "payment_alert_open"),
        ("all", "payment_alert_newest"),
    ):
        for only_pages in (False, True):
            plan = payment_alerts(view, only_pages=only_pages)[:50].explain()
            assert f"USING INDEX {index} " in plan
            assert "TEMP B-TREE" not in plan
            assert "SCAN" not in plan


def test_one_that_is_being_sent_while_it_is_withdrawn_is_taken_back(office: Office, firm: int) -> None:
    case = released(office)
    number = tell(office, firm, case)
    Message.objects.filter(kind="payment").update(state="sending", sending_since=datetime.now(UTC))
    services.withdraw_after_review(case)
    message = Message.objects.get(kind="payment")
    settle(message.pk, registry.for_everybody(), Outcome("message", 250))
    office.work()
    (back,) = office.mails(FIRM)
    assert "withdraw what we wrote" in " ".join(back.text.split())
    assert PaymentAlert.objects.get(withdraws=number).state == "sent"


def test_an_answer_by_mail_is_with_the_alert_and_a_bounce_marks_the_firm(office: Office, firm: int) -> None:
    number = tell(office, firm, released(office))
    office.work()
    subject = str(office.mails(FIRM)[0].message["Subject"])
    services.take_in(f"From: {FIRM}\r\nSubject: Re: {subject}\r\n\r\nWe are looking.\r\n".encode())
    assert InboundMail.objects.get().payment_alert_id == number
    assert list(queries.unread_mails()) == []


def test_no_other_contact_and_no_other_hotline(office: Office, firm: int) -> None:
    case = released(office)
    with pytest.raises(NotFound):
        tell(office, Contact.objects.get(email=POLICE).pk, case)
    Contact.objects.filter(pk=firm).update(retired=True)
    with pytest.raises(NotFound):
        tell(office, firm, case)
    Contact.objects.filter(pk=firm).update(retired=False)
    with pytest.raises(NotAllowed):
        services.alert_payment_firm(
            BRIEF,
            firm,
            cases=[case],
            decided=[case],
            hotline_id=office.cast.hotline_id,
            actor=office.cast["otto"].actor,
        )
    tell(office, firm, case)
    with scope(hotline=office.cast.other_hotline_id):
        assert queries.alerts_of([7]) == {}
        assert queries.gates_of([case]) == {}
        assert not queries.payment_firms()


def test_a_hotline_writes_alerts_in_its_own_words_and_can_leave_out_no_warning(office: Office, firm: int) -> None:
    carl = signed_in(office, "carl")
    page = "/desk/wordings/edit?kind=payment&language=en&country="
    assert "{details}" in carl.get(page).content.decode(), "it begins with ours"
    body = "To you from {hotline}: {kind} {payee}\n{details}\n\n{weak}\n\n{deadline} {link}"
    seen = seen_on(carl.get(page).content.decode())
    sent = {"subject": "Stop {kind}", "body": body, "act": "save", "once": new_form_key(), "seen": seen}
    assert carl.post(page, sent | {"body": body.replace("{weak}", "")}).status_code == 422
    preview = carl.post(page, sent | {"act": "preview"}).content.decode()
    assert "00-00-00 00000000" in preview
    assert "/payment/…" in preview
    assert carl.post(page, sent | {"once": new_form_key()}).status_code == 302
    case = released(office)
    number = tell(office, firm, case, brief=replace(BRIEF, weak=True, value="{link}"))
    office.work()
    (mail,) = office.mails(FIRM)
    text = " ".join(mail.text.split())
    assert text.startswith("To you from Hotline of Jamaica: Bitcoin {link} - asked for: 20 USD"), (
        "nothing is filled in twice"
    )
    assert "named in 1 case, hosted in: JM" in text
    assert "no check digits" in text
    assert link_in(mail, "payment")
    assert str(mail.message["Subject"]).startswith("Stop Bitcoin [LW-P")
    services.withdraw_after_review(case)
    office.work()
    assert "withdraw what we wrote" in " ".join(office.mails(FIRM)[-1].text.split()), "ours"
    assert PaymentAlert.objects.filter(withdraws=number).exists()


def test_the_cases_timeline_has_the_alert_its_answer_and_its_end_without_what_is_paid_to(
    office: Office, firm: int
) -> None:
    case, other = released(office), released(office)
    number = tell(office, firm, case)

    def rows() -> list[tuple[str, str, str]]:
        found = queries.history_of(case)
        assert WALLET not in repr(found), "a report may be all that names it"
        return [(one.what, one.state, one.note) for one in found if one.what.startswith("payment")]

    assert rows() == [("payment_waiting", "later", "Bitcoin Waiting to be sent.")]
    office.work()
    assert rows() == [("payment_sent", "done", "Bitcoin"), ("payment_due", "later", "")]
    services.answer_payment_alert(number, "closed", note=f"It was {WALLET}", actor=Actor("host"))
    assert rows() == [("payment_sent", "done", "Bitcoin"), ("payment_answered", "done", "")]
    services.withdraw_after_review(case)
    office.work()
    assert sorted(what for what, _state, _note in rows()) == ["payment_answered", "payment_sent", "payment_sent"]
    titles = [one.title for one in queries.history_of(case)]
    assert "Alert to a payment firm withdrawn" in titles
    assert "Answer: account closed" in titles
    assert not any(one.what.startswith("payment") for one in queries.history_of(other))


def test_words_of_a_firm_stay_whatever_it_answers_next_and_are_refused_where_they_find_no_room(
    office: Office, firm: int
) -> None:
    number = tell(office, firm, released(office))
    office.work()
    path = path_of(link_in(office.mails(FIRM)[0], "payment"))
    long = "x" * MOST_NOTE
    for answer, note in (("closed", "Its holder has others."), ("reported", ""), ("reported", ""), ("marked", "Also.")):
        services.answer_payment_alert(number, answer, note=note, actor=Actor("host"))
    page = Client().get(path).content.decode()
    assert page.index("Its holder has others.") < page.index("Also.") < page.index("<textarea")
    alert = PaymentAlert.objects.get(pk=number)
    assert [line.partition("UTC: ")[2] for line in alert.note.split("\n\n")] == ["Its holder has others.", "Also."]
    for _time in range(19):
        services.answer_payment_alert(number, "marked", note=long, actor=Actor("host"))
    before = PaymentAlert.objects.get(pk=number)
    refused = Client().post(path, {"once": new_form_key(), "answer": "closed", "note": long})
    assert refused.status_code == 422
    assert "nothing more fits" in refused.content.decode()
    assert long in refused.content.decode().partition("<textarea")[2]
    assert PaymentAlert.objects.get(pk=number).answer == before.answer == "marked"
    services.answer_payment_alert(number, "closed", note="", actor=Actor("host"))
    after = PaymentAlert.objects.get(pk=number)
    assert (after.answer, after.note) == ("closed", before.note)


def test_all_of_the_room_for_a_firms_words_can_be_used(office: Office, firm: int) -> None:
    number = tell(office, firm, released(office))
    PaymentAlert.objects.filter(pk=number).update(note="x" * (MOST_WORDS - 27))
    with pytest.raises(NoRoomForWords):
        services.answer_payment_alert(number, "closed", note="abcd", actor=Actor("host"))
    services.answer_payment_alert(number, "closed", note="abc", actor=Actor("host"))
    assert len(PaymentAlert.objects.get(pk=number).note) == MOST_WORDS
