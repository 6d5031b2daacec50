"""Letters to the police that wait when their case is stopped, or begun anew: the police hear what is so, and once."""

from datetime import timedelta

import pytest

from leeward.notices import services
from leeward.notices.models import Message, NoticeCase, Referral
from leeward.notices.rules.briefs import CaseBrief, Plan
from leeward.notices.timing import police_wait
from tests.notices.conftest import ABUSE, POLICE, Office

pytestmark = pytest.mark.django_db
HOURS = timedelta(hours=5)


@pytest.fixture
def away(office: Office) -> Office:
    """The police's mail server takes nothing."""
    office.post.defer(POLICE, times=1000)
    return office


def letters(office: Office) -> list[str]:
    """Which cases the police hear of, by letter, once their mail server is back."""
    office.post.accept_again(POLICE)
    office.work(HOURS)
    return [
        ",".join(one for one in ("2026-0001", "2026-0002", "2026-0003") if one in mail.text)
        for mail in office.mails(POLICE)
    ]


def together(office: Office, count: int) -> list[CaseBrief]:
    """Cases that are acted on together and are in one letter."""
    briefs = [office.case() for _ in range(count)]
    for brief in briefs:
        beside = [one.case_id for one in briefs]
        services.act_on(brief, plan=Plan(), actor=office.cast["ana"].actor, beside=beside)
    office.work()
    assert Message.objects.get().attempts > 0
    return briefs


def withdraw(office: Office, brief: CaseBrief) -> None:
    services.withdraw(brief.case_id, actor=office.cast["ana"].actor)


def is_known(brief: CaseBrief) -> list[bool]:
    """Of each letter about a case, whether the police have it."""
    rows = Referral.objects.filter(case_id=brief.case_id).order_by("pk")
    return [row.sent_at is not None for row in rows]


def test_stopped_and_acted_on_again_and_again_the_police_hear_once(away: Office) -> None:
    brief = away.case()
    away.act(brief)
    away.work()
    for _ in range(2):
        withdraw(away, brief)
        away.act(brief)
    assert letters(away) == ["2026-0001"]
    assert is_known(brief) == [False, False, True]
    away.work(police_wait())
    assert len(away.mails(ABUSE)) == 1


def test_of_what_was_closed_the_police_hear_all_the_same(away: Office) -> None:
    away.act(brief := away.case())
    away.work()
    withdraw(away, brief)
    assert letters(away) == ["2026-0001"]
    away.work(2 * police_wait())
    assert away.mails(ABUSE) == []


def test_what_a_review_found_wrong_is_not_sent_and_goes_if_it_is_acted_on_again(away: Office) -> None:
    away.act(brief := away.case())
    away.work()
    services.withdraw_after_review(brief.case_id)
    assert letters(away) == []
    assert Message.objects.get().state == "stopped"
    away.act(brief)
    assert letters(away) == ["2026-0001"]


def test_what_was_closed_before_a_review_found_it_wrong_is_not_sent_either(away: Office) -> None:
    away.act(brief := away.case())
    away.work()
    withdraw(away, brief)
    services.withdraw_after_review(brief.case_id)
    assert letters(away) == []


@pytest.mark.parametrize("by", ["review", "closing"])
def test_what_is_urgent_goes_whatever_became_of_its_case(away: Office, by: str) -> None:
    away.act(brief := away.case(urgent=True))
    away.work()
    if by == "review":
        services.withdraw_after_review(brief.case_id)
    else:
        withdraw(away, brief)
    away.act(brief)
    assert letters(away) == ["2026-0001"]
    assert NoticeCase.objects.get().state != "stopped"


def test_an_urgent_letter_gives_way_to_no_other(away: Office) -> None:
    away.act(brief := away.case())
    away.work()
    Message.objects.update(urgent=True)
    withdraw(away, brief)
    away.act(brief)
    assert letters(away) == ["2026-0001", "2026-0001"]


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_letter_with_several_cases_goes_without_the_one_that_was_wrong(away: Office, number: int) -> None:
    briefs = together(away, 3)
    services.withdraw_after_review(briefs[number].case_id)
    left = [brief for brief in briefs if brief is not briefs[number]]
    assert letters(away) == [",".join(brief.reference for brief in left)]
    assert [is_known(brief) for brief in left] == [[True], [True]]
    assert is_known(briefs[number]) == [False]
    away.work(police_wait())
    [notice] = away.mails(ABUSE)
    assert briefs[number].address not in notice.text


@pytest.mark.parametrize("number", [0, 1])
def test_one_of_two_in_a_letter_that_is_acted_on_again_is_heard_of_once(away: Office, number: int) -> None:
    briefs = together(away, 2)
    withdraw(away, briefs[number])
    away.act(briefs[number])
    assert sorted(letters(away)) == ["2026-0001", "2026-0002"]
    assert is_known(briefs[number]) == [False, True]


def test_the_last_one_of_a_letter_ends_it(away: Office) -> None:
    for brief in together(away, 2):
        services.withdraw_after_review(brief.case_id)
    assert letters(away) == []
    assert Message.objects.get().state == "stopped"


def test_what_the_police_have_is_left_as_it_is(office: Office) -> None:
    office.act(brief := office.case())
    office.work()
    services.withdraw_after_review(brief.case_id)
    assert is_known(brief) == [True]
    office.act(brief)
    office.work()
    assert [message.state for message in Message.objects.filter(kind="referral").order_by("pk")] == ["sent", "sent"]
