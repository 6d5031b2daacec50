"""The guarded line on which addresses of the catalogue are visited."""

from leeward.awareness.rules.standing import answer_of
from leeward.foundation.http import Answer, Client, Limits, Policy
from leeward.hosting.queries import resolve
from leeward.installation.queries import config_now

SECONDS, MOST_BYTES, MOST_REDIRECTS = 20.0, 200_000, 5


def visit(address: str) -> str:
    """Visit an address once; return `answers`, `gone` or `unsure`. What it holds is dropped."""
    answer = fetch(address, most_bytes=MOST_BYTES)
    return answer_of(answer.outcome, answer.status)


def fetch(address: str, *, most_bytes: int) -> Answer:
    """Fetch an address once, to a limit."""
    config = config_now()
    policy = Policy(allowed_networks=config.fetch_allowed_networks, proxy=config.fetch_proxy)
    with Client(resolve, policy, Limits(max_bytes=most_bytes, seconds=SECONDS, max_redirects=MOST_REDIRECTS)) as way:
        return way.get(address)
