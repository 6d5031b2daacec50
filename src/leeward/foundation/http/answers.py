"""The outcome of a request: its response read and unpacked within limits, or the meaning of an error."""

from dataclasses import dataclass, field, replace
from typing import Literal, cast

import httpcore2

from leeward.foundation.http.unpacking import NotUnpackable, PackedTooWell, TooLarge, Unpacker
from leeward.foundation.http.wire import ProxyFailed, Refused, refused_connection, timed_out, tls_problem

Outcome = Literal[
    "answered",  # any status; body complete
    "cut_short",  # headers arrived, the body broke off; `body` is what arrived
    "no_such_name",
    "no_address",
    "name_failed",
    "name_timed_out",
    "bad_address",
    "forbidden_scheme",
    "forbidden_address",
    "no_onion_proxy",
    "proxy_failed",
    "connection_refused",
    "connection_failed",
    "tls_failed",
    "timed_out",
    "protocol_error",
    "too_many_redirects",
    "too_large",
    "packed_too_well",
    "not_unpackable",
    "over_budget",  # not sent: the host's request budget is used up for now
]


@dataclass(frozen=True, slots=True)
class Limits:
    """The limits of one request in total, including redirects."""

    max_bytes: int = 20_000_000
    seconds: float = 30.0
    max_redirects: int = 5
    max_ratio: int = 200


@dataclass(frozen=True, slots=True)
class Answer:
    """The outcome of a request. `url` is the address of the last hop; `status` 0 means that there was no HTTP response;
    `was_sent` is whether any of a POST can have arrived."""

    outcome: Outcome
    url: str
    status: int = 0
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = field(default=b"", repr=False)
    redirects: tuple[str, ...] = ()
    address: str = ""
    tls_problem: str = ""
    duration_ms: int = 0
    was_sent: bool = False

    def header(self, name: str) -> str:
        """Return the first header of this name (lower case), or ""."""
        return next((value for key, value in self.headers if key == name), "")

    @property
    def content_type(self) -> str:
        """Return the media type in lower case without parameters, or ""."""
        return self.header("content-type").partition(";")[0].strip().lower()[:100]


def answer_of(response: httpcore2.Response, limits: Limits, *, url: str, address: str) -> Answer:
    """Read a response whose headers have arrived; `address` is where it came from."""
    headers = tuple((_text(name).lower(), _text(value)) for name, value in response.headers)
    return _with_body(Answer("answered", url, response.status, headers, address=address), response, limits)


def _with_body(answer: Answer, response: httpcore2.Response, limits: Limits) -> Answer:
    """Read and unpack the body, within the limits."""
    encodings = [part for key, value in answer.headers if key == "content-encoding" for part in value.split(",")]
    announced = answer.header("content-length")
    try:
        unpacker = Unpacker(encodings, max_bytes=limits.max_bytes, max_ratio=limits.max_ratio)
        if announced.isascii() and announced.isdigit() and int(announced[:18]) > limits.max_bytes:
            raise TooLarge
        for piece in response.iter_stream():
            unpacker.feed(piece)
        unpacker.finish()
    except TooLarge:
        return replace(answer, outcome="too_large")
    except PackedTooWell:
        return replace(answer, outcome="packed_too_well")
    except NotUnpackable:
        return replace(answer, outcome="not_unpackable")
    except (httpcore2.RemoteProtocolError, httpcore2.ReadError):
        return replace(answer, outcome="cut_short", body=bytes(unpacker.body))
    except httpcore2.TimeoutException:
        return replace(answer, outcome="timed_out")
    return replace(answer, body=bytes(unpacker.body))


def failed(error: BaseException, *, url: str, address: str) -> Answer:
    """Return the outcome of an exception before the headers."""
    outcome: Outcome
    if isinstance(error, Refused):
        outcome = cast(Outcome, error.outcome)
    elif isinstance(error, ProxyFailed):
        outcome = "proxy_failed"
    elif timed_out(error):
        outcome = "timed_out"
    elif tls_problem(error):
        outcome = "tls_failed"
    elif refused_connection(error):
        outcome = "connection_refused"
    elif isinstance(error, (httpcore2.RemoteProtocolError, httpcore2.LocalProtocolError)):
        outcome = "protocol_error"
    else:
        outcome = "connection_failed"
    return Answer(outcome, url, address=address, tls_problem=tls_problem(error))


def _text(raw: bytes) -> str:
    return raw.decode("utf-8", "replace")
