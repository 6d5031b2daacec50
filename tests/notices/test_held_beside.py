"""As long as the police hold a case, no host is told of the same address by another one; when the hold ends that one goes on by itself."""

from datetime import UTC, datetime
from typing import Any

import pytest

from leeward.audit.services import hotline_transaction
from leeward.foundation.actor import SYSTEM, Actor
from leeward.notices import queries, services
from leeward.notices.errors import NameActNotPossible
from leeward.notices.models import Contact, Message, Notice, NoticeCase, NoticeItem, Referral
from leeward.notices.queries.redirects import redirects_waiting
from leeward.notices.rules.briefs import CaseBrief, Plan
from leeward.notices.services.delivery import came_back
from tests.having_read import confirm_entered
from tests.notices.conftest import ABUSE, POLICE, Office
from tests.notices.test_holds import DAY, THEY, hold, restore
from tests.notices.test_said_of_the_host import (
    LATER,
    offered,
    said,
)

pytestmark = pytest.mark.django_db
HOUR = DAY / 24
PATH = "/the-same"
SILENCE = "hours after this message"


def opened(office: Office, **changes: Any) -> CaseBrief:
    """A case about the one address; the police have its letter."""
    brief = office.case(path=PATH, **changes)
    office.act(brief)
    office.work()
    return brief


@pytest.fixture(name="first")
def _first(office: Office) -> CaseBrief:
    return opened(office)


@pytest.fixture(name="second")
def _second(office: Office, first: CaseBrief) -> CaseBrief:
    assert first.case_id == 1
    return opened(office)


def letter(brief: CaseBrief) -> Referral:
    return Referral.objects.filter(case_id=brief.case_id).order_by("-pk")[0]


def gate(brief: CaseBrief) -> str:
    return NoticeCase.objects.get(case_id=brief.case_id).state


def release(brief: CaseBrief, actor: Actor = THEY) -> None:
    services.answer_referral(letter(brief).pk, "release", actor=actor)


def told(brief: CaseBrief) -> int:
    """How often somebody but the police was told of a case."""
    return NoticeItem.objects.filter(case_id=brief.case_id, notice__sent_at__isnull=False).count()


def beside(brief: CaseBrief) -> list[str]:
    return [row.title for row in queries.history_of(brief.case_id) if row.what == "held_beside"]


def test_what_is_released_waits_for_the_hold_on_another_case(
    office: Office, first: CaseBrief, second: CaseBrief
) -> None:
    hold(office, letter(first), days=9)
    release(second)
    office.work(8 * DAY)
    assert (office.mails(ABUSE), gate(second)) == ([], "address")
    office.work(2 * DAY)
    assert (told(first), told(second), gate(second)) == (1, 1, "open")


def test_time_tells_no_host_either(office: Office, first: CaseBrief, second: CaseBrief) -> None:
    hold(office, letter(first), days=9)
    office.work(3 * DAY)
    assert (letter(second).state, office.mails(ABUSE)) == ("timed_out", [])
    release(first)
    office.work()
    assert (told(first), told(second)) == (1, 1)


def test_a_case_that_is_acted_on_during_the_hold_waits_from_the_start(office: Office, first: CaseBrief) -> None:
    hold(office, letter(first), days=9)
    second = office.case(path=PATH)
    office.act(second)
    office.work()
    assert (letter(second).state, gate(second)) == ("waiting", "address")
    assert SILENCE not in " ".join(office.mails(POLICE)[-1].text.split())
    office.work(3 * DAY)
    assert office.mails(ABUSE) == []


def test_so_does_one_that_the_police_are_not_told_of(office: Office, first: CaseBrief) -> None:
    hold(office, letter(first), days=9)
    second = office.case(path=PATH)
    office.act(second, Plan(police=False))
    office.work(2 * DAY)
    assert office.mails(ABUSE) == []
    release(first)
    office.work()
    assert told(second) == 1


def test_its_own_wait_goes_on_after_the_hold(office: Office, first: CaseBrief) -> None:
    hold(office, letter(first), days=2)
    second = opened(office)
    release(first)
    office.work()
    assert (told(first), told(second), gate(second)) == (1, 0, "police")
    assert said(letter(second)).startswith(LATER)
    office.work(DAY)
    assert told(second) == 1


def test_a_hold_stops_what_is_queued(office: Office, first: CaseBrief, second: CaseBrief) -> None:
    release(second)
    services.advance(NoticeCase.objects.get(case_id=second.case_id).pk)
    assert Message.objects.filter(kind="notice", state="waiting").count() == 1
    hold(office, letter(first))
    office.work(5 * DAY)
    assert office.mails(ABUSE) == []
    release(first)
    office.work()
    assert (told(first), told(second)) == (1, 1)


def test_a_hold_stops_what_is_tried_again(office: Office, first: CaseBrief, second: CaseBrief) -> None:
    office.post.defer(ABUSE, times=400)
    release(second)
    office.work()
    assert Message.objects.get(kind="notice").state == "failed"
    hold(office, letter(first))
    office.post.accept_again(ABUSE)
    office.work(5 * DAY)
    assert office.mails(ABUSE) == []
    release(first)
    office.work()
    assert (told(first), told(second)) == (1, 1)


@pytest.mark.parametrize("fate", ["refused", "unsure"])
def test_nobody_sends_it_again_by_hand(office: Office, first: CaseBrief, second: CaseBrief, fate: str) -> None:
    if fate == "refused":
        office.post.refuse(ABUSE)
    else:
        office.post.drop_after_message(ABUSE, kept=False)
    release(second)
    office.work()
    message = Message.objects.get(kind="notice")
    hold(office, letter(first))
    office.post.accept_again(ABUSE)
    services.retry(message.pk, actor=office.cast["carl"].actor)
    office.work(5 * DAY)
    assert office.mails(ABUSE) == []
    if fate == "unsure":
        release(first)
        office.work()
        assert told(second) == 1


def test_another_address_in_the_same_message_goes(office: Office, first: CaseBrief, second: CaseBrief) -> None:
    other = office.case()
    office.act(other)
    office.work()
    for brief in (second, other):
        release(brief)
        services.advance(NoticeCase.objects.get(case_id=brief.case_id).pk)
    assert Notice.objects.get(state="waiting").items.count() == 2
    hold(office, letter(first))
    office.work()
    assert (told(other), told(second)) == (1, 0)
    [mail] = office.mails(ABUSE)
    assert PATH not in mail.text


def test_nobody_is_reminded_or_told_instead_meanwhile(office: Office, first: CaseBrief, second: CaseBrief) -> None:
    office.internet.host("pictures.harbour-host.example", abuse=[ABUSE], upstream=["noc@upstream.example"])
    release(second)
    office.work()
    assert told(second) == 1
    hold(office, letter(first), days=20)
    with hotline_transaction():
        came_back(Message.objects.get(kind="notice"), "hard", now=datetime.now(UTC))
    office.work(9 * DAY)
    assert (len(office.mails(ABUSE)), office.mails("noc@upstream.example")) == (1, [])
    release(first)
    office.work()
    assert len(office.mails("noc@upstream.example")) + len(office.mails(ABUSE)) > 1


def test_a_host_is_reminded_no_sooner_because_it_waited(office: Office, first: CaseBrief, second: CaseBrief) -> None:
    release(second)
    office.work()
    hold(office, letter(first))
    release(first)
    office.work()
    assert told(second) == 1
    office.work(DAY)
    assert told(second) == 2


def test_a_person_chooses_a_recipient_and_nothing_goes(office: Office, first: CaseBrief, second: CaseBrief) -> None:
    release(second)
    office.work()
    item = NoticeItem.objects.get(case_id=second.case_id)
    given = [services.Given(item.pk, "wrong_contact", "abuse@right.example")]
    services.answer_notice(item.notice_id, given, actor=Actor("host"))
    hold(office, letter(first), days=9)
    assert [row.item_id for row in redirects_waiting()] == [item.pk]
    services.write_instead(item.pk, "abuse@right.example", actor=office.cast["carl"].actor)
    office.work(8 * DAY)
    assert office.mails("abuse@right.example") == []
    office.work(3 * DAY)
    assert office.mails("abuse@right.example")


def test_whoever_disagreed_is_asked_again_only_afterwards(office: Office, first: CaseBrief, second: CaseBrief) -> None:
    release(second)
    office.work()
    item = NoticeItem.objects.get(case_id=second.case_id)
    given = [services.Given(item.pk, "disputed", "It is ours.")]
    services.answer_notice(item.notice_id, given, actor=Actor("host"))
    hold(office, letter(first), days=9)
    services.stand_by(item.pk, reasons="It stands.")
    office.work(8 * DAY)
    assert len(office.mails(ABUSE)) == 1
    release(first)
    office.work(HOUR)
    assert any("It stands." in mail.text for mail in office.mails(ABUSE))


def test_a_hold_on_what_was_withdrawn_stands(office: Office, first: CaseBrief, second: CaseBrief) -> None:
    hold(office, letter(first), days=9)
    services.withdraw(first.case_id, actor=SYSTEM)
    release(second)
    office.work(8 * DAY)
    assert office.mails(ABUSE) == []
    office.work(2 * DAY)
    assert (told(first), told(second)) == (0, 1)


@pytest.mark.parametrize("how", ["removed", "urgent", "review"])
def test_a_hold_without_an_end_on_what_is_over_can_be_released(office: Office, how: str) -> None:
    first = opened(office, urgent=how == "urgent")
    second = opened(office)
    hold(office, letter(first), days=9)
    release(second)
    if how == "review":
        services.withdraw_after_review(first.case_id)
    else:
        services.withdraw(first.case_id, actor=SYSTEM)
    restore(office)
    office.work(30 * DAY)
    assert office.mails(ABUSE) == []
    assert "release" in offered(letter(first))
    release(first)
    office.work()
    assert told(first) == 0
    if told(second) == 0:  # what the police said of the second itself since the backup isn't known
        release(second)
        office.work()
    assert told(second) == 1


def test_a_release_entered_by_two_people_wakes_the_other(office: Office) -> None:
    first, second = opened(office, urgent=True), opened(office)
    hold(office, letter(first))
    release(second)
    release(first, office.cast["carl"].actor)
    office.work()
    assert (gate(second), office.mails(ABUSE)) == ("address", []), "one person alone ends no hold"
    confirm_entered(letter(first).pk, actor=office.cast["ana"].actor)
    office.work()
    assert (told(first), told(second)) == (1, 1)


def test_a_name_is_not_written_about(office: Office, first: CaseBrief, second: CaseBrief) -> None:
    release(second)
    hold(office, letter(first))
    with pytest.raises(NameActNotPossible, match="can’t be done now"):
        services.act_on_name(second.case_id, "registrar", name="harbour-host.example", actor=office.cast["ana"].actor)


def test_those_abroad_who_are_in_charge_are_told_as_ever(office: Office, first: CaseBrief) -> None:
    details = services.ContactDetails(kind="hotline", country="CA", name="There", email="hotline@example.test")
    services.add_contact(details, hotline_id=office.cast.hotline_id, actor=office.cast["carl"].actor)
    hold(office, letter(first))
    second = office.case(path=PATH, country="CA")
    office.act(second, Plan(foreign=True))
    office.work()
    assert len(office.mails("hotline@example.test")) == 1
    assert office.mails(ABUSE) == []
    assert Contact.objects.filter(email="hotline@example.test").exists()
