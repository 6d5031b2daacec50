"""A case that went to another country's portal: the police there have no say over what the police of before hold."""

from dataclasses import replace
from datetime import datetime

import pytest
import time_machine
from django_scopes import scope

from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import SYSTEM
from leeward.jobs.services import schedule
from leeward.notices import services
from leeward.notices.going_on import goes_on_at
from leeward.notices.models import NoticeCase
from leeward.notices.rules.briefs import CaseBrief
from leeward.notices.rules.police_first import REFERRAL_TIME
from leeward.people.models import Portal
from tests.notices.conftest import ABUSE, Office
from tests.notices.test_holds import THEY, hold, letters
from tests.notices.test_police_guards import DAY, NOW, matter, refer
from tests.personas import Cast

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


@pytest.mark.parametrize(
    ("state", "waits", "ends", "over"),
    [
        ("waiting", 4, 2, 4), ("waiting", 1, 2, 2), ("waiting", None, 2, None), ("waiting", 4, None, None),
        ("released", 4, 2, 2), ("released", 4, None, None), ("released", None, 2, 2), ("held", 4, 2, 5), ("held", 4, 7, 7),
    ],
)  # fmt: skip
def test_the_later_of_both_countries_says_when_it_goes_on(
    cast: Cast, state: str, waits: int | None, ends: int | None, over: int | None
) -> None:
    """In days; the second police hold it for five. None: nothing ends it."""
    away = Portal.objects.get(pk=cast.portal_id)
    away.pk, away.slug, away.country = None, "bahamas", "BS"
    away.save()
    with time_machine.travel(NOW, tick=False), scope(hotline=cast.hotline_id), hotline_transaction(cast.hotline_id):
        case = matter(cast, state="police")
        theirs = refer(case, sent_at=NOW, state="held", hold_until=NOW + (ends or 9) * DAY)
        until = {"hold_until": NOW + 5 * DAY} if state == "held" else {}
        wait_until = None if waits is None else NOW + waits * DAY
        ours = refer(case, sent_at=NOW, state=state, wait_until=wait_until, portal_id=away.pk, **until)
        for letter, days in ((theirs, ends), (ours, 5 if state == "held" else None)):
            if days is not None:
                of = {"subject_id": letter.pk, "hotline_id": cast.hotline_id}
                schedule(REFERRAL_TIME, **of, due_at=NOW + days * DAY)
        assert goes_on_at([case]) == ({case.pk: NOW + over * DAY} if over else {})


def test_what_was_released_without_a_wait_has_no_time(cast: Cast) -> None:
    with time_machine.travel(NOW, tick=False), scope(hotline=cast.hotline_id), hotline_transaction(cast.hotline_id):
        case = matter(cast, state="police")
        refer(case, sent_at=NOW, state="released", wait_until=None)
        assert goes_on_at([case]) == {}
