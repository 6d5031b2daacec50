"""A case that the police of two countries hold is shown as held until both holds are over."""

from datetime import UTC, datetime, timedelta

import pytest

from leeward.foundation.actor import Actor
from leeward.notices import services as notices_services
from leeward.notices.models import Referral
from leeward.people.models import Portal
from tests.casework.conftest import Desk

pytestmark = pytest.mark.django_db
THEY = Actor("police")


def test_one_of_them_releases_it(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case)
    desk.act(case)
    now, mine = datetime.now(UTC), Referral.objects.get()
    away = Portal.objects.get(pk=desk.cast.portal_id)
    away.pk, away.slug, away.country = None, "bahamas", "BS"
    away.save()
    until = {"JM": now + timedelta(days=5), "BS": now + timedelta(days=9)}
    theirs = Referral.objects.get(pk=mine.pk)
    theirs.pk, theirs.portal, theirs.round = None, away, 0
    theirs.save()
    for letter, country in ((theirs, "BS"), (mine, "JM")):
        notices_services.answer_referral(letter.pk, "hold", until=until[country], actor=THEY)
    desk.work()
    case.refresh_from_db()
    assert case.held_until == until["BS"]
    notices_services.answer_referral(theirs.pk, "release", actor=THEY)
    desk.work()
    case.refresh_from_db()
    assert case.held_until == until["JM"]
    notices_services.answer_referral(mine.pk, "release", actor=THEY)
    desk.work()
    case.refresh_from_db()
    assert case.held_until is None
