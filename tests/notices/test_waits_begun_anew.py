"""Where the clock that began a wait of the police may have been wrong, or a hotline was put back, they have their whole time from now."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django_scopes import scope

from leeward.audit.services import hotline_transaction
from leeward.jobs.models import ClockJump
from leeward.jobs.services import schedule
from leeward.notices.models import Referral
from leeward.notices.rules.police_first import REFERRAL_TIME
from leeward.notices.services.police_first import begin_waits_anew, let_go_on
from leeward.notices.timing import police_wait
from tests.notices.test_police_guards import DAY, HOUR, NOW, SENT, matter, refer, wanted
from tests.personas import Cast

pytestmark = pytest.mark.django_db
WHOLE, SECOND = police_wait(), timedelta(seconds=1)
SINCE = NOW - 5 * HOUR
LATE, EARLY = SINCE + WHOLE, SINCE + WHOLE - SECOND
HELD = {"state": "held", "hold_until": NOW + HOUR}


@pytest.fixture(autouse=True)
def _at_noon(cast: Cast) -> Iterator[None]:
    with time_machine.travel(NOW, tick=False), scope(hotline=cast.hotline_id), hotline_transaction(cast.hotline_id):
        yield


def planned(letter: Referral, at: datetime | None) -> Referral:
    if at is not None:
        schedule(REFERRAL_TIME, subject_id=letter.pk, hotline_id=letter.hotline_id, due_at=at)
    return letter


def due(letter: Referral) -> datetime | None:
    return next((at for subject, at, _urgent in wanted(REFERRAL_TIME) if subject == letter.pk), None)


def waits(letter: Referral) -> datetime | None:
    letter.refresh_from_db()
    return letter.wait_until


@pytest.mark.parametrize(
    ("letter", "case", "since", "ends", "looked_at"),
    [
        ({}, {}, SINCE, NOW + WHOLE, NOW + WHOLE),
        ({"wait_until": LATE}, {}, SINCE, NOW + WHOLE, NOW + WHOLE),
        ({"wait_until": NOW + SECOND}, {}, None, NOW + WHOLE, NOW + WHOLE),
        ({"wait_until": LATE, "round": 1}, {"round": 2}, SINCE, NOW + WHOLE, NOW + WHOLE),
        # By a clock that was right, of something else, or over.
        ({"wait_until": EARLY}, {}, SINCE, EARLY, NOW + HOUR),
        ({"round": 1}, {"round": 2}, SINCE, None, NOW + HOUR),
        ({"sent_at": None}, {}, SINCE, None, NOW + HOUR),
        ({"kind": "protection"}, {}, SINCE, None, NOW + HOUR),
        ({}, {"state": "stopped"}, SINCE, None, NOW + HOUR),
        ({}, {"tells_host": False}, SINCE, None, NOW + HOUR),
        ({"state": "released", "wait_until": LATE}, {}, SINCE, LATE, NOW + HOUR),
        # What ends a hold is its day, and what is left of their time since they had a letter that they held before it went.
        ({"sent_at": SINCE - SECOND} | HELD, {}, SINCE, None, NOW + HOUR),
        ({"sent_at": SINCE} | HELD, {}, SINCE, NOW + WHOLE, NOW + WHOLE),
        ({"wait_until": LATE} | HELD, {}, SINCE, NOW + WHOLE, NOW + HOUR),
        # What they said since may have been lost.
        ({"wait_until": LATE}, {"put_back_at": NOW}, SINCE, None, None),
        ({"wait_until": LATE} | HELD, {"put_back_at": NOW}, SINCE, LATE, NOW + HOUR),
    ],
)
def test_they_have_their_whole_time(
    cast: Cast,
    letter: dict[str, Any],
    case: dict[str, Any],
    since: datetime | None,
    ends: datetime | None,
    looked_at: datetime | None,
) -> None:
    row = planned(refer(matter(cast, **case), **SENT | {"created_at": NOW - DAY} | letter), NOW + HOUR)
    other = planned(refer(matter(cast, 2), **SENT), NOW + HOUR)
    begin_waits_anew(NOW, since)
    assert (waits(row), due(row)) == (ends, looked_at)
    assert (waits(other), due(other)) == (NOW + WHOLE, NOW + WHOLE), "one that waits is followed by others"


@pytest.mark.parametrize(("planned_at", "looked_at"), [(NOW + 9 * DAY, NOW + 9 * DAY), (None, None)])
def test_a_hold_that_lasts_longer_or_has_no_end_stays(
    cast: Cast, planned_at: datetime | None, looked_at: datetime | None
) -> None:
    row = planned(refer(matter(cast), **SENT | {"sent_at": SINCE} | HELD), planned_at)
    begin_waits_anew(NOW, SINCE)
    assert (waits(row), due(row)) == (NOW + WHOLE, looked_at)


def test_no_time_runs_and_no_date_is_mended_while_another_clock_is_in_doubt(cast: Cast) -> None:
    ClockJump.objects.create(owner="worker", before=NOW - DAY, after=NOW)
    row = planned(refer(matter(cast), **SENT | {"wait_until": LATE}), NOW + HOUR)
    later = refer(matter(cast, 2), **SENT | {"state": "released", "sent_at": NOW + DAY, "decided_at": NOW + DAY})
    begin_waits_anew(NOW, SINCE)
    assert (waits(row), due(row)) == (None, None)
    later.refresh_from_db()
    assert (later.sent_at, later.decided_at) == (NOW + DAY, NOW + DAY)


def test_no_letter_was_sent_or_answered_later_than_now(cast: Cast) -> None:
    later = refer(matter(cast), **SENT | {"state": "released", "sent_at": NOW + SECOND, "decided_at": NOW + DAY})
    earlier = refer(
        matter(cast, 2), **SENT | {"state": "released", "sent_at": NOW - SECOND, "decided_at": NOW - SECOND}
    )
    begin_waits_anew(NOW, SINCE)
    for row, at in ((later, NOW), (earlier, NOW - SECOND)):
        row.refresh_from_db()
        assert (row.sent_at, row.decided_at) == (at, at)


@pytest.mark.parametrize(("sent_at", "ends"), [(NOW - HOUR, NOW + WHOLE), (None, None)])
def test_what_was_put_back_waits_anew_whatever_was_let_go_before(
    cast: Cast, sent_at: datetime | None, ends: datetime | None
) -> None:
    of = matter(cast, put_back_at=NOW - HOUR)
    long_ago = datetime(2026, 11, 1, tzinfo=UTC)
    refer(of, **SENT | {"state": "released", "sent_at": long_ago, "created_at": long_ago, "decided_at": long_ago})
    newest = refer(of, **SENT | {"sent_at": sent_at})
    let_go_on(NOW)
    of.refresh_from_db()
    assert (of.put_back_at, waits(newest)) == (None, ends)


def test_what_they_had_let_go_goes_on_with_what_was_put_back(cast: Cast) -> None:
    of = matter(cast, put_back_at=NOW - HOUR)
    refer(of, **SENT | {"state": "released", "created_at": NOW - HOUR, "decided_at": NOW - HOUR})
    let_go_on(NOW)
    of.refresh_from_db()
    assert (of.state, of.next_at) == ("open", NOW)
