"""A case that went to another country's portal: the police there have no say over what the police of before hold."""

from dataclasses import replace
from datetime import datetime

import pytest

from leeward.foundation.actor import SYSTEM
from leeward.notices import services
from leeward.notices.going_on import goes_on_at
from leeward.notices.models import NoticeCase
from leeward.notices.rules.briefs import CaseBrief
from leeward.people.models import Portal
from tests.notices.conftest import ABUSE, Office
from tests.notices.test_holds import DAY, THEY, hold, letters

pytestmark = pytest.mark.django_db


@pytest.fixture(name="moved")
def _moved(office: Office) -> CaseBrief:
    """A case that the police hold for 20 days, and that was acted on anew for another country, whose police have their letter."""
    away = Portal.objects.get(pk=office.cast.portal_id)
    away.pk, away.slug, away.country, away.police_email = None, "bahamas", "BS", "police@bahamas.example"
    away.save()
    brief = office.case()
    office.act(brief)
    office.work()
    hold(office, letters()[0])
    services.withdraw(brief.case_id, actor=SYSTEM)
    moved = replace(brief, portal_id=away.pk, country="BS")
    office.act(moved)
    office.work()
    assert office.mails("police@bahamas.example")
    return moved


def host_told_at_latest() -> datetime | None:
    return goes_on_at([NoticeCase.objects.get()]).get(NoticeCase.objects.get().pk)


def test_a_release_there_ends_no_hold_of_before(office: Office, moved: CaseBrief) -> None:
    assert [one.state for one in letters()] == ["held", "waiting"]
    assert host_told_at_latest() == letters()[0].hold_until
    services.answer_referral(letters()[1].pk, "release", actor=THEY)
    assert host_told_at_latest() == letters()[0].hold_until
    office.work(19 * DAY)
    assert (letters()[0].state, NoticeCase.objects.get().state, office.mails(ABUSE)) == ("held", "police", [])
    office.work(2 * DAY)
    assert len(office.mails(ABUSE)) == 1


def test_a_hold_there_is_theirs_alone(office: Office, moved: CaseBrief) -> None:
    until = hold(office, letters()[1], days=30)
    assert [one.hold_until == until for one in letters()] == [False, True]
    assert host_told_at_latest() == until
    services.answer_referral(letters()[0].pk, "release", actor=THEY)
    assert [one.state for one in letters()] == ["released", "held"]
    office.work(28 * DAY)
    assert office.mails(ABUSE) == []
