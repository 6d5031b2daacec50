"""The flood guard and what subscribers say: nothing that comes from outside switches a record off."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.hashbank.models import Feedback, MatchCount, Quarantine, RecordHash
from leeward.hashbank.queries import known, open_quarantines
from leeward.hashbank.records.services.guarding import forget_counts
from leeward.hashbank.rules.flood import (
    LEAST_DAYS,
    LEAST_MATCHES,
    LEAST_SUBSCRIBERS,
    DayCount,
    heavy_days,
    is_flood,
    usual_matches,
)
from leeward.hashbank.rules.kinds import Hash
from leeward.hashbank.rules.reports import History, is_noted, total_weight, weight_of
from leeward.hashbank.services import note_matches, say_of_match, settle_quarantine
from tests.hashbank.conftest import Desk, file_hashes, picture_code

ASKED = [Hash("pdq", picture_code(1), 90)]
NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
TODAY = NOW.date()
HEAVY = LEAST_MATCHES + 1


def hash_id(kind: int) -> int:
    return RecordHash.objects.get(kind=kind).pk


def flood(picture: int, *, subscribers: int, days: int) -> list[int]:
    found: list[int] = []
    for day in range(days):
        for one in range(subscribers):
            at = NOW - timedelta(days=days - 1 - day)
            found += note_matches({picture: HEAVY}, subscriber=f"platform {one}", now=at)
    return found


@pytest.mark.parametrize(("subscribers", "days"), [(1, 7), (LEAST_SUBSCRIBERS - 1, 7), (9, 1)])
def test_one_subscriber_or_one_day_never_moves_a_hash(bank: Desk, subscribers: int, days: int) -> None:
    bank.add(1)
    assert flood(hash_id(5), subscribers=subscribers, days=days) == []
    (found,) = known(ASKED)
    assert (found.match, found.note) == ("near", None)


def test_a_flood_goes_on_matching_with_a_note_until_a_person_settles_it(bank: Desk) -> None:
    bank.add(1)
    picture = hash_id(5)
    assert flood(picture, subscribers=LEAST_SUBSCRIBERS, days=LEAST_DAYS) == [picture]
    (found,) = known(ASKED)
    assert found.match == "near"
    assert "doubted" in (found.note or "")
    assert known(file_hashes("picture 1"))[0].note is None
    row = Quarantine.objects.get()
    assert (row.why, row.subscribers) == ("flood", LEAST_SUBSCRIBERS)
    settle_quarantine(row.pk, keep=True, actor=bank.supervisor)
    assert known(ASKED)[0].note is None
    assert note_matches({picture: 10 * HEAVY}, subscriber="platform 0", now=datetime.now(UTC)) == []


def test_a_person_can_take_a_hash_out_of_every_match(bank: Desk) -> None:
    bank.add(1)
    flood(hash_id(5), subscribers=LEAST_SUBSCRIBERS, days=LEAST_DAYS)
    settle_quarantine(Quarantine.objects.get().pk, keep=False, actor=bank.supervisor)
    assert known(ASKED) == []
    assert len(known(file_hashes("picture 1"))) == 1


def test_what_always_matched_often_is_no_flood(bank: Desk) -> None:
    bank.add(1)
    picture = hash_id(5)
    for days in range(37, 7, -1):
        for one in range(LEAST_SUBSCRIBERS):
            values = {"hotline_id": bank.hotline_id, "subscriber": f"platform {one}", "matches": 100}
            MatchCount.objects.create(hash_id=picture, day=TODAY - timedelta(days=days), **values)
    assert flood(picture, subscribers=LEAST_SUBSCRIBERS, days=3) == []
    forget_counts(NOW + timedelta(days=60))
    assert MatchCount.objects.count() == 0


def test_one_file_sent_again_and_again_is_not_counted(bank: Desk) -> None:
    bank.add(1)
    assert flood(hash_id(3), subscribers=9, days=7) == []
    assert MatchCount.objects.count() == 0


def test_reports_go_to_a_person_and_switch_nothing_off(bank: Desk) -> None:
    number = bank.add(1)
    say_of_match(number, is_true=False, source="Platform One", actor=bank.analyst)
    assert Quarantine.objects.get().weight == 0.5
    assert known(ASKED)[0].note is None
    say_of_match(number, is_true=False, source="Platform Two", actor=bank.analyst)
    (found,) = known(ASKED)
    assert found.match == "near"
    assert "doubted" in (found.note or "")
    assert Quarantine.objects.get().weight == 1.0


def test_a_reporter_who_was_wrong_weighs_less_and_cannot_forget_it(bank: Desk) -> None:
    first, second = bank.add(1), bank.add(2)
    say_of_match(first, is_true=False, source="Platform One", actor=bank.analyst)
    settle_quarantine(Quarantine.objects.get().pk, keep=True, actor=bank.supervisor)
    say_of_match(first, is_true=False, source="Platform One", actor=bank.analyst)
    assert Feedback.objects.get().was_right is False
    assert Quarantine.objects.filter(settled_at=None).count() == 0
    say_of_match(second, is_true=False, source="Platform One", actor=bank.analyst)
    assert Quarantine.objects.get(settled_at=None).weight == pytest.approx(1 / 3)
    say_of_match(bank.add(3), is_true=False, source="Somebody new", actor=bank.analyst)
    assert [row.weight for row in open_quarantines()] == [0.5, pytest.approx(1 / 3)]


def test_what_reports_weigh() -> None:
    assert weight_of(History()) == 0.5
    assert weight_of(History(right=3)) == 0.8
    assert weight_of(History(wrong=8)) == 0.1
    histories = {"good": History(right=8), "bad": History(wrong=8)}
    assert total_weight(["good", "good", "new"], histories) == pytest.approx(1.4)
    assert not is_noted(["good"], histories)
    assert not is_noted(["good", "good"], histories)
    assert is_noted(["good", "bad"], histories)
    assert is_noted(["one", "two"], {})
    assert not is_noted(["one", "bad"], histories)


def test_history_reaches_thirty_days_and_not_today() -> None:
    day = date(2026, 11, 20)
    counts = [DayCount("a", day - timedelta(days=ago), 30) for ago in (0, 1, 30, 31)]
    assert usual_matches(counts, before=day) == 2.0
    assert heavy_days([DayCount("a", day, LEAST_MATCHES)], day) == set()
    assert heavy_days([DayCount("a", day, HEAVY)], day) == {("a", day)}
    week_ago = day - timedelta(days=7)
    assert heavy_days([DayCount("a", week_ago, HEAVY)], day) == set()
    assert heavy_days([DayCount("a", day + timedelta(days=1), HEAVY)], day) == set()
    often = [DayCount("a", week_ago - timedelta(days=ago), 20 * 30) for ago in range(1, 31)]
    assert heavy_days([*often, DayCount("a", day, 20 * 600)], day) == set()
    assert heavy_days([*often, DayCount("a", day, 20 * 600 + 1)], day) == {("a", day)}


@given(
    st.lists(
        st.builds(DayCount, st.sampled_from("abcdef"), st.dates(date(2026, 10, 1), TODAY), st.integers(0, 10**5)),
        max_size=60,
    )
)
def test_no_two_subscribers_are_ever_a_flood(counts: list[DayCount]) -> None:
    few = [one for one in counts if one.subscriber in "ab"]
    assert not is_flood(few, TODAY)
    if is_flood(counts, TODAY):
        heavy = heavy_days(counts, TODAY)
        assert len({one for one, _ in heavy}) >= 3
        assert len({day for _, day in heavy}) >= 2
