"""A small real source of a hash list on loopback, made of the slice's own rules, that remembers what it was asked."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from urllib.parse import parse_qs, urlsplit

from leeward.blocklist.rules.entries import ListEntry
from leeward.blocklist.rules.hash_list import PREFIX_BYTES, HashList, difference, prefixes_of, whole
from leeward.blocklist.rules.hash_list_wire import write_update
from leeward.blocklist.rules.search import Answer, Found, answer_as_json, padded, read_question
from leeward.blocklist.snapshot import scopes_by_digest


class Feed:
    """What the source serves: states by version, the entries of the last, and the questions so far."""

    def __init__(self, name: str = "national") -> None:
        self.name = name
        self.token = "token"
        self.states: dict[bytes, HashList] = {}
        self.scopes: dict[bytes, int] = {}
        self.wait = timedelta(0)
        self.cache = timedelta(minutes=5)
        self.fetches: list[str] = []
        self.questions: list[list[bytes]] = []
        self.broken: bytes | None = None
        self.status = 200
        self.has_forgotten = False

    def publish(self, *entries: ListEntry) -> None:
        self.scopes = scopes_by_digest(entries)
        version = str(len(self.states) + 1).encode()
        self.states[version] = HashList(self.name, version, prefixes_of(self.scopes), self.wait)

    @property
    def latest(self) -> HashList:
        return next(reversed(self.states.values()))

    def update(self, since: bytes) -> bytes | None:
        if since == self.latest.version:
            return None
        old = self.states.get(since)
        return write_update(whole(self.latest) if old is None else difference(old, self.latest))

    def answer(self, prefixes: list[bytes]) -> Answer:
        found = [Found(key, scopes) for key, scopes in self.scopes.items() if key[:PREFIX_BYTES] in prefixes]
        return Answer(padded(found, prefixes, b"secret"), self.cache)


class _Handler(BaseHTTPRequestHandler):
    feed: Feed

    def log_message(self, *_: object) -> None:
        """Say nothing."""

    def _send(self, status: int, content: bytes = b"") -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(content)))
        if status == 302:
            self.send_header("Location", "/elsewhere")
        self.end_headers()
        self.wfile.write(content)

    def _is_refused(self) -> bool:
        feed = self.feed
        if feed.status != 200 or self.headers["Authorization"] != f"Bearer {feed.token}":
            self._send(feed.status if feed.status != 200 else 401)
            return True
        return False

    def do_GET(self) -> None:
        if self._is_refused():
            return
        parts = urlsplit(self.path)
        assert parts.path == f"/api/v1/feeds/{self.feed.name}/hashes"
        since = parse_qs(parts.query).get("since", [""])[0]
        self.feed.fetches.append(since)
        if since and self.feed.has_forgotten and since.encode() not in self.feed.states:
            self._send(409)
            return
        message = self.feed.broken or self.feed.update(since.encode())
        self._send(304) if message is None else self._send(200, message)

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self._is_refused():
            return
        prefixes = read_question(json.loads(body))
        self.feed.questions.append(prefixes)
        self._send(200, self.feed.broken or json.dumps(answer_as_json(self.feed.answer(prefixes))).encode())


@contextmanager
def serving(feed: Feed) -> Iterator[str]:
    """Serve a feed on loopback; yields its address."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), type("Handler", (_Handler,), {"feed": feed}))
    thread = Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
