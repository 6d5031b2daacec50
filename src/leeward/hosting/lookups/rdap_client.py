"""One question to a registry through the guarded client, and what came of it."""

from collections.abc import Callable
from datetime import UTC, datetime

from leeward.foundation.http import Answer, Client, Limits, Policy
from leeward.hosting.lookups import names
from leeward.hosting.lookups.hearing import HEARING, hear_date
from leeward.hosting.rules.registry_answers import MOST_BYTES, RegistryReply, read_object, rest_in
from leeward.installation.queries import config_now

ANSWER_SECONDS = 10.0
# After these a registry may well answer soon: there is an outage, there or here; or something else answers in its place, such as a page
# that says so.
OUTAGES = frozenset(
    {"failed", "timed_out", "name_timed_out", "name_failed", "connection_failed", "connection_refused"}
    | {"tls_failed", "protocol_error", "proxy_failed", "cut_short"}
    | {"wrong_type", "not_json", "something_else", "too_many_redirects"}
)
_ACCEPT = "application/rdap+json, application/json;q=0.5"

type Getter = Callable[[str], RegistryReply]
"""Takes an address and returns what is there; tests pass their own."""


def get_json(url: str) -> RegistryReply:
    """Fetch a JSON object."""
    config = config_now()
    schemes = ("http", "https") if config.rdap_allow_http else ("https",)
    policy = Policy(
        schemes=schemes, allowed_networks=config.fetch_allowed_networks, proxy=config.fetch_proxy, accept=_ACCEPT
    )
    limits = Limits(max_bytes=MOST_BYTES, seconds=ANSWER_SECONDS, max_redirects=3)
    with Client(names.resolve, policy, limits) as client:
        answer = client.get(url)
    HEARING.note(answer.outcome)
    hear_date(answer)
    return read(answer, datetime.now(UTC))


def read(answer: Answer, now: datetime) -> RegistryReply:
    """Return what an answer of the client says."""
    if answer.outcome != "answered":
        return RegistryReply(problem=answer.outcome)
    if answer.status == 429 or (answer.status == 503 and answer.header("retry-after")):
        return RegistryReply(problem="later", rest_seconds=rest_in(answer.header("retry-after"), now))
    if answer.status != 200:
        problem = "nothing" if answer.status == 404 else "failed" if answer.status >= 500 else "refused"
        return RegistryReply(problem=problem)
    return read_object(answer.body, answer.content_type)
