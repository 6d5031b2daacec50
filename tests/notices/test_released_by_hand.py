"""In an urgent case nobody alone lets the host be told earlier, and nothing stops what the police are owed."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from django.test import Client

from leeward.foundation.actor import Actor
from leeward.notices import services
from leeward.notices.errors import (
    ArrivalTakesTwo,
    HoldEndsSooner,
    NothingToConfirm,
    PoliceNotInformed,
    ProtectionNotInformed,
)
from leeward.notices.models import TO_POLICE, Contact, Message, NoticeCase, Referral
from leeward.notices.queries import urgent_untold
from leeward.notices.rules.at_risk import AtRisk
from leeward.notices.rules.briefs import CaseBrief
from leeward.notices.services import delivery
from leeward.people.errors import NotSecondPerson
from tests.having_read import confirm_entered
from tests.notices.conftest import ABUSE, POLICE, Office
from tests.notices.test_pages import path_of, signed_in
from tests.notices.test_release_asks import release_on_the_desk
from tests.notices.test_services import DAY, HOUR, link_in

POLICE_ACTOR = Actor("police")


def told(office: Office) -> int:
    """Police who were told of an urgent case a moment ago; the host waits for them."""
    acted = office.act(office.case(urgent=True))
    office.work()
    return int(acted.referral_id)


def gate() -> str:
    return str(NoticeCase.objects.get().state)


def letter(office: Office, number: int) -> str:
    """One of the letters to the police, without its line breaks."""
    return " ".join(office.mails(POLICE)[number].text.split())


def words(client: Client, path: str) -> str:
    return " ".join(client.get(path).content.decode().split())


def test_a_release_that_one_of_us_enters_tells_no_host_before_a_second_person_confirms_it(office: Office) -> None:
    number, carl = told(office), office.cast["carl"].actor
    release_on_the_desk(signed_in(office, "carl"), number)
    office.work()
    assert (gate(), Referral.objects.get().state, office.mails(ABUSE)) == ("police", "acknowledged", [])
    assert "Our notice to the host may go." in letter(office, 1)
    assert "It counts for us once you have confirmed it" in letter(office, 1)
    theirs = words(Client(), path_of(link_in(office.mails(POLICE)[0], "referral")))
    assert "The hotline entered that you release it. That doesn’t count yet" in theirs
    assert "Carl" not in theirs
    with pytest.raises(NotSecondPerson):
        confirm_entered(number, actor=carl)
    page = words(signed_in(office, "ana"), f"/desk/referrals/{number}/confirm")
    assert "Carl entered by hand that the police release it." in page
    assert "Once you have confirmed, the host may be told" in page
    confirm_entered(number, actor=office.cast["ana"].actor)
    office.work()
    assert (gate(), len(office.mails(ABUSE))) == ("open", 1)


def test_the_police_themselves_release_at_once_and_what_they_say_later_counts(office: Office) -> None:
    number = told(office)
    services.answer_referral(number, "release", actor=office.cast["carl"].actor)
    services.answer_referral(number, "hold", actor=POLICE_ACTOR, until=office.reached + 2 * DAY)
    with pytest.raises(NothingToConfirm):
        confirm_entered(number, actor=office.cast["ana"].actor)
    assert gate() == "police"
    services.answer_referral(number, "release", actor=POLICE_ACTOR)
    assert gate() == "open"


def test_a_hold_that_one_of_us_enters_counts_at_once_unless_the_host_would_be_told_earlier(office: Office) -> None:
    number, carl = told(office), office.cast["carl"].actor
    with pytest.raises(HoldEndsSooner):
        services.answer_referral(number, "hold", actor=carl, until=office.reached + 20 * HOUR)
    services.answer_referral(number, "hold", actor=carl, until=office.reached + 3 * DAY)
    with pytest.raises(HoldEndsSooner):
        services.answer_referral(number, "hold", actor=carl, until=office.reached + 2 * DAY)
    office.work(DAY)
    assert (Referral.objects.get().state, office.mails(ABUSE)) == ("held", [])
    assert "We hold the notice from now on." in letter(office, 1)


def test_a_case_that_is_not_urgent_is_released_by_one_person(office: Office) -> None:
    acted = office.act(office.case())
    office.work()
    services.answer_referral(acted.referral_id, "release", actor=office.cast["carl"].actor)
    assert gate() == "open"


@pytest.mark.parametrize("stop", [services.withdraw_after_review, services.withdraw])
def test_nothing_stops_an_urgent_case_of_which_the_police_were_not_told(
    office: Office, stop: Callable[[int], object]
) -> None:
    """Whatever the reason: the alarm, the gate and the message to the police stay for a person to settle."""
    office.post.refuse(POLICE)
    office.act(office.case(urgent=True))
    office.work()
    stop(1)
    assert (gate(), urgent_untold(office.reached)) == ("untold", 1)
    with pytest.raises(PoliceNotInformed):
        services.drop(Message.objects.get(kind__in=TO_POLICE).pk, actor=office.cast["carl"].actor)


def test_nobody_alone_says_that_an_urgent_message_of_which_that_is_not_known_arrived(office: Office) -> None:
    told(office)
    office.post.drop_after_message(POLICE, kept=False, times=9)
    NoticeCase.objects.update(started_at=office.reached)
    services.forward_to_police(replace(office.case(urgent=True), case_id=2, judged=""), more="urgent")
    office.work(HOUR)
    unsure = Message.objects.get(kind__in=TO_POLICE, state="unsure")
    with pytest.raises(ArrivalTakesTwo):
        services.call_arrived(unsure.pk, actor=office.cast["carl"].actor)
    assert urgent_untold(office.reached) == 1


def about_a_child(office: Office) -> tuple[CaseBrief, str]:
    """A case, and the address of a child-protection office that is to hear of it."""
    details = services.ContactDetails("protection", "JM", "Child care office", "care@jm.example")
    services.add_contact(details, hotline_id=office.cast.hotline_id, actor=office.cast["carl"].actor)
    return replace(office.case(urgent=True), judged=""), details.email


SAID = AtRisk("A child in a green shirt.")


def care_office() -> int:
    """The number of the one office in the directory."""
    return int(Contact.objects.get(kind="protection").pk)


def test_what_child_protection_does_not_have_is_given_up_by_nobody(office: Office) -> None:
    brief, care = about_a_child(office)
    ana, carl = office.cast["ana"].actor, office.cast["carl"].actor
    office.post.refuse(care)
    first = services.tell_child_protection(brief, SAID, office_id=care_office(), actor=ana)
    office.work()
    message = Message.objects.get(kind="protect")
    assert message.state == "dead"
    with pytest.raises(ProtectionNotInformed):
        services.drop(message.pk, actor=carl)
    Message.objects.filter(pk=message.pk).update(state="unsure")
    with pytest.raises(ArrivalTakesTwo):
        services.call_arrived(message.pk, actor=carl)
    office.post.accept_again(care)
    Contact.objects.update(bounced_at=None)
    services.tell_child_protection(brief, SAID, office_id=care_office(), actor=ana)
    office.work()
    services.drop(message.pk, actor=carl)
    assert Referral.objects.get(pk=first.pk).told_how == ""


def test_child_protection_does_not_have_what_came_back(office: Office) -> None:
    brief, _care = about_a_child(office)
    services.tell_child_protection(brief, SAID, office_id=care_office(), actor=office.cast["ana"].actor)
    office.work()
    delivery.came_back(Message.objects.get(kind="protect"), "hard", now=office.reached)
    assert Referral.objects.get(kind="protection").sent_at is None
    with pytest.raises(ProtectionNotInformed):
        services.drop(Message.objects.get(kind="protect").pk, actor=office.cast["carl"].actor)


def test_a_decision_that_was_withdrawn_leaves_the_police_what_was_reported(office: Office) -> None:
    """Nobody else is told any more, the police are not told to do nothing, and a message that comes back is an alarm."""
    number = told(office)
    services.withdraw_after_review(1)
    office.work(2 * DAY)
    assert (gate() == "stopped", office.mails(ABUSE)) == (False, [])
    assert "What was reported to us still stands: please answer it all the same." in letter(office, 1)
    assert "You do not need to do anything" not in letter(office, 1)
    services.answer_referral(number, "outcome", actor=POLICE_ACTOR, outcome="child_safe")
    office.work()
    assert gate() == "stopped", "now that they said what came of it"


def test_acting_again_after_a_withdrawal_begins_with_the_police_anew(office: Office) -> None:
    number = told(office)
    services.answer_referral(number, "release", actor=POLICE_ACTOR)
    services.withdraw_after_review(1)
    office.act(replace(office.case(urgent=True), case_id=1))
    office.work()
    assert (gate(), Referral.objects.count(), office.mails(ABUSE)) == ("police", 2, [])
