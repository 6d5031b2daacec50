"""A picture of oneself that is to be removed without the police: the plan, its clocks, the letters, what others report of it."""

from typing import Any

import pytest
from django.urls import reverse

from leeward.casework import services
from leeward.casework.acting.services.acting import act_on_known
from leeward.casework.models import Case, CaseItem
from leeward.clocks.queries import clocks_of_case
from leeward.intake import queries as intake_queries
from leeward.intake import services as intake_services
from leeward.notices.models import Notice, NoticeCase, Referral
from leeward.people.models import Portal
from leeward.people.rules.police_moments import AT_ONCE
from leeward.web_security.keys import new_form_key
from tests.casework.conftest import Desk

pytestmark = pytest.mark.django_db
ABUSE = "abuse@harbour-host.example"
ME = {"kind": "me", "threat": "no", "wish": "quiet", "text": "It is me on this page."}


def decided(desk: Desk) -> Case:
    """A case of a picture whose owner wants it removed and the police not told; somebody found it illegal."""
    case: Case = desk.first(**ME)
    desk.assess(case)
    return case


def told(report_id: int) -> tuple[str, str]:
    (item,) = intake_queries.items_of(report_id)
    return item.state, item.reason


def test_the_host_is_asked_and_the_police_are_not_told(desk: Desk) -> None:
    case = decided(desk)
    Portal.objects.filter(pk=desk.cast.portal_id).update(police_on_urgent=AT_ONCE)
    page = desk.signed_in("ana").get(reverse("casework:show-case", args=[case.reference])).content.decode()
    assert "Have it removed. Don’t tell the police." in page
    assert "not told: whoever is in the picture wants that" in page
    assert "police_told" not in {row.kind for row in clocks_of_case(case.pk)}
    assert "host_told" in {row.kind for row in clocks_of_case(case.pk)}
    Portal.objects.filter(pk=desk.cast.portal_id).update(police_for_hosts="Cybercrime unit, 555 0100")
    before = len(desk.world.mail.messages(ABUSE))
    desk.act(case)
    desk.until(case, lambda one: one.host_told_at is not None)
    assert (case.police_told_at, desk.mails(), Referral.objects.count()) == (None, [], 0)
    (notice_case,) = NoticeCase.objects.all()
    assert (notice_case.tells_police, Notice.objects.exists()) == (False, True)
    assert told(desk.reports[0]) == ("acted", "host_told")
    (notice,) = desk.world.mail.messages(ABUSE)[before:]
    assert "To reach the police" not in notice.text
    assert "police_told" not in {row.kind for row in clocks_of_case(case.pk)}


def test_what_others_report_of_the_same_page_goes_to_the_police_without_a_word_of_hers(desk: Desk) -> None:
    case = decided(desk)
    other = desk.case(text="I found a bad page.")
    assert other.pk != case.pk, "each is told what was promised"
    desk.assess(other)
    desk.act(other)
    desk.until(other, lambda one: one.police_told_at is not None)
    (mail,) = desk.mails()
    assert "I found a bad page." in mail.text
    assert "It is me on this page." not in mail.text
    case.refresh_from_db()
    assert case.police_told_at is None


def test_merged_with_it_the_police_are_told_of_the_page_and_not_of_her(desk: Desk) -> None:
    case = decided(desk)
    other = desk.case(text="I found a bad page.")
    CaseItem.objects.filter(case=case).update(case=other)
    desk.assess(other)
    desk.act(other)
    desk.until(other, lambda one: one.police_told_at is not None)
    (mail,) = desk.mails()
    assert "I found a bad page." in mail.text
    assert "It is me on this page." not in mail.text


def test_taking_the_report_back_is_no_permission_to_tell_the_police(desk: Desk) -> None:
    case = decided(desk)
    intake_services.withdraw_report(desk.reports[0])
    desk.work()
    desk.act(case)
    desk.until(case, lambda one: one.host_told_at is not None)
    assert (case.police_told_at, desk.mails()) == (None, [])


@pytest.mark.parametrize("worse", ["threat", "danger"])
def test_a_threat_or_danger_said_later_goes_before_the_wish(desk: Desk, worse: str) -> None:
    case = desk.first(**ME)
    Portal.objects.filter(pk=desk.cast.portal_id).update(police_on_urgent=AT_ONCE)
    intake_services.add_to_report(desk.reports[0], text="", form_key=new_form_key(), worse=[worse])
    desk.work()
    case.refresh_from_db()
    assert case.urgent
    assert case.passed_at is not None
    (mail,) = desk.mails()
    assert "It is me on this page." in mail.text


def test_whoever_here_sees_a_danger_tells_the_police(desk: Desk) -> None:
    case = desk.first(**ME)
    services.claim_case(case.pk, actor=desk.cast["ana"].actor)
    services.change_urgency(case.pk, urgent=True, reason="A child may be in danger.", actor=desk.cast["ana"].actor)
    services.pass_to_police(case.pk, actor=desk.cast["ana"].actor)
    desk.work()
    (mail,) = desk.mails()
    assert "It is me on this page." in mail.text


def test_that_the_police_are_not_told_is_never_carried_out_by_a_record_alone(desk: Desk) -> None:
    case = decided(desk)
    Case.objects.filter(pk=case.pk).update(claimed_by=None)
    act_on_known(case.pk)
    case.refresh_from_db()
    assert case.state == "decided"


def test_with_the_wish_for_the_police_it_goes_as_any_other(desk: Desk) -> None:
    case: Any = desk.first(**(ME | {"wish": "police"}))
    desk.assess(case)
    desk.act(case)
    desk.until(case, lambda one: one.police_told_at is not None)
    assert "It is me on this page." in desk.mails()[0].text
