"""What a payment firm writes, on its page or by mail, is news of the cases that its alert rests on, and stands with what is paid to."""

import pytest

from leeward.casework import services
from leeward.casework.models import Case
from leeward.casework.timeline.queries.history import history_of
from leeward.foundation.actor import Actor
from leeward.notices import queries as notices_queries
from leeward.notices import services as notices_services
from leeward.notices.models import Message
from leeward.payments.models import Payee
from leeward.web_security.keys import new_form_key
from tests.casework.conftest import Desk
from tests.casework.money.test_money import WALLET, firm, freed, paying, shown

pytestmark = pytest.mark.django_db


def told(desk: Desk) -> tuple[Case, int]:
    """A case whose alert a firm has, and its payee's number."""
    case = paying(desk)
    number = Payee.objects.get(value=WALLET).pk
    freed(case)
    sent = {"firm": str(firm(desk)), "once": new_form_key(), "seen": "0"}
    assert desk.signed_in("ana").post(f"/desk/money/{number}", sent).status_code == 302
    desk.work()
    services.mark_as_read(case.pk, actor=desk.cast["ana"].actor)
    return case, number


@pytest.mark.parametrize(("words", "is_news"), [("Its holder has others.", True), ("", False)])
def test_words_of_a_firm_are_news(desk: Desk, words: str, is_news: bool) -> None:
    case, number = told(desk)
    [alert] = notices_queries.alerts_of([number])[number]
    notices_services.answer_payment_alert(alert.id, "closed", note=words, actor=Actor("host"))
    desk.work()
    case.refresh_from_db()
    assert bool(case.news) is is_news
    came = [row.note for row in history_of(case, actor=desk.cast["ana"].actor)]
    assert came.count("A payment firm answered") == int(is_news)
    assert words in shown(desk, "ana", f"/desk/money/{number}")


def test_mail_of_a_firm_is_news_and_read_with_what_is_paid_to(desk: Desk) -> None:
    case, number = told(desk)
    letter, to = Message.objects.filter(kind="payment").values_list("message_id", "to").get()
    mail = f"From: {to}\r\nMessage-ID: <a@b.example>\r\nIn-Reply-To: {letter}\r\nSubject: Re\r\n\r\nIt has others."
    notices_services.take_in(mail.encode())
    desk.work()
    case.refresh_from_db()
    assert case.news
    assert "It has others." in shown(desk, "ana", f"/desk/money/{number}")
    timeline = shown(desk, "ana", f"/desk/case/{case.reference}/timeline")
    assert f"Answer by mail from {to}" in timeline
    assert "It has others." not in timeline
