"""Fetches one file into memory from a host that an administrator allows."""

from collections.abc import Collection

from leeward.foundation.http import Answer, Client, Limits, Policy
from leeward.hosting.fetching.budgets import asker
from leeward.hosting.lookups import names
from leeward.installation.queries import config_now


def is_allowed(host: str, allowed: Collection[str]) -> bool:
    """Return whether a host is one of these or a subdomain of one."""
    name = host.rstrip(".").lower()
    wanted = (one.strip("[]").strip(".").lower() for one in allowed)
    return bool(name) and any(name == one or name.endswith(f".{one}") for one in wanted if one)


def file_from(url: str, *, hosts: Collection[str], on_behalf: str, max_bytes: int) -> Answer:
    """Fetch one file. Each hop must be on an allowed host, at a reachable address, and within the host's budget; the
    outcome names any obstacle."""
    config = config_now()
    may_ask = asker(on_behalf)
    policy = Policy(
        allowed_networks=config.fetch_allowed_networks,
        proxy=config.fetch_proxy,
        onion_proxy=config.onion_proxy,
        accept="image/*, video/*",
        may_ask=lambda host: is_allowed(host, hosts) and may_ask(host),
    )
    limits = Limits(max_bytes=min(max_bytes, config.fetch_max_bytes), seconds=config.fetch_seconds)
    with Client(names.resolve, policy, limits) as made:
        return made.get(url, kind="image")
