"""What the police said between a backup and its restoring may be lost: no time opens the gate of what was there."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
import time_machine
from django_scopes import scope

from leeward.audit.services import hotline_transaction
from leeward.backup.models import Restoration
from leeward.jobs.models import Job
from leeward.jobs.services import schedule
from leeward.notices.going_on import goes_on_at, has_no_end, host_told_at
from leeward.notices.models import Notice, NoticeCase, NoticeItem, Referral
from leeward.notices.services.police_first import (
    REFERRAL_TIME,
    follow_police,
    hold_back,
    let_go_on,
    note_police_informed,
    wait_for_police,
)
from tests.notices.test_police_guards import DAY, FREED, HOUR, NOW, SENT, WAITED, contact, item, matter, refer, wanted
from tests.personas import Cast

KNOWN = {"acknowledged_at": NOW}


@pytest.fixture(autouse=True)
def _at_noon(cast: Cast) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False), scope(hotline=cast.hotline_id), hotline_transaction(cast.hotline_id):
        yield


def planned(row: Referral) -> Referral:
    schedule(REFERRAL_TIME, subject_id=row.pk, hotline_id=row.hotline_id, due_at=NOW + HOUR)
    return row


def known_to_host(cast: Cast, number: int, **changes: Any) -> NoticeCase:
    of = matter(cast, number, step=1, state="open", **changes)
    item(of, contact(cast, kind="host", email=f"abuse{number}@host.example"), round=of.round)
    return of


def test_every_wait_ends_by_an_answer_alone(cast: Cast) -> None:
    contact(cast)
    matter(cast, 1)  # nobody was told of it
    rows = [
        (matter(cast, 2, state="police"), WAITED, "waiting"),
        (matter(cast, 3, state="police"), WAITED | KNOWN | {"state": "acknowledged"}, "acknowledged"),
        (matter(cast, 4, state="open"), FREED, "waiting"),
        (matter(cast, 5, state="open"), FREED | KNOWN, "acknowledged"),
        (matter(cast, 6, step=1, state="police"), WAITED, "waiting"),
        (matter(cast, 7, state="open", tells_abroad=True), FREED, "waiting"),
        (matter(cast, 9, step=1, state="open"), FREED, "waiting"),  # a step was taken, and no message of it arrived
        (known_to_host(cast, 10), WAITED, "waiting"),
    ]
    for of, *_ in rows[-2:]:
        item(of, contact(cast, kind="host", email=f"slow{of.case_id}@host.example"), sent_at=None)
    of_before = matter(cast, 11, round=2, step=1, state="open")
    item(of_before, contact(cast, kind="host", email="before@host.example"), round=1)
    abroad_alone = matter(cast, 12, step=1, state="open")
    item(abroad_alone, contact(cast, email="abroad@hotline.example"), "foreign_police")
    rows += [(of_before, FREED | {"round": 2}, "waiting"), (abroad_alone, FREED, "waiting")]
    referrals = [planned(refer(of, created_at=NOW - DAY, **what)) for of, what, _state in rows]
    held = matter(cast, 8, state="police")
    kept = WAITED | {"state": "held", "hold_until": NOW + DAY}
    planned(refer(held, **kept))  # they held it by this letter, and a later one shares it
    hold = planned(refer(held, **kept))
    planned(refer(matter(cast, 13, state="stopped"), **kept))  # acted on anew it would be held still
    Restoration.objects.create(backup_at=NOW - HOUR, restored_at=NOW)
    wait_for_police(NOW)
    for (of, _what, state), row in zip(rows, referrals, strict=True):
        of.refresh_from_db()
        row.refresh_from_db()
        assert (of.state, row.state, row.wait_until) == ("police", state, None), of.case_id
    hold.refresh_from_db()
    assert (hold.state, hold.hold_until) == ("held", NOW + DAY)
    assert wanted(REFERRAL_TIME) == []
    assert [one.notice.created_at for one in NoticeItem.objects.filter(case_id=7)] == [NOW]


def test_what_is_over_is_left_alone_and_not_asked_for(cast: Cast, django_assert_num_queries: Any) -> None:
    rows = [
        refer(known_to_host(cast, 1), **FREED),
        refer(matter(cast, 2, tells_host=False), **WAITED),
        refer(matter(cast, 3, tells_police=False), **WAITED),
        refer(matter(cast, 4, state="stopped"), **WAITED),
    ]
    protected = known_to_host(cast, 5)
    rows += [refer(protected, **FREED), refer(protected, kind="protection", **WAITED)]
    again = known_to_host(cast, 6, round=2)
    rows += [refer(again, round=1, **WAITED), refer(again, round=2, **FREED)]
    before = [(row.state, row.wait_until) for row in rows]
    with django_assert_num_queries(2):
        wait_for_police(NOW)
    for row in rows:
        row.refresh_from_db()
    assert [(row.state, row.wait_until) for row in rows] == before


def test_where_they_were_told_twice_the_newest_answer_counts(cast: Cast) -> None:
    of = known_to_host(cast, 1)
    refer(of, **WAITED)
    newest = refer(of, **FREED)
    wait_for_police(NOW)
    of.refresh_from_db()
    newest.refresh_from_db()
    assert (of.state, newest.state) == ("open", "released")


@pytest.mark.parametrize(
    ("said", "begins"),
    [
        ({}, False),
        ({"state": "acknowledged", "decided_at": NOW + HOUR}, False),
        ({"state": "released", "decided_at": NOW - timedelta(seconds=1), "answered_at": NOW + HOUR}, False),
        ({"state": "timed_out", "answered_at": NOW + HOUR}, False),
        ({"state": "released", "decided_at": NOW}, True),
        ({"state": "timed_out", "decided_at": NOW + HOUR}, True),
        ({"state": "released", "decided_at": NOW + HOUR, "kind": "protection"}, False),
    ],
)
def test_a_letter_written_since_waits_for_an_answer_to_what_they_had_before(
    cast: Cast, said: dict[str, Any], *, begins: bool
) -> None:
    Restoration.objects.create(backup_at=NOW - DAY, restored_at=NOW)
    of = matter(cast, round=2)
    refer(of, round=1, **SENT | {"created_at": NOW - HOUR} | (said if "kind" not in said else {}))
    if "kind" in said:
        refer(of, **SENT | {"created_at": NOW - HOUR} | said)
    row = refer(of, round=2, **SENT | {"created_at": NOW + HOUR})
    other = matter(cast, 2)
    alone = refer(other, **SENT | {"created_at": NOW + HOUR})
    for one in (of, other):
        follow_police(one, NOW + HOUR)
    row.refresh_from_db()
    alone.refresh_from_db()
    assert (row.wait_until is not None) is begins
    assert alone.wait_until is not None, "they had nothing about it before"


@pytest.mark.parametrize(("age", "begins"), [(timedelta(seconds=1), False), (timedelta(0), True)])
def test_a_wait_begins_only_for_who_was_told_after_the_restoring(cast: Cast, age: timedelta, *, begins: bool) -> None:
    Restoration.objects.create(backup_at=NOW - DAY, restored_at=NOW)
    of = matter(cast)
    row = refer(of, **SENT | {"created_at": NOW - age})
    follow_police(of, NOW)
    row.refresh_from_db()
    assert (row.wait_until is not None) is begins
    assert len(wanted(REFERRAL_TIME)) == begins


def test_what_is_put_back_waits_for_an_answer_or_for_a_person(cast: Cast) -> None:
    """Letters about it forget waits that are not over, and one that is written now begins none; of others it stays as it was."""
    cases = [known_to_host(cast, number) if number == 2 else matter(cast, number) for number in range(1, 6)]
    put_back, over, alone, *_others = cases
    what = [WAITED, FREED, WAITED, WAITED | {"kind": "protection"}, WAITED]
    rows = [refer(of, **one | {"created_at": NOW - HOUR}) for of, one in zip(cases, what, strict=True)]
    Referral.objects.update(wait_until=NOW - DAY)
    hold_back([rows[0].pk, rows[1].pk, rows[3].pk], [alone.pk], NOW)
    ends = [Referral.objects.get(pk=row.pk).wait_until for row in rows]
    assert ends == [None, NOW - DAY, None, None, NOW - DAY]
    marked = list(NoticeCase.objects.filter(put_back_at=NOW).order_by("case_id"))
    assert marked == [put_back, over, alone]
    newest = refer(put_back, **SENT | {"created_at": NOW + HOUR})
    follow_police(NoticeCase.objects.get(pk=put_back.pk), NOW + HOUR)
    newest.refresh_from_db()
    assert newest.wait_until is None
    let_go_on(NOW + HOUR)
    assert not NoticeCase.objects.filter(put_back_at__isnull=False).exists()
    newest.refresh_from_db()
    assert newest.wait_until is not None


def test_a_letter_that_is_put_back_lets_nobody_tell_a_host_that_was_not_told(cast: Cast) -> None:
    contact(cast)
    cases = {
        "waiting": (matter(cast, 1, state="open", tells_abroad=True), FREED),
        "acknowledged": (matter(cast, 2, state="open"), FREED | KNOWN | {"state": "timed_out"}),
        "told": (known_to_host(cast, 3), FREED),
        "stopped": (matter(cast, 4, state="stopped"), FREED),
        "silent": (matter(cast, 5, state="open", tells_host=False), FREED),
        "free": (matter(cast, 6, state="open", tells_police=False), FREED),
        "held": (matter(cast, 7, state="police"), WAITED | {"state": "held"}),
        "there": (matter(cast, 8, state="open"), FREED),
    }
    rows = {name: planned(refer(of, created_at=NOW - HOUR, **what)) for name, (of, what) in cases.items()}
    there = refer(cases["there"][0], **FREED)  # what the newest says is known: it was there
    hold_back([row.pk for row in rows.values()], [matter(cast, 9, state="open").pk], NOW)
    found = {name: Referral.objects.get(pk=row.pk).state for name, row in rows.items()}
    kept = dict.fromkeys(("told", "stopped", "silent", "free", "there"), "released")
    assert found == kept | {"waiting": "waiting", "acknowledged": "acknowledged", "held": "held"}
    there.refresh_from_db()
    assert there.state == "released"
    gates = {name: NoticeCase.objects.get(pk=of.pk).state for name, (of, _what) in cases.items()}
    assert {name for name, gate in gates.items() if gate == "police"} == {"waiting", "acknowledged", "held"}
    answered = [rows[name].pk for name in ("waiting", "acknowledged")]
    assert Referral.objects.filter(pk__in=answered, wait_until=None).count() == len(answered)
    assert not Job.objects.filter(kind=REFERRAL_TIME, subject_id__in=[*answered, rows["held"].pk]).exists()
    assert NoticeItem.objects.get(case_id=1).notice.created_at == NOW, "those in charge abroad may be told"


@pytest.mark.parametrize(("until", "ends"), [(NOW + HOUR, NOW + DAY), (NOW + 9 * DAY, NOW + 9 * DAY), (None, None)])
def test_a_hold_that_was_put_back_has_no_end_until_its_case_goes_on(
    cast: Cast, until: datetime | None, ends: datetime | None
) -> None:
    """Its day may have been moved since."""
    held, unsent = (
        {"state": "held", "hold_until": until, "sent_at": at, "created_at": NOW - HOUR} for at in (NOW, None)
    )
    letters = [planned(refer(matter(cast, number), **SENT | one)) for number, one in enumerate((held, unsent), 1)]
    of_another = planned(refer(matter(cast, 3), **SENT | held))
    hold_back([letter.pk for letter in letters], [], NOW)
    assert list(Job.objects.filter(kind=REFERRAL_TIME).values_list("subject_id", flat=True)) == [of_another.pk]
    let_go_on(NOW)
    found = Job.objects.filter(kind=REFERRAL_TIME).exclude(subject_id=of_another.pk)
    assert list(found.values_list("subject_id", "due_at")) == ([(letters[0].pk, ends)] if ends else [])


@pytest.mark.parametrize(("restored", "put_back", "begins"), [(0, 0, True), (0, 2, False), (2, 0, False)])
def test_an_answer_from_before_the_later_of_restoring_and_putting_back_counts_no_more(
    cast: Cast, restored: int, put_back: int, *, begins: bool
) -> None:
    Restoration.objects.create(backup_at=NOW - DAY, restored_at=NOW + restored * HOUR)
    of = matter(cast, round=2, put_back_at=NOW + put_back * HOUR)
    refer(of, round=1, **SENT | {"created_at": NOW - HOUR, "state": "released", "decided_at": NOW + HOUR})
    row = refer(of, round=2, **SENT | {"created_at": NOW + 3 * HOUR})
    follow_police(of, NOW + 3 * HOUR)
    row.refresh_from_db()
    assert (row.wait_until is not None) is begins


@pytest.mark.parametrize(
    ("state", "is_restored", "ends"),
    [
        ("held", False, [NOW + 9 * DAY]),
        ("held", True, []),
        ("waiting", False, []),
    ],
)
def test_a_hold_on_what_they_get_later_ends_where_nothing_was_restored(
    cast: Cast, state: str, ends: list[datetime], *, is_restored: bool
) -> None:
    row = refer(matter(cast), state=state, hold_until=NOW + 9 * DAY, held_since=NOW - DAY, created_at=NOW - DAY)
    if is_restored:
        Restoration.objects.create(backup_at=NOW - HOUR, restored_at=NOW)
    note_police_informed(row, NOW, how="mail")
    assert list(Job.objects.filter(kind=REFERRAL_TIME).values_list("due_at", flat=True)) == ends


def test_time_lets_each_case_go_on_by_its_own_letter_to_the_police(cast: Cast) -> None:
    late, soon, over = (
        matter(cast, 1, state="police"),
        matter(cast, 2, state="police"),
        matter(cast, 3, state="stopped"),
    )
    for of, held, looked_at in ((late, 9, 15), (soon, 1, 1), (over, 1, 1)):
        what = SENT | {"state": "held", "hold_until": NOW + held * DAY, "held_since": NOW - DAY}
        row = refer(of, **what)
        schedule(REFERRAL_TIME, subject_id=row.pk, hotline_id=row.hotline_id, due_at=NOW + looked_at * DAY)
    refer(late, kind="protection", **WAITED)
    assert goes_on_at([late, soon, over]) == {late.pk: NOW + 15 * DAY, soon.pk: NOW + DAY}


def test_a_host_is_told_by_the_first_notice_that_was_sent_since_the_matter_began(
    cast: Cast, django_assert_num_queries: Any
) -> None:
    host, registrar = contact(cast, kind="host"), contact(cast, kind="registrar", email="abuse@names.example")
    told, before, waits, others = (matter(cast, number, round=2, state="open") for number in range(1, 5))
    for of, number, kind, at in (
        (told, 2, "host", NOW + HOUR),
        (told, 2, "registrar", NOW),
        (told, 1, "host", NOW - DAY),
        (told, 2, "host", None),
        (before, 1, "host", NOW),
        (waits, 2, "host", None),
        (others, 2, "peer", NOW),
    ):
        row = item(of, registrar if kind == "registrar" else host, round=number)
        Notice.objects.filter(pk=row.notice_id).update(kind=kind, sent_at=at)
    assert host_told_at([told, before, waits, others]) == {told.pk: NOW}
    with django_assert_num_queries(0):
        assert goes_on_at([told, before]) == {}


@pytest.mark.parametrize(("state", "waits"), [("police", True), ("untold", True), ("open", False), ("person", False)])
def test_a_case_that_goes_on_or_waits_for_a_person_waits_for_no_police(cast: Cast, state: str, *, waits: bool) -> None:
    of = matter(cast, 1, state=state)
    refer(of, **SENT | {"created_at": NOW - HOUR})
    hold_back([], [of.pk], NOW)
    NoticeCase.objects.filter(pk=of.pk).update(state=state)
    assert has_no_end(NoticeCase.objects.get(pk=of.pk)) is waits
