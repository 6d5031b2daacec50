"""What threads bring at once is done at once, and none is the trouble of another."""

import threading
import time
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import contextmanager

import pytest

from leeward.foundation.together import Together


class Work:
    """Takes numbers; refuses 13, and everything while it is shut."""

    def __init__(self) -> None:
        self.may_begin, self.is_shut, self.seconds = threading.Event(), False, 0.0
        self.done: list[list[int]] = []
        self.line: Together[int] = Together(self.begin, self.act)

    @contextmanager
    def begin(self) -> Iterator[None]:
        self.may_begin.wait(20)
        if self.is_shut:
            raise OSError
        yield

    def act(self, things: Sequence[int]) -> None:
        if 13 in things:
            raise ValueError
        time.sleep(self.seconds)
        self.done.append(sorted(things))

    def of_all(self, things: Sequence[int]) -> list[Future[None]]:
        """Bring them while nothing can begin, and let it begin once all wait."""
        with ThreadPoolExecutor(len(things)) as threads:
            brought = [threads.submit(self.line.do, thing) for thing in things]
            until = time.monotonic() + 20
            while self.line.waiting < len(things) and time.monotonic() < until:
                time.sleep(0.001)
            self.may_begin.set()
        self.may_begin.clear()
        return brought


@pytest.fixture
def work() -> Work:
    return Work()


def test_all_that_waits_is_done_at_once(work: Work) -> None:
    assert [one.exception() for one in work.of_all([1, 2, 3, 4])] == [None] * 4
    assert work.done == [[1, 2, 3, 4]]
    work.of_all([5])
    assert work.done[1:] == [[5]]


def test_what_cant_be_done_is_the_trouble_of_its_own_thread(work: Work) -> None:
    wrong = [type(one.exception()) for one in work.of_all([1, 13, 2])]
    assert wrong == [type(None), ValueError, type(None)]
    assert sorted(work.done) == [[1], [2]]


def test_where_nothing_can_begin_each_hears_it_and_what_comes_later_is_done(work: Work) -> None:
    work.is_shut = True
    assert {type(one.exception()) for one in work.of_all([1, 2, 3])} == {OSError}
    work.is_shut = False
    assert {one.exception() for one in work.of_all([1, 2, 3])} == {None}
    assert work.done == [[1, 2, 3]]


def test_whoever_comes_while_others_are_done_is_next(work: Work) -> None:
    """However often: each is done once, and nobody begins for nothing."""
    work.may_begin.set()
    work.seconds = 0.001
    with ThreadPoolExecutor(8) as threads:
        list(threads.map(work.line.do, range(100, 400)))
    assert sorted(thing for things in work.done for thing in things) == list(range(100, 400))
    assert all(work.done)
    assert work.line.waiting == 0


def test_one_that_failed_alone_is_not_tried_twice(work: Work) -> None:
    tried: list[Sequence[int]] = []

    def act(things: Sequence[int]) -> None:
        tried.append(things)
        work.act(things)

    work.line = Together(work.begin, act)
    assert [type(one.exception()) for one in work.of_all([13])] == [ValueError]
    assert tried == [[13]]


def test_nobody_waits_for_ever_for_one_that_hangs(work: Work) -> None:
    """Whoever leads is stuck before it took anything: the others go on without it, those that come later wait for nobody, and what the one
    that was stuck brought is done when it wakes, once."""
    hangs = threading.Event()
    begun: list[int] = []

    @contextmanager
    def begin() -> Iterator[None]:
        begun.append(len(begun))
        if len(begun) == 1:
            hangs.wait(60)
        yield

    line: Together[int] = Together(begin, work.act, seconds=0.5)
    with ThreadPoolExecutor(8) as threads:
        stuck = threads.submit(line.do, 1)
        while not begun:
            time.sleep(0.001)
        waiting = [threads.submit(line.do, thing) for thing in (2, 3, 4)]
        for one in waiting:
            assert one.exception(20) is None
        late = time.monotonic()
        line.do(5)
        assert time.monotonic() - late < 0.4, "nobody leads any more that hangs"
        hangs.set()
        assert stuck.exception(20) is None
        line.do(6)
    assert sorted(thing for things in work.done for thing in things) == [1, 2, 3, 4, 5, 6]
    assert line.waiting == 0


def test_what_one_that_hangs_took_along_is_done_by_its_own_thread(work: Work) -> None:
    hangs, took = threading.Event(), threading.Event()

    def act(things: Sequence[int]) -> None:
        if 1 in things and len(things) > 1:
            took.set()
            hangs.wait(60)
            raise ValueError("refused: what others did meanwhile is there")
        work.act(things)

    line: Together[int] = Together(work.begin, act, seconds=0.5)
    with ThreadPoolExecutor(8) as threads:
        brought = [threads.submit(line.do, 1)]
        while not line.waiting:
            time.sleep(0.001)
        brought += [threads.submit(line.do, thing) for thing in (2, 3)]
        while line.waiting < 3:
            time.sleep(0.001)
        work.may_begin.set()
        assert took.wait(20)
        assert [one.exception(20) for one in brought[1:]] == [None, None]
        hangs.set()
        assert brought[0].exception(20) is None
    assert sorted(thing for things in work.done for thing in things) == [1, 2, 3]
