"""Whoever reports an address again and again, as its owner may, makes a letter to the police each time, and keeps the host untold by that for
no longer than one time more."""

from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django_scopes import scope

from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import Actor
from leeward.notices import services
from leeward.notices.models import NoticeCase, Referral
from leeward.notices.rules.answers import FREE
from leeward.notices.services.police_first import follow_police
from leeward.notices.timing import police_wait
from leeward.people.models import Portal
from tests.notices.conftest import ABUSE, POLICE, Office
from tests.notices.test_police_guards import NOW, SENT, matter, refer
from tests.personas import Cast

pytestmark = pytest.mark.django_db
HOUR, SECOND = timedelta(hours=1), timedelta(seconds=1)


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


@pytest.mark.parametrize(
    ("earlier", "later", "state"),
    [
        ({}, {}, "open"),  # whatever letter of before it has no answer of its own
        ({}, {"wait_until": NOW + SECOND}, "police"),  # begun anew: it has its time
        ({}, {"state": "held"}, "police"),
        ({"decided_at": NOW - police_wait()}, {}, "open"),
        ({"decided_at": NOW - police_wait() + SECOND}, {}, "police"),
        ({"round": 1}, {}, "police"),
        ({"kind": "protection"}, {}, "police"),
        ({"portal": "abroad"}, {}, "police"),
    ],
)
def test_only_our_police_let_a_later_letter_go(
    cast: Cast, earlier: dict[str, Any], later: dict[str, Any], state: str
) -> None:
    with time_machine.travel(NOW, tick=False), scope(hotline=cast.hotline_id), hotline_transaction(cast.hotline_id):
        of = matter(cast, round=2)
        if "portal" in earlier:
            portal = Portal.objects.get(pk=cast.portal_id)
            portal.pk, portal.slug, portal.country = None, "abroad", "BS"
            portal.save()
            earlier = {"portal": portal, "portal_id": portal.pk}
        long_ago = NOW - 3 * police_wait()
        let_go = SENT | {"state": "released", "sent_at": long_ago, "created_at": long_ago, "decided_at": long_ago}
        refer(of, **SENT | {"round": 2, "created_at": long_ago})
        refer(of, **let_go | {"round": 2} | earlier)
        refer(of, **SENT | {"round": 2} | later)
        follow_police(of, NOW)
        of.refresh_from_db()
        assert of.state == state
