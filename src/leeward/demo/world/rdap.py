"""The registries of the demonstration: an RDAP server with the bootstrap files that point to it."""

import ipaddress
import json
import threading
from datetime import UTC, datetime
from urllib.parse import unquote

from leeward.demo.world.pages import Page, answer_of
from leeward.demo.world.registry import (
    Autnum,
    Domain,
    Json,
    Network,
    autnum_answer,
    bootstrap,
    domain_answer,
    error_answer,
    network_answer,
)
from leeward.demo.world.server import LOOPBACK
from leeward.demo.world.web import Answer, Request, WebServer

_TYPE = "application/rdap+json"
_UNKNOWN = "There is nothing here about this"


class RdapServer(WebServer):
    """Answers `ip`, `autnum` and `domain` under `/rdap/`; its bootstrap files say that it is the one to ask."""

    def __init__(self, *, address: str = LOOPBACK, port: int = 0) -> None:
        super().__init__(addresses=(address,), port=port)
        self._networks: dict[str, Network] = {}
        self._autnums: dict[int, Autnum] = {}
        self._domains: dict[str, Domain] = {}
        self._instead: dict[str, Page] = {}
        self._lock = threading.Lock()

    @property
    def bootstrap_url(self) -> str:
        """Where the bootstrap files are, as `LEEWARD_RDAP_BOOTSTRAP_URL` wants it."""
        return f"{self.url}/"

    def add_network(self, network: Network) -> None:
        """Register a network; one with the same prefix is replaced."""
        with self._lock:
            self._networks[str(network.block)] = network

    def add_autnum(self, autnum: Autnum) -> None:
        """Register an autonomous system."""
        with self._lock:
            self._autnums[autnum.number] = autnum

    def add_domain(self, domain: Domain) -> None:
        """Register a name; an earlier entry for it is replaced."""
        with self._lock:
            self._domains[domain.name.lower()] = domain

    def instead(self, path: str, page: Page) -> None:
        """Answer something else at a path such as `/rdap/domain/x.example`: a refusal, a redirect, a late answer."""
        with self._lock:
            self._instead[path] = page

    def as_before(self, path: str) -> None:
        """Answer at a path normally again."""
        with self._lock:
            self._instead.pop(path, None)

    def respond(self, request: Request) -> Answer:
        path = unquote(request.path)
        with self._lock:
            other = self._instead.get(path)
        if other is not None:
            return answer_of(other, request)
        if request.method not in ("GET", "HEAD"):
            return _answer(error_answer(405, "Only GET and HEAD are possible"), 405)
        with self._lock:
            found = self._bootstrap_file(path) or self._object(path)
        return _answer(found, 200) if found else _answer(error_answer(404, _UNKNOWN), 404)

    def _bootstrap_file(self, path: str) -> Json | None:
        blocks = [network.block for network in self._networks.values() if self._parent_of(network) is None]
        entries = {
            "/dns.json": sorted({name.rsplit(".", 1)[-1] for name in self._domains}),
            "/ipv4.json": [str(block) for block in blocks if block.version == 4],
            "/ipv6.json": [str(block) for block in blocks if block.version == 6],
            "/asn.json": [f"{number}-{number}" for number in sorted(self._autnums)],
        }
        if path not in entries:
            return None
        return bootstrap({self._base: entries[path]}, datetime.now(UTC), "The registries of the demonstration")

    def _object(self, path: str) -> Json | None:
        kind, _, key = path.removeprefix("/rdap/").partition("/")
        if not path.startswith("/rdap/") or not key:
            return None
        if kind == "ip":
            network = _smallest(self._around(key))
            return network_answer(network, self._parent_of(network), self._base) if network else None
        if kind == "autnum" and key.isdigit():
            autnum = self._autnums.get(int(key))
            return autnum_answer(autnum, self._base) if autnum else None
        domain = self._domains.get(key.lower().rstrip(".")) if kind == "domain" else None
        return domain_answer(domain, self._base, datetime.now(UTC)) if domain else None

    def _around(self, key: str) -> list[Network]:
        """Return the known networks that contain an address or block, including itself; none when it can't be parsed."""
        try:
            wanted = ipaddress.ip_network(key, strict=False)
        except ValueError:
            return []
        return [
            network
            for network in self._networks.values()
            if network.block.version == wanted.version
            and network.block.prefixlen <= wanted.prefixlen
            and wanted.network_address in network.block
        ]

    def _parent_of(self, network: Network) -> Network | None:
        return _smallest([other for other in self._around(network.prefix) if other is not network])

    @property
    def _base(self) -> str:
        return f"{self.url}/rdap/"


def _smallest(networks: list[Network]) -> Network | None:
    return max(networks, key=lambda network: network.block.prefixlen, default=None)


def _answer(answer: Json, status: int) -> Answer:
    return Answer(status=status, body=json.dumps(answer).encode(), content_type=_TYPE)
