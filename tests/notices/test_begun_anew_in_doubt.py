"""A case that was begun anew without asking the police waits itself where a restoring may have lost that they hold it."""

import pytest

from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import SYSTEM
from leeward.jobs.models import ClockJump
from leeward.notices import services
from leeward.notices.rules.briefs import CaseBrief, Plan
from leeward.notices.services.police_first import hold_back
from tests.having_read import confirm_entered
from tests.notices.conftest import ABUSE, Office
from tests.notices.test_held_beside import DAY, HOUR, _first, gate, letter, opened, release, told
from tests.notices.test_holds import THEY
from tests.notices.test_may_be_held_beside import asked
from tests.notices.test_said_of_the_host import due, offered, page_of, restore, said

__all__ = ["_first"]
pytestmark = pytest.mark.django_db
MAY_HOLD, REMINDERS = "The police may hold this", "Reminders wait for the police’s answer"


def begin_anew(office: Office, brief: CaseBrief) -> None:
    """Withdraw a case and ask for its removal without asking the police again."""
    services.withdraw(brief.case_id, actor=SYSTEM)
    office.act(brief, Plan(police=False))


def waits(office: Office, brief: CaseBrief) -> bool:
    services.follow_holds(office.reached)
    office.work(3 * DAY)
    return (gate(brief), office.mails(ABUSE)) == ("police", [])


@pytest.mark.parametrize("when", ["before", "since"])
@pytest.mark.parametrize("how", ["restored", "put back"])
def test_it_waits_until_they_release_it(office: Office, first: CaseBrief, when: str, how: str) -> None:
    if when == "before":
        services.withdraw(first.case_id, actor=SYSTEM)
        office.act(first, Plan(police=False))
    if how == "restored":
        restore(office)
    else:
        with hotline_transaction():
            hold_back([letter(first).pk], [], office.reached)
    if when == "since":
        begin_anew(office, first)
    assert waits(office, first)
    assert (said(letter(first)), due(first)) == ("waits for your answer", [])
    assert [row.startswith(MAY_HOLD) for row in asked(first)] == [True]
    assert "is asked to remove the material now" in page_of(letter(first))
    release(first)
    office.work(HOUR)
    assert (told(first), asked(first)) == (1, [])
    assert "release" not in offered(letter(first))


def test_no_longer_than_a_hold_can_last(office: Office, first: CaseBrief) -> None:
    restore(office)
    begin_anew(office, first)
    office.work(26 * DAY)
    assert waits(office, first)
    office.work(2 * DAY)
    services.follow_holds(office.reached)
    office.work(HOUR)
    assert told(first) == 1


def test_a_clock_that_jumped_ends_no_doubt_and_brings_none_back(office: Office, first: CaseBrief) -> None:
    restore(office)
    begin_anew(office, first)
    before = office.reached + 3 * DAY
    jump = ClockJump.objects.create(owner="worker", before=before, after=before + 40 * DAY)
    office.work(43 * DAY)
    assert waits(office, first)
    jump.before = office.reached + 3 * DAY
    jump.save()
    services.follow_holds(office.reached)
    office.work(HOUR)
    assert told(first) == 1


def test_what_they_let_go_before_is_told_at_once(office: Office, first: CaseBrief) -> None:
    release(first)
    services.withdraw(first.case_id, actor=SYSTEM)
    restore(office)
    office.act(first, Plan(police=False))
    office.work(HOUR)
    assert told(first) == 1


def test_in_an_urgent_case_nobody_alone_releases_it(office: Office) -> None:
    first = opened(office, urgent=True)
    services.answer_referral(letter(first).pk, "outcome", outcome="no_case", actor=THEY)
    restore(office)
    begin_anew(office, first)
    services.answer_referral(letter(first).pk, "release", actor=office.cast["carl"].actor)
    assert waits(office, first)
    confirm_entered(letter(first).pk, actor=office.cast["ana"].actor)
    office.work(HOUR)
    assert told(first) == 1


def test_the_ladder_looks_too(office: Office, first: CaseBrief) -> None:
    """Between the restoring and what follows it the gate is open still."""
    begin_anew(office, first)
    assert gate(first) == "open"
    restore(office)
    office.work(HOUR / 12)
    assert office.mails(ABUSE) == []


def test_another_at_the_address_waits_for_it_as_well(office: Office, first: CaseBrief) -> None:
    restore(office)
    begin_anew(office, first)
    second = opened(office)
    release(second)
    assert waits(office, first)
    release(first)
    office.work(HOUR)
    assert (told(first), told(second)) == (1, 1)


def test_reminders_that_wait_say_so(office: Office, first: CaseBrief) -> None:
    release(first)
    office.work(HOUR)
    restore(office)
    services.forward_to_police(first, more="urgent")
    office.work(5 * DAY)
    assert (gate(first), told(first)) == ("police", 1)
    assert [row.startswith(REMINDERS) for row in asked(first)] == [True]
    release(first)
    assert asked(first) == []
