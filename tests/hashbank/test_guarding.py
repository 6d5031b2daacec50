"""The flood guard and what subscribers say."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from leeward.hashbank.models import Quarantine, RecordHash
from leeward.hashbank.queries import known
from leeward.hashbank.rules.flood import LEAST_MATCHES, is_flood
from leeward.hashbank.rules.kinds import Hash
from leeward.hashbank.services import note_matches, say_of_match, settle_quarantine
from tests.hashbank.conftest import Desk, file_hashes, picture_code

ASKED = [Hash("pdq", picture_code(1), 90)]


def hash_id(kind: int) -> int:
    return RecordHash.objects.get(kind=kind).pk


def test_a_flood_is_put_aside_and_a_person_lets_it_count(bank: Desk) -> None:
    bank.add(1)
    picture, now = hash_id(5), datetime.now(UTC)
    assert note_matches({picture: LEAST_MATCHES}, now=now) == []
    assert note_matches({picture: 1}, now=now) == [picture]
    assert known(ASKED) == []
    assert len(known(file_hashes("picture 1"))) == 1
    settle_quarantine(Quarantine.objects.get().pk, keep=True, actor=bank.supervisor)
    assert len(known(ASKED)) == 1
    assert note_matches({picture: 1000}, now=now) == []


def test_what_always_matched_often_is_no_flood(bank: Desk) -> None:
    bank.add(1)
    picture, now = hash_id(5), datetime.now(UTC)
    for days in range(30, 0, -1):
        note_matches({picture: 100}, now=now - timedelta(days=days))
    assert note_matches({picture: 1500}, now=now) == []
    assert note_matches({picture: 1000}, now=now) == [picture]


def test_one_file_sent_again_and_again_switches_nothing_off(bank: Desk) -> None:
    bank.add(1)
    assert note_matches({hash_id(3): 1_000_000}) == []
    assert len(known(file_hashes("picture 1"))) == 1


def test_one_subscriber_asks_for_a_look_and_a_second_sets_aside(bank: Desk) -> None:
    number = bank.add(1)
    say_of_match(number, is_true=False, source="Platform One", actor=bank.analyst)
    assert len(known(ASKED)) == 1
    assert Quarantine.objects.count() == 1
    say_of_match(number, is_true=False, source="Platform Two", actor=bank.analyst)
    assert known(ASKED) == []
    assert len(known(file_hashes("picture 1"))) == 1
    assert Quarantine.objects.count() == 1


@given(st.integers(0, 10**6), st.lists(st.integers(0, 10**4), max_size=30))
def test_few_matches_are_never_a_flood(today: int, earlier: list[int]) -> None:
    assert not (today <= LEAST_MATCHES and is_flood(today, earlier))
    if is_flood(today, earlier):
        assert today * 30 > 20 * sum(earlier)
