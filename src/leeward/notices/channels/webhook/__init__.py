"""Delivers one notice to a contact's own server. No database here; `may_go` is called once, on the open connection,
before the first byte."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import parsedate_to_datetime

from leeward.foundation.http import Answer, Client, Limits, Policy, Resolver
from leeward.notices.channels.webhook.meaning import GONE
from leeward.notices.rules.delivery import Outcome
from leeward.notices.rules.webhooks import headers_of

# The answer is read no further than this, and only its status matters.
LIMITS = Limits(max_bytes=65_536, seconds=20.0, max_redirects=0)
MOST_WAIT_SECONDS = 86_400


@dataclass(frozen=True, slots=True)
class Line:
    """How to reach the receiver: name resolution, and which networks are allowed."""

    resolver: Resolver
    policy: Policy


@dataclass(frozen=True, slots=True)
class Delivery:
    """What is sent: the address, the identifier, the secrets that sign it (newest first), and the body."""

    url: str
    id: str
    secrets: tuple[bytes, ...] = field(repr=False)
    body: bytes = field(repr=False)


def hand_over(line: Line, delivery: Delivery, now: datetime, may_go: Callable[[], bool]) -> Outcome | None:
    """Post the body and return the outcome; None if `may_go` said no (then nothing was sent).

    Any 2xx means that the receiver has it. Redirects are not followed. A post without an answer may have arrived: it is
    sent again under the same identifier, and the receiver discards what it already has.
    """
    headers = {"Content-Type": "application/json", **headers_of(delivery.secrets, delivery.id, now, delivery.body)}
    with Client(line.resolver, line.policy, LIMITS) as client:
        answer = client.post(delivery.url, delivery.body, headers=headers, may_send=may_go)
    return None if answer is None else _outcome(answer, now)


def _outcome(answer: Answer, now: datetime) -> Outcome:
    if answer.status:
        wait = _wait_seconds(answer.header("retry-after"), now)
        return Outcome("message", answer.status, _problem_of(answer.status), wait_seconds=wait)
    if answer.was_sent:
        return Outcome("message", 0, "hook_no_answer")
    return Outcome("connect", 0, _PROBLEMS.get(answer.outcome, "hook_not_reached"))


def _problem_of(status: int) -> str:
    if 200 <= status <= 299:
        return ""
    if status == GONE:
        return "hook_gone"
    return "hook_redirects" if 300 <= status <= 399 else "hook_refused"


_PROBLEMS = {
    "bad_address": "hook_not_allowed",
    "forbidden_scheme": "hook_not_allowed",
    "forbidden_address": "hook_not_allowed",
    "no_such_name": "hook_no_name",
    "no_address": "hook_no_name",
    "name_failed": "hook_no_name",
    "name_timed_out": "hook_no_name",
    "tls_failed": "hook_not_trusted",
}


def _wait_seconds(text: str, now: datetime) -> int:
    """Return the seconds in a Retry-After header; 0 if it can't be read."""
    if text.isascii() and text.isdecimal():
        return min(int(text[:9]), MOST_WAIT_SECONDS)
    try:
        wanted = (parsedate_to_datetime(text) - now).total_seconds() if text else 0.0
    except (ValueError, TypeError):
        return 0
    return int(min(max(wanted, 0.0), MOST_WAIT_SECONDS))
