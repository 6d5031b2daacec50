"""What a person had done, or does, about a case whose hosts may not be told for a hold of the police: it waits, or they are told."""

import pytest

from leeward.foundation.actor import Actor
from leeward.notices import services
from leeward.notices.errors import PoliceComeFirst
from leeward.notices.models import Message, NameAct, NoticeItem
from leeward.notices.queries.redirects import redirects_waiting
from leeward.notices.rules.briefs import CaseBrief
from tests.notices.conftest import ABUSE, POLICE, Office
from tests.notices.test_held_beside import DAY, _first, _second, letter, release, told
from tests.notices.test_holds import hold
from tests.notices.test_name_acts import HOST, NAME, REGISTRAR

__all__ = ["_first", "_second"]
pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("own", [False, True])
def test_what_was_asked_of_a_registrar_waits(office: Office, second: CaseBrief, first: CaseBrief, own: bool) -> None:
    office.internet.host(HOST, abuse=[ABUSE], registrar=[REGISTRAR])
    release(second)
    office.work()
    services.act_on_name(second.case_id, "registrar", name=NAME, actor=office.cast["ana"].actor)
    hold(office, letter(second if own else first), days=2)
    office.work(DAY)
    assert (office.mails(REGISTRAR), NameAct.objects.count()) == ([], 1)
    assert Message.objects.get(kind="notice", to=REGISTRAR).state == "waiting"
    office.work(2 * DAY)
    office.work(DAY / 24)
    assert len(office.mails(REGISTRAR)) == 1


def test_what_our_police_are_asked_about_the_name_goes(office: Office, first: CaseBrief, second: CaseBrief) -> None:
    office.internet.host(HOST, abuse=[ABUSE], registrar=[REGISTRAR])
    release(second)
    office.work()
    before = len(office.mails(POLICE))
    services.act_on_name(second.case_id, "police", name=NAME, actor=office.cast["ana"].actor)
    hold(office, letter(first), days=2)
    office.work()
    assert len(office.mails(POLICE)) == before + 1


def test_what_a_person_sends_again_waits(office: Office, first: CaseBrief, second: CaseBrief) -> None:
    office.post.refuse(ABUSE)
    release(second)
    office.work()
    message = Message.objects.get(kind="notice")
    hold(office, letter(first), days=2)
    office.post.accept_again(ABUSE)
    services.retry(message.pk, actor=office.cast["carl"].actor)
    office.work(DAY)
    message.refresh_from_db()
    assert (message.state, office.mails(ABUSE)) == ("waiting", [])
    release(first)
    office.work(DAY / 12)
    message.refresh_from_db()
    assert (message.state, told(second)) == ("sent", 1)


def test_nobody_is_chosen_who_would_never_be_written_to(office: Office, first: CaseBrief, second: CaseBrief) -> None:
    office.internet.host(HOST, abuse=[ABUSE], upstream=["noc@upstream.example"])
    release(second)
    office.work()
    for _day in range(6):
        office.work(DAY)
    item = NoticeItem.objects.filter(case_id=second.case_id, notice__kind="upstream").latest("pk")
    given = [services.Given(item.pk, "wrong_contact", "noc@right.example")]
    services.answer_notice(item.notice_id, given, actor=Actor("owner"))
    hold(office, letter(first), days=3)
    with pytest.raises(PoliceComeFirst):
        services.write_instead(item.pk, "noc@right.example", actor=office.cast["carl"].actor)
    assert [row.item_id for row in redirects_waiting()] == [item.pk]
    office.work(4 * DAY)
    services.write_instead(item.pk, "noc@right.example", actor=office.cast["carl"].actor)
    office.work()
    assert len(office.mails("noc@right.example")) == 1
