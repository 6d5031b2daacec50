"""`Client.get` and `Client.post`: one address in, one `Answer` out. Nothing that the other side does raises."""

import ssl
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from types import TracebackType
from typing import Any, Literal, Self

import httpcore2

from leeward.foundation.errors import LeewardError
from leeward.foundation.http.answers import Answer, Limits, answer_of, failed
from leeward.foundation.http.browser import PACKED, BrowserRequest, Kind
from leeward.foundation.http.networks import networks
from leeward.foundation.http.showing import showing
from leeward.foundation.http.targets import Target, joined, target_of
from leeward.foundation.http.wire import Deadline, GuardedBackend, ProxyFailed, Refused, Resolver, proxy_of, tls_problem

type Method = Literal["GET", "POST", "PUT"]
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class ClientMisused(LeewardError):
    """Our own code asked the client for something impossible."""

    code = "http_client_misused"
    sentence = "The HTTP client can't be used like this: {why}."
    hint = "Check the settings for proxies and allowed networks."


@dataclass(frozen=True, slots=True)
class Policy:
    """Where a client may connect and how.

    `tls` "demand" refuses a certificate that can't be verified; "record" fetches all the same and sets `tls_problem`.
    `certificate` is shown to a server that asks who we are: our certificate, those above it, and its key, as PEM.
    """

    schemes: tuple[str, ...] = ("http", "https")
    allowed_networks: tuple[str, ...] = ()
    proxy: str = ""
    onion_proxy: str = ""
    tls: Literal["demand", "record"] = "demand"
    certificate: str = field(default="", repr=False)
    user_agent: str = "Leeward"
    accept: str = "*/*"
    # Send a browser's headers (`browser.py`) instead of identifying ourselves.
    browser_headers: Callable[[BrowserRequest], list[tuple[str, str]]] | None = None
    # Called before each request with the host's name; if it says no, the request is postponed.
    may_ask: Callable[[str], bool] | None = None


class Client:
    """Fetches within a policy and limits; keeps connections and resolved names until closed. Thread-safe."""

    def __init__(self, resolver: Resolver, policy: Policy | None = None, limits: Limits | None = None) -> None:
        self._policy = policy or Policy()
        self._limits = limits or Limits()
        self._deadline = Deadline()
        try:
            self._backend = GuardedBackend(
                resolver,
                self._deadline,
                allowed=networks(self._policy.allowed_networks),
                proxy=proxy_of(self._policy.proxy),
                onion_proxy=proxy_of(self._policy.onion_proxy),
            )
            believing = showing(self._policy.certificate) if self._policy.certificate else _believing()
        except ValueError as error:
            raise ClientMisused(why=str(error)) from error
        self._strict = self._pool(believing)
        self._lenient = self._pool(_unbelieving())

    def _pool(self, context: ssl.SSLContext) -> httpcore2.ConnectionPool:
        return httpcore2.ConnectionPool(
            ssl_context=context, max_connections=16, keepalive_expiry=5.0, network_backend=self._backend
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close every connection."""
        self._strict.close()
        self._lenient.close()

    def get(
        self,
        url: str,
        *,
        referrer: str = "",
        seconds: float | None = None,
        max_bytes: int | None = None,
        kind: Kind = "page",
    ) -> Answer:
        """Fetch an address and follow its redirects, each checked alike. `seconds` and `max_bytes` can only lower the
        limits; `kind` is what a browser would want it for."""
        started = time.monotonic()
        limits = replace(
            self._limits,
            seconds=min(self._limits.seconds, self._limits.seconds if seconds is None else max(seconds, 0.0)),
            max_bytes=min(self._limits.max_bytes, self._limits.max_bytes if max_bytes is None else max(max_bytes, 0)),
        )
        self._deadline.at = started + limits.seconds
        trail: list[str] = []
        answer = self._hop(url, referrer, limits, kind)
        while answer.outcome == "answered" and answer.status in _REDIRECTS and answer.header("location"):
            trail.append(answer.url)
            if len(trail) > limits.max_redirects:
                answer = replace(answer, outcome="too_many_redirects", body=b"")
                break
            next_url = joined(answer.url, answer.header("location"))
            if not next_url:
                answer = replace(answer, outcome="bad_address", body=b"")
                break
            following = self._hop(next_url, referrer, limits, kind)
            answer = replace(following, tls_problem=answer.tls_problem or following.tls_problem)
        return replace(answer, redirects=tuple(trail), duration_ms=int((time.monotonic() - started) * 1000))

    def post(
        self, url: str, body: bytes, *, headers: Mapping[str, str], may_send: Callable[[], bool] = lambda: True
    ) -> Answer | None:
        """Post a body to an address, as `send` does."""
        return self.send("POST", url, body, headers=headers, may_send=may_send)

    def send(
        self,
        method: Method,
        url: str,
        body: bytes | None = None,
        *,
        headers: Mapping[str, str],
        may_send: Callable[[], bool] = lambda: True,
    ) -> Answer | None:
        """Send a request with its own headers to an address, at most once: a redirect is returned as the answer, and no
        attempt is repeated, so that a key in a header goes nowhere else.

        `may_send` is called once, when the connection is open and before the first byte; returns None if it said no.
        Certificates must be verifiable, whatever the policy says about fetching.
        """
        started = time.monotonic()
        self._deadline.at = started + self._limits.seconds
        target = target_of(url)
        if target is None:
            return Answer("bad_address", url)
        if target.scheme not in self._policy.schemes:
            return Answer("forbidden_scheme", target.url)
        gate = _Gate(may_send)
        sent = [
            *self._headers(target, "", "page"),
            *((name.encode(), value.encode("ascii")) for name, value in headers.items()),
        ]
        try:
            answer = self._exchange(self._strict, target, sent, self._limits, _Outgoing(method, body, gate))
        except _Withheld:
            return None
        except _ERRORS as error:
            answer = self._failed(error, target)
        return replace(answer, was_sent=gate.is_passed, duration_ms=int((time.monotonic() - started) * 1000))

    def _hop(self, url: str, referrer: str, limits: Limits, kind: Kind) -> Answer:
        """Make one request without redirects."""
        target = target_of(url)
        if target is None:
            return Answer("bad_address", url)
        if target.scheme not in self._policy.schemes:
            return Answer("forbidden_scheme", target.url)
        may_ask = self._policy.may_ask
        if may_ask is not None and not may_ask(target.host):
            return Answer("over_budget", target.url)
        return self._answer_of(target, self._headers(target, referrer, kind), limits)

    def _answer_of(self, target: Target, headers: list[tuple[bytes, bytes]], limits: Limits) -> Answer:
        """Make an approved request: with a verifiable certificate, else as the policy says."""
        try:
            return self._ask(self._strict, target, headers, limits)
        except _ERRORS as error:
            problem = tls_problem(error)
            if not problem or self._policy.tls == "demand":
                return self._failed(error, target)
        try:
            return replace(self._ask(self._lenient, target, headers, limits), tls_problem=problem)
        except _ERRORS as error:
            return replace(self._failed(error, target), tls_problem=problem)

    def _ask(
        self, pool: httpcore2.ConnectionPool, target: Target, headers: list[tuple[bytes, bytes]], limits: Limits
    ) -> Answer:
        """Send the request; if the server closed a kept connection meanwhile, try once more."""
        try:
            return self._exchange(pool, target, headers, limits)
        except (httpcore2.RemoteProtocolError, httpcore2.ReadError, httpcore2.WriteError):
            return self._exchange(pool, target, headers, limits)

    def _exchange(
        self,
        pool: httpcore2.ConnectionPool,
        target: Target,
        headers: list[tuple[bytes, bytes]],
        limits: Limits,
        outgoing: "_Outgoing | None" = None,
    ) -> Answer:
        extensions: dict[str, Any] = {
            "timeout": {"pool": self._deadline.left()},
            "sni_hostname": target.host.rstrip("."),
        }
        out = outgoing or _Outgoing("GET")
        if out.gate is not None:
            extensions["trace"] = out.gate
        with pool.stream(out.method, target.wire, headers=headers, content=out.body, extensions=extensions) as response:
            return answer_of(response, limits, url=target.url, address=self._backend.reached(target.host))

    def _failed(self, error: BaseException, target: Target) -> Answer:
        return failed(error, url=target.url, address=self._backend.reached(target.host))

    def _headers(self, target: Target, referrer: str, kind: Kind) -> list[tuple[bytes, bytes]]:
        if self._policy.browser_headers is not None:
            sent = self._policy.browser_headers(BrowserRequest(kind, target.scheme, target.host_header, referrer))
        else:
            sent = [
                ("Host", target.host_header),
                ("User-Agent", self._policy.user_agent),
                ("Accept", self._policy.accept),
                ("Accept-Encoding", PACKED),
                ("Referer", referrer),
            ]
        return [(name.encode(), value.encode("ascii", "ignore")) for name, value in sent if value]


_ERRORS = (
    httpcore2.TimeoutException,
    httpcore2.NetworkError,
    httpcore2.ProtocolError,
    ProxyFailed,
    Refused,
    OSError,
    ValueError,
)


class _Withheld(Exception):
    """Our own side cancelled before anything was sent."""


class _Gate:
    """A trace hook of the HTTP library: lets the first byte of a request go only if `may_send` allows it."""

    def __init__(self, may_send: Callable[[], bool]) -> None:
        self._may_send = may_send
        self.is_passed = False

    def __call__(self, step: str, _details: object) -> None:
        if step == "http11.send_request_headers.started" and not self.is_passed:
            if not self._may_send():
                raise _Withheld
            self.is_passed = True


@dataclass(frozen=True, slots=True)
class _Outgoing:
    """The parts of a request besides its address."""

    method: Method
    body: bytes | None = None
    gate: _Gate | None = None


@cache
def _believing() -> ssl.SSLContext:
    return ssl.create_default_context()


@cache
def _unbelieving() -> ssl.SSLContext:
    """Return a TLS context for content whose server has a bad certificate or old TLS: any certificate is accepted, SNI
    is still sent."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.set_ciphers("DEFAULT:@SECLEVEL=0")
    return context
