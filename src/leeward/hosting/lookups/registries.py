"""Registry lookups (RDAP): whose network an address is in, who sold a name. Redirects must use https and never lead to
private addresses."""

import json
import threading
import time
from collections import OrderedDict
from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urljoin

from django.conf import settings

from leeward.foundation.http import Client, Limits, Policy
from leeward.hosting.lookups import names
from leeward.hosting.rules import bootstrap
from leeward.hosting.rules.rdap import DomainFacts, NetworkFacts, autnum_emails, domain_facts, network_facts
from leeward.installation.queries import config_now

type Json = Mapping[str, Any]
type Getter = Callable[[str], Json | None]
"""Takes an address and returns the JSON object there, or None; tests pass their own."""

BOOTSTRAP_SECONDS = 24 * 3600
ANSWER_SECONDS = 10.0
DAY = timedelta(days=1)
# How soon a registry that gave no answer is asked again.
SILENCE = timedelta(minutes=5)
MOST_KEPT = 4096
AGAIN_SECONDS = 60  # how soon a missing bootstrap file is tried again
_ACCEPT = "application/rdap+json, application/json;q=0.5"


class Registries:
    """The world's registries, found through the bootstrap files. Those files and the registries' answers are cached in
    memory, since many addresses of one host need only one query.

    Answers are cached for the requested address, not for its whole network: a smaller network with its own contact may
    lie inside.
    """

    def __init__(self, get: Getter | None = None) -> None:
        self._get = get or get_json
        self._files: dict[str, tuple[float, Json]] = {}
        self._answers: OrderedDict[str, tuple[float, Any]] = OrderedDict()
        self._lock = threading.Lock()

    def network(self, address: str, *, at_most_old: timedelta = DAY) -> NetworkFacts | None:
        """Return what the registry says about the network of an IP address."""
        path = f"ip/{quote(address, safe=':')}"

        def ask() -> NetworkFacts | None:
            file = self._file("ipv6.json" if ":" in address else "ipv4.json")
            answer = self._ask(bootstrap.for_ip(file, address), path)
            return network_facts(answer) if answer else None

        return self._remembered(path, at_most_old, ask)

    def parent(self, network: NetworkFacts, *, at_most_old: timedelta = DAY) -> NetworkFacts | None:
        """Return what the registry says about the enclosing network: the upstream."""
        if not network.parent_url:
            return None

        def ask() -> NetworkFacts | None:
            answer = self._get(network.parent_url)
            return network_facts(answer) if answer else None

        return self._remembered(network.parent_url, at_most_old, ask)

    def autnum_abuse(self, number: int, *, at_most_old: timedelta = DAY) -> tuple[str, ...]:
        """Return the abuse contacts of an autonomous system."""
        path = f"autnum/{number}"

        def ask() -> tuple[str, ...] | None:
            answer = self._ask(bootstrap.for_asn(self._file("asn.json"), number), path)
            return autnum_emails(answer) if answer else None

        return self._remembered(path, at_most_old, ask) or ()

    def domain(self, name: str, *, at_most_old: timedelta = DAY) -> DomainFacts | None:
        """Return what the registry says about a registered name."""
        path = f"domain/{quote(name)}"

        def ask() -> DomainFacts | None:
            answer = self._ask(bootstrap.for_domain(self._file("dns.json"), name), path)
            return domain_facts(answer) if answer else None

        return self._remembered(path, at_most_old, ask)

    def _remembered[T](self, question: str, at_most_old: timedelta, ask: Callable[[], T | None]) -> T | None:
        """Return the cached answer if it is recent enough, else the registry's; a missing answer is cached for a short
        time."""
        now = time.time()
        known: T | None
        with self._lock:
            at, known = self._answers.get(question, (0.0, None))
        most = at_most_old if known is not None else min(at_most_old, SILENCE)
        if at and now - at < most.total_seconds():
            return known
        answer = ask()
        with self._lock:
            self._answers[question] = (now, answer)
            self._answers.move_to_end(question)
            while len(self._answers) > MOST_KEPT:
                self._answers.popitem(last=False)
        return answer

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
    """Fetch a JSON object through the guarded client; None for any other response."""
    config = config_now()
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
