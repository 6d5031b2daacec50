"""Tests the configured name servers and web access. Nothing is stored."""

import time
from dataclasses import dataclass

from django.conf import settings

from leeward.hosting.fetching.in_memory import client
from leeward.hosting.lookups import names

SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class NamesTried:
    """The name servers' answer: addresses, or why there are none."""

    addresses: tuple[str, ...]
    problem: str
    milliseconds: int


@dataclass(frozen=True, slots=True)
class FetchTried:
    """The result of fetching the control address: an outcome of the client, and the status if there is a response."""

    url: str
    outcome: str
    status: int
    milliseconds: int

    @property
    def worked(self) -> bool:
        """Return whether there was a response, whatever it says."""
        return self.outcome in ("answered", "too_large")


def try_names(name: str) -> NamesTried:
    """Look up a name once."""
    started = time.monotonic()
    found = names.resolve(name)
    took = int((time.monotonic() - started) * 1000)
    return NamesTried(tuple(found.addresses), found.problem or "", took)


def try_fetching() -> FetchTried:
    """Fetch the control address once, in the same way as every page."""
    url = settings.LEEWARD.control_url
    with client() as asks:
        answer = asks.get(url, seconds=SECONDS, max_bytes=1_000_000)
    return FetchTried(url, answer.outcome, answer.status, answer.duration_ms)
