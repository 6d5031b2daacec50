"""Asking registries (RDAP): whose network an address is in, who sold a name. Redirects go to https only and never to private addresses."""

import json
import threading
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import quote, urljoin

from django.conf import settings

from leeward.ground.http import Client, Limits, Policy
from leeward.hosting import names
from leeward.hosting.rules import bootstrap
from leeward.hosting.rules.rdap import DomainFacts, NetworkFacts, autnum_emails, domain_facts, network_facts

type Json = Mapping[str, Any]
type Getter = Callable[[str], Json | None]
"""Takes an address and returns the JSON object there, or None; tests hand in their own."""

BOOTSTRAP_SECONDS = 24 * 3600
ANSWER_SECONDS = 10.0
AGAIN_SECONDS = 60  # a bootstrap file that could not be had is tried again after this time
_ACCEPT = "application/rdap+json, application/json;q=0.5"


class Registries:
    """The registries of the world, found through the bootstrap files, which are kept in memory for a day."""

    def __init__(self, get: Getter | None = None) -> None:
        self._get = get or get_json
        self._files: dict[str, tuple[float, Json]] = {}
        self._lock = threading.Lock()

    def network(self, address: str) -> NetworkFacts | None:
        """What the registry says of the network of an IP address."""
        file = self._file("ipv6.json" if ":" in address else "ipv4.json")
        answer = self._ask(bootstrap.for_ip(file, address), f"ip/{quote(address, safe=':')}")
        return network_facts(answer) if answer else None

    def parent(self, network: NetworkFacts) -> NetworkFacts | None:
        """What the registry says of the network that this one lies in: the upstream."""
        answer = self._get(network.parent_url) if network.parent_url else None
        return network_facts(answer) if answer else None

    def autnum_abuse(self, number: int) -> tuple[str, ...]:
        """The abuse contacts of an autonomous system."""
        answer = self._ask(bootstrap.for_asn(self._file("asn.json"), number), f"autnum/{number}")
        return autnum_emails(answer) if answer else ()

    def domain(self, name: str) -> DomainFacts | None:
        """What the registry says of a registered name."""
        answer = self._ask(bootstrap.for_domain(self._file("dns.json"), name), f"domain/{quote(name)}")
        return domain_facts(answer) if answer else None

    def _ask(self, bases: tuple[str, ...], path: str) -> Json | None:
        for base in bases[:3]:
            answer = self._get(urljoin(base, path))
            if answer is not None:
                return answer
        return None

    def _file(self, name: str) -> Json:
        address = urljoin(settings.LEEWARD.rdap_bootstrap_url, name)
        with self._lock:
            until, kept = self._files.get(address, (0.0, {}))
        now = time.monotonic()
        if now < until:
            return kept
        answer = self._get(address)
        with self._lock:
            self._files[address] = (now + AGAIN_SECONDS, kept) if answer is None else (now + BOOTSTRAP_SECONDS, answer)
        return kept if answer is None else answer


def get_json(url: str) -> Json | None:
    """Fetch a JSON object through the guarded client; None for whatever else comes."""
    config = settings.LEEWARD
    schemes = ("http", "https") if config.rdap_allow_http else ("https",)
    policy = Policy(
        schemes=schemes, allowed_networks=config.fetch_allowed_networks, proxy=config.fetch_proxy, accept=_ACCEPT
    )
    with Client(names.resolve, policy, Limits(max_bytes=2_000_000, seconds=ANSWER_SECONDS, max_redirects=3)) as client:
        answer = client.get(url)
    if answer.outcome != "answered" or answer.status != 200:
        return None
    try:
        found = json.loads(answer.body)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None
