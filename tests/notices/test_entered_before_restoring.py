"""What was entered, held or planned before a restoring counts for no more than it is, and the pages say so."""

import pytest

from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import SYSTEM
from leeward.jobs.models import Job
from leeward.notices import queries, services
from leeward.notices.models import NoticeCase
from leeward.notices.rules.briefs import CaseBrief, Plan
from leeward.notices.services.police_first import hold_back
from tests.having_read import confirm_entered
from tests.notices.conftest import Office
from tests.notices.test_held_beside import DAY, HOUR, PATH, _first, gate, letter, opened, release, told
from tests.notices.test_holds import hold
from tests.notices.test_said_of_the_host import offered, restore

__all__ = ["_first"]
pytestmark = pytest.mark.django_db


def put_back(office: Office, brief: CaseBrief) -> None:
    """As if its rows had come back into a running installation, without their jobs."""
    number = NoticeCase.objects.get(case_id=brief.case_id).pk
    Job.objects.filter(kind__startswith="notices.").delete()
    with hotline_transaction():
        hold_back([one.pk for one in NoticeCase.objects.get(pk=number).referrals.all()], [number], office.reached)


def of_history(brief: CaseBrief) -> dict[str, str]:
    return {row.what: row.title for row in queries.history_of(brief.case_id)}


@pytest.mark.parametrize("how", ["restored", "put back"])
def test_one_persons_release_of_before_is_entered_anew(office: Office, how: str) -> None:
    first = office.case(path=PATH, urgent=True)
    office.act(first)
    office.work()
    services.answer_referral(letter(first).pk, "release", actor=office.cast["carl"].actor)
    restore(office) if how == "restored" else put_back(office, first)
    confirm_entered(letter(first).pk, actor=office.cast["ana"].actor)  # that they have it, and no more
    office.work(DAY)
    assert told(first) == 0
    services.answer_referral(letter(first).pk, "release", actor=office.cast["carl"].actor)
    confirm_entered(letter(first).pk, actor=office.cast["ana"].actor)
    office.work(HOUR)
    assert told(first) == 1


def test_a_second_persons_word_of_before_stays(office: Office) -> None:
    first = office.case(path=PATH, urgent=True)
    office.act(first)
    office.work()
    services.answer_referral(letter(first).pk, "release", actor=office.cast["carl"].actor)
    confirm_entered(letter(first).pk, actor=office.cast["ana"].actor)
    office.work(HOUR)
    restore(office)
    assert letter(first).released_by_id is not None


@pytest.mark.parametrize("is_stopped", [False, True])
def test_a_hold_of_before_is_said_to_have_no_end(office: Office, first: CaseBrief, *, is_stopped: bool) -> None:
    second = opened(office)
    release(second)
    hold(office, letter(first), days=9)
    assert "Until that hold is over" in of_history(second)["held_beside"]
    if is_stopped:
        services.withdraw(first.case_id, actor=SYSTEM)
    restore(office)
    assert "no time ends that" in of_history(second)["held_beside"]
    office.work(60 * DAY)
    services.follow_holds(office.reached)
    assert (gate(second), "no time ends that" in of_history(second)["held_beside"]) == ("address", True)
    assert "release" in offered(letter(first)), "a person can end it"
    release(first)
    release(second)  # what they had let go before may be held since
    office.work(HOUR)
    assert told(second) == 1


def test_a_hold_that_a_letter_shares_before_it_is_sent_still_ends(office: Office, first: CaseBrief) -> None:
    """The letter has no job of its own yet."""
    second = opened(office)
    release(second)
    hold(office, letter(first), days=9)
    services.forward_to_police(first, more="urgent")
    newest = letter(first)
    assert (newest.state, newest.sent_at) == ("held", None)
    assert "Until that hold is over" in of_history(second)["held_beside"]


@pytest.mark.parametrize("asks_police", [True, False])
def test_no_step_is_promised_that_has_no_job(office: Office, *, asks_police: bool) -> None:
    first = office.case(path=PATH)
    office.act(first, Plan(police=asks_police))
    office.work()
    if asks_police:
        release(first)
        office.work(HOUR)
    assert "next_step" in of_history(first)
    put_back(office, first)
    assert "next_step" not in of_history(first)
    assert "once its jobs are put back" in of_history(first)["put_back"]
    with hotline_transaction():
        services.let_go_on(office.reached)
    assert "put_back" not in of_history(first)
