"""Hosts that the tests write to: names, networks and contacts as real name and registry servers give them out."""

import json
from collections.abc import Sequence
from typing import Any

from leeward.demo.world.dns import NameServer
from leeward.demo.world.pages import file
from leeward.demo.world.rdap import RdapServer
from leeward.demo.world.registry import Domain, Network, network_answer
from leeward.hosting import services
from leeward.hosting.lookups.registries import registries


class Internet:
    """Servers of names and of registries, and the hosts they know; each host has a network of its own."""

    def __init__(self, names: NameServer, registry: RdapServer) -> None:
        self.names = names
        self.registry = registry
        self._numbers: dict[str, int] = {}

    def host(
        self, name: str, *, abuse: Sequence[str] = (), upstream: Sequence[str] = (), registrar: Sequence[str] = ()
    ) -> None:
        """There is a host of this name; said again, it has other contacts from now on."""
        number = self._numbers.setdefault(name, len(self._numbers) + 1)
        address = f"198.18.{number}.10"
        self.names.set(name, "A", address)
        if upstream:
            parent = Network(f"198.18.{number}.0/24", f"UP-{number}", "Upstream", "JM", abuse=upstream[0])
            self.registry.add_network(parent)
        if abuse or upstream:
            network = Network(f"198.18.{number}.8/29", f"NET-{number}", "Host", "JM", abuse=abuse[0] if abuse else "")
            self.registry.add_network(network)
            if len(abuse) > 1:
                answer = network_answer(network, None, f"{self.registry.url}/rdap/")
                answer["entities"] += [_abuse(email) for email in abuse[1:]]
                self.registry.instead(f"/rdap/ip/{address}", _json(answer))
        if registrar:
            domain = ".".join(name.split(".")[-2:])
            self.registry.add_domain(Domain(domain, "Anchor Names", registrar_abuse=registrar[0]))
        registries.cache_clear()

    def location(self, name: str, path: str, *, hotline_id: int, split: int = 0) -> int:
        """A page of a host that was looked up; one that was split off (`split`) is a place of its own."""
        url = f"http://{name}{path}"
        comparable = f"{url} split:{split}" if split else url
        found = services.open_location(hotline_id=hotline_id, kind="url", display=url, comparable=comparable)
        services.locate(found)
        return found


def _abuse(email: str) -> dict[str, Any]:
    card = ["vcard", [["version", {}, "text", "4.0"], ["fn", {}, "text", "Abuse"], ["email", {}, "text", email]]]
    return {"objectClassName": "entity", "handle": email, "roles": ["abuse"], "vcardArray": card}


def _json(answer: dict[str, Any]) -> Any:
    return file(json.dumps(answer).encode(), "application/rdap+json")
