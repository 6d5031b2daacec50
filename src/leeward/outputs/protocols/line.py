"""The guarded line to a receiver: TLS except to this machine, no redirects, answers of one mebibyte at most."""

from dataclasses import dataclass, field
from typing import Any

from leeward.backup.queries import require_free
from leeward.foundation.http import Answer, Client, Limits, Policy
from leeward.foundation.http.client import Method
from leeward.hosting.queries import resolve
from leeward.installation.queries import config_now

MOST_BYTES = 1 << 20
SECONDS = 60.0


@dataclass(frozen=True, slots=True)
class Credentials:
    """Where a receiver is and as whom we sign in there; `certificate` is what we show in TLS, with its key (PEM)."""

    url: str
    user: str
    password: str = field(repr=False)
    certificate: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of one request.

    `code` is the receiver's, None where no answer of its own came; then `problem` says what came instead, and `was_sent`
    whether any of the request can have arrived.
    """

    code: int | None
    problem: str = ""
    was_sent: bool = True
    values: dict[str, Any] = field(default_factory=dict)


def client(there: Credentials) -> Client:
    """Return the guarded HTTP client of a receiver."""
    require_free()
    config = config_now()
    policy = Policy(
        allowed_networks=config.fetch_allowed_networks, proxy=config.fetch_proxy, certificate=there.certificate
    )
    return Client(resolve, policy, Limits(max_bytes=MOST_BYTES, seconds=SECONDS, max_redirects=0))


def send(way: Client, method: Method, url: str, body: bytes | None, headers: dict[str, str]) -> Answer:
    """Send one request, once."""
    answer = way.send(method, url, body, headers=headers)
    assert answer is not None  # nothing here withholds a request
    return answer


def silence(answer: Answer, problem: str = "") -> Reply:
    """Return the reply for an answer that is not the receiver's own."""
    return Reply(
        None, problem or (f"http_{answer.status}" if answer.status else answer.outcome), was_sent=answer.was_sent
    )
