"""A small threaded web server that keeps a log of its requests; the web host and the RDAP server are built on it."""

import http
import socket
import sys
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

from leeward.demo.world.errors import AddressNotOurs
from leeward.demo.world.server import LOOPBACK, POLL_SECONDS, Server, reason_of
from leeward.demo.world.waiting import Log

_MOST_BODY_BYTES = 32_000_000


@dataclass(frozen=True, slots=True)
class Request:
    """One request as it came in; `host` is lower case and without port, header names are lower case."""

    at: datetime
    method: str
    host: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    reached: str

    @property
    def form(self) -> dict[str, list[str]]:
        """The fields of a POSTed form, or of the query string of anything else."""
        text = self.body.decode("utf-8", "replace") if self.method == "POST" else self.query
        return parse_qs(text, keep_blank_values=True)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is sent back, and with which fault: late, in small pieces, shorter than announced, or not at all."""

    status: int = 200
    body: bytes = b""
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    wait_seconds: float = 0.0
    piece_bytes: int = 0
    piece_seconds: float = 0.0
    missing_bytes: int = 0
    hangs_up: bool = False


class WebServer(Server):
    """A web server on one port of one or more loopback addresses; subclasses define its answers."""

    def __init__(self, *, addresses: tuple[str, ...] = (LOOPBACK,), port: int = 0) -> None:
        self.addresses = addresses
        self.port = port
        self._log: Log[Request] = Log("a request")
        self._stopping = threading.Event()
        self._listeners: list[_Listener] = []
        self._threads: list[threading.Thread] = []

    def respond(self, request: Request) -> Answer:
        """Return the answer to one request; called from many threads."""
        raise NotImplementedError

    @property
    def url(self) -> str:
        """The server's address with port and without path."""
        return f"http://{self.addresses[0]}:{self.port}"

    def requests(self, *, host: str | None = None, path: str | None = None) -> list[Request]:
        """Return the requests so far, in order, optionally of one host or path."""
        return [seen for seen in self._log.all() if host in (None, seen.host) and path in (None, seen.path)]

    def wait_for_request(self, predicate: Callable[[Request], bool], timeout_seconds: float = 60.0) -> Request:
        """Return the first request, past or future, that fits."""
        return self._log.wait_for(predicate, timeout_seconds)

    def forget_requests(self) -> None:
        """Empty the request log."""
        self._log.clear()

    def start(self) -> None:
        self._stopping.clear()
        self._listeners = _listen_on_all(self, self.addresses, self.port)
        self.port = self._listeners[0].server_address[1]
        self._threads = [
            threading.Thread(target=one.serve_forever, args=(POLL_SECONDS,), name="demo-web", daemon=True)
            for one in self._listeners
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        self._stopping.set()
        for listener in self._listeners:
            listener.shutdown()
            listener.server_close()
            listener.cut_connections()
        for thread in self._threads:
            thread.join()
        self._listeners, self._threads = [], []

    def take(self, request: Request) -> Answer:
        """Log one request and return its answer after its delay; for the handler only."""
        self._log.add(request)
        answer = self.respond(request)
        self.pause(answer.wait_seconds)
        return answer

    def pause(self, seconds: float) -> None:
        """Wait, but no longer than until the server stops."""
        if seconds > 0:
            self._stopping.wait(seconds)


class _Listener(ThreadingHTTPServer):
    """One listening socket; keeps track of its open connections so that stopping need not wait for them."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, owner: WebServer, address: str, port: int) -> None:
        self.owner = owner
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__((address, port), _Handler)

    def get_request(self) -> tuple[socket.socket, Any]:
        connection, peer = super().get_request()
        with self._lock:
            self._open.add(connection)
        return connection, peer

    def shutdown_request(self, request: Any) -> None:
        with self._lock:
            self._open.discard(request)
        super().shutdown_request(request)

    def cut_connections(self) -> None:
        with self._lock:
            still_open = list(self._open)
        for connection in still_open:
            try:
                connection.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Ignore clients that disconnect; show any other error, since it is ours."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)


class _Handler(BaseHTTPRequestHandler):
    """Turns a connection's bytes into requests and answers into bytes."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = 60
    server: _Listener

    def answer(self) -> None:
        length = self.headers.get("content-length") or "0"
        if not length.isdigit() or int(length) > _MOST_BODY_BYTES:
            self.send_error(413)
            return
        parts = urlsplit(self.path)
        request = Request(
            at=datetime.now(UTC),
            method=self.command,
            host=_name_of(self.headers.get("host", "")),
            path=parts.path,
            query=parts.query,
            headers={name.lower(): value for name, value in self.headers.items()},
            body=self.rfile.read(int(length)),
            reached=str(self.server.server_address[0]),
        )
        self._send(self.server.owner.take(request))

    do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = do_OPTIONS = answer  # noqa: N815 - the names that http.server calls

    def _send(self, answer: Answer) -> None:
        if answer.hangs_up:
            self.close_connection = True
            return
        self.send_response(answer.status, _reason(answer.status))
        if answer.body or answer.status not in (204, 304):
            self.send_header("Content-Type", answer.content_type)
            self.send_header("Content-Length", str(len(answer.body) + answer.missing_bytes))
        for name, value in answer.headers:
            self.send_header(name, value)
        if answer.missing_bytes:
            self.close_connection = True
        self.end_headers()
        if self.command != "HEAD":
            self._send_body(answer)

    def _send_body(self, answer: Answer) -> None:
        if not answer.piece_bytes:
            self.wfile.write(answer.body)
            return
        for start in range(0, len(answer.body), answer.piece_bytes):
            self.wfile.write(answer.body[start : start + answer.piece_bytes])
            self.server.owner.pause(answer.piece_seconds)

    def version_string(self) -> str:
        return "leeward-demonstration"

    def log_message(self, format: str, *args: Any) -> None:
        """Print nothing; the log is in memory."""


def _reason(status: int) -> str:
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return ""


def _name_of(host: str) -> str:
    """Return the host name of a Host header: lower case, without port, brackets or trailing dot."""
    try:
        name = urlsplit(f"//{host.strip()}").hostname or ""
    except ValueError:
        name = ""
    return name.rstrip(".")


def _listen_on_all(owner: WebServer, addresses: tuple[str, ...], port: int) -> list[_Listener]:
    """Listen on the same port of every address; a port chosen by the system may be taken elsewhere, so try a few."""
    for last_try in [False] * 19 + [True]:
        listeners: list[_Listener] = []
        wanted = port
        try:
            for address in addresses:
                listeners.append(_Listener(owner, address, wanted))
                wanted = listeners[0].server_address[1]
            return listeners
        except OSError as error:
            for listener in listeners:
                listener.server_close()
            if last_try or port or not listeners:
                raise AddressNotOurs(address=addresses[len(listeners)], port=wanted, why=reason_of(error)) from error
    raise AssertionError("unreachable")
