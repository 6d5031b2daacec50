"""The name server of the demonstration: knows its names, answers over UDP and TCP, and can be told to misbehave."""

import contextlib
import socket
import socketserver
import struct
import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Literal

import dns.exception
import dns.flags
import dns.message
import dns.name
import dns.rcode
import dns.rdatatype
import dns.rrset

from leeward.demo.world.errors import AddressNotOurs
from leeward.demo.world.server import LOOPBACK, POLL_SECONDS, Server, reason_of
from leeward.demo.world.waiting import Log

_MOST_ALIASES = 8

type Over = Literal["udp", "tcp"]
type Failure = Literal["NXDOMAIN", "SERVFAIL", "REFUSED", "SILENCE"]


@dataclass(frozen=True, slots=True)
class Query:
    """One question that came in."""

    at: datetime
    name: str
    kind: str
    over: Over


@dataclass(slots=True)
class _Entry:
    """What the server answers for one name: for each type the answers in turn, and its faults."""

    turns: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    failure: Failure | None = None
    failures_left: int | None = None
    only_tcp: bool = False


class NameServer(Server):
    """A DNS server on loopback for names we make up; what it does not know does not exist (NXDOMAIN)."""

    def __init__(self, *, port: int = 0) -> None:
        self.port = port
        self._entries: dict[str, _Entry] = {}
        self._lock = threading.Lock()
        self._log: Log[Query] = Log("a question")
        self._listeners: list[_Tcp | _Udp] = []
        self._threads: list[threading.Thread] = []

    @property
    def resolver(self) -> str:
        """The address and port to ask, as `LEEWARD_DNS_RESOLVERS` wants it."""
        return f"{LOOPBACK}:{self.port}"

    def set(self, name: str, kind: str, *values: str) -> None:
        """Give a name these values of a type, written as in a zone file: `set(name, "MX", "10 mail.example.")`."""
        self.set_in_turn(name, kind, values)

    def set_in_turn(self, name: str, kind: str, *answers: Sequence[str]) -> None:
        """Answer each question for the type with the next answer; the last one stays (this is how a name is rebound)."""
        for answer in answers:
            _rrset(name, kind, answer)
        with self._lock:
            self._entry(name).turns[kind.upper()] = [tuple(answer) for answer in answers]

    def fail(self, name: str, failure: Failure = "SERVFAIL", *, times: int | None = None) -> None:
        """Let questions for a name fail, or get no answer at all (`SILENCE`); permanently unless `times` is given."""
        with self._lock:
            entry = self._entry(name)
            entry.failure, entry.failures_left = failure, times

    def heal(self, name: str) -> None:
        """Let a name that failed answer again."""
        with self._lock:
            self._entry(name).failure = None

    def answer_over_tcp_only(self, name: str) -> None:
        """Truncate the name's answer over UDP, so that a resolver asks again over TCP."""
        with self._lock:
            self._entry(name).only_tcp = True

    def forget(self, name: str) -> None:
        """Remove the name."""
        with self._lock:
            self._entries.pop(_key(name), None)

    def queries(self, name: str | None = None) -> list[Query]:
        """Return the questions so far, in order, optionally for one name."""
        return [seen for seen in self._log.all() if name is None or seen.name == _key(name)]

    def wait_for_query(self, predicate: Callable[[Query], bool], timeout_seconds: float = 60.0) -> Query:
        """Return the first question, past or future, that fits."""
        return self._log.wait_for(predicate, timeout_seconds)

    def reply(self, wire: bytes, over: Over) -> bytes | None:
        """Return the answer to one question, or None for silence; for the listeners only."""
        try:
            question = dns.message.from_wire(wire)
        except dns.exception.DNSException:
            return None
        if len(question.question) != 1:
            return None
        entry = question.question[0]
        kind = dns.rdatatype.to_text(entry.rdtype)
        self._log.add(Query(datetime.now(UTC), _key(entry.name.to_text()), kind, over))
        response = dns.message.make_response(question)
        response.flags |= dns.flags.AA | dns.flags.RA
        return self._fill(response, entry.name.to_text(), kind, over)

    def _fill(self, response: dns.message.Message, name: str, kind: str, over: Over) -> bytes | None:
        with self._lock:
            entry = self._entries.get(_key(name))
            failure = _next_failure(entry) if entry else "NXDOMAIN"
            if failure == "SILENCE":
                return None
            if failure:
                response.set_rcode(dns.rcode.from_text(failure))
            elif entry and entry.only_tcp and over == "udp":
                response.flags |= dns.flags.TC
            elif entry:
                response.answer.extend(self._answer(entry, name, kind))
        return response.to_wire()

    def _answer(self, entry: _Entry, name: str, kind: str, aliases: int = 0) -> list[dns.rrset.RRset]:
        """The answer's records; a CNAME is followed as far as this server knows, but not in circles."""
        found = _next_turn(entry, kind)
        if found:
            return [_rrset(name, kind, found)]
        other = _next_turn(entry, "CNAME")
        if not other:
            return []
        target = self._entries.get(_key(other[0])) if aliases < _MOST_ALIASES else None
        beyond = self._answer(target, other[0], kind, aliases + 1) if target else []
        return [_rrset(name, "CNAME", other), *beyond]

    def _entry(self, name: str) -> _Entry:
        return self._entries.setdefault(_key(name), _Entry())

    def start(self) -> None:
        self._listeners = _listen(self, self.port)
        self.port = self._listeners[0].socket.getsockname()[1]
        self._threads = [
            threading.Thread(target=one.serve_forever, args=(POLL_SECONDS,), name="demo-dns", daemon=True)
            for one in self._listeners
        ]
        for thread in self._threads:
            thread.start()

    def stop(self) -> None:
        for listener in self._listeners:
            listener.shutdown()
            listener.server_close()
        for thread in self._threads:
            thread.join()
        self._listeners, self._threads = [], []


class _Tcp(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    owner: NameServer


class _Udp(socketserver.UDPServer):
    owner: NameServer


class _OneDatagram(socketserver.BaseRequestHandler):
    server: _Udp

    def handle(self) -> None:
        wire, port = self.request
        answer = self.server.owner.reply(wire, "udp")
        if answer is not None:
            port.sendto(answer, self.client_address)


class _OneConnection(socketserver.StreamRequestHandler):
    server: _Tcp
    timeout = 5

    def handle(self) -> None:
        with contextlib.suppress(OSError):
            while len(head := self.rfile.read(2)) == 2:
                answer = self.server.owner.reply(self.rfile.read(struct.unpack(">H", head)[0]), "tcp")
                if answer is None:
                    return
                self.wfile.write(struct.pack(">H", len(answer)) + answer)


def _listen(owner: NameServer, port: int) -> list[_Tcp | _Udp]:
    """Listen over TCP and UDP on the same port; one that the system chose may be taken over UDP, so try a few."""
    for last_try in [False] * 19 + [True]:
        tcp = None
        try:
            tcp = _Tcp((LOOPBACK, port), _OneConnection)
            udp = _Udp((LOOPBACK, tcp.server_address[1]), _OneDatagram)
        except OSError as error:
            if tcp is not None:
                tcp.server_close()
            if last_try or port:
                raise AddressNotOurs(address=LOOPBACK, port=port, why=reason_of(error)) from error
            continue
        udp.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 20)
        tcp.owner = udp.owner = owner
        return [tcp, udp]
    raise AssertionError("unreachable")


def _key(name: str) -> str:
    return name.lower().rstrip(".")


def _rrset(name: str, kind: str, values: Sequence[str]) -> dns.rrset.RRset:
    return dns.rrset.from_text_list(dns.name.from_text(name), 0, "IN", kind, list(values))


def _next_failure(entry: _Entry) -> Failure | None:
    failure = entry.failure
    if failure and entry.failures_left is not None:
        entry.failures_left -= 1
        if entry.failures_left <= 0:
            entry.failure = None
    return failure


def _next_turn(entry: _Entry, kind: str) -> tuple[str, ...]:
    turns = entry.turns.get(kind, [])
    if not turns:
        return ()
    return turns.pop(0) if len(turns) > 1 else turns[0]
