"""The connection layer: a name is resolved once, its addresses are checked, and exactly these are connected to; with a
proxy, the proxy resolves it.

Every read and write ends at the deadline of its thread's current request, however slowly bytes arrive.
"""

import ssl
import struct
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

import httpcore2
from httpcore2 import SOCKET_OPTION

from leeward.foundation.http.inside import leads_inside
from leeward.foundation.http.networks import Network, address_of, may_be_reached

NameProblem = Literal["no_such_name", "no_address", "name_failed", "name_timed_out"]
_MOST_ADDRESSES = 4
_LEAST_CONNECT_SECONDS = 0.05
_NAME_SECONDS = 8.0
_NEVER_OUTSIDE = ("localhost", "local", "internal", "intranet", "lan", "home", "corp", "arpa")


@dataclass(frozen=True, slots=True)
class Resolution:
    """A resolver's answer: the addresses of a name, or why there are none."""

    addresses: tuple[str, ...] = ()
    problem: NameProblem | None = None


type Resolver = Callable[[str, float], Resolution]
"""Takes a host name in its ASCII form and a time limit in seconds; never raises for what a name server does."""


class Refused(Exception):
    """The client itself ends a request; `outcome` says why."""

    def __init__(self, outcome: str) -> None:
        super().__init__(outcome)
        self.outcome = outcome


class ProxyFailed(Exception):
    """The SOCKS proxy can't be reached, or refuses or fails to connect."""


@dataclass(frozen=True, slots=True)
class Proxy:
    """A SOCKS5 proxy."""

    host: str
    port: int
    user: str = ""
    password: str = ""


def proxy_of(text: str) -> Proxy | None:
    """Parse `socks5://[user:password@]host:port`; "" means no proxy; anything else raises ValueError."""
    if not text:
        return None
    parts = urlsplit(text)
    if parts.scheme not in ("socks5", "socks5h") or not parts.hostname or not parts.port:
        raise ValueError(f"{parts.scheme or text!r} is not socks5://host:port")
    return Proxy(parts.hostname, parts.port, unquote(parts.username or ""), unquote(parts.password or ""))


class Deadline(threading.local):
    """The deadline of the current request in this thread."""

    at: float = 0.0

    def left(self) -> float:
        """Return the seconds left; raises ReadTimeout if there are none."""
        left = self.at - time.monotonic()
        if left <= 0:
            raise httpcore2.ReadTimeout
        return left


class TimedStream(httpcore2.NetworkStream):
    """A stream whose every operation ends at the thread's deadline."""

    def __init__(self, inner: httpcore2.NetworkStream, deadline: Deadline) -> None:
        self._inner = inner
        self._deadline = deadline

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._inner.read(max_bytes, self._deadline.left())

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._inner.write(buffer, self._deadline.left())

    def close(self) -> None:
        self._inner.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        stream = self._inner.start_tls(ssl_context, server_hostname, self._deadline.left())
        return TimedStream(stream, self._deadline)

    def get_extra_info(self, info: str) -> Any:
        return self._inner.get_extra_info(info)


class GuardedBackend(httpcore2.NetworkBackend):
    """Connects to the checked addresses of a name, directly or through a proxy; remembers what each name resolved to."""

    def __init__(
        self,
        resolver: Resolver,
        deadline: Deadline,
        *,
        allowed: tuple[Network, ...],
        proxy: Proxy | None,
        onion_proxy: Proxy | None,
    ) -> None:
        self._resolver = resolver
        self._deadline = deadline
        self._allowed = allowed
        self._proxy = proxy
        self._onion_proxy = onion_proxy
        self._known: dict[str, tuple[str, ...] | Refused] = {}
        self._reached: dict[str, str] = {}
        self._lock = threading.Lock()
        self._direct = httpcore2.SyncBackend()

    def reached(self, host: str) -> str:
        """Return the address of the host's last connection, "" if unknown (behind a proxy that resolves)."""
        return self._reached.get(host, "")

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        if is_onion(host):
            if self._onion_proxy is None:
                raise Refused("no_onion_proxy")
            return self._through(self._onion_proxy, host, port)
        if self._proxy is not None:
            return self._by_proxy(self._proxy, host, port)
        addresses = self._addresses(host)
        for number, address in enumerate(addresses):
            try:
                stream = self._to(address, port, self._deadline.left() / (len(addresses) - number))
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout):
                if number == len(addresses) - 1:
                    raise
            else:
                self._reached[host] = address
                return stream
        raise Refused("no_address")

    def _to(self, address: str, port: int, seconds: float) -> httpcore2.NetworkStream:
        stream = self._direct.connect_tcp(address, port, max(seconds, _LEAST_CONNECT_SECONDS), None, [])
        return TimedStream(stream, self._deadline)

    def _by_proxy(self, proxy: Proxy, host: str, port: int) -> httpcore2.NetworkStream:
        """Connect through the proxy, which resolves the name: none of our name servers is asked. Addresses and internal
        names are checked as without a proxy; `inside.py` tests that the proxy doesn't lead back to us."""
        literal = address_of(host)
        is_ours = literal is None and _means_our_network(host)
        if is_ours or (literal is not None and not may_be_reached(literal, self._allowed)):
            raise Refused("forbidden_address")
        if leads_inside(proxy, lambda to, at: self._through(proxy, to, at).close(), allowed=self._allowed):
            raise ProxyFailed("leads into our own network")
        return self._through(proxy, host, port)

    def _addresses(self, host: str) -> tuple[str, ...]:
        with self._lock:
            known = self._known.get(host)
        if known is None:
            try:
                known = self._look_up(host)
            except Refused as refused:
                known = refused
            with self._lock:
                known = self._known.setdefault(host, known)
        if isinstance(known, Refused):
            raise Refused(known.outcome)
        return known

    def _look_up(self, host: str) -> tuple[str, ...]:
        literal = address_of(host)
        if literal is not None:
            found = Resolution((str(literal),))
        elif _means_our_network(host):
            raise Refused("forbidden_address")
        else:
            found = self._resolver(host.rstrip("."), min(_NAME_SECONDS, self._deadline.left()))
        if found.problem is not None or not found.addresses:
            raise Refused(found.problem or "no_address")
        parsed = (address_of(text) for text in found.addresses)
        good = [str(one) for one in parsed if one is not None and may_be_reached(one, self._allowed)]
        if not good:
            raise Refused("forbidden_address")
        return tuple(sorted(good, key=lambda text: ":" in text)[:_MOST_ADDRESSES])

    def _through(self, proxy: Proxy, host: str, port: int) -> httpcore2.NetworkStream:
        try:
            raw = self._direct.connect_tcp(proxy.host, proxy.port, self._deadline.left(), None, [])
        except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
            raise ProxyFailed("unreachable") from error
        stream = TimedStream(raw, self._deadline)
        try:
            _ask_socks5(stream, proxy, host, port)
        except BaseException:
            stream.close()
            raise
        return stream


def _means_our_network(host: str) -> bool:
    """Return whether a name is known only in our own network."""
    return host.rstrip(".").rsplit(".", 1)[-1].lower() in _NEVER_OUTSIDE


def is_onion(host: str) -> bool:
    """Return whether a host name belongs to the Tor network."""
    return host.rstrip(".").endswith(".onion")


def _ask_socks5(stream: httpcore2.NetworkStream, proxy: Proxy, host: str, port: int) -> None:
    """Ask a SOCKS5 proxy (RFC 1928, 1929) for a connection; the proxy resolves names."""
    method = 2 if proxy.user else 0
    stream.write(bytes((5, 1, method)))
    if _exactly(stream, 2) != bytes((5, method)):
        raise ProxyFailed("wants another way to log in")
    if proxy.user:
        user, password = proxy.user.encode(), proxy.password.encode()
        stream.write(bytes((1, len(user))) + user + bytes((len(password),)) + password)
        if _exactly(stream, 2)[1] != 0:
            raise ProxyFailed("refused the log-in")
    stream.write(b"\x05\x01\x00" + _socks_address(host) + struct.pack(">H", port))
    head = _exactly(stream, 4)
    if head[0] != 5 or head[1] != 0:
        raise ProxyFailed(f"could not connect ({head[1]})")
    rest = {1: 4, 4: 16}.get(head[3]) or _exactly(stream, 1)[0]
    _exactly(stream, rest + 2)


def _socks_address(host: str) -> bytes:
    literal = address_of(host)
    if literal is not None:
        return bytes((1 if literal.version == 4 else 4,)) + literal.packed
    name = host.rstrip(".").encode("ascii")
    return bytes((3, len(name))) + name


def _exactly(stream: httpcore2.NetworkStream, count: int) -> bytes:
    collected = b""
    while len(collected) < count:
        piece = stream.read(count - len(collected))
        if not piece:
            raise ProxyFailed("hung up")
        collected += piece
    return collected


def refused_connection(error: BaseException) -> bool:
    """Return whether the other side refused the connection (nobody listens there)."""
    return any(isinstance(cause, ConnectionRefusedError) for cause in causes(error))


def tls_problem(error: BaseException) -> str:
    """Return why TLS failed, in OpenSSL's words; "" for other failures."""
    for cause in causes(error):
        if isinstance(cause, ssl.SSLCertVerificationError):
            return cause.verify_message or "the certificate does not fit"
        if isinstance(cause, ssl.SSLError) and not isinstance(cause, TimeoutError):
            return (cause.reason or "TLS failed").lower().replace("_", " ")
    return ""


def causes(error: BaseException | None) -> Iterable[BaseException]:
    """Yield an exception and its causes, including those that a library suppressed with "from None"."""
    while error is not None:
        yield error
        error = error.__cause__ or error.__context__


def timed_out(error: BaseException) -> bool:
    """Return whether an error is a time-out of any kind."""
    return any(isinstance(cause, (httpcore2.TimeoutException, TimeoutError)) for cause in causes(error))
