"""A hold that may have been lost with a restoring keeps the other cases about its address, too."""

from dataclasses import replace

import pytest

from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import SYSTEM
from leeward.jobs.models import ClockJump
from leeward.notices import queries, services
from leeward.notices.errors import NothingToHold
from leeward.notices.models import Message, Notice, NoticeCase, Referral
from leeward.notices.rules.briefs import CaseBrief, Plan
from leeward.notices.services.police_first import hold_back, let_go_on
from tests.notices.conftest import ABUSE, POLICE, Office
from tests.notices.test_held_beside import DAY, HOUR, PATH, _first, beside, gate, letter, opened, release, told
from tests.notices.test_holds import THEY, hold
from tests.notices.test_said_of_the_host import NOT_YET, due, offered, page_of, restore, said

__all__ = ["_first"]
pytestmark = pytest.mark.django_db


def test_a_new_case_waits_for_the_word_about_the_other(office: Office, first: CaseBrief) -> None:
    restore(office)
    second = opened(office)
    office.work(3 * DAY)
    assert (gate(first), gate(second), office.mails(ABUSE)) == ("police", "address", [])
    assert (said(letter(second)), due(second)) == (NOT_YET, [])
    assert [row.startswith("The police may hold the notice of 2026-0001") for row in beside(second)] == [True]
    release(first)
    office.work(HOUR)
    assert (told(first), told(second)) == (1, 1)


def test_so_does_one_that_the_police_are_not_told_of(office: Office, first: CaseBrief) -> None:
    second = office.case(path=PATH)
    office.act(second, Plan(police=False))
    restore(office)
    office.work(3 * DAY)
    assert office.mails(ABUSE) == []
    services.follow_holds(office.reached)
    assert gate(second) == "address"
    release(first)
    office.work(HOUR)
    assert (told(first), told(second)) == (1, 1)


def test_each_waits_for_its_own_word_and_neither_for_ever(office: Office, first: CaseBrief) -> None:
    second = opened(office)
    restore(office)
    release(first)
    office.work(3 * DAY)
    assert office.mails(ABUSE) == []
    release(second)
    office.work(HOUR)
    assert (told(first), told(second)) == (1, 1)


def test_what_only_waits_for_its_time_holds_nothing(office: Office, first: CaseBrief) -> None:
    second = opened(office)
    release(second)
    office.work()
    assert (gate(first), told(second)) == ("police", 1)
    services.follow_holds(office.reached)
    assert gate(second) == "open"


def waits(office: Office, second: CaseBrief) -> bool:
    """Whether a case still waits after what follows by itself."""
    services.follow_holds(office.reached)
    office.work(2 * HOUR)
    return (gate(second), office.mails(ABUSE)) == ("address", [])


def beside_a_doubt(office: Office) -> CaseBrief:
    """Another case about the address, opened since a restoring, whose own wait is over."""
    restore(office)
    second = opened(office)
    office.work(3 * DAY)
    assert gate(second) == "address"
    return second


@pytest.mark.parametrize("urgent", [False, True])
def test_what_becomes_of_the_first_says_nothing_for_the_police(office: Office, *, urgent: bool) -> None:
    first = opened(office, urgent=urgent)
    second = beside_a_doubt(office)
    services.withdraw(first.case_id, actor=SYSTEM)
    assert waits(office, second)
    assert "release" in offered(letter(first))
    assert "asked to remove" not in page_of(letter(first)), "of this case no host is told any more"
    release(first)
    office.work(HOUR)
    assert told(second) == 1


def test_a_newer_letter_that_they_have_not_got_says_nothing_either(office: Office, first: CaseBrief) -> None:
    second = beside_a_doubt(office)
    office.post.refuse(POLICE)
    services.forward_to_police(replace(first, judged=""), more="urgent")
    office.work()
    assert gate(first) == "untold"
    assert waits(office, second)


def test_what_was_only_passed_on_may_be_held_too_and_can_be_let_go(office: Office) -> None:
    passed, other = office.case(path=PATH, judged=""), office.case(path="/alone", judged="")
    for one in (passed, other):
        services.forward_to_police(one)
    office.work()
    second = beside_a_doubt(office)
    assert beside(second)[0].startswith(f"The police may hold the notice of {passed.reference} ")
    assert "release" in offered(letter(passed))
    assert "asked to remove" not in page_of(letter(passed))
    with pytest.raises(NothingToHold):
        release(other)
    release(passed)
    assert "release" not in offered(letter(passed))
    office.work(HOUR)
    assert told(second) == 1


def test_no_hold_that_was_lost_lasts_longer_than_the_longest(office: Office, first: CaseBrief) -> None:
    second = beside_a_doubt(office)
    office.work(26 * DAY)
    assert waits(office, second)
    office.work(2 * DAY)
    services.follow_holds(office.reached)
    office.work(HOUR)
    assert (gate(first), told(first), told(second)) == ("police", 0, 1)


def test_of_two_the_one_that_is_surely_held_is_named(office: Office, first: CaseBrief) -> None:
    second, third = opened(office), opened(office)
    restore(office)
    hold(office, letter(second), days=9)
    release(third)
    assert first.case_id < second.case_id
    assert [row[:40] for row in beside(third)] == ["The police hold the notice of 2026-0002 "]


def test_what_was_put_back_keeps_others_until_it_is_let_go_on(office: Office, first: CaseBrief) -> None:
    number = NoticeCase.objects.get(case_id=first.case_id).pk
    services.withdraw(first.case_id, actor=SYSTEM)
    second = opened(office)
    with hotline_transaction():
        hold_back([letter(first).pk], [number], office.reached)
    release(second)
    assert waits(office, second)
    with hotline_transaction():
        let_go_on(office.reached)
    services.follow_holds(office.reached)
    office.work(HOUR)
    assert told(second) == 1


@pytest.mark.parametrize("which", ["first", "second"])
def test_what_may_have_arrived_is_not_told_again_at_once(office: Office, first: CaseBrief, which: str) -> None:
    second = opened(office)
    office.post.drop_after_message(ABUSE, kept=True)
    release(second)
    office.work(HOUR)
    assert Message.objects.get(kind="notice").state == "unsure"
    holder = {"first": first, "second": second}[which]
    hold(office, letter(holder), days=2)
    office.work(HOUR)
    release(holder)
    office.work(2 * HOUR)
    assert [second.reference in mail.text for mail in office.mails(ABUSE)] == [True] + [False] * (which == "first")
    office.work(5 * DAY)
    assert sum(second.reference in mail.text for mail in office.mails(ABUSE)) > 1, "it goes on when it would have"


@pytest.mark.parametrize("how", ["restored", "put back"])
def test_what_the_host_knows_keeps_nobody(office: Office, how: str) -> None:
    """An urgent case is passed on before it is acted on, and only the newest letter is ever answered."""
    first = office.case(path=PATH, judged="", urgent=True)
    services.forward_to_police(first)
    office.work()
    office.act(replace(first, judged="person"))
    office.work()
    release(first)
    office.work(HOUR)
    assert (told(first), [one.state for one in letters_of(first)]) == (1, ["waiting", "released"])
    if how == "restored":
        restore(office)
    else:
        with hotline_transaction():
            hold_back([letters_of(first)[0].pk], [], office.reached)
    second = opened(office)
    release(second)
    services.follow_holds(office.reached)
    office.work(2 * HOUR)
    assert (gate(first), told(second)) == ("open", 1)


def test_what_they_had_let_go_before_is_in_no_doubt(office: Office, first: CaseBrief) -> None:
    services.forward_to_police(replace(first, judged=""), more="urgent")
    office.work()
    release(first)
    services.withdraw(first.case_id, actor=SYSTEM)
    assert (told(first), [one.state for one in letters_of(first)]) == (0, ["waiting", "released"])
    restore(office)
    second = opened(office)
    release(second)
    office.work(HOUR)
    assert told(second) == 1


@pytest.mark.parametrize("is_stopped", [False, True])
def test_one_persons_word_is_not_theirs_in_a_case_that_became_urgent(
    office: Office, first: CaseBrief, *, is_stopped: bool
) -> None:
    second = beside_a_doubt(office)
    services.forward_to_police(replace(first, judged="", urgent=True), more="urgent")
    office.work()
    if is_stopped:
        services.withdraw(first.case_id, actor=SYSTEM)
    services.answer_referral(letters_of(first)[0].pk, "release", actor=office.cast["carl"].actor)
    assert waits(office, second)


def test_two_at_one_address_each_ask_for_their_answer(office: Office, first: CaseBrief) -> None:
    second = opened(office)
    restore(office)
    for one in (first, second):
        assert (said(letter(one)), len(asked(one)), len(beside(one))) == ("waits for your answer", 1, 1)
        assert "release" in offered(letter(one))
    release(first)
    assert (len(asked(first)), len(asked(second))) == (0, 1)
    release(second)
    office.work(HOUR)
    assert [(told(one), asked(one), beside(one)) for one in (first, second)] == [(1, [], [])] * 2


def test_nothing_runs_out_by_a_clock_that_nobody_trusts(office: Office, first: CaseBrief) -> None:
    second = beside_a_doubt(office)
    jump = ClockJump.objects.create(owner="worker", before=office.reached, after=office.reached + 40 * DAY)
    office.work(40 * DAY)
    release(second)
    assert waits(office, second)
    jump.settled_at = office.reached
    jump.save()
    services.follow_holds(office.reached)
    office.work(HOUR)
    assert told(second) == 1


def test_a_letter_that_may_hold_the_case_can_let_it_go_though_a_newer_one_never_came(
    office: Office, first: CaseBrief
) -> None:
    second = beside_a_doubt(office)
    office.post.refuse(POLICE)
    services.forward_to_police(replace(first, judged=""), more="urgent")
    office.work()
    old, _new = letters_of(first)
    assert "release" in offered(old)
    services.answer_referral(old.pk, "release", actor=THEY)
    services.follow_holds(office.reached)
    office.work(HOUR)
    assert told(second) == 1


def letters_of(brief: CaseBrief) -> list[Referral]:
    return list(Referral.objects.filter(case_id=brief.case_id).order_by("pk"))


def asked(brief: CaseBrief) -> list[str]:
    return [row.title for row in queries.history_of(brief.case_id) if row.what == "answer_lost"]


def test_no_history_speaks_of_a_notice_that_there_is_not(office: Office) -> None:
    passed = office.case(path=PATH, judged="")
    services.forward_to_police(passed)
    office.work()
    restore(office)
    assert asked(passed) == []


def test_the_police_release_what_one_of_us_had_released_before_it_was_urgent(office: Office, first: CaseBrief) -> None:
    services.answer_referral(letter(first).pk, "acknowledge", actor=THEY)
    second = beside_a_doubt(office)
    services.answer_referral(letter(first).pk, "release", actor=office.cast["carl"].actor)
    services.withdraw(first.case_id, actor=SYSTEM)
    services.forward_to_police(replace(first, judged="", urgent=True), more="urgent")
    services.follow_holds(office.reached)
    old = letters_of(first)[0]
    assert (old.state, gate(second), "release" in offered(old)) == ("released", "address", True)
    services.answer_referral(old.pk, "release", actor=THEY)
    assert "release" not in offered(old)
    office.work(HOUR)
    assert told(second) == 1


def test_what_was_on_its_way_when_the_backup_was_made_is_not_sent_twice(office: Office, first: CaseBrief) -> None:
    release(first)
    office.work()
    assert told(first) == 1
    Message.objects.filter(kind="notice").update(state="sending", sent_at=None)
    Notice.objects.update(state="waiting", sent_at=None)
    with hotline_transaction():
        services.leave_unsure(office.reached)
    hold(office, letter(first), days=2)
    release(first)
    office.work(HOUR)
    assert len(office.mails(ABUSE)) == 1


def test_what_had_failed_when_the_backup_was_made_is_told_after_a_release(office: Office, first: CaseBrief) -> None:
    office.post.defer(ABUSE, times=100)
    release(first)
    office.work()
    failed = Message.objects.filter(kind="notice", state="failed")
    assert failed.update(sending_since=office.reached) == 1
    office.post.accept_again(ABUSE)
    with hotline_transaction():
        services.leave_unsure(office.reached)
    hold(office, letter(first), days=2)
    release(first)
    office.work(HOUR)
    assert len(office.mails(ABUSE)) == 1
