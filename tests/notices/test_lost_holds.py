"""Whose hold may be lost with a restoring, row by row, and where it keeps another case about the address."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django_scopes import scope

from leeward.administration.services import confirm_clock
from leeward.audit.services import hotline_transaction
from leeward.backup.models import Restoration
from leeward.jobs.clockwatch import Jump, is_in_doubt, note
from leeward.jobs.models import ClockJump, Job
from leeward.jobs.registry import SUBSCRIBERS
from leeward.jobs.services import schedule
from leeward.notices.going_on import (
    beside,
    goes_on_at,
    has_beside,
    has_no_end,
    holder_of,
    in_doubt,
    is_held_itself,
    keeps_waiting,
    may_be_held,
)
from leeward.notices.models import NoticeCase, Referral
from leeward.notices.services.police_first import (
    REFERRAL_TIME,
    follow_holds,
    follow_police,
    hold_back,
    let_go_on,
    wait_for_police,
)
from leeward.people.models import Portal
from tests.notices.test_police_guards import DAY, HOUR, NOW, SENT, contact, item, matter, refer
from tests.personas import Cast

LONGEST = timedelta(days=30)
PLACE: dict[str, Any] = {"address_key": "here", "state": "police"}


@pytest.fixture(autouse=True)
def _at_noon(cast: Cast) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False), scope(hotline=cast.hotline_id), hotline_transaction(cast.hotline_id):
        yield


def restored(at: datetime) -> None:
    Restoration.objects.create(backup_at=at - HOUR, restored_at=at)


@pytest.mark.parametrize(("age", "lasts"), [(LONGEST - HOUR, True), (LONGEST, False), (LONGEST + HOUR, False)])
@pytest.mark.parametrize("how", ["restored", "put back"])
@pytest.mark.parametrize("state", ["waiting", "acknowledged"])
def test_it_matters_to_others_as_long_as_a_hold_can_last(
    cast: Cast, age: timedelta, how: str, state: str, *, lasts: bool
) -> None:
    since = NOW - age
    first = matter(cast, 1, **PLACE, put_back_at=since if how == "put back" else None)
    letter = refer(first, **SENT | {"created_at": since - HOUR, "state": state})
    if how == "restored":
        restored(since)
    second = matter(cast, 2, **PLACE, tells_police=False)
    assert (holder_of(second) == first.pk, keeps_waiting(letter)) == (lasts, lasts)
    assert may_be_held(first), "of the case itself no time says anything"
    follow_holds(NOW)
    second.refresh_from_db()
    assert (second.state == "address") is lasts


@pytest.mark.parametrize(("jumped", "lasts"), [(2 * DAY, True), (HOUR, False)])
@pytest.mark.parametrize("how", ["restored", "put back"])
def test_by_a_clock_that_jumped_it_lasts_as_long_as_it_did_before(
    cast: Cast, jumped: timedelta, how: str, *, lasts: bool
) -> None:
    since = NOW - LONGEST - DAY
    first = matter(cast, 1, **PLACE, put_back_at=since if how == "put back" else None)
    letter = refer(first, **SENT | {"created_at": since - HOUR})
    if how == "restored":
        restored(since)
    ClockJump.objects.create(owner="worker", before=NOW - jumped, after=NOW)
    second = matter(cast, 2, **PLACE, tells_police=False)
    assert (holder_of(second) == first.pk, keeps_waiting(letter)) == (lasts, lasts)
    follow_holds(NOW)
    second.refresh_from_db()
    assert (second.state == "address") is lasts


@pytest.mark.parametrize(
    ("jumps", "lasts"),
    [({"worker": [12]}, True), ({"worker": [12], "face": [12]}, True), ({"worker": [12, -11]}, False), ({"worker": [-12]}, False)],
)  # fmt: skip
def test_restored_by_a_clock_that_was_behind_it_lasts_as_much_longer(
    cast: Cast, jumps: dict[str, list[int]], *, lasts: bool
) -> None:
    since = NOW - LONGEST - 2 * DAY
    first = matter(cast, 1, **PLACE)
    refer(first, **SENT | {"created_at": since - HOUR})
    Restoration.objects.create(backup_at=since - HOUR, restored_at=since, prepared_at=since + HOUR)
    for owner, days in jumps.items():
        for at, size in enumerate(days):
            before = since + (at + 1) * DAY
            ClockJump.objects.create(owner=owner, before=before, after=before + size * DAY)
    assert confirm_clock(actor=cast["adam"].actor, now=NOW) == sum(len(days) for days in jumps.values())
    assert (holder_of(matter(cast, 2, **PLACE)) is not None) is lasts


@pytest.mark.parametrize(("taken_up_after", "lasts"), [(HOUR, True), (12 * DAY, False)])
def test_so_it_does_where_the_clock_went_right_by_itself(cast: Cast, taken_up_after: timedelta, *, lasts: bool) -> None:
    since = NOW - LONGEST - 2 * DAY
    first = matter(cast, 1, **PLACE)
    refer(first, **SENT | {"created_at": since - HOUR})
    note(Jump(since + 12 * DAY, since), "worker")
    at = since + taken_up_after
    Restoration.objects.create(backup_at=since - HOUR, restored_at=since, prepared_at=at)
    note(Jump(since + DAY, since + 13 * DAY), "worker")
    assert not is_in_doubt()
    assert Restoration.objects.get().prepared_at == (at + 12 * DAY if lasts else at)


def test_what_was_taken_up_after_the_clock_was_right_lasts_no_longer(cast: Cast) -> None:
    since = NOW - LONGEST - 2 * DAY
    first = matter(cast, 1, **PLACE)
    refer(first, **SENT | {"created_at": since - HOUR})
    Restoration.objects.create(backup_at=since - HOUR, restored_at=since, prepared_at=since)
    ClockJump.objects.create(owner="worker", before=since - 14 * DAY, after=since - 2 * DAY)
    confirm_clock(actor=cast["adam"].actor, now=NOW)
    assert holder_of(matter(cast, 2, **PLACE)) is None


@pytest.mark.parametrize("how", ["restored", "put back"])
def test_what_was_written_since_is_in_no_doubt(cast: Cast, how: str) -> None:
    first = matter(cast, 1, **PLACE, put_back_at=NOW - DAY if how == "put back" else None)
    if how == "restored":
        restored(NOW - DAY)
    refer(first, **SENT | {"created_at": NOW - DAY})
    assert not may_be_held(first)
    assert holder_of(matter(cast, 2, **PLACE)) is None


@pytest.mark.parametrize(
    ("said", "holds"),
    [
        ({"state": "released", "decided_at": NOW - 2 * DAY}, False),
        ({"state": "timed_out"}, False),
        ({"state": "released", "decided_at": NOW}, False),
        ({"state": "waiting"}, True),
        ({"state": "released", "decided_at": NOW, "kind": "protection"}, True),
    ],
)
def test_what_they_said_last_counts_for_every_letter_before(cast: Cast, said: dict[str, Any], *, holds: bool) -> None:
    first = matter(cast, 1, **PLACE)
    refer(first, **SENT | {"created_at": NOW - 4 * DAY})
    refer(first, **SENT | {"created_at": NOW - 3 * DAY} | said)
    restored(NOW - DAY)
    assert (holder_of(matter(cast, 2, **PLACE)) is not None) is holds


def test_a_letter_after_one_that_was_let_go_is_in_doubt_again(cast: Cast) -> None:
    first = matter(cast, 1, **PLACE)
    refer(first, **SENT | {"created_at": NOW - 4 * DAY, "state": "released", "decided_at": NOW - 4 * DAY})
    refer(first, **SENT | {"created_at": NOW - 3 * DAY})
    restored(NOW - DAY)
    assert holder_of(matter(cast, 2, **PLACE)) == first.pk


@pytest.mark.parametrize(("by", "with_", "urgent", "holds"), [
    (None, None, True, False), ("carl", None, True, True), ("carl", "ana", True, False), ("carl", None, False, False),
])  # fmt: skip
def test_where_it_takes_two_one_persons_word_is_not_theirs(
    cast: Cast, by: str | None, with_: str | None, *, urgent: bool, holds: bool
) -> None:
    first = matter(cast, 1, **PLACE)
    number = {None: None} | {name: cast[name].account_id for name in ("carl", "ana")}
    letter = refer(first, **SENT | {"created_at": NOW - 2 * DAY, "urgent": urgent})
    restored(NOW - DAY)
    letter.state, letter.decided_at, letter.decided_by_id, letter.released_with_id = (
        "released", NOW, number[by], number[with_],
    )  # fmt: skip
    letter.save()
    assert (holder_of(matter(cast, 2, **PLACE)) is not None, may_be_held(first)) == (holds, holds)


@pytest.mark.parametrize(("round_", "kind", "holds"), [(1, "host", False), (2, "host", True), (1, "peer", True)])
def test_what_a_host_knows_cannot_be_held(cast: Cast, round_: int, kind: str, *, holds: bool) -> None:
    first = matter(cast, 1, **PLACE, round=round_)
    item(first, contact(cast, kind="host", email="abuse@host.example"), kind, round=1)
    letter = refer(first, **SENT | {"created_at": NOW - 2 * DAY, "round": round_})
    restored(NOW - DAY)
    assert (holder_of(matter(cast, 2, **PLACE)) is not None, keeps_waiting(letter)) == (holds, holds)


def test_what_the_host_of_another_case_knows_says_nothing_of_this_one(cast: Cast) -> None:
    first, elsewhere = matter(cast, 1, **PLACE), matter(cast, 3, address_key="elsewhere", state="open")
    item(elsewhere, contact(cast, kind="host", email="abuse@host.example"), round=1)
    refer(first, **SENT | {"created_at": NOW - 2 * DAY})
    restored(NOW - DAY)
    assert holder_of(matter(cast, 2, **PLACE)) == first.pk


def test_only_the_police_hold_a_case(cast: Cast) -> None:
    of = matter(cast, 1, **PLACE)
    refer(of, kind="protection", **SENT | {"state": "held", "hold_until": NOW + DAY})
    held = NoticeCase.objects.filter(is_held_itself())
    assert not held.exists()
    refer(of, kind="forward", **SENT | {"state": "held", "hold_until": NOW + DAY})
    assert list(held.all()) == [of]


@pytest.mark.parametrize("state", ["open", "person", "police"])
def test_a_hold_since_a_restoring_is_followed_as_any(cast: Cast, state: str) -> None:
    restored(NOW - DAY)
    refer(matter(cast, 1, **PLACE), **SENT | {"state": "held", "hold_until": NOW + DAY, "created_at": NOW - HOUR})
    second = matter(cast, 2, **PLACE | {"state": state}, tells_police=False)
    follow_holds(NOW)
    second.refresh_from_db()
    assert second.state == "address"


def test_only_cases_with_the_same_key_are_beside_each_other(cast: Cast) -> None:
    first, second, away, plain, other = (
        matter(cast, number, state="police", address_key=key) for number, key in enumerate(("a", "a", "b", "", ""), 1)
    )
    letters = [refer(one) for one in (first, away, plain)]
    assert [list(beside(one)) for one in (first, away, plain, other)] == [[second], [], [], []]
    assert [has_beside(letter) for letter in letters] == [True, False, False]
    assert not has_beside(refer(first, kind="protection"))
    NoticeCase.objects.filter(pk=second.pk).update(state="stopped")
    assert not has_beside(letters[0]), "of that nobody is told"


def test_one_that_waits_for_another_has_an_end_of_its_own(cast: Cast) -> None:
    of = matter(cast, 1, state="address")
    restored(NOW - DAY)
    row = refer(of, **SENT | {"created_at": NOW - 2 * DAY})
    assert has_no_end(of)
    row.wait_until = NOW + DAY
    row.save()
    assert not has_no_end(of)
    assert goes_on_at([of], [], gates=("address",)) == {}, "what is known isn't read again"
    assert goes_on_at([of], [row], gates=("address",)) == {of.pk: NOW + DAY}


def test_begun_anew_without_asking_it_waits_for_the_first_hold_that_ends(cast: Cast) -> None:
    of, other = matter(cast, 1, state="police", round=2), matter(cast, 2, state="police", round=2)
    for one, held, looked_at in ((of, 2, 1), (of, 3, 4), (other, 9, 9)):
        what = SENT | {"state": "held", "hold_until": NOW + held * DAY, "held_since": NOW - DAY, "round": 1}
        row = refer(one, **what)
        schedule(REFERRAL_TIME, subject_id=row.pk, hotline_id=row.hotline_id, due_at=NOW + looked_at * DAY)
    assert goes_on_at([of, other]) == {of.pk: NOW + 2 * DAY, other.pk: NOW + 9 * DAY}


def test_whoever_counts_the_time_hears_of_a_hold_elsewhere(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(SUBSCRIBERS, "notice_case.hold_changed", ["heard"])
    letter = refer(matter(cast, 1, **PLACE), **SENT | {"state": "held", "hold_until": NOW + DAY})
    second = matter(cast, 27, **PLACE | {"state": "open"}, tells_police=False)

    def heard(*, state: str) -> list[tuple[int, int | None]]:
        letter.state = state
        letter.save()
        for _again in range(2):
            follow_police(second, NOW)
        found = list(Job.objects.filter(kind="heard").values_list("subject_id", "hotline_id"))
        Job.objects.filter(kind="heard").delete()
        return found

    assert heard(state="held") == heard(state="released") == [(27, cast.hotline_id)]
    second.tells_police = True
    assert heard(state="released") == [], "it waits for the police to be told of it, and for no hold"


@pytest.mark.parametrize(
    ("changes", "kind", "keeps"),
    [
        ({}, "referral", True),
        ({}, "protection", False),
        ({"state": "stopped"}, "referral", False),
        ({"tells_host": False}, "referral", False),
        ({"tells_police": True}, "referral", False),
        ({"tells_police": True, "tells_host": False}, "referral", True),
        ({"tells_police": True, "tells_host": False}, "forward", False),
        ({"tells_police": True, "tells_host": False, "state": "stopped"}, "referral", True),
        ({"tells_police": True, "state": "stopped"}, "referral", True),
        ({"tells_police": True, "state": "stopped"}, "forward", False),
        ({"tells_police": True, "state": "stopped", "stopped_why": "withdrawn_after_review"}, "referral", False),
    ],
)
def test_a_letter_keeps_its_own_case_waiting_where_that_was_begun_anew_unasked(
    cast: Cast, changes: dict[str, Any], kind: str, *, keeps: bool
) -> None:
    of = matter(cast, 1, **PLACE | {"tells_police": False, "round": 2} | changes)
    before = {"created_at": NOW - 2 * DAY, "kind": "referral" if kind == "protection" else kind}
    letter = refer(of, round=1, **SENT | before)
    other = refer(of, kind=kind, **SENT) if kind == "protection" else letter
    restored(NOW - DAY)
    assert keeps_waiting(other) is keeps


@pytest.mark.parametrize(
    ("changes", "kind", "is_listed"),
    [
        ({}, "referral", True),
        ({}, "forward", True),
        ({}, "protection", False),
        ({"state": "stopped"}, "referral", False),
        ({"tells_host": False}, "referral", True),
        ({"tells_host": False}, "forward", False),
        ({"tells_police": False}, "referral", True),
        ({"tells_police": False, "tells_host": False}, "referral", False),
    ],
)
def test_the_desk_asks_for_the_letters_that_somebody_waits_for(
    cast: Cast, changes: dict[str, Any], kind: str, *, is_listed: bool
) -> None:
    of = matter(cast, 1, **PLACE | changes)
    letters = [refer(of, kind=kind, **SENT | {"created_at": NOW - 2 * DAY}) for _ in range(2)]
    restored(NOW - DAY)
    refer(of, kind=kind, **SENT)  # nothing of this one is lost
    assert list(in_doubt()) == ([letters[1]] if is_listed else [])


@pytest.mark.parametrize(
    ("changes", "is_listed"),
    [
        ({}, True),
        ({"state": "stopped"}, False),
        ({"address_key": "elsewhere"}, False),
        ({"portal": "other country"}, False),
    ],
)
def test_it_asks_for_that_of_a_case_that_is_over_where_another_one_waits(
    cast: Cast, changes: dict[str, Any], *, is_listed: bool
) -> None:
    over = matter(cast, 1, **PLACE | {"state": "stopped"})
    letter = refer(over, **SENT | {"created_at": NOW - 2 * DAY})
    if changes.get("portal"):
        away = Portal.objects.get(pk=cast.portal_id)
        away.pk, away.slug, away.country = None, "bahamas", "BS"
        away.save(force_insert=True)
        changes = {"portal_id": away.pk}
    matter(cast, 2, **PLACE | {"tells_police": False} | changes)
    restored(NOW - DAY)
    assert list(in_doubt()) == ([letter] if is_listed else [])


def test_it_asks_for_that_of_a_case_that_is_over_where_others_wait_for_it(cast: Cast) -> None:
    over = [matter(cast, number, **PLACE | {"state": "stopped", "address_key": ""}) for number in (1, 2, 3)]
    letters = [refer(one, **SENT | {"created_at": NOW - 2 * DAY}) for one in over]
    Referral.objects.filter(pk=letters[2].pk).update(kind="forward")
    restored(NOW - DAY)
    assert list(in_doubt([1, 3])) == [letters[0]]


def test_it_asks_for_none_where_only_cases_without_a_place_are_alike(cast: Cast) -> None:
    over = matter(cast, 1, **PLACE | {"state": "stopped", "address_key": ""})
    refer(over, **SENT | {"created_at": NOW - 2 * DAY})
    matter(cast, 2, **PLACE | {"address_key": ""})
    restored(NOW - DAY)
    assert list(in_doubt()) == []


@pytest.mark.parametrize(("how", "since"), [("restored", LONGEST), ("put back", LONGEST)])
def test_who_is_asked_once_no_hold_can_last_is_in_no_doubt(cast: Cast, how: str, since: timedelta) -> None:
    at = NOW - since - HOUR
    of = matter(cast, 1, **PLACE | {"round": 2}, put_back_at=at if how == "put back" else None)
    if how == "restored":
        restored(at)
    refer(of, round=1, **SENT | {"created_at": at - HOUR})
    newest = refer(of, round=2, **SENT | {"created_at": NOW})
    assert not may_be_held(of)
    newest.created_at = at + LONGEST - HOUR
    newest.save()
    assert may_be_held(of)


def test_the_end_of_another_hold_is_none_of_this_case(cast: Cast) -> None:
    of, other = matter(cast, 1, **PLACE | {"tells_host": False}), matter(cast, 2, **PLACE)
    held = SENT | {"created_at": NOW - 2 * DAY, "state": "held", "hold_until": NOW + DAY}
    refer(of, **held)
    row = refer(other, **held)
    schedule(REFERRAL_TIME, subject_id=row.pk, hotline_id=row.hotline_id, due_at=NOW + DAY)
    restored(NOW - DAY)
    assert (has_no_end(of), has_no_end(other)) == (True, False)


def test_what_is_put_back_changes_no_other_date(cast: Cast) -> None:
    of, other = matter(cast, 1, **PLACE), matter(cast, 2, **PLACE)
    ours, theirs = (refer(one, **SENT | {"created_at": NOW + DAY}) for one in (of, other))
    hold_back([ours.pk], [], NOW)
    ours.refresh_from_db()
    theirs.refresh_from_db()
    assert (ours.created_at < NOW, theirs.created_at) == (True, NOW + DAY)


def test_of_what_is_put_back_only_letters_that_came_back_wait_again(cast: Cast) -> None:
    """A case whose newest letter was there is as it was, and keeps no other one from waiting."""
    of, other = matter(cast, 1, **PLACE | {"state": "open"}), matter(cast, 2, **PLACE | {"state": "open"})
    refer(of, **SENT | {"state": "released", "created_at": NOW - 2 * DAY})
    was_there = refer(other, **SENT | {"state": "released", "created_at": NOW - 2 * DAY})
    came_back = refer(other, **SENT | {"state": "released", "created_at": NOW - DAY})
    hold_back([came_back.pk], [of.pk, other.pk], NOW)
    assert [row.state for row in Referral.objects.order_by("pk")] == ["released", "released", "waiting"]
    assert was_there.pk < came_back.pk


def test_only_a_hold_that_lasts_has_an_end_when_all_goes_on(cast: Cast) -> None:
    of = matter(cast, 1, **PLACE | {"put_back_at": NOW})
    refer(of, **SENT | {"state": "released", "decided_at": NOW, "hold_until": NOW + DAY})
    letter = refer(of, **SENT | {"state": "held", "hold_until": NOW + 3 * DAY})
    let_go_on(NOW)
    assert list(Job.objects.filter(kind=REFERRAL_TIME).values_list("subject_id", "due_at")) == [
        (letter.pk, NOW + 3 * DAY)
    ]


def test_a_letter_to_child_protection_asks_no_police(cast: Cast) -> None:
    of = matter(cast, 1, **PLACE | {"tells_police": False, "round": 2})
    letter = refer(of, round=1, **SENT | {"state": "released", "created_at": NOW - 2 * DAY})
    refer(of, kind="protection", round=2, **SENT)
    wait_for_police(NOW)
    letter.refresh_from_db()
    assert letter.state == "waiting"
