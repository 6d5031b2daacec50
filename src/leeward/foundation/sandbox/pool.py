"""The children of one process: started when first needed, few, killed at the deadline, ended when idle."""

import os
import select
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Generator, Iterator
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass, field
from queue import Empty, SimpleQueue
from typing import IO, Any

from leeward.foundation.sandbox import apart
from leeward.foundation.sandbox.limits import CODES, USUAL, Finding, Limits
from leeward.foundation.sandbox.streams import END, GO_ON, MORE, pieces_of, turn
from leeward.foundation.sandbox.wire import ELSEWHERE, Torn, receive, send
from leeward.foundation.watch import untimed

MOST_CHILDREN = 2
IDLE_SECONDS = 60.0
MOST_CALLS = 500
MOST_ANSWER_BYTES = 256 << 20
_START_SECONDS = 60.0
_PAUSE_SECONDS = 2.0
_TIME_IS_UP = (-signal.SIGALRM, -signal.SIGXCPU)
_ELSEWHERE = object()  # the answer of a child that can't run this module any more
# What an interpreter and compiled kernels need; nothing else of the parent's environment is passed on.
_HANDED_ON = ("HOME", "XDG_CACHE_HOME", "NUMBA_CACHE_DIR", "TMPDIR")


@dataclass(eq=False)
class _Child:
    line: socket.socket
    process: subprocess.Popen[bytes] | None  # None: another user's (`apart.py`), which ends when its line does
    knows: set[str] = field(default_factory=set)  # modules that it has imported
    refuses: set[str] = field(default_factory=set)  # those that it can't import any more, since it is closed off
    calls: int = 0
    idle_since: float = field(default_factory=time.monotonic)

    @property
    def has_ended(self) -> bool:
        """Return whether it is of no use any more."""
        if self.process is not None:
            return self.process.poll() is not None
        if self.line.fileno() < 0:
            return True
        ends = select.poll()
        ends.register(self.line, select.POLLRDHUP)
        return bool(ends.poll(0))

    def end(self) -> None:
        """Make sure that it has ended, or is being ended by its guard."""
        with suppress(OSError):
            self.line.shutdown(socket.SHUT_RDWR)  # a fork of this process may have the line too
        self.line.close()
        if self.process is not None:
            self.process.kill()
            self.process.wait()


class Pool:
    """Up to `most` children; any thread may call."""

    def __init__(self, most: int = MOST_CHILDREN, idle_seconds: float = IDLE_SECONDS) -> None:
        self._most = most
        self._idle_seconds = idle_seconds
        self._idle: list[_Child] = []
        self._busy: set[_Child] = set()
        self.begin_anew()

    def begin_anew(self) -> None:
        """Forget all children: those of the process from which this one was forked are not ours."""
        for child in (*self._idle, *self._busy):
            child.line.close()
        self._changed = threading.Condition()
        self._idle, self._busy = [], set()
        self._starting = 0
        self._wanted: SimpleQueue[Future[_Child]] = SimpleQueue()
        self._keeper: threading.Thread | None = None

    def call(self, function: str, body: bytes, limits: Limits = USUAL, /, **arguments: object) -> Any:
        """Return the result of `package.module:function` for these bytes in a child, as plain data, or a Finding.

        Never raises because of what the bytes are; raises TypeError for arguments that aren't plain data.
        """
        with untimed():  # it ends by its own limits
            return self._call(function, body, limits, arguments)

    def _call(self, function: str, body: bytes, limits: Limits, arguments: dict[str, object]) -> Any:
        until = time.monotonic() + limits.wait_seconds
        module = function.partition(":")[0]
        request = _request(function, limits, arguments)
        while isinstance(child := self._taken(until, module), _Child):
            answer: Any = Finding("crashed")
            try:
                answer = _answer(child, request, body, limits.seconds)
                (child.refuses if answer is _ELSEWHERE else child.knows).add(module)
            finally:
                self._give_back(child, may_stay=not isinstance(answer, Finding) or answer.code == "failed")
            if answer is not _ELSEWHERE:
                return answer
        return child

    def stream(self, function: str, source: IO[bytes], limits: Limits = USUAL, /, **arguments: object) -> Iterator[Any]:
        """Yield what the generator `package.module:function` finds in a stream that it reads in a child, as plain data; last a
        Finding where it didn't reach the end. The limits hold for each piece of the stream.

        Raises what reading the stream raises, never anything because of what it holds.
        """
        until = time.monotonic() + limits.wait_seconds
        module = function.partition(":")[0]
        request = _request(function, limits, arguments) | {"streams": True}
        while isinstance(child := self._taken(until, module), _Child):
            is_whole = False
            try:
                with untimed():
                    has_begun = _begun(child, request)
                if isinstance(has_begun, Finding):
                    yield has_begun
                    return
                (child.knows if has_begun else child.refuses).add(module)
                if has_begun:
                    is_whole = yield from _flow(child, source, limits.seconds)
                    return
                is_whole = True
            finally:
                self._give_back(child, may_stay=is_whole)
        yield child

    @property
    def pids(self) -> list[int]:
        """Return the processes of ours that are running now."""
        with self._changed:
            return [child.process.pid for child in (*self._idle, *self._busy) if child.process is not None]

    def _taken(self, until: float, module: str) -> _Child | Finding:
        """Return a child for one call of a module as soon as one is available; a Finding if there was none in time."""
        with self._changed:
            while (child := self._idle_for(module)) is None:
                if len(self._busy) + self._starting + len(self._idle) < self._most:
                    break
                if self._idle:
                    self._idle.pop(0).end()  # of no use for this module: a new one takes its place
                    break
                if not self._changed.wait(max(0.0, until - time.monotonic())):
                    return Finding("busy")
            if child is not None:
                self._idle.remove(child)
                self._busy.add(child)
                return child
            self._starting += 1
            if self._keeper is None:
                self._keeper = threading.Thread(target=self._keep, name="sandbox", daemon=True)
                self._keeper.start()
        wanted: Future[_Child] = Future()
        self._wanted.put(wanted)
        made = None if wanted.exception() else wanted.result()
        with self._changed:
            self._starting -= 1
            if made is None:
                self._changed.notify()
            else:
                self._busy.add(made)
        return made or Finding("silent" if apart.place() else "busy")

    def _idle_for(self, module: str) -> _Child | None:
        """Return the idle child that can run this module, best one that has imported it; with the lock held."""
        able = [child for child in self._idle if module not in child.refuses and not child.has_ended]
        return max(able, key=lambda child: module in child.knows, default=None)

    def _give_back(self, child: _Child, *, may_stay: bool) -> None:
        stays = may_stay and child.calls < MOST_CALLS and not child.has_ended
        if not stays:
            child.end()
        with self._changed:
            self._busy.discard(child)
            if stays:
                child.idle_since = time.monotonic()
                self._idle.append(child)
            self._changed.notify()

    def _keep(self) -> None:
        """Start children, and end idle ones; always in this thread, since children end with the one that started them."""
        while True:
            try:
                wanted = self._wanted.get(timeout=_PAUSE_SECONDS)
            except Empty:
                self._end_idle()
                continue
            try:
                wanted.set_result(_started())
            except OSError as error:
                wanted.set_exception(error)

    def _end_idle(self) -> None:
        before = time.monotonic() - self._idle_seconds
        with self._changed:
            over = [child for child in self._idle if child.idle_since < before or child.has_ended]
            self._idle = [child for child in self._idle if child not in over]
        for child in over:
            child.end()


def _started() -> _Child:
    place = apart.place()
    child = _Child(apart.connected(place), None) if place else _Child(*_forked())
    child.line.settimeout(_START_SECONDS)
    send(child.line, list(sys.path))
    return child


def _forked() -> tuple[socket.socket, subprocess.Popen[bytes]]:
    ours, theirs = socket.socketpair()
    environment = {name: os.environ[name] for name in _HANDED_ON if name in os.environ}
    try:
        process = subprocess.Popen(
            [sys.executable, "-I", "-B", "-m", "leeward.foundation.sandbox.child"],
            stdin=theirs.fileno(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment | {"LC_ALL": "C.UTF-8", "OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"},
            start_new_session=True,
        )
    finally:
        theirs.close()
    return ours, process


def _request(function: str, limits: Limits, arguments: dict[str, object]) -> dict[str, Any]:
    return {
        "function": function, "arguments": arguments, "seconds": limits.seconds, "memory_bytes": limits.memory_bytes,
    }  # fmt: skip


def _begun(child: _Child, request: dict[str, Any]) -> bool | Finding:
    """Return whether a child is ready for the bytes of a call: it may be closed off already against what that needs."""
    child.calls += 1
    child.line.settimeout(_START_SECONDS)
    try:
        send(child.line, request)
        return bool(receive(child.line, most_bytes=0, until=time.monotonic() + _START_SECONDS) != ELSEWHERE)
    except TimeoutError:
        return Finding("too_slow")
    except (Torn, OSError):
        return _ended(child)


def _flow(child: _Child, source: IO[bytes], seconds: float) -> Generator[Any, None, bool]:
    """Yield what a child finds in a stream, or last why it ended; return whether it came to the end of the stream."""
    answer: object = GO_ON
    pieces = pieces_of(source)
    while True:
        with untimed():
            turned = _turned(child, answer, seconds)
        if isinstance(turned, Finding):
            yield turned
            return False
        found, wants = turned
        yield from found
        if wants == END:
            return True
        answer = next(pieces) if wants == MORE else GO_ON


def _turned(child: _Child, answer: object, seconds: float) -> tuple[list[Any], str] | Finding:
    child.line.settimeout(seconds + 1)
    try:
        return turn(child.line, answer, time.monotonic() + seconds + 1)
    except TimeoutError:
        return Finding("too_slow")
    except (Torn, OSError):
        return _ended(child)
    except (ValueError, RecursionError):
        return Finding("crashed")


def _ended(child: _Child) -> Finding:
    return Finding("too_slow" if _how_it_ended(child) in _TIME_IS_UP else "crashed")


def _answer(child: _Child, request: dict[str, Any], body: bytes, seconds: float) -> Any:
    has_begun = _begun(child, request)
    if has_begun is not True:
        return has_begun or _ELSEWHERE
    try:
        until = time.monotonic() + seconds + 1  # from here on: imports don't count
        child.line.settimeout(seconds + 1)
        send(child.line, body)
        answer = receive(child.line, most_bytes=MOST_ANSWER_BYTES, until=until)
    except TimeoutError:
        return Finding("too_slow")
    except (Torn, OSError):
        return _ended(child)
    match answer:
        case {"value": value}:
            return value
        case {"finding": code, "detail": str(detail)} if code in CODES:
            return Finding(code, detail[:100])
    return Finding("crashed")


def _how_it_ended(child: _Child) -> int | None:
    if child.process is None:  # only its guard knows
        return None
    try:
        return child.process.wait(1)
    except subprocess.TimeoutExpired:
        return None


_POOL = Pool()
# A list of two hundred thousand rows takes minutes: files that people wait for don't wait for it.
_STREAMS = Pool()
os.register_at_fork(after_in_child=_POOL.begin_anew)
os.register_at_fork(after_in_child=_STREAMS.begin_anew)


def call(function: str, body: bytes, limits: Limits = USUAL, /, **arguments: object) -> Any:
    """Run a call in a child of this process (`Pool.call`)."""
    return _POOL.call(function, body, limits, **arguments)


def stream(function: str, source: IO[bytes], limits: Limits = USUAL, /, **arguments: object) -> Iterator[Any]:
    """Read a stream in a child of this process (`Pool.stream`); such children are others than those of calls."""
    return _STREAMS.stream(function, source, limits, **arguments)


def pids() -> list[int]:
    """Return this process's decoding children."""
    return [*_POOL.pids, *_STREAMS.pids]
