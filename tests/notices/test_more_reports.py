"""Whoever reports an address again and again, as its owner may, makes a letter to the police each time, and keeps the host untold by that for
no longer than one time more."""

from datetime import timedelta

import pytest

from leeward.foundation.actor import Actor
from leeward.notices import services
from leeward.notices.models import NoticeCase, Referral
from leeward.notices.rules.answers import FREE
from leeward.notices.timing import police_wait
from tests.notices.conftest import ABUSE, POLICE, Office

pytestmark = pytest.mark.django_db
HOUR = timedelta(hours=1)


def answer(act: str, **more: object) -> None:
    newest = Referral.objects.order_by("-pk").first()
    assert newest is not None
    services.answer_referral(newest.pk, act, actor=Actor("police"), **more)


@pytest.mark.parametrize("urgent", [True, False])
@pytest.mark.parametrize("released", [True, False])
def test_they_keep_the_host_untold_for_one_time_more(office: Office, *, urgent: bool, released: bool) -> None:
    brief = office.case(urgent=urgent)
    office.act(brief)
    office.work()
    begun, letters = office.reached, 1
    if released:
        answer("release")
    while not office.mails(ABUSE):
        services.forward_to_police(brief, more="urgent" if urgent else "later")
        office.work(5 * HOUR)
        letters += 1
        assert office.reached - begun < 3 * police_wait()
    assert office.reached - begun >= (1 if released else 2) * police_wait() - 5 * HOUR, "they had time for what is new"
    assert len(office.mails(POLICE)) == letters, "and have all of it"


def test_then_none_takes_back_what_waits_to_go(office: Office) -> None:
    brief = office.case(urgent=True)
    office.act(brief)
    office.work()
    answer("release")
    services.forward_to_police(brief, more="urgent")
    office.work(police_wait() - HOUR)
    assert office.mails(ABUSE) == []
    office.post.defer(ABUSE, times=1)
    office.work(2 * HOUR)
    office.post.defer(POLICE, times=1000)
    services.forward_to_police(brief, more="urgent")
    assert NoticeCase.objects.get().state == "open", "the police have had the first one"
    office.post.accept_again(ABUSE)
    office.work(12 * HOUR)
    assert len(office.mails(ABUSE)) == 1


def test_a_hold_by_any_of_them_holds(office: Office) -> None:
    brief = office.case(urgent=True)
    office.act(brief)
    office.work()
    answer("release")
    services.forward_to_police(brief, more="urgent")
    office.work(HOUR)
    answer("hold", until=office.reached + 20 * police_wait())
    for _day in range(5):
        services.forward_to_police(brief, more="urgent")
        office.work(police_wait())
    assert office.mails(ABUSE) == []
    assert {one.state for one in Referral.objects.all()} - FREE == {"held"}
    answer("release")
    office.work(HOUR)
    assert len(office.mails(ABUSE)) == 1
