"""What a host sees of a case that was begun anew: nothing that it isn't told yet, and what was withdrawn stays so."""

from dataclasses import replace
from datetime import timedelta

import pytest

from leeward.foundation.actor import Actor
from leeward.notices import services
from leeward.notices.models import Contact, NoticeItem, Referral
from leeward.notices.queries.overviews import overview_page
from leeward.notices.queries.pages import notice_page
from leeward.notices.rules.briefs import CaseBrief
from tests.notices.conftest import ABUSE, Office

pytestmark = pytest.mark.django_db
POLICE_ACTOR = Actor("police")


@pytest.fixture(name="brief")
def _brief(office: Office) -> CaseBrief:
    """A case of which the police let the host be told."""
    office.act(brief := office.case())
    office.work()
    release()
    office.work()
    assert len(office.mails(ABUSE)) == 1
    return brief


def release() -> None:
    services.answer_referral(Referral.objects.latest("pk").pk, "release", actor=POLICE_ACTOR)


def listed() -> list[str]:
    """Every address that is open with the host, by its page."""
    return [item.address for item in overview_page(Contact.objects.get(email=ABUSE).pk, None).items]


def is_withdrawn() -> list[bool]:
    """Of each notice, oldest first, whether its page says that it is withdrawn."""
    numbers = NoticeItem.objects.order_by("pk").values_list("notice", flat=True)
    return [notice_page(number, None).items[0].is_withdrawn for number in numbers]


def test_it_is_open_with_the_host_only_once_it_is_told_again(office: Office, brief: CaseBrief) -> None:
    assert listed() == [brief.address]
    services.withdraw(brief.case_id, actor=office.cast["ana"].actor)
    office.act(brief)
    office.work()
    until = office.reached + timedelta(days=5)
    services.answer_referral(Referral.objects.latest("pk").pk, "hold", until=until, actor=POLICE_ACTOR)
    assert listed() == [], "the police hold it"
    release()
    office.work()
    assert (listed(), len(office.mails(ABUSE))) == ([brief.address], 2)


def test_what_was_withdrawn_stays_so_whatever_comes_in(office: Office, brief: CaseBrief) -> None:
    services.withdraw_after_review(brief.case_id)
    office.work()
    assert is_withdrawn() == [True]
    services.forward_to_police(replace(brief, judged="", summary=(), opinions=()), more="urgent")
    office.work()
    assert (is_withdrawn(), listed()) == ([True], [])
    office.act(brief)
    office.work()
    assert is_withdrawn() == [True], "the police come first"
    release()
    office.work()
    assert is_withdrawn() == [True, False]


def test_what_nobody_heard_was_withdrawn_is_not(office: Office, brief: CaseBrief) -> None:
    office.post.defer(ABUSE, times=1000)
    services.withdraw_after_review(brief.case_id)
    office.work()
    office.act(brief)
    office.post.accept_again(ABUSE)
    office.work(timedelta(hours=5))
    assert is_withdrawn() == [False]
