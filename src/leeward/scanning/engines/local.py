"""The local engine: processes with threads, kept supplied; one that a file kills is replaced, and nothing is lost."""

import multiprocessing
import os
import signal
import time
from collections import deque
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from multiprocessing.connection import Connection, wait
from threading import Lock
from typing import Any

from leeward.foundation.errors import LeewardError
from leeward.scanning.engines.work import Done, Work, lost, scan_item
from leeward.scanning.errors import EngineFailed
from leeward.scanning.sources import Item

_READY = "ready"
_AHEAD = 3
"""How many items wait in a process for each of its threads, so that none is ever idle."""
SILENT_SECONDS = 4000.0
"""A process that finishes nothing for this long hangs in a file: longer than the limit for a video."""


@dataclass(eq=False, slots=True)
class _Worker:
    """A process, our end of its pipe, and the items that it has not returned yet."""

    process: Any
    pipe: Connection
    held: dict[bytes, Item] = field(default_factory=dict)
    is_ready: bool = False
    is_alone: bool = False
    active_at: float = 0.0


def run_local(items: Iterator[Item], work: Work, *, processes: int, threads: int) -> Iterator[Done]:
    """Yield a Done for every item, in any order. Raises EngineFailed if processes can't start."""
    crew = _Crew(work, processes, threads)
    try:
        yield from crew.results(items)
    finally:
        crew.end()


class _Crew:
    """The processes of one scan."""

    def __init__(self, work: Work, processes: int, threads: int) -> None:
        self._work = work
        self._threads = threads
        self._context = multiprocessing.get_context("spawn")
        self._suspects: deque[Item] = deque()
        self._failed: list[Done] = []
        self._workers = [self._started() for _ in range(processes)]

    def results(self, items: Iterator[Item]) -> Iterator[Done]:
        more = True
        while True:
            for worker in list(self._workers):
                more = self._supply(worker, items) and more
            if not more and not self._suspects and not any(worker.held for worker in self._workers):
                yield from self._failed
                return
            for pipe in wait([worker.pipe for worker in self._workers], timeout=1.0):
                worker = next(worker for worker in self._workers if worker.pipe is pipe)
                found = self._received(worker)
                if found is not None:
                    yield found
            self._end_silent()
            yield from self._failed
            self._failed.clear()

    def end(self) -> None:
        """End every process: those that are waiting end when their pipe closes."""
        for worker in self._workers:
            worker.pipe.close()
        for worker in self._workers:
            if worker.held or not worker.is_ready:
                worker.process.terminate()
            worker.process.join(5)
            if worker.process.is_alive():
                worker.process.kill()
                worker.process.join()

    def _started(self) -> _Worker:
        ours, theirs = self._context.Pipe()
        process = self._context.Process(target=_serve, args=(theirs, self._work, self._threads), daemon=True)
        process.start()
        theirs.close()
        return _Worker(process, ours, active_at=time.monotonic())

    def _supply(self, worker: _Worker, items: Iterator[Item]) -> bool:
        """Send a process as many items as it has room for; return whether there may be more."""
        if not worker.is_ready or worker.is_alone:
            return True
        if self._suspects:
            if not worker.held:
                worker.is_alone = True
                self._give(worker, self._suspects.popleft())
            return True
        while len(worker.held) < self._threads * (1 + _AHEAD):
            item = next(items, None)
            if item is None:
                return False
            if not self._give(worker, item):
                return True
        return True

    def _give(self, worker: _Worker, item: Item) -> bool:
        if not worker.held:
            worker.active_at = time.monotonic()
        worker.held[item.key] = item
        try:
            worker.pipe.send(item)
        except OSError:
            self._replace(worker)
            return False
        return True

    def _received(self, worker: _Worker) -> Done | None:
        try:
            message = worker.pipe.recv()
        except (EOFError, OSError):
            self._replace(worker)
            return None
        worker.active_at = time.monotonic()
        if message == _READY:
            worker.is_ready = True
            return None
        if isinstance(message, str):
            raise EngineFailed(message)
        found: Done = message
        worker.held.pop(found.key, None)
        worker.is_alone = False
        return found

    def _replace(self, worker: _Worker) -> None:
        """Start another process; the dead one's items are retried one by one, and given up if they kill it again."""
        worker.process.join(5)
        if not worker.is_ready:
            raise EngineFailed(f"a process ended while it started ({_how_it_ended(worker.process.exitcode)})")
        if worker.is_alone:
            how = _how_it_ended(worker.process.exitcode)
            self._failed += [
                lost(item, f"the process that read it ended twice ({how})") for item in worker.held.values()
            ]
        else:
            self._suspects.extend(worker.held.values())
        worker.pipe.close()
        self._workers[self._workers.index(worker)] = self._started()

    def _end_silent(self) -> None:
        for worker in self._workers:
            if worker.held and time.monotonic() - worker.active_at > SILENT_SECONDS:
                worker.process.kill()


def _how_it_ended(code: int | None) -> str:
    if code is not None and code < 0:
        return f"by {signal.Signals(-code).name}" if -code in signal.valid_signals() else f"by signal {-code}"
    return f"with {code}"


def _serve(pipe: Connection, work: Work, threads: int) -> None:
    """Process items from the pipe until it closes. This is the whole life of a process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # all processes get Ctrl-C; the first one ends the others
    try:
        matcher = work.matcher()
    except (OSError, LeewardError) as error:
        pipe.send(str(error))
        return
    one_at_a_time = Lock()

    def scan(item: Item) -> None:
        found = scan_item(matcher, item, only_matches=work.only_matches)
        with one_at_a_time:
            try:
                pipe.send(found)
            except OSError:
                os._exit(1)  # the other end is gone

    pipe.send(_READY)
    pool = ThreadPoolExecutor(threads)
    while True:
        try:
            item = pipe.recv()
        except (EOFError, OSError):
            os._exit(0)  # nobody needs the results of threads that are still busy
        pool.submit(scan, item)
