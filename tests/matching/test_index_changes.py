"""Additions, removals, merges: seen at once by others, safe with many writers, nothing lost when a program is killed."""

import threading
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from leeward.matching.index import CodesRefused, Index, IndexRefused
from leeward.matching.index import changes as index_changes
from leeward.matching.index.journal import journal_path
from tests.matching.codes import brute, near, uniform


def ids(index, query, radius=0):
    return sorted(index.search(query, radius).id.tolist())


@pytest.mark.parametrize("count", [0, 1, 2, 300])
def test_an_addition_is_found_here_and_by_others(tmp_path, count):
    index = Index.build(tmp_path / "a.index", uniform(count), banded_from=100)
    other = Index.open(index.path)
    code = uniform(1, seed=5)
    assert index.add(code).tolist() == [count]
    assert ids(index, code) == [count]
    assert ids(other, code) == []
    assert other.refresh()
    assert not other.refresh()
    assert ids(other, code) == [count]
    assert ids(Index.open(index.path), code) == [count]


def test_a_removed_entry_is_gone_and_may_come_back(tmp_path):
    codes = uniform(3)
    index = Index.build(tmp_path / "r.index", codes)
    assert index.remove([1, 7]) == 1
    assert ids(index, codes[1]) == []
    assert len(index) == 2
    index.add(codes[1], [1])
    assert ids(index, codes[1]) == [1]
    assert index.remove([1]) == 1
    assert ids(index, codes[1]) == []
    assert index.remove([1]) == 0


def test_several_entries_may_share_an_id(tmp_path):
    codes = uniform(4)
    index = Index.build(tmp_path / "s.index", codes, ids=[5, 5, 6, 6])
    assert ids(index, codes[0]) == [5]
    assert ids(index, codes[1]) == [5]
    assert index.remove([5]) == 1
    assert len(index) == 2
    assert index.next_id == 7


def test_a_merge_keeps_the_answers_and_empties_the_journal(tmp_path):
    codes, more = uniform(500), uniform(60, seed=3)
    index = Index.build(tmp_path / "m.index", codes, banded_from=100)
    index.add(more)
    index.remove(np.arange(0, 520, 7))
    queries = np.concatenate([near(codes[::25], 9), near(more[::10], 20)])
    before = list(index.search(queries, 31))
    index.merge()
    facts = index.info()
    assert (facts["in_tail"], facts["removed"], facts["entries"]) == (0, 0, 560 - 75)
    assert list(index.search(queries, 31)) == before
    assert index.add(uniform(1, seed=8)).tolist() == [560]


def test_changes_made_during_a_merge_are_kept(tmp_path, monkeypatch):
    index = Index.build(tmp_path / "d.index", uniform(10))
    late = uniform(1, seed=6)
    prepare = index_changes.content_of

    def content_while_others_write(view):
        content = prepare(view)
        Index.open(index.path).add(late)
        Index.open(index.path).remove([3])
        return content

    monkeypatch.setattr(index_changes, "content_of", content_while_others_write)
    index.merge()
    assert ids(index, late) == [10]
    assert ids(index, uniform(10)[3]) == []
    monkeypatch.undo()
    index.merge()
    assert ids(Index.open(index.path), late) == [10]
    assert len(index) == 10


def test_a_merge_killed_between_its_two_renames_loses_and_repeats_nothing(tmp_path, monkeypatch):
    index = Index.build(tmp_path / "k.index", uniform(10))
    index.add(uniform(2, seed=6))
    index.remove([0])
    kept = journal_path(index.path).read_bytes()
    index.merge()
    journal_path(index.path).write_bytes(kept)
    again = Index.open(index.path)
    assert len(again) == 11
    assert ids(again, uniform(2, seed=6)[1]) == [11]
    again.add(uniform(1, seed=9))
    again.merge()
    assert len(Index.open(index.path)) == 12


def test_a_record_cut_off_by_a_crash_is_no_record_and_the_next_one_takes_its_place(tmp_path):
    index = Index.build(tmp_path / "t.index", uniform(2))
    index.add(uniform(1, seed=5))
    whole = journal_path(index.path).read_bytes()
    index.add(uniform(1, seed=6))
    torn = journal_path(index.path).read_bytes()
    for length in range(len(whole), len(torn)):
        journal_path(index.path).write_bytes(torn[:length])
        assert len(Index.open(index.path)) == 3
    reopened = Index.open(index.path)
    reopened.add(uniform(1, seed=7))
    assert ids(Index.open(index.path), uniform(1, seed=7)) == [3]


def test_writers_in_many_threads_lose_nothing(tmp_path):
    index = Index.build(tmp_path / "w.index", uniform(5))
    codes = uniform(40, seed=4)

    def write(number):
        Index.open(index.path).add(codes[number])
        if number % 10 == 0:
            Index.open(index.path).merge()

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(40)))
    index.refresh()
    assert len(index) == 45
    assert sorted(index.search(codes, 0).id.tolist()) == list(range(5, 45))


def test_searches_go_on_while_the_index_changes(tmp_path):
    codes = uniform(40_000)
    index = Index.build(tmp_path / "c.index", codes)
    stop, wrong = threading.Event(), []

    def look():
        while not stop.is_set():
            if ids(index, codes[17]) != [17]:
                wrong.append(True)

    watchers = [threading.Thread(target=look) for _ in range(2)]
    for watcher in watchers:
        watcher.start()
    for round_number in range(3):
        index.add(uniform(50, seed=round_number + 1))
        index.remove([100 + round_number])
        index.merge()
    stop.set()
    for watcher in watchers:
        watcher.join()
    assert not wrong


def test_a_journal_of_another_index_is_refused(tmp_path):
    one, other = (Index.build(tmp_path / name, uniform(2)) for name in ("one.index", "two.index"))
    other.add(uniform(1, seed=3))
    journal_path(one.path).write_bytes(journal_path(other.path).read_bytes())
    with pytest.raises(IndexRefused, match="generation"):
        Index.open(one.path)


def test_building_again_starts_afresh(tmp_path):
    index = Index.build(tmp_path / "b.index", uniform(5))
    index.remove([0])
    assert len(Index.build(index.path, uniform(5))) == 5
    assert len(Index.open(index.path)) == 5


@pytest.mark.parametrize("wanted", [[-1], [0.5], [1, 2], "x"])
def test_ids_that_are_no_numbers_or_too_many_are_refused(tmp_path, wanted):
    index = Index.build(tmp_path / "i.index", uniform(1))
    with pytest.raises(CodesRefused):
        index.add(uniform(1), wanted)


class AnyHistory(RuleBasedStateMachine):
    """Any sequence of acts leaves the index equal to a plain dictionary."""

    folder = None

    def __init__(self):
        super().__init__()
        self.path = self.folder / f"{id(self)}.index"
        self.index = Index.build(self.path, uniform(20), banded_from=10)
        self.model = dict(enumerate(uniform(20)))

    @rule(seed=st.integers(0, 99), count=st.integers(0, 4))
    def add(self, seed, count):
        codes = uniform(count, seed=seed)
        for number, code in zip(self.index.add(codes).tolist(), codes, strict=True):
            assert number not in self.model
            self.model[number] = code

    @rule(data=st.data())
    def remove(self, data):
        chosen = data.draw(st.lists(st.sampled_from(sorted(self.model) or [0]), max_size=3, unique=True))
        there = [number for number in chosen if number in self.model]
        assert self.index.remove(chosen) == len(there)
        for number in there:
            del self.model[number]

    @rule()
    def merge(self):
        self.index.merge()

    @rule()
    def reopen(self):
        self.index = Index.open(self.path)

    @invariant()
    def answers_fit(self):
        numbers = sorted(self.model)
        codes = np.stack([self.model[number] for number in numbers]) if numbers else uniform(0)
        queries = np.concatenate([codes[:5], uniform(1, seed=77)])
        expected = sorted((query, numbers[row], distance) for query, row, distance in brute(codes, queries, 40))
        hits = self.index.search(queries, 40)
        assert sorted(zip(hits.query.tolist(), hits.id.tolist(), hits.distance.tolist(), strict=True)) == expected
        assert len(self.index) == len(numbers)


def test_any_history_of_acts(tmp_path):
    AnyHistory.folder = tmp_path
    machine = AnyHistory.TestCase
    machine.settings = settings(max_examples=25, stateful_step_count=15, deadline=None)
    machine().runTest()
