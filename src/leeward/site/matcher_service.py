"""`leeward serve --face matcher`: hashing and search only, in separate processes: a signed list and a socket, no database,
no keys.

The parent holds the listening socket and one worker that answers on it. On SIGHUP it starts another worker, and lets
the old one finish once the new one is ready; connections wait in the socket's queue meanwhile, so no request is
dropped. A worker that ends unexpectedly is restarted. On SIGTERM requests in progress are finished. A worker ends with its
parent, for it would answer on the socket that the next parent needs.
"""

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from socketserver import ThreadingMixIn, UnixStreamServer
from types import FrameType
from typing import Any

from leeward.foundation.errors import LeewardError
from leeward.matching.lists import HashListRefused, Matcher
from leeward.site.serve import FOR_HASHING, die_with_parent

MOST_BYTES = 25_000_000
MOST_JSON_BYTES = 5_000_000
MOST_ROWS = 100
PATIENCE_SECONDS = 30.0
"""A client that sends nothing for this long is disconnected."""
MOST_AT_ONCE = 32
_BACKLOG = 512
_GONE = (ConnectionError, TimeoutError)
"""The client went away or is too slow, so nobody can be answered."""
_PATHS = ("/check", "/healthz", "/metrics")
_READY = b"ready\n"


class SocketUnusable(LeewardError):
    """The matcher can't listen at this address."""

    code = "socket_unusable"
    sentence = "{path} can't be used as a socket: {why}."
    hint = "Choose a path in a folder that the matcher's user may write, of at most 100 characters, where no other file is."


@dataclass(slots=True)
class Counts:
    """What a worker has answered: by path and status, matches by kind, total time, and unexpected failures by the class
    of the error."""

    answers: Counter[tuple[str, int]] = field(default_factory=Counter)
    matches: Counter[str] = field(default_factory=Counter)
    failures: Counter[str] = field(default_factory=Counter)
    seconds: float = 0.0
    lock: threading.Lock = field(default_factory=threading.Lock)

    def text(self, matcher: Matcher) -> str:
        """Return the metrics in the text form of Prometheus."""
        with self.lock:
            lines = [
                f'leeward_matcher_answers_total{{path="{path}",status="{status}"}} {count}'
                for (path, status), count in sorted(self.answers.items())
            ]
            lines += [
                f'leeward_matcher_matches_total{{match="{match}"}} {n}' for match, n in sorted(self.matches.items())
            ]
            lines += [
                f'leeward_matcher_failures_total{{error="{error}"}} {n}' for error, n in sorted(self.failures.items())
            ]
            lines.append(f"leeward_matcher_seconds_total {self.seconds:.3f}")
        lines += [
            f"leeward_matcher_list_serial {matcher.serial}",
            f"leeward_matcher_list_entries {len(matcher)}",
            f"leeward_matcher_list_current {int(matcher.trouble is None)}",
            f"leeward_matcher_memory_bytes {_memory()}",
        ]
        return "\n".join(lines) + "\n"

    def failed(self, error: BaseException, doing: str) -> None:
        """Count an unexpected error and log its class and location, but nothing about the request."""
        name = type(error).__name__
        with self.lock:
            self.failures[name] += 1
        places = traceback.extract_tb(error.__traceback__)
        place = f"{Path(places[-1].filename).name}:{places[-1].lineno}" if places else "an unknown place"
        print(f"leeward: the matcher failed at {doing}: {name} in {place}", file=sys.stderr, flush=True)


def _memory() -> int:
    return int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1]) * os.sysconf("SC_PAGE_SIZE")


class _Refused(Exception):
    """A request that gets an error message instead of an answer."""

    def __init__(self, status: int, why: str) -> None:
        super().__init__(why)
        self.status, self.why = status, why


class _Handler(BaseHTTPRequestHandler):
    """One request per connection: a connection that is kept open could be lost when a worker is replaced."""

    timeout = PATIENCE_SECONDS
    server: "_Server"

    def do_GET(self) -> None:
        """Answer /healthz and /metrics."""
        self._send(*self._answered(self._status_of_path))

    def _status_of_path(self) -> tuple[int, Any]:
        matcher, counts = self.server.matcher, self.server.counts
        if self.path == "/healthz":
            trouble = matcher.trouble  # first: it looks for a newer state
            status = {"list": matcher.name, "serial": matcher.serial, "entries": len(matcher), "trouble": trouble}
            with counts.lock:
                status["failures"] = counts.failures.total()
            return 200 if trouble is None else 503, status
        if self.path == "/metrics":
            return 200, counts.text(matcher)
        return 404, {"error": "there are /check, /healthz and /metrics"}

    def _answered(self, act: Callable[[], tuple[int, Any]]) -> tuple[int, Any]:
        """Return status and body; an unexpected error is counted and logged, and the client is told that there is no
        answer."""
        try:
            return act()
        except _Refused as refused:
            return refused.status, {"error": refused.why}
        except _GONE:
            raise
        except Exception as error:
            path = self.path if self.path in _PATHS else "another path"
            self.server.counts.failed(error, path)
            return 500, {
                "error": "the matcher failed and says nothing of this file: a person has to look; its log names the error"
            }

    def do_POST(self) -> None:
        """Answer /check: a file, or hashes as JSON (one object, or a list of up to 100)."""
        if self.path != "/check":
            self._send(404, {"error": "there are /check, /healthz and /metrics"})
            return
        started = time.monotonic()
        status, payload = self._answered(lambda: (200, self._checked()))
        with self.server.counts.lock:
            self.server.counts.seconds += time.monotonic() - started
        self._send(status, payload)

    def _checked(self) -> Any:
        is_json = (self.headers.get("Content-Type") or "").partition(";")[0].strip() == "application/json"
        body = self._body(MOST_JSON_BYTES if is_json else MOST_BYTES)
        matcher = self.server.matcher
        if not is_json:
            answers = [matcher.check(body)]
            self._count([answers[0].match])
            return answers[0].as_dict()
        rows = _rows_of(body)
        answers = matcher.check_hashes(rows if isinstance(rows, list) else [rows])
        self._count([answer.match for answer in answers])
        rows_checked = [answer.as_dict() for answer in answers]
        return rows_checked if isinstance(rows, list) else rows_checked[0]

    def _body(self, most: int) -> bytes:
        length = self.headers.get("Content-Length") or ""
        if not (length.isascii() and length.isdigit() and len(length) < 12):
            raise _Refused(411, "the request has no Content-Length")
        if int(length) > most:
            raise _Refused(413, f"the body has more than {most} bytes")
        body = self.rfile.read(int(length))
        if len(body) < int(length):
            raise _Refused(400, "the body ends too early")
        return body

    def _count(self, matches: list[str]) -> None:
        with self.server.counts.lock:
            self.server.counts.matches.update(matches)

    def _send(self, status: int, payload: Any) -> None:
        is_text = isinstance(payload, str)
        body = payload.encode() if is_text else json.dumps(payload).encode()
        path = self.path if self.path in _PATHS else "other"
        with self.server.counts.lock:
            self.server.counts.answers[path, status] += 1
        self.send_response(status)
        self.send_header("Content-Type", "text/plain; version=0.0.4" if is_text else "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, form: str, *arguments: object) -> None:
        """Log nothing: who asks about what stays private."""


def _rows_of(body: bytes) -> dict[str, Any] | list[dict[str, Any]]:
    try:
        rows = json.loads(body)
    except (ValueError, RecursionError):
        raise _Refused(400, "the body is not JSON") from None
    if isinstance(rows, dict):
        return rows
    if not isinstance(rows, list) or not rows or not all(isinstance(row, dict) for row in rows):
        raise _Refused(400, "the body is neither an object of hashes nor a list of them")
    if len(rows) > MOST_ROWS:
        raise _Refused(413, f"there are more than {MOST_ROWS} rows")
    return rows


class _Server(ThreadingMixIn, UnixStreamServer):
    """A server on a socket that the parent listens on."""

    daemon_threads = False
    block_on_close = True

    def __init__(self, listening: socket.socket, matcher: Matcher) -> None:
        super().__init__("", _Handler, bind_and_activate=False)
        self.socket.close()
        self.socket = listening
        self.matcher, self.counts = matcher, Counts()
        self._slots = threading.BoundedSemaphore(MOST_AT_ONCE)

    def process_request(self, request: Any, client_address: Any) -> None:
        """Answer in a new thread, up to a maximum; further connections wait in the socket's queue."""
        self._slots.acquire()
        super().process_request(request, client_address)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """Free the thread's slot whatever happens."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._slots.release()

    def get_request(self) -> tuple[Any, Any]:
        """Accept a connection; a unix socket's client has no address."""
        connection, _ = self.socket.accept()
        connection.settimeout(PATIENCE_SECONDS)
        return connection, ("", 0)

    def handle_error(self, request: object, client_address: object) -> None:
        """Ignore clients that went away; count and log anything else."""
        error = sys.exception()
        if error is not None and not isinstance(error, _GONE):
            self.counts.failed(error, "a connection")


def work(descriptor: int, folder: Path, key: str | None) -> int:
    """Answer on the inherited socket until SIGTERM; say on standard output when ready. Runs in the process made by
    `_started`."""
    matcher = Matcher(folder, key=key)
    listening = socket.socket(fileno=descriptor)
    listening.setblocking(False)  # another worker may have accepted the connection that both were told about
    server = _Server(listening, matcher)

    def end(number: int, frame: FrameType | None) -> None:
        threading.Thread(target=server.shutdown).start()

    signal.signal(signal.SIGTERM, end)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    sys.stdout.buffer.write(_READY)
    sys.stdout.buffer.flush()
    server.serve_forever(poll_interval=0.1)
    server.server_close()
    return 0


def listening_socket(path: Path) -> socket.socket:
    """Listen at a path; a socket that nobody answers on is taken over. Raises SocketUnusable."""
    made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        if path.is_socket():
            if made.connect_ex(str(path)) == 0:
                raise SocketUnusable(path=path, why="another program answers on it")
            made.close()
            path.unlink()
            made = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        made.bind(str(path))
        path.chmod(0o660)
        made.listen(_BACKLOG)
    except OSError as error:
        made.close()
        raise SocketUnusable(path=path, why=(error.strerror or str(error)).lower()) from error
    made.set_inheritable(True)
    return made


@dataclass(slots=True)
class Parent:
    """Keeps one worker answering; SIGHUP and SIGTERM set `ask`."""

    listening: socket.socket
    folder: Path
    key: str | None
    worker: subprocess.Popen[bytes] | None = None
    retired: list[subprocess.Popen[bytes]] = field(default_factory=list)
    signals: list[int] = field(default_factory=list)

    def run(self) -> int:
        """Run until SIGTERM or Ctrl-C; return 0, or 1 if no worker could be started."""
        for number in (signal.SIGHUP, signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda caught, frame: self.signals.append(caught))
        self.worker = self._started()
        if self.worker is None:
            return 1
        wait = 0.5
        while True:
            if self.signals:
                if self.signals.pop(0) != signal.SIGHUP:
                    return self._end()
                self._replace()
            if (status := self.worker.poll()) is not None:  # it ended unexpectedly: killed, or out of memory
                print(f"leeward: the matcher's worker ended with status {status}; starting another", file=sys.stderr)
                time.sleep(wait)
                wait = min(2 * wait, 30.0)
                self.worker = self._started() or self.worker
            self.retired = [one for one in self.retired if one.poll() is None]
            time.sleep(0.1)

    def _replace(self) -> None:
        fresh = self._started()
        if fresh is not None and self.worker is not None:  # otherwise the old one continues with its list
            self.worker.terminate()
            self.retired.append(self.worker)
            self.worker = fresh

    def _started(self) -> subprocess.Popen[bytes] | None:
        """Start a worker and wait until it is ready; None if it could not open the list."""
        program = (
            "import sys; from leeward.site.matcher_service import worker_main; sys.exit(worker_main(sys.argv[1:]))"
        )
        command = [sys.executable, "-P", "-c", program, str(self.listening.fileno()), str(self.folder), self.key or ""]
        keep = {name: value for name, value in os.environ.items() if name in FOR_HASHING}
        started = subprocess.Popen(
            command,
            pass_fds=(self.listening.fileno(),),
            stdout=subprocess.PIPE,
            stdin=subprocess.DEVNULL,
            env=keep,
            preexec_fn=partial(die_with_parent, signal.SIGKILL),  # noqa: PLW1509 - this process has no threads
        )
        assert started.stdout is not None
        return started if started.stdout.readline() == _READY else None

    def _end(self) -> int:
        every = [one for one in (self.worker, *self.retired) if one is not None]
        for one in every:
            one.terminate()
        for one in every:
            one.wait()
        return 0


def worker_main(words: list[str]) -> int:
    """The worker's process: descriptor, folder of the list, key (empty: any)."""
    try:
        return work(int(words[0]), Path(words[1]), words[2] or None)
    except (HashListRefused, OSError) as problem:
        print(f"leeward: {problem}", file=sys.stderr)
        return 2


def serve_matcher(path: Path, folder: Path, key: str | None) -> int:
    """Listen at `path` and answer from the signed list in `folder`, until Ctrl-C or SIGTERM. Raises SocketUnusable."""
    listening = listening_socket(path)
    try:
        return Parent(listening, folder, key).run()
    finally:
        listening.close()
        path.unlink(missing_ok=True)
