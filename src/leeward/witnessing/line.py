"""The guarded line to witnesses."""

from leeward.foundation.http import Client, Limits, Policy
from leeward.hosting.queries import resolve
from leeward.hosting.services import hear_date
from leeward.installation.queries import config_now

SECONDS, MOST_BYTES = 20.0, 64 * 1024


def post(url: str, body: str) -> tuple[int, str]:
    """Post a request to a witness; return the status and text of its answer, or 0 and what happened."""
    return _answered(url, body)


def get(url: str) -> tuple[int, str]:
    """Get what a witness publishes; return the status and text of its answer, or 0 and what happened."""
    return _answered(url, None)


def _answered(url: str, body: str | None) -> tuple[int, str]:
    config = config_now()
    policy = Policy(allowed_networks=config.fetch_allowed_networks, proxy=config.fetch_proxy, accept="text/plain")
    with Client(resolve, policy, Limits(max_bytes=MOST_BYTES, seconds=SECONDS, max_redirects=0)) as way:
        headers = {"content-type": "text/plain"}
        answer = way.get(url) if body is None else way.post(url, body.encode(), headers=headers)
    if answer is None or answer.outcome != "answered":
        return 0, f"it did not answer ({answer.outcome if answer else 'not sent'})"
    hear_date(answer)
    return int(answer.status or 0), answer.body.decode("utf-8", "replace")
