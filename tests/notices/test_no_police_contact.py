"""The portal's police contact goes after the first letter, and more is to be told: people know at once, and the letter waits for a contact."""

from dataclasses import replace
from datetime import timedelta

import pytest

from leeward.notices import services, tasks
from leeward.notices.models import Contact, NoticeCase, Referral, StaffNote
from leeward.notices.queries.untold import untold, urgent_untold
from leeward.notices.rules.briefs import CaseBrief, Plan
from leeward.people.models import Portal
from tests.notices.conftest import ABUSE, POLICE, Office
from tests.notices.test_services import POLICE_ACTOR

pytestmark = pytest.mark.django_db

HOUR, DAY = timedelta(hours=1), timedelta(days=1)


def contact_goes(office: Office) -> None:
    Portal.objects.filter(pk=office.cast.portal_id).update(police_email="")
    Contact.objects.filter(kind="police").update(retired=True)


def contact_is_back(office: Office) -> None:
    Portal.objects.filter(pk=office.cast.portal_id).update(police_email=POLICE)
    tasks.try_again()
    office.work()


def alarms() -> int:
    return StaffNote.objects.filter(what="police_not_told").values("key").distinct().count()


@pytest.fixture
def sent(office: Office) -> CaseBrief:
    """A case that the police have and let go, and then no contact is left."""
    brief = office.case()
    office.act(brief)
    office.work()
    services.answer_referral(Referral.objects.get().pk, "release", actor=POLICE_ACTOR)
    office.work()
    contact_goes(office)
    return brief


@pytest.mark.parametrize("days", [0, 3])
def test_more_waits_for_a_contact_and_people_are_told_at_once(office: Office, sent: CaseBrief, days: int) -> None:
    office.work(days * DAY)
    services.forward_to_police(sent, more="later")
    assert (alarms(), [row.notice_case_id for row in untold()]) == (1, [NoticeCase.objects.get().pk])
    assert urgent_untold(office.reached) == 0
    services.forward_to_police(replace(sent, urgent=True), more="urgent")
    services.forward_to_police(replace(sent, urgent=True), more="urgent")
    assert (alarms(), urgent_untold(office.reached), Referral.objects.count()) == (2, 1, 2)
    before = len(office.mails(ABUSE))
    office.work(3 * DAY)
    assert (len(office.mails(POLICE)), len(office.mails(ABUSE))) == (1, before)
    contact_is_back(office)
    assert len(office.mails(POLICE)) == 2
    assert (untold(), urgent_untold(office.reached), Referral.objects.count()) == ([], 0, 2)
    contact_is_back(office)
    assert len(office.mails(POLICE)) == 2, "once"
    services.answer_referral(Referral.objects.latest("pk").pk, "release", actor=POLICE_ACTOR)
    office.work(2 * DAY)
    assert len(office.mails(ABUSE)) > before


def test_a_person_can_tell_them_meanwhile(office: Office, sent: CaseBrief) -> None:
    services.forward_to_police(sent, more="later")
    [row] = untold()
    services.enter_police_informed(row.notice_case_id, note="At their desk", actor=office.cast["pia"].actor)
    assert untold() == []
    contact_is_back(office)
    assert len(office.mails(POLICE)) == 1, "they know"


def test_an_assessment_of_what_was_passed_on_waits_too(office: Office) -> None:
    brief = office.case(judged="")
    services.forward_to_police(brief)
    office.work()
    contact_goes(office)
    services.act_on(replace(brief, judged="person"), plan=Plan(), actor=office.cast["ana"].actor)
    office.work(3 * DAY)
    assert (alarms(), len(untold()), office.mails(ABUSE)) == (1, 1, [])
    contact_is_back(office)
    assert (len(office.mails(POLICE)), Referral.objects.latest("pk").kind) == (2, "referral")


def test_a_hold_lasts_while_more_waits_for_a_contact(office: Office) -> None:
    brief = office.case()
    office.act(brief)
    office.work()
    services.answer_referral(Referral.objects.get().pk, "hold", actor=POLICE_ACTOR, until=office.reached + 9 * DAY)
    contact_goes(office)
    services.forward_to_police(brief, more="later")
    office.work(2 * DAY)
    contact_is_back(office)
    office.work(5 * DAY)
    assert (len(office.mails(POLICE)), office.mails(ABUSE)) == (2, [])
    office.work(3 * DAY)
    assert len(office.mails(ABUSE)) == 1


def test_nobody_is_alarmed_where_nothing_more_is_to_be_told(office: Office, sent: CaseBrief) -> None:
    services.act_on(sent, plan=Plan(), actor=office.cast["ana"].actor)
    assert (alarms(), untold(), NoticeCase.objects.get().state) == (0, [], "open")


def test_a_letter_that_died_stays_on_the_list_when_the_contact_is_back(office: Office) -> None:
    brief = office.case()
    office.post.refuse(POLICE)
    office.act(brief)
    office.work()
    contact_goes(office)
    office.act(brief)
    contact_is_back(office)
    assert [row.notice_case_id for row in untold()] == [NoticeCase.objects.get().pk]
