"""Whoever reports an address again and again, as its owner may, makes a letter to the police each time, and keeps the host untold by that for
no longer than one time more."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django_scopes import scope

from leeward.audit.services import hotline_transaction
from leeward.demo.world.smtp import Received
from leeward.foundation.actor import Actor
from leeward.jobs.clockwatch import Jump, confirm, note
from leeward.notices import services
from leeward.notices.models import NoticeCase, Referral
from leeward.notices.queries.untold import untold
from leeward.notices.rules.answers import FREE
from leeward.notices.rules.briefs import read
from leeward.notices.services.police_first import follow_police
from leeward.notices.timing import police_wait
from leeward.people.models import Portal
from tests.notices.conftest import ABUSE, POLICE, Office
from tests.notices.test_police_guards import NOW, SENT, matter, refer
from tests.notices.test_police_mail_returned import in_words, report
from tests.personas import Cast

pytestmark = pytest.mark.django_db
DAY, HOUR, MINUTE, SECOND = timedelta(days=1), timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)


def answer(act: str, **more: object) -> None:
    newest = Referral.objects.order_by("-pk").first()
    assert newest is not None
    services.answer_referral(newest.pk, act, actor=Actor("police"), **more)


@pytest.mark.parametrize("urgent", [True, False])
@pytest.mark.parametrize("released", [True, False])
def test_they_keep_the_host_untold_for_one_time_more(office: Office, *, urgent: bool, released: bool) -> None:
    brief = office.case(urgent=urgent)
    office.act(brief)
    office.work()
    begun, letters = office.reached, 1
    if released:
        answer("release")
    while not office.mails(ABUSE):
        services.forward_to_police(brief, more="urgent" if urgent else "later")
        office.work(5 * HOUR)
        letters += 1
        assert office.reached - begun < 3 * police_wait()
    assert office.reached - begun >= (1 if released else 2) * police_wait() - 5 * HOUR, "they had time for what is new"
    assert len(office.mails(POLICE)) == letters, "and have all of it"


def test_a_hold_by_any_of_them_holds(office: Office) -> None:
    brief = office.case(urgent=True)
    office.act(brief)
    office.work()
    answer("release")
    services.forward_to_police(brief, more="urgent")
    office.work(HOUR)
    answer("hold", until=office.reached + 20 * police_wait())
    for _day in range(5):
        services.forward_to_police(brief, more="urgent")
        office.work(police_wait())
    assert office.mails(ABUSE) == []
    assert {one.state for one in Referral.objects.all()} - FREE == {"held"}
    answer("release")
    office.work(HOUR)
    assert len(office.mails(ABUSE)) == 1


def jump(office: Office, by: timedelta) -> None:
    """Let the clock jump."""
    note(Jump(office.reached, office.reached + by), "here:0")
    office.reached += by
    office.clock.move_to(office.reached)


def failed(mail: Received) -> bytes:
    return report(mail, f"Final-Recipient: rfc822; {POLICE}", "Action: failed")


def returned(mail: Received) -> bytes:
    return in_words(mail, "I was unable to deliver")


def letters_to(office: Office, number: int) -> list[Received]:
    """Have a case referred, and reported again and again; return the letters."""
    brief = office.case(urgent=True)
    office.act(brief)
    office.work()
    for _more in range(number - 1):
        services.forward_to_police(brief, more="urgent")
        office.work()
    return office.mails(POLICE)


def more(office: Office, after: timedelta = timedelta(0)) -> None:
    services.forward_to_police(read(NoticeCase.objects.get().brief), more="urgent")
    office.work(after)


def test_again_and_again_within_minutes_does_not_put_the_host_off(office: Office) -> None:
    letters_to(office, 1)
    office.work(2 * police_wait() - HOUR)
    for _time in range(15):
        more(office, MINUTE)
    assert len(office.mails(ABUSE)) == 1


@pytest.mark.slow
@pytest.mark.parametrize("comes_back", [failed, returned])
def test_one_that_came_back_lets_nothing_go(office: Office, comes_back: Callable[[Received], bytes]) -> None:
    [sent] = letters_to(office, 1)
    office.post.defer(POLICE, times=100_000)
    more(office, 5 * MINUTE)
    services.take_in(comes_back(sent))
    for _time in range(14):
        office.work(12 * HOUR)
    assert office.mails(ABUSE) == []
    assert len(untold()) == 1, "and a person knows"


def test_what_goes_after_one_that_came_back_has_its_whole_time(office: Office) -> None:
    [sent] = letters_to(office, 1)
    office.post.defer(POLICE, times=100_000)
    more(office, 5 * MINUTE)
    services.take_in(failed(sent))
    office.work(2 * police_wait() + HOUR)
    office.post.accept_again(POLICE)
    office.work(5 * HOUR)
    assert (len(office.mails(POLICE)), office.mails(ABUSE)) == (2, [])
    office.work(police_wait())
    assert len(office.mails(ABUSE)) == 1


def test_so_has_one_that_had_less_by_it(office: Office) -> None:
    [sent] = letters_to(office, 1)
    office.work(police_wait() - HOUR)
    office.post.defer(POLICE, times=100_000)
    more(office, 16 * HOUR)
    office.post.accept_again(POLICE)
    office.work(5 * HOUR)
    assert (len(office.mails(POLICE)), office.mails(ABUSE)) == (2, [])
    services.take_in(failed(sent))
    office.work(police_wait() - HOUR)
    assert office.mails(ABUSE) == []
    office.work(2 * HOUR)
    assert len(office.mails(ABUSE)) == 1


@pytest.mark.slow
def test_a_release_by_another_letter_gives_one_time_more(office: Office) -> None:
    letters_to(office, 2)
    answer("hold", until=office.reached + 5 * DAY)
    office.work(HOUR)
    answer("release")
    more(office)
    begun = office.reached
    while not office.mails(ABUSE):
        assert office.reached - begun < 2 * police_wait()
        more(office, 5 * HOUR)
    assert office.reached - begun >= police_wait() - 5 * HOUR


def test_so_does_one_of_what_an_earlier_letter_held(office: Office) -> None:
    letters_to(office, 1)
    answer("hold", until=office.reached + 20 * DAY)
    more(office, 10 * DAY)
    answer("release")
    more(office, police_wait() - HOUR)
    assert office.mails(ABUSE) == []
    office.work(HOUR)
    assert len(office.mails(ABUSE)) == 1


def test_so_does_the_end_of_a_hold(office: Office) -> None:
    letters_to(office, 1)
    answer("hold", until=office.reached + 5 * DAY)
    office.work(5 * DAY - HOUR)
    more(office, 2 * HOUR)
    more(office, HOUR)
    assert office.mails(ABUSE) == []


def test_one_that_is_refused_is_no_settled_one(office: Office) -> None:
    letters_to(office, 1)
    answer("release")
    office.work(3 * police_wait())
    office.post.refuse(POLICE)
    more(office, HOUR)
    assert len(untold()) == 1


def test_none_ends_the_time_that_another_has_anew(office: Office) -> None:
    letters_to(office, 1)
    office.work(police_wait() - 20 * MINUTE)
    more(office, 30 * MINUTE)
    jump(office, 3 * DAY)
    confirm(Actor("command"), office.reached)
    office.work()
    more(office, 10 * MINUTE)
    assert office.mails(ABUSE) == []


def test_a_release_by_a_clock_that_was_ahead_counts_from_when_it_is_right(office: Office) -> None:
    letters_to(office, 1)
    jump(office, 60 * DAY)
    more(office, HOUR)
    answer("release")
    more(office)
    jump(office, -60 * DAY)
    begun = office.reached
    while not office.mails(ABUSE):
        assert office.reached - begun < 3 * police_wait()
        more(office, 5 * HOUR)


OVER, WHOLE = timedelta(0), police_wait()
LONG_AGO = NOW - 3 * WHOLE
FIRST = {"state": "timed_out", "wait_until": NOW - 2 * WHOLE}


def left_beside(cast: Cast, *earlier: dict[str, Any]) -> timedelta:
    """How long a letter keeps the host untold beside earlier ones."""
    with time_machine.travel(NOW, tick=False), scope(hotline=cast.hotline_id), hotline_transaction(cast.hotline_id):
        of = matter(cast, round=2)
        abroad = Portal.objects.get(pk=cast.portal_id)
        abroad.pk, abroad.slug, abroad.country = None, "abroad", "BS"
        abroad.save()
        for one in earlier:
            values = one | ({"portal": abroad, "portal_id": abroad.pk} if "portal" in one else {})
            refer(of, **SENT | {"round": 2, "sent_at": LONG_AGO, "created_at": LONG_AGO} | values)
        newest = refer(of, **SENT | {"round": 2})
        follow_police(of, NOW)
        of.refresh_from_db()
        newest.refresh_from_db()
        assert newest.wait_until is not None
        left = newest.wait_until - NOW
        assert of.state == ("police" if left or any(one.get("state") == "held" for one in earlier) else "open")
        return left


@pytest.mark.parametrize(
    ("earlier", "left"),
    [
        (FIRST, OVER),
        ({"wait_until": NOW - HOUR}, WHOLE - HOUR),
        ({"wait_until": NOW}, WHOLE),
        ({"state": "released", "decided_at": NOW - HOUR}, WHOLE - HOUR),
        # What they had when nobody was to be told, or had of something else, is no time of theirs.
        ({"wait_until": None}, WHOLE),
        (FIRST | {"round": 1}, WHOLE),
        (FIRST | {"kind": "protection"}, WHOLE),
        (FIRST | {"portal": "abroad"}, WHOLE),
        ({"portal": "abroad", "wait_until": NOW + HOUR}, WHOLE),
    ],
)
def test_until_when_a_later_letter_keeps_the_host_untold(cast: Cast, earlier: dict[str, Any], left: timedelta) -> None:
    assert left_beside(cast, earlier) == left


@pytest.mark.parametrize(
    ("second", "left"),
    [
        # From when they last let the notice go.
        ({"state": "released", "decided_at": NOW - HOUR}, WHOLE - HOUR),
        ({"state": "released", "decided_at": NOW}, WHOLE),
        ({"state": "released", "decided_at": NOW + HOUR}, OVER),
        ({"state": "released", "decided_at": LONG_AGO, "wait_until": NOW - HOUR}, OVER),
        ({"state": "acknowledged", "decided_at": NOW - HOUR}, OVER),
        ({"state": "timed_out", "decided_at": LONG_AGO, "wait_until": NOW - HOUR}, WHOLE - HOUR),
        ({"state": "timed_out", "decided_at": LONG_AGO, "wait_until": NOW}, WHOLE),
        ({"state": "timed_out", "decided_at": LONG_AGO, "wait_until": NOW + HOUR}, OVER),
        ({"state": "timed_out", "wait_until": NOW - HOUR}, OVER),  # their time was over, and no hold
        ({"state": "released", "decided_at": NOW - HOUR, "portal": "abroad"}, OVER),
        ({"state": "timed_out", "decided_at": LONG_AGO, "wait_until": NOW - HOUR, "portal": "abroad"}, OVER),
        # A time that runs, in whichever country, and one that does no more.
        ({"wait_until": NOW + HOUR}, HOUR),
        ({"wait_until": NOW + HOUR, "portal": "abroad"}, HOUR),
        ({"wait_until": NOW + HOUR, "round": 1}, OVER),
        ({"wait_until": NOW + HOUR, "kind": "protection"}, OVER),
        ({"state": "released", "decided_at": LONG_AGO, "wait_until": NOW + HOUR}, OVER),
        ({"state": "held", "hold_until": NOW + 2 * HOUR, "wait_until": NOW + HOUR}, OVER),
    ],
)
def test_until_when_beside_the_first_and_another(cast: Cast, second: dict[str, Any], left: timedelta) -> None:
    assert left_beside(cast, FIRST, second) == left


@pytest.mark.parametrize("urgent", [True, False])
@pytest.mark.parametrize("later", [2.5, 1.2])
def test_what_was_passed_on_before_anybody_was_to_be_told_took_none_of_their_time(
    office: Office, later: float, *, urgent: bool
) -> None:
    brief = office.case(urgent=urgent, judged="")
    services.forward_to_police(brief)
    office.work()
    office.work(police_wait() * later)
    office.act(replace(brief, judged="person"))
    office.work()
    office.work(police_wait() - HOUR)
    assert (len(office.mails(POLICE)), office.mails(ABUSE)) == (2, [])
    office.work(2 * HOUR)
    assert len(office.mails(ABUSE)) == 1


def test_a_first_letter_by_a_clock_that_was_behind_takes_none_either(office: Office) -> None:
    jump(office, -40 * DAY)
    letters_to(office, 1)
    jump(office, 40 * DAY)
    office.work(police_wait() - 2 * HOUR)
    more(office)
    office.work(police_wait() - 2 * HOUR)
    assert office.mails(ABUSE) == []


def test_one_alone_has_its_whole_time_whenever_it_was_sent(cast: Cast) -> None:
    with time_machine.travel(NOW, tick=False), scope(hotline=cast.hotline_id), hotline_transaction(cast.hotline_id):
        of = matter(cast)
        alone = refer(of, **SENT | {"sent_at": LONG_AGO, "created_at": LONG_AGO})
        follow_police(of, NOW)
        alone.refresh_from_db()
        assert alone.wait_until == NOW + WHOLE
