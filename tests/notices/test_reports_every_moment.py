"""Whoever reports an address every moment makes a letter to the police that is about to leave, always: where its time is over already, a notice
to the host leaves all the same."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django_scopes import scope

from leeward.audit.services import hotline_transaction
from leeward.jobs.clockwatch import Jump, note
from leeward.jobs.worker import run_until_idle
from leeward.notices import services
from leeward.notices.going_on import deciding, latest_end
from leeward.notices.models import Message, NoticeCase, Referral
from leeward.notices.services import outbox
from leeward.notices.services.police_first import follow_holds, follow_police, hold_back, let_go_on
from leeward.notices.timing import NO_SERVER, police_wait
from leeward.people.models import Portal
from tests.notices.conftest import ABUSE, POLICE, Office
from tests.notices.test_police_guards import DAY, HOUR, NOW, SENT, matter, refer, wanted
from tests.personas import Cast

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)
LONG_AGO = NOW - 3 * police_wait()
LET_GO = SENT | {"state": "timed_out", "sent_at": LONG_AGO, "wait_until": NOW - 2 * police_wait()}


def pass_time(office: Office, by: timedelta) -> None:
    office.reached += by
    office.clock.move_to(office.reached)
    run_until_idle(office.reached, most=1000)


@pytest.mark.slow
def test_a_notice_that_gathers_leaves_though_its_address_is_reported_every_minute(office: Office) -> None:
    brief = office.case()
    office.act(brief)
    office.work()
    begun, letters = office.reached, 1
    while not office.mails(ABUSE):
        is_close = office.reached - begun > 2 * police_wait() - HOUR
        services.forward_to_police(brief, more="later")
        pass_time(office, MINUTE if is_close else 2 * HOUR)
        assert office.reached - begun < 2 * police_wait() + 2 * HOUR
        letters += 0 if is_close else 1
    assert office.reached - begun >= 2 * police_wait() - 2 * HOUR
    assert len(office.mails(POLICE)) >= letters - 1, "and they have all that they were written"


def test_one_that_fails_closes_the_gate_at_once(office: Office) -> None:
    office.post.defer(ABUSE, times=100_000)
    brief = office.case(urgent=True)
    office.act(brief)
    office.work()
    office.work(2 * police_wait() + HOUR)
    office.post.defer(POLICE, times=100_000)
    services.forward_to_police(brief, more="urgent")
    office.work()
    assert NoticeCase.objects.get().state == "untold"
    office.post.accept_again(ABUSE)
    office.work(5 * HOUR)
    assert office.mails(ABUSE) == []


@pytest.mark.parametrize("is_reported_on", [False, True])
def test_what_was_put_back_has_the_whole_time_once_it_goes_on(office: Office, *, is_reported_on: bool) -> None:
    brief = office.case()
    office.post.defer(ABUSE, times=100_000)
    office.act(brief)
    office.work(police_wait() / 2)
    services.forward_to_police(brief, more="later")
    office.work(3 * police_wait())
    hold_back([one.pk for one in Referral.objects.all()], [brief.case_id], office.reached)
    assert NoticeCase.objects.get().state == "police"
    office.post.accept_again(ABUSE)
    for _time in range(1 + is_reported_on):
        services.forward_to_police(brief, more="later")
        pass_time(office, 5 * MINUTE)
    let_go_on(office.reached)
    office.work(2 * HOUR)
    office.work(police_wait() - 3 * HOUR)
    assert office.mails(ABUSE) == []
    pass_time(office, 4 * HOUR)
    pass_time(office, 5 * MINUTE)
    assert len(office.mails(ABUSE)) == 1


@pytest.fixture
def at_noon(cast: Cast) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False), scope(hotline=cast.hotline_id), hotline_transaction(cast.hotline_id):
        yield


def stands(of: NoticeCase, newest: Referral, **message: Any) -> str:
    """How a notice case stands that was open, by the letter that isn't sent yet and its message."""
    outbox.put("referral", newest.pk, to=POLICE, hotline_id=of.hotline_id, due_at=NOW + HOUR, urgent=False)
    Message.objects.filter(subject_id=newest.pk).update(**message)
    follow_police(of, NOW)
    newest.refresh_from_db()
    assert (newest.sent_at, newest.wait_until) == (None, None)
    assert wanted("notices.referral_time") == []
    of.refresh_from_db()
    return of.state


@pytest.mark.parametrize(
    ("message", "state"),
    [
        ({}, "open"),
        ({"attempts": 1, "state": "failed"}, "untold"),
        ({"attempts": 1}, "untold"),
        ({"state": "unsure"}, "untold"),
        ({"state": "dead"}, "untold"),
        ({"state": "stopped"}, "untold"),
        ({"kind": "notice"}, "untold"),
        ({"kind": "forward"}, "open"),
        ({"next_at": NOW - NO_SERVER + timedelta(seconds=1)}, "open"),
        ({"next_at": NOW - NO_SERVER}, "untold"),
    ],
)
def test_a_letter_that_waits_to_leave_closes_nothing_that_it_can_not_keep_closed(
    cast: Cast, at_noon: None, message: dict[str, Any], state: str
) -> None:
    of = matter(cast, state="open", step=1)
    refer(of, **LET_GO)
    assert stands(of, refer(of), **message) == state


def test_so_does_one_that_goes_with_another(cast: Cast, at_noon: None) -> None:
    of, other = matter(cast, state="open", step=1), matter(cast, 2)
    refer(of, **LET_GO)
    lead = refer(other)
    carried = refer(of, mail_of=lead)
    assert stands(of, lead) == "open"
    Message.objects.update(state="dead")
    follow_police(of, NOW)
    assert (of.state, carried.mail_of) == ("untold", lead)


def test_one_that_has_no_way_out_closes_the_gate_though_nothing_else_happens(cast: Cast, at_noon: None) -> None:
    of, other = matter(cast, state="open", step=1), matter(cast, 2, state="open", step=1)
    for one in (of, other):
        refer(one, **LET_GO)
        assert stands(one, refer(one)) == "open"
    Message.objects.filter(subject_id=of.referrals.latest("pk").pk).update(next_at=NOW - NO_SERVER)
    follow_holds(NOW)
    assert list(NoticeCase.objects.order_by("pk").values_list("state", flat=True)) == ["untold", "open"]


LONG_OVER: list[dict[str, Any]] = [
    {"wait_until": NOW - police_wait()},
    {"state": "released", "decided_at": NOW - police_wait()},
]
NONE_THAT_LET_GO: list[dict[str, Any]] = [
    {"state": "waiting"},
    {"state": "acknowledged"},
    {"state": "held"},
    {"sent_at": None},
    {"kind": "protection"},
    {"round": 0},
    {"portal": "abroad"},
]


def from_abroad(cast: Cast, changes: dict[str, Any]) -> dict[str, Any]:
    if "portal" not in changes:
        return changes
    abroad = Portal.objects.get(pk=cast.portal_id)
    abroad.pk, abroad.slug, abroad.country = None, "abroad", "BS"
    abroad.save()
    return changes | {"portal": abroad, "portal_id": abroad.pk}


@pytest.mark.parametrize(
    ("earlier", "state"),
    [
        *[(one, "open") for one in LONG_OVER],
        ({"wait_until": NOW - police_wait() + HOUR}, "untold"),
        ({"state": "released", "decided_at": NOW - police_wait() + HOUR}, "untold"),
        *[(one, "untold") for one in NONE_THAT_LET_GO],
    ],
)
def test_only_beside_one_of_theirs_that_let_the_host_be_told_long_enough_ago(
    cast: Cast, at_noon: None, earlier: dict[str, Any], state: str
) -> None:
    of = matter(cast, state="open", step=1)
    refer(of, **LET_GO | from_abroad(cast, earlier))
    assert stands(of, refer(of)) == state


@pytest.mark.parametrize("earlier", NONE_THAT_LET_GO)
def test_the_time_of_another_that_is_over_lets_nothing_go(cast: Cast, at_noon: None, earlier: dict[str, Any]) -> None:
    of = matter(cast, state="open", step=1)
    refer(of, **SENT | {"state": "acknowledged", "wait_until": LONG_AGO})
    refer(of, **LET_GO | from_abroad(cast, earlier))
    letter = refer(of, **SENT)
    assert deciding(of, letter, NOW) == letter


FIRST = NOW - 2 * police_wait()
ENDED = SENT | {"state": "timed_out", "decided_at": FIRST - DAY}
HELD: dict[str, Any] = SENT | {"state": "held", "hold_until": NOW + DAY}


@pytest.mark.parametrize(
    ("other", "end"),
    [
        ({"wait_until": FIRST + HOUR}, FIRST),
        ({"wait_until": FIRST - HOUR}, FIRST - HOUR),
        ({"wait_until": FIRST - HOUR, "kind": "protection"}, FIRST),
        ({"wait_until": FIRST - HOUR, "round": 0}, FIRST),
        ({"wait_until": FIRST - HOUR, "portal": "abroad"}, FIRST),
        ({"state": "released", "decided_at": FIRST + HOUR}, FIRST + HOUR),
        ({"state": "released", "decided_at": FIRST + HOUR, "wait_until": FIRST + DAY}, FIRST + HOUR),
        ({"state": "released", "decided_at": FIRST + HOUR, "portal": "abroad"}, FIRST),
        ({"state": "released", "decided_at": NOW + HOUR}, FIRST),
        (ENDED | {"wait_until": FIRST + HOUR}, FIRST + HOUR),
        (ENDED | {"wait_until": FIRST + HOUR, "portal": "abroad"}, FIRST),
        (ENDED | {"wait_until": NOW + HOUR}, FIRST),
        (HELD | {"decided_at": FIRST + HOUR}, FIRST),
        (HELD | {"wait_until": NOW + DAY}, FIRST),
        ({"state": "acknowledged", "wait_until": NOW + DAY}, NOW + DAY - police_wait()),
        ({"state": "acknowledged", "wait_until": NOW + DAY, "portal": "abroad"}, NOW + DAY - police_wait()),
    ],
)
def test_others_have_one_time_more_after_the_first_or_what_the_police_let_go_last(
    cast: Cast, at_noon: None, other: dict[str, Any], end: datetime
) -> None:
    of = matter(cast, state="open", step=1)
    refer(of, **LET_GO)
    refer(of, **LET_GO | from_abroad(cast, other))
    assert latest_end(of, refer(of, **SENT), NOW) == end + police_wait()


def test_that_another_waits_to_leave_says_nothing_of_this_one(cast: Cast, at_noon: None) -> None:
    of, other = matter(cast, state="open", step=1), matter(cast, 2)
    refer(of, **LET_GO)
    stands(other, refer(other))
    assert stands(of, refer(of), state="dead") == "untold"


def test_by_the_end_of_its_time_the_last_of_several_decides(cast: Cast, at_noon: None) -> None:
    of = matter(cast, state="open", step=1)
    letter = refer(of, **SENT)
    assert latest_end(of, letter, NOW) is None, "its own time is none of the others"
    letter.wait_until = NOW
    letter.save()
    assert latest_end(of, letter, NOW) is None
    refer(of, **LET_GO)
    last = refer(of, **LET_GO)
    newest = refer(of, **SENT)
    assert deciding(of, newest, NOW) == last
    assert latest_end(of, newest, NOW) == NOW, "what waits beside it has its time yet"
    end = latest_end(of, last, NOW)
    assert end is not None
    assert deciding(of, newest, end) == last
    assert deciding(of, None, NOW) is None


def test_the_last_that_let_it_go_decides(cast: Cast, at_noon: None) -> None:
    of = matter(cast, state="open", step=1)
    refer(of, **LET_GO)
    refer(of, **SENT | {"state": "acknowledged", "wait_until": LONG_AGO})
    assert stands(of, refer(of)) == "open"
    assert of.state == "open"


@pytest.mark.parametrize(
    ("newest", "state"),
    [
        ({}, "open"),
        ({"wait_until": NOW}, "open"),
        ({"wait_until": NOW + HOUR}, "police"),
        ({"state": "acknowledged"}, "open"),
        ({"state": "held", "hold_until": NOW + HOUR}, "police"),
    ],
)
def test_neither_does_one_that_just_left(cast: Cast, at_noon: None, newest: dict[str, Any], state: str) -> None:
    """Its time is written down and ends at once."""
    of = matter(cast, state="open", step=1)
    free = refer(of, **LET_GO)
    letter = refer(of, **SENT | newest)
    assert deciding(of, letter, NOW) == (free if state == "open" else letter)
    follow_police(of, NOW)
    letter.refresh_from_db()
    assert of.state == state
    if state == "open":
        assert (letter.wait_until, wanted("notices.referral_time")) == (NOW, [(letter.pk, NOW, False)])


def test_by_a_clock_in_doubt_the_newest_decides(cast: Cast, at_noon: None) -> None:
    of = matter(cast, state="open", step=1)
    refer(of, **LET_GO)
    note(Jump(NOW - 3 * DAY, NOW), "here:0")
    assert stands(of, refer(of)) == "untold"


def test_what_was_put_back_waits_for_what_they_say(cast: Cast, at_noon: None) -> None:
    of = matter(cast, state="open", step=1, put_back_at=NOW)
    refer(of, **LET_GO | {"created_at": LONG_AGO})
    assert stands(of, refer(of)) == "untold"
