"""Banks with a radius of their own, harmless banks, pauses."""

import numpy as np
import pytest

from leeward.matching.index import Bank, BankUnknown, Index
from tests.matching.codes import near, uniform

KNOWN, NARROW, HARMLESS = Bank(0, "known", 31), Bank(1, "narrow", 8), Bank(2, "harmless", 31, harmless=True)


@pytest.fixture
def index(tmp_path):
    codes = uniform(3)
    return Index.build(
        tmp_path / "banks.index",
        np.concatenate([codes, near(codes, 10)]),
        ids=[100, 101, 102, 200, 201, 202],
        banks=[KNOWN, NARROW, HARMLESS],
        bank_of=[0, 0, 0, 1, 1, 2],
    )


def ids(hits):
    return sorted(hits.id.tolist())


def test_an_entry_counts_within_its_banks_radius_only(index):
    codes = uniform(3)
    assert ids(index.search(codes[0], 31)) == [100]
    assert ids(index.search(near(codes, 10)[0], 31)) == [100, 200]


def test_the_search_radius_narrows_every_bank(index):
    assert ids(index.search(near(uniform(3), 10)[0], 5)) == [200]


def test_a_search_can_be_limited_to_banks(index):
    query = near(uniform(3), 10)[0]
    assert ids(index.search(query, 31, banks=[1])) == [200]
    assert ids(index.search(query, 31, banks=[])) == []


def test_a_nearer_harmless_entry_drops_a_match(index):
    query = near(uniform(3), 10)[2]
    assert ids(index.search(query, 31)) == []
    assert ids(index.search(query, 31, harmless="report")) == [102, 202]


def test_a_harmless_entry_further_away_drops_nothing(index):
    assert ids(index.search(uniform(3)[2], 31)) == [102]


def test_limiting_the_banks_does_not_switch_harmless_entries_off(index):
    assert ids(index.search(near(uniform(3), 10)[2], 31, banks=[0])) == []


def test_a_harmless_entry_at_the_same_distance_drops_nothing(tmp_path):
    code = uniform(1)
    both = np.concatenate([code, code])
    index = Index.build(tmp_path / "tie.index", both, banks=[KNOWN, HARMLESS], bank_of=[0, 2])
    assert ids(index.search(code, 31)) == [0]


def test_a_bank_may_be_changed_while_the_index_is_open(index):
    index.set_bank(Bank(1, "narrow", 31))
    assert ids(index.search(uniform(3)[0], 31)) == [100, 200]
    assert ids(Index.open(index.path).search(uniform(3)[0], 31)) == [100, 200]


def test_an_unknown_bank_is_refused(index):
    with pytest.raises(BankUnknown):
        index.add(uniform(1), bank=9)
    with pytest.raises(BankUnknown):
        index.bank_named("nobody")
    with pytest.raises(BankUnknown):
        Index.build(index.path, uniform(1), bank_of=4)


def test_a_paused_entry_is_left_out_until_its_day(index):
    index.pause([100], until=2_000)
    query = uniform(3)[0]
    assert ids(index.search(query, 31, now=1_999)) == []
    assert ids(index.search(query, 31, now=2_000)) == [100]
    assert ids(Index.open(index.path, clock=lambda: 1_000.0).search(query, 31)) == []


def test_a_pause_without_end_lasts_until_it_is_lifted_and_survives_a_merge(index):
    index.pause([100])
    index.merge()
    assert ids(index.search(uniform(3)[0], 31)) == []
    index.resume([100])
    assert ids(index.search(uniform(3)[0], 31)) == [100]
    index.merge()
    assert ids(Index.open(index.path).search(uniform(3)[0], 31)) == [100]
