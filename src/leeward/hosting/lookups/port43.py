"""WHOIS on port 43 (RFC 3912), for top-level domains without RDAP: politely, guarded like every fetch, and never for long."""

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import httpcore2

from leeward.foundation.http.networks import networks
from leeward.foundation.http.wire import Deadline, GuardedBackend, ProxyFailed, Refused, proxy_of
from leeward.hosting.lookups import names
from leeward.hosting.lookups.later import PATIENCE, AskLater
from leeward.hosting.rules.bootstrap import in_ascii
from leeward.hosting.rules.registration import Registration, completed
from leeward.hosting.rules.whois import WhoisAnswer, decoded, is_cut, read_answer
from leeward.installation.queries import config_now

type Asker = Callable[[str, str], bytes]
"""Takes a server and a line, and returns what the server writes; raises AskLater, or OSError where it writes nothing."""

ANSWER_SECONDS = 10.0
MOST_BYTES = 200_000
MOST_SERVERS = 3  # of the registry, of its registrar, and one more
POLITE_SECONDS = 1.0  # between two questions to one server
MOST_WAIT_SECONDS = 5.0  # a question that would wait for longer is asked later
AFTER_LIMIT = timedelta(hours=1)
AFTER_SILENCE = timedelta(minutes=10)  # a time-out is usually a limit
SERVER_SECONDS = 24 * 3600
MOST_KEPT = 2000  # servers that are remembered: whoever answers can name ever new ones
UNREAD_SECONDS = 60  # after the root could not be reached, or wrote what can't be read
# What a server wants to read instead of the name alone.
_LINES = {
    "whois.denic.de": "-T dn,ace {}",
    "whois.jprs.jp": "{}/e",
    "whois.verisign-grs.com": "domain {}",
    "whois.dk-hostmaster.dk": "--show-handles {}",
}

# What an answer is that says nothing about the name, for people (`registry_answers.PROBLEMS`).
_PROBLEMS = {"record": "something_else", "nothing": "nothing", "unread": "wrong_type"}


class Whois:
    """The WHOIS servers of the world, found through IANA's; which server knows a top-level domain is kept for a day."""

    def __init__(self, ask: Asker | None = None) -> None:
        self._ask = ask or converse
        self._servers: OrderedDict[str, tuple[float, str, str]] = OrderedDict()
        self._free_at: OrderedDict[str, float] = OrderedDict()
        self._limited: OrderedDict[str, datetime] = OrderedDict()
        self._lock = threading.Lock()

    def domain(self, name: str) -> Registration | None:
        """Return what the registry of a name says, completed by what its registrar says; None if neither says anything. It is only a
        part if a server that knows more could not be heard. Raises AskLater."""
        return self.look_up(name)[0]

    def look_up(self, name: str) -> tuple[Registration | None, str]:
        """Return the same, and why there is nothing: a code of `PROBLEMS`, or "" if nobody could be asked. Raises AskLater."""
        server, problem = self._server_of(name.rpartition(".")[2])
        asked = set[str]()
        found: Registration | None = None
        while server and server not in asked and len(asked) < MOST_SERVERS:
            asked.add(server)
            try:
                answer = self._answer(server, _LINES.get(server, "{}").format(name))
            except AskLater:
                if found is None:
                    raise
                return replace(found, is_partial=True), ""
            is_record = answer.outcome == "record" and in_ascii(answer.registration.name) in ("", in_ascii(name))
            if is_record:
                found = completed(found, answer.registration) if found else answer.registration
            elif found:
                return replace(found, is_partial=True), ""
            problem = _PROBLEMS.get(answer.outcome, "")
            server = answer.referral
        return found, "" if found else problem

    def _server_of(self, end: str) -> tuple[str, str]:
        """Return the server that knows a top-level domain; if there is none, "" and why."""
        with self._lock:
            until, *known = self._servers.get(end, (0.0, "", ""))
        if time.time() < until:
            return known[0], known[1]
        root = config_now().whois_server
        answer = self._answer(root, end) if root else WhoisAnswer("nothing")
        is_read = answer.outcome not in ("unread", "silent")
        problem = "no_registry" if is_read else _PROBLEMS.get(answer.outcome, "")
        with self._lock:
            seconds = SERVER_SECONDS if is_read else UNREAD_SECONDS
            self._servers[end] = (time.time() + seconds, answer.referral, problem)
            while len(self._servers) > MOST_KEPT:
                self._servers.popitem(last=False)
        return answer.referral, problem

    def _answer(self, server: str, line: str) -> WhoisAnswer:
        PATIENCE.require()
        now = datetime.now(UTC)
        if now < (until := self._limited.get(server, now)):
            raise AskLater(until)
        self._wait_for(server)
        try:
            raw = self._whole(server, line)
        except AskLater as later:
            self._leave_alone(server, later.at)
            raise
        except OSError:
            return WhoisAnswer("silent")
        answer = read_answer(decoded(raw))
        if answer.outcome == "limit":
            self._leave_alone(server, now + AFTER_LIMIT)
            raise AskLater(now + AFTER_LIMIT)
        return answer

    def _whole(self, server: str, line: str) -> bytes:
        """Ask, and a second time if the answer seems to have broken off: what a server writes twice alike is all of it."""
        raw = self._ask(server, line)
        if not is_cut(decoded(raw)):
            return raw
        self._wait_for(server)
        again = self._ask(server, line)
        if again != raw and is_cut(decoded(again)):
            raise OSError("it breaks off")
        return again

    def _leave_alone(self, server: str, until: datetime) -> None:
        with self._lock:
            self._limited[server] = until
            self._limited.move_to_end(server)
            while len(self._limited) > MOST_KEPT:
                self._limited.popitem(last=False)

    def _wait_for(self, server: str) -> None:
        """Wait until the server may be asked again; raises AskLater if that takes too long."""
        now = time.time()
        with self._lock:
            at = max(self._free_at.get(server, 0.0), now)
            if at - now > MOST_WAIT_SECONDS:
                raise AskLater(datetime.fromtimestamp(at, UTC))
            self._free_at[server] = at + POLITE_SECONDS
            self._free_at.move_to_end(server)
            while len(self._free_at) > MOST_KEPT:
                self._free_at.popitem(last=False)
        time.sleep(at - now)


def converse(server: str, line: str) -> bytes:
    """Write one line to a server and return all that it writes. Raises AskLater after a time-out, OSError if it can't or may not
    be reached, or writes too much."""
    config = config_now()
    deadline = Deadline()
    deadline.at = time.monotonic() + ANSWER_SECONDS
    allowed = networks(config.fetch_allowed_networks)
    backend = GuardedBackend(
        names.resolve, deadline, allowed=allowed, proxy=proxy_of(config.fetch_proxy), onion_proxy=None
    )
    try:
        stream = backend.connect_tcp(server, config.whois_port)
        try:
            stream.write(f"{line}\r\n".encode("ascii", "ignore"))
            received = bytearray()
            while piece := stream.read(16_384):
                received += piece
                if len(received) > MOST_BYTES:
                    raise OSError("it writes too much")
            return bytes(received)
        finally:
            stream.close()
    except (httpcore2.TimeoutException, TimeoutError) as error:
        raise AskLater(datetime.now(UTC) + AFTER_SILENCE) from error
    except (httpcore2.NetworkError, Refused, ProxyFailed) as error:
        raise OSError("it can't be reached") from error
