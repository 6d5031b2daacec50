"""Whoever is told of a case beside its notices, as a hotline abroad, waits for the police as a host does."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django_scopes import scope

from leeward.audit.services import hotline_transaction
from leeward.hosting.models import Location
from leeward.hosting.queries import address_key_of
from leeward.hosting.rules.keys import key_of
from leeward.jobs.clockwatch import Jump, note
from leeward.notices import services
from leeward.notices.models import NoticeCase, Referral
from leeward.notices.queries import gates_of, held_among, is_address_held, others_wait
from leeward.notices.queries.pages import referral_page
from leeward.notices.rules.briefs import Plan
from leeward.notices.services import outbox
from leeward.notices.timing import police_wait
from tests.notices.conftest import POLICE, Office
from tests.notices.test_holds import DAY, THEY, restore
from tests.notices.test_pages import signed_in
from tests.notices.test_police_guards import NOW, SENT, matter, refer
from tests.notices.test_reports_every_moment import from_abroad
from tests.personas import Cast

pytestmark = pytest.mark.django_db
HOUR = DAY / 24


def waits(office: Office, case_id: int = 1) -> bool | None:
    """Whether a hotline abroad waits, and a payment firm with it; None where the police are not to be told."""
    found = others_wait([case_id]).get(case_id)
    if found is not None:
        assert (gates_of([case_id])[case_id] == "free") is not found
    return found


def test_until_the_police_have_it_and_let_it_go(office: Office) -> None:
    assert waits(office) is None, "nobody was to be told"
    office.post.defer(POLICE, times=1000)
    office.act(office.case())
    office.work(2 * police_wait())
    assert waits(office), "their mail server doesn't take it"
    office.post.accept_again(POLICE)
    office.work(5 * HOUR)
    assert waits(office)
    office.work(police_wait())
    assert waits(office) is False


def test_a_hold_comes_after_all_and_ends(office: Office) -> None:
    office.act(office.case())
    office.work()
    letter = Referral.objects.get()
    services.answer_referral(letter.pk, "release", actor=THEY)
    assert waits(office) is False
    services.answer_referral(letter.pk, "hold", actor=THEY, until=office.reached + 5 * DAY)
    office.work(4 * DAY)
    assert waits(office)
    office.work(2 * DAY)
    assert waits(office) is False


def test_the_police_hold_another_case_about_the_address(office: Office) -> None:
    for _ in range(2):
        office.act(office.case(path="/same"))
        office.work()
    first, second = Referral.objects.order_by("pk")
    services.answer_referral(second.pk, "release", actor=THEY)
    assert (waits(office, 1), waits(office, 2)) == (True, False)
    services.answer_referral(first.pk, "hold", actor=THEY, until=office.reached + 5 * DAY)
    assert (waits(office, 1), waits(office, 2)) == (True, True)


def test_more_is_to_be_told_them_first(office: Office) -> None:
    brief = office.case()
    office.act(brief)
    office.work()
    services.answer_referral(Referral.objects.get().pk, "release", actor=THEY)
    services.forward_to_police(brief, more="urgent")
    assert waits(office)


@pytest.mark.parametrize("ended", [False, True])
def test_where_no_host_waits_the_same_time_passes(office: Office, ended: bool) -> None:
    brief = office.case()
    office.act(brief, Plan(host=ended))
    office.work()
    if ended:
        services.withdraw(brief.case_id, actor=office.cast["ana"].actor)
        assert NoticeCase.objects.get().state == "stopped"
    office.work(police_wait() - HOUR)
    assert waits(office)
    office.work(HOUR)
    assert waits(office) is False


def test_whoever_reports_it_again_and_again_puts_nobody_off_for_more_than_one_time(office: Office) -> None:
    brief = office.case(urgent=True)
    office.act(brief, Plan(host=False))
    office.work()
    begun = office.reached
    while waits(office):
        services.forward_to_police(brief, more="urgent")
        office.work(5 * HOUR)
        services.forward_to_police(brief, more="urgent")  # it waits to leave
        assert office.reached - begun < 3 * police_wait()
    assert office.reached - begun >= 2 * police_wait() - 5 * HOUR


@pytest.mark.parametrize("host", [True, False])
def test_what_was_passed_on_before_anybody_decided_took_none_of_their_time(office: Office, host: bool) -> None:
    brief = office.case(judged="")
    services.forward_to_police(brief)
    office.work()
    office.work(2.5 * police_wait())  # it waits for somebody to assess it
    office.act(replace(brief, judged="person"), Plan(host=host))
    assert waits(office), "the letter that says what was decided has not left"
    office.work()
    assert waits(office)
    office.work(2 * police_wait())
    assert waits(office) is False


def test_where_the_last_letter_did_not_arrive_they_wait(office: Office) -> None:
    brief = office.case(urgent=True)
    office.act(brief, Plan(host=False))
    office.work(police_wait())
    office.work(2 * police_wait() - HOUR)
    assert waits(office) is False
    office.post.refuse(POLICE)
    services.forward_to_police(brief, more="urgent")
    office.work()
    assert waits(office)


def test_a_clock_that_jumped_ends_no_time(office: Office) -> None:
    office.act(office.case(), Plan(host=False))
    office.work()
    note(Jump(office.reached, office.reached + 3 * DAY), "here:0")
    office.work(3 * DAY)
    assert waits(office)


def test_no_time_ends_it_after_a_restoring(office: Office) -> None:
    office.act(office.case(), Plan(host=False))
    office.work()
    restore(office)
    office.work(3 * DAY)
    assert waits(office)


@pytest.mark.parametrize("actor", [THEY, None])
def test_after_a_restoring_the_police_or_a_person_for_them_end_it(office: Office, actor: Any) -> None:
    """They have no notice to release; but nobody knows whether they held the case, and no time says so."""
    office.act(office.case(), Plan(host=False))
    office.work()
    letter = Referral.objects.get()
    assert not referral_page(letter.pk).may_release
    restore(office)
    assert referral_page(letter.pk).may_release
    services.answer_referral(letter.pk, "release", actor=actor or office.cast["carl"].actor)
    office.work()
    assert waits(office) is False
    assert not referral_page(letter.pk).may_release


def test_the_desk_lists_whose_answer_may_be_lost(office: Office) -> None:
    client = signed_in(office, "carl")

    def listed() -> str:
        return client.get("/desk/referrals?view=doubtful").content.decode()

    office.act(office.case(), Plan(host=False))
    office.work()
    letter = Referral.objects.get()
    assert "Nothing waits for an answer that may be lost" in listed()
    restore(office)
    assert f"/desk/referrals/{letter.pk}" in listed()
    assert "Ask them, and enter what they say." in listed()
    assert "as another hotline, no longer waits" in client.get(f"/desk/referrals/{letter.pk}/release").content.decode()
    services.answer_referral(letter.pk, "release", actor=office.cast["carl"].actor)
    assert "Nothing waits for an answer that may be lost" in listed()


def test_where_it_ended_before_the_police_had_it_the_time_runs_from_then(office: Office) -> None:
    brief = office.case()
    office.post.defer(POLICE, times=1000)
    office.act(brief)
    office.work(HOUR)
    services.withdraw(brief.case_id, actor=office.cast["ana"].actor, reason="removed")
    office.post.accept_again(POLICE)
    office.work(6 * HOUR)
    assert waits(office)
    office.work(2 * police_wait())
    assert waits(office) is False


def test_a_payment_firm_waits_for_a_hold_on_another_case_about_the_address(office: Office) -> None:
    for plan in (Plan(host=False), Plan()):
        office.act(office.case(path="/same"), plan)
        office.work()
    services.answer_referral(Referral.objects.latest("pk").pk, "hold", actor=THEY, until=office.reached + 20 * DAY)
    office.work(5 * DAY)
    assert gates_of([1, 2]) == {1: "held", 2: "held"}


def test_for_many_cases_few_questions_are_asked(office: Office, django_assert_max_num_queries: Any) -> None:
    for _ in range(8):
        office.act(office.case(), Plan(host=False))
    office.work()
    office.work(2 * police_wait() - HOUR)
    with django_assert_max_num_queries(10):
        assert set(gates_of(range(1, 9)).values()) == {"free"}


def test_without_the_police_nobody_waits(office: Office) -> None:
    office.act(office.case(), Plan(police=False))
    office.work()
    assert waits(office) is None


@pytest.fixture
def noon(cast: Cast) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False), scope(hotline=cast.hotline_id), hotline_transaction(cast.hotline_id):
        yield


@pytest.mark.parametrize(("state", "gate"), [("open", "free"), ("person", "waits"), ("untold", "waits")])
def test_where_the_police_are_not_asked_a_person_lets_firms_be_told(
    cast: Cast, noon: None, state: str, gate: str
) -> None:
    matter(cast, state=state, tells_police=False)
    assert gates_of([1]) == {1: gate}


def test_a_letter_to_child_protection_keeps_nobody_waiting(cast: Cast, noon: None) -> None:
    of = matter(cast, state="open")
    refer(of, **SENT | {"state": "timed_out", "wait_until": NOW - HOUR})
    refer(of, kind="protection", **SENT)
    assert (gates_of([1]), others_wait([1])) == ({1: "free"}, {1: False})


@pytest.mark.parametrize(
    ("tells_host", "sent_at", "is_waiting"),
    [
        (False, NOW - police_wait(), False),
        (False, NOW - police_wait() + timedelta(seconds=1), True),
        (True, NOW - police_wait(), True),
    ],
)
def test_time_alone_lets_others_be_told_only_where_no_host_waits(
    cast: Cast, noon: None, tells_host: bool, sent_at: datetime, is_waiting: bool
) -> None:
    of = matter(cast, state="police", tells_host=tells_host)
    refer(of, **SENT | {"sent_at": sent_at, "wait_until": NOW + HOUR})
    assert others_wait([1]) == {1: is_waiting}


LONG_AGO = NOW - 3 * police_wait()


@pytest.mark.parametrize(
    ("theirs", "ours", "is_waiting"),
    [
        (SENT | {"sent_at": LONG_AGO}, [NOW], True),
        (SENT | {"sent_at": LONG_AGO}, [None], True),
        (SENT | {"sent_at": LONG_AGO}, [NOW - police_wait()], False),
        (SENT | {"sent_at": NOW - HOUR}, [LONG_AGO, NOW], True),
        (SENT | {"sent_at": NOW - HOUR, "state": "released"}, [LONG_AGO, NOW], False),
    ],
)
def test_the_time_of_the_police_of_another_country_ends_none_of_ours_nor_ours_theirs(
    cast: Cast, noon: None, theirs: dict[str, Any], ours: list[datetime | None], is_waiting: bool
) -> None:
    of = matter(cast, tells_host=False)
    refer(of, **from_abroad(cast, theirs | {"portal": "abroad"}))
    letters = [refer(of, **SENT | {"sent_at": at}) for at in ours]
    outbox.put("referral", letters[-1].pk, to=POLICE, hotline_id=of.hotline_id, due_at=NOW + HOUR, urgent=False)
    assert others_wait([1]) == {1: is_waiting}
    assert gates_of([1]) == {1: "waits" if is_waiting else "free"}


@pytest.mark.parametrize(
    ("letter", "is_held"),
    [
        ({"state": "held", "hold_until": NOW + DAY}, True),
        ({"state": "waiting"}, False),
        ({"state": "released"}, False),
    ],
)
def test_a_hold_is_found_by_its_address_however_it_is_written(
    cast: Cast, noon: None, letter: dict[str, Any], is_held: bool, django_assert_num_queries: Any
) -> None:
    place = Location.objects.create(
        hotline_id=cast.hotline_id, kind="url", comparable="a.example/kite", key=key_of("url", "a.example/kite")
    )
    refer(matter(cast, address_key=address_key_of(place.pk)), **SENT | letter)
    refer(matter(cast, 2, address_key=key_of("url", "a.example/other")), **SENT)
    refer(matter(cast, 3), **SENT | {"state": "held", "hold_until": NOW + DAY})
    here, others = "HTTP://A.example:80/kite#top", ["http://a.example/other", "no address", ""]
    with CaptureQueriesContext(connection) as asked:
        assert held_among([here]) == ({here} if is_held else set())
    many = [f"http://a.example/{number}" for number in range(20)]
    with django_assert_num_queries(len(asked)):
        assert held_among([here, *others, *many]) == ({here} if is_held else set())
    with django_assert_num_queries(0):
        assert held_among([]) == set()
    assert (is_address_held(place.pk, "JM"), is_address_held(place.pk, "BS")) == (is_held, False)
