"""Whether the name servers and the way to the web work as they are set. Nothing is kept."""

import time
from dataclasses import dataclass

from django.conf import settings

from leeward.hosting.fetching.in_memory import client
from leeward.hosting.lookups import names

SECONDS = 15.0


@dataclass(frozen=True, slots=True)
class NamesTried:
    """What the name servers said: addresses, or why there are none."""

    addresses: tuple[str, ...]
    problem: str
    milliseconds: int


@dataclass(frozen=True, slots=True)
class FetchTried:
    """How fetching the control address ended: an outcome of the client, and the status where there is an answer."""

    url: str
    outcome: str
    status: int
    milliseconds: int

    @property
    def worked(self) -> bool:
        """Whether an answer came, whatever it says."""
        return self.outcome in ("answered", "too_large")


def try_names(name: str) -> NamesTried:
    """Ask the name servers for a name once."""
    started = time.monotonic()
    found = names.resolve(name)
    took = int((time.monotonic() - started) * 1000)
    return NamesTried(tuple(found.addresses), found.problem or "", took)


def try_fetching() -> FetchTried:
    """Fetch the control address once, as every page is fetched."""
    url = settings.LEEWARD.control_url
    with client() as asks:
        answer = asks.get(url, seconds=SECONDS, max_bytes=1_000_000)
    return FetchTried(url, answer.outcome, answer.status, answer.duration_ms)
