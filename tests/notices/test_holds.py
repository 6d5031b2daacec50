"""A hold of the police is of the case: nothing that is written to them later, and no letter that they answer by, ends it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from django.test import Client

from leeward.audit.services import hotline_transaction
from leeward.backup.models import Restoration
from leeward.foundation.actor import SYSTEM, Actor
from leeward.notices import queries, services
from leeward.notices.errors import HoldEndsSooner
from leeward.notices.models import Message, NoticeCase, NoticeItem, Referral
from leeward.notices.rules.briefs import CaseBrief
from leeward.notices.services.delivery import came_back
from tests.having_read import confirm_entered
from tests.notices.conftest import ABUSE, POLICE, Office
from tests.notices.test_services import link_in

pytestmark = pytest.mark.django_db
THEY = Actor("police")
DAY = timedelta(days=1)


def letters() -> list[Referral]:
    return list(Referral.objects.order_by("pk"))


def hold(office: Office, letter: Referral, days: int = 20) -> datetime:
    until = office.reached + days * DAY
    services.answer_referral(letter.pk, "hold", until=until, actor=THEY)
    return until


def more_comes(office: Office, brief: CaseBrief) -> None:
    services.forward_to_police(replace(brief, judged=""), more="urgent")
    office.work()


@pytest.fixture(name="brief")
def _brief(office: Office) -> CaseBrief:
    """An urgent case that the police have one letter about."""
    brief = office.case(urgent=True)
    office.act(brief)
    office.work()
    return brief


def test_more_that_comes_in_ends_no_hold(office: Office, brief: CaseBrief) -> None:
    until = hold(office, letters()[0])
    more_comes(office, brief)
    assert len(office.mails(POLICE)) == 2
    assert [(one.state, one.hold_until) for one in letters()] == [("held", until)] * 2
    office.work(19 * DAY)
    assert office.mails(ABUSE) == []
    office.work(2 * DAY)
    assert len(office.mails(ABUSE)) == 1


def test_a_hold_by_the_first_letter_holds_the_second(office: Office, brief: CaseBrief) -> None:
    more_comes(office, brief)
    hold(office, letters()[0])
    office.work(19 * DAY)
    assert office.mails(ABUSE) == []
    assert NoticeCase.objects.get().state == "police"
    office.work(2 * DAY)
    assert len(office.mails(ABUSE)) == 1


def test_withdrawn_and_acted_on_again_it_is_still_held(office: Office) -> None:
    brief = office.case()
    office.act(brief)
    office.work()
    hold(office, letters()[0])
    services.withdraw(brief.case_id, actor=SYSTEM)
    office.act(brief)
    office.work(19 * DAY)
    assert office.mails(ABUSE) == []
    office.work(2 * DAY)
    assert len(office.mails(ABUSE)) == 1


def test_a_release_by_either_letter_is_one(office: Office, brief: CaseBrief) -> None:
    hold(office, letters()[0])
    more_comes(office, brief)
    services.answer_referral(letters()[0].pk, "release", actor=THEY)
    office.work()
    assert [one.state for one in letters()] == ["released", "released"]
    assert len(office.mails(ABUSE)) == 1


@pytest.mark.parametrize("more", [True, False])
def test_the_end_of_a_hold_is_dated_by_itself(office: Office, brief: CaseBrief, *, more: bool) -> None:
    until = hold(office, letters()[0])
    if more:
        more_comes(office, brief)
    office.work(21 * DAY)
    over = [row.at for row in queries.history_of(brief.case_id) if row.what == "referral_timed_out"]
    assert over == [until] * len(letters())


def test_what_came_shortly_before_the_end_of_a_hold_has_its_own_wait(office: Office, brief: CaseBrief) -> None:
    hold(office, letters()[0], days=2)
    office.work(timedelta(days=1, hours=23))
    more_comes(office, brief)
    office.work(timedelta(hours=2))
    assert [one.state for one in letters()] == ["timed_out", "waiting"]
    assert office.mails(ABUSE) == []
    office.work(3 * DAY)
    assert len(office.mails(ABUSE)) == 1


def test_a_letter_that_did_not_arrive_keeps_the_hold(office: Office, brief: CaseBrief) -> None:
    hold(office, letters()[0])
    office.post.refuse(POLICE)
    more_comes(office, brief)
    assert (letters()[1].state, letters()[1].sent_at) == ("held", None)
    assert NoticeCase.objects.get().state == "untold"
    services.answer_referral(letters()[0].pk, "release", actor=THEY)
    assert (letters()[1].state, letters()[1].hold_until) == ("waiting", None)
    assert office.mails(ABUSE) == []


@pytest.mark.parametrize("urgent", [True, False])
def test_in_an_urgent_case_one_persons_hold_gives_time_no_say_after_a_restoring(
    office: Office, *, urgent: bool
) -> None:
    brief = office.case(urgent=urgent)
    office.act(brief)
    office.work()
    services.answer_referral(letters()[0].pk, "release", actor=THEY)
    office.work(DAY)
    restore(office)
    services.answer_referral(letters()[0].pk, "hold", until=office.reached + 2 * DAY, actor=office.cast["carl"].actor)
    office.work(2 * DAY + timedelta(hours=1))
    assert letters()[0].state == "timed_out"
    services.forward_to_police(replace(brief, judged=""), more="urgent")
    office.work()
    assert NoticeCase.objects.get().state == "police"
    informed = len(office.mails(ABUSE))
    office.work(30 * DAY)
    assert (len(office.mails(ABUSE)) > informed) is not urgent, "the police may have said meanwhile that it must wait"


def test_what_staff_entered_as_a_release_counts_no_more_after_a_hold(office: Office, brief: CaseBrief) -> None:
    more_comes(office, brief)
    services.answer_referral(letters()[1].pk, "release", actor=office.cast["carl"].actor)
    assert letters()[1].released_by_id is not None, "it waits for a second person"
    hold(office, letters()[0])
    assert letters()[1].released_by_id is None
    services.answer_referral(letters()[1].pk, "release", actor=office.cast["carl"].actor)
    assert [one.state for one in letters()] == ["held", "held"], "one person alone ends no hold"
    confirm_entered(letters()[1].pk, actor=office.cast["ana"].actor)
    office.work()
    assert [one.state for one in letters()] == ["released", "released"]
    assert len(office.mails(ABUSE)) == 1


def test_a_hold_that_was_noted_before_they_had_the_letter_ends(office: Office) -> None:
    office.post.refuse(POLICE)
    office.act(office.case(urgent=True))
    office.work()
    until = office.reached + 5 * DAY
    services.answer_referral(letters()[0].pk, "hold", until=until, actor=office.cast["carl"].actor)
    assert (letters()[0].state, letters()[0].sent_at) == ("held", None), (
        "one person alone doesn't say that they have it"
    )
    confirm_entered(letters()[0].pk, actor=office.cast["ana"].actor)
    office.work(4 * DAY)
    assert office.mails(ABUSE) == []
    office.work(2 * DAY)
    assert len(office.mails(ABUSE)) == 1


def test_a_hold_by_a_letter_that_came_back_ends_once_they_are_told(office: Office) -> None:
    office.act(office.case())
    office.work()
    until = office.reached + DAY
    services.answer_referral(letters()[0].pk, "hold", until=until, actor=office.cast["carl"].actor)
    with hotline_transaction():
        came_back(Message.objects.get(kind="referral"), "hard", now=datetime.now(UTC))
    office.work(2 * DAY)
    services.enter_police_informed(NoticeCase.objects.get().pk, note="I rang them.", actor=office.cast["carl"].actor)
    office.work(timedelta(hours=20))
    assert office.mails(ABUSE) == [], "their own time runs since they were told"
    office.work(DAY)
    assert len(office.mails(ABUSE)) == 1


def test_nobody_alone_ends_a_hold_by_the_letter_from_before_it_was_urgent(office: Office) -> None:
    brief, carl = office.case(), office.cast["carl"].actor
    office.act(brief)
    office.work()
    more_comes(office, replace(brief, urgent=True))
    assert [one.urgent for one in letters()] == [False, True]
    until = hold(office, letters()[1])
    with pytest.raises(HoldEndsSooner):
        services.answer_referral(letters()[0].pk, "hold", until=office.reached + DAY, actor=carl)
    services.answer_referral(letters()[0].pk, "release", actor=carl)
    assert [(one.state, one.hold_until) for one in letters()] == [("held", until)] * 2
    confirm_entered(letters()[0].pk, actor=office.cast["ana"].actor)
    assert [one.state for one in letters()] == ["released", "released"]


def test_holding_until_the_same_day_takes_back_what_was_entered(office: Office, brief: CaseBrief) -> None:
    more_comes(office, brief)
    until = hold(office, letters()[0])
    services.answer_referral(letters()[1].pk, "acknowledge", actor=THEY)
    services.answer_referral(letters()[0].pk, "release", actor=office.cast["carl"].actor)
    services.answer_referral(letters()[1].pk, "hold", until=until, actor=THEY)
    assert [one.released_by_id for one in letters()] == [None, None]


def test_a_hold_that_they_ask_for_once_more_after_a_restoring_ends(office: Office, brief: CaseBrief) -> None:
    until = hold(office, letters()[0])
    services.wait_for_police(office.reached)
    services.answer_referral(letters()[0].pk, "hold", until=until, actor=THEY)
    office.work(21 * DAY)
    assert len(office.mails(ABUSE)) == 1


def restore(office: Office) -> None:
    at = office.reached
    Restoration.objects.create(backup_at=at, restored_at=at, confirmed_at=at)
    services.wait_for_police(at)


@pytest.mark.parametrize("held", [True, False])
@pytest.mark.parametrize("is_stopped", [True, False])
def test_nobody_alone_gives_an_end_to_what_waits_after_a_restoring(
    office: Office, brief: CaseBrief, *, held: bool, is_stopped: bool
) -> None:
    if held:
        hold(office, letters()[0], days=5)
    services.answer_referral(letters()[0].pk, "outcome", outcome="no_case", actor=THEY)
    if is_stopped:
        services.withdraw(brief.case_id, actor=SYSTEM)
    restore(office)
    until = office.reached + 9 * DAY
    services.answer_referral(letters()[0].pk, "hold", until=until, actor=office.cast["carl"].actor)
    assert (letters()[0].state, letters()[0].hold_until) == ("held", until), "it counts, and has no end"
    office.work(10 * DAY)
    if is_stopped:
        office.act(brief)
    office.work(30 * DAY)
    assert office.mails(ABUSE) == []
    services.answer_referral(letters()[0].pk, "release", actor=THEY)
    office.work()
    assert len(office.mails(ABUSE)) == 1


def test_one_of_us_prolongs_a_hold_of_after_a_restoring_that_ends(office: Office, brief: CaseBrief) -> None:
    restore(office)
    hold(office, letters()[0], days=5)
    until = office.reached + 9 * DAY
    services.answer_referral(letters()[0].pk, "hold", until=until, actor=office.cast["carl"].actor)
    office.work(8 * DAY)
    assert office.mails(ABUSE) == []
    office.work(2 * DAY)
    assert len(office.mails(ABUSE)) == 1


@pytest.mark.parametrize("is_put_back", [True, False])
def test_that_they_have_an_earlier_letter_lets_no_time_tell_a_host_after_a_restoring(
    office: Office, brief: CaseBrief, *, is_put_back: bool
) -> None:
    more_comes(office, brief)
    if is_put_back:
        services.hold_back([letters()[1].pk], [], office.reached)
    else:
        restore(office)
    services.answer_referral(letters()[0].pk, "acknowledge", actor=THEY)
    office.work(5 * DAY)
    more_comes(office, brief)
    office.work(5 * DAY)
    assert office.mails(ABUSE) == []
    assert {one.state for one in letters()} == {"waiting", "acknowledged"}


def let_go_by_time_and_restored(office: Office, brief: CaseBrief) -> int:
    """Time let the host be told, the case is over, and the installation is restored. Return how often the host was told."""
    services.answer_referral(letters()[0].pk, "outcome", outcome="no_case", actor=THEY)
    office.work(2 * DAY)
    services.withdraw(brief.case_id, actor=SYSTEM)
    assert (letters()[0].state, NoticeCase.objects.get().state) == ("timed_out", "stopped")
    restore(office)
    office.work(DAY / 24)
    return len(office.mails(ABUSE))


@pytest.mark.parametrize(
    ("who", "act"),
    [("police", "note"), ("police", "acknowledge"), ("police", "outcome"), ("carl", "note"), ("carl", "release")],
)
def test_a_word_about_an_earlier_letter_lets_no_time_tell_a_host_after_a_restoring(
    office: Office, brief: CaseBrief, who: str, act: str
) -> None:
    told = let_go_by_time_and_restored(office, brief)
    actor = THEY if who == "police" else office.cast[who].actor
    outcome = "other" if act == "outcome" else ""
    services.answer_referral(letters()[0].pk, act, note="We spoke.", outcome=outcome, actor=actor)
    office.act(brief)
    office.work(30 * DAY)
    assert letters()[-1].wait_until is None
    assert len(office.mails(ABUSE)) == told


@pytest.mark.parametrize("by_hand", [True, False])
def test_time_tells_a_host_again_once_they_released_an_earlier_letter_since_a_restoring(
    office: Office, brief: CaseBrief, *, by_hand: bool
) -> None:
    restore(office)
    office.work(DAY / 24)
    services.answer_referral(letters()[0].pk, "release", actor=office.cast["carl"].actor if by_hand else THEY)
    if by_hand:
        confirm_entered(letters()[0].pk, actor=office.cast["ana"].actor)
    decided_by = office.cast["carl"].account_id if by_hand else None
    assert (letters()[0].decided_at, letters()[0].decided_by_id) == (office.reached, decided_by)
    more_comes(office, brief)
    assert letters()[1].wait_until is not None


def test_they_let_go_what_time_let_go_before_a_restoring(office: Office, brief: CaseBrief) -> None:
    let_go_by_time_and_restored(office, brief)
    services.answer_referral(letters()[0].pk, "release", actor=THEY)
    office.act(brief)
    office.work()
    assert letters()[-1].wait_until is not None


@pytest.mark.parametrize("more", [True, False])
def test_a_host_is_not_reminded_sooner_because_it_waited(office: Office, brief: CaseBrief, *, more: bool) -> None:
    services.answer_referral(letters()[0].pk, "release", actor=THEY)
    office.work()
    if more:
        more_comes(office, brief)
    else:
        hold(office, letters()[0])
    services.answer_referral(letters()[-1].pk, "release", actor=THEY)
    office.work()
    assert len(office.mails(ABUSE)) == 1
    office.work(DAY)
    assert len(office.mails(ABUSE)) == 2


def test_a_letter_that_lets_the_host_be_told_does_not_say_so_while_a_later_one_waits(
    office: Office, brief: CaseBrief
) -> None:
    more_comes(office, brief)
    services.answer_referral(letters()[0].pk, "release", actor=THEY)
    office.work()
    page = Client().get(link_in(office.mails(POLICE)[0], "referral").removeprefix("http://testserver")).content.decode()
    assert "is being sent now" not in page
    assert "unless you say otherwise" in page
    services.answer_referral(letters()[1].pk, "release", actor=THEY)
    page = Client().get(link_in(office.mails(POLICE)[0], "referral").removeprefix("http://testserver")).content.decode()
    assert "is being sent now" in page


@pytest.mark.parametrize("is_first", [True, False])
def test_whoever_disagreed_is_asked_again_only_when_the_hold_is_over(
    office: Office, brief: CaseBrief, is_first: bool
) -> None:
    services.answer_referral(letters()[0].pk, "release", actor=THEY)
    office.work()
    assert len(office.mails(ABUSE)) == 1
    item = NoticeItem.objects.get()
    given = [services.Given(item.pk, "disputed", "It is ours.")]
    services.answer_notice(item.notice_id, given, actor=office.cast["ana"].actor)
    if is_first:
        services.stand_by(item.pk, reasons="It stands.")
    services.forward_to_police(replace(brief, judged=""), more="urgent")
    hold(office, letters()[1], days=9)
    if not is_first:
        services.stand_by(item.pk, reasons="It stands.")
    office.work(8 * DAY)
    assert len(office.mails(ABUSE)) == 1
    services.answer_referral(letters()[1].pk, "release", actor=THEY)
    office.work(DAY / 24)
    assert any("It stands." in mail.text for mail in office.mails(ABUSE))
