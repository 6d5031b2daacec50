"""Real servers on loopback for the tests of hosting: a web host, a name server, registries."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from django_scopes import scope

from leeward.demo.world.dns import NameServer
from leeward.demo.world.host import Site, WebHost
from leeward.demo.world.rdap import RdapServer
from leeward.demo.world.registry import Autnum, Domain, Network
from leeward.hosting.lookups.registries import registries
from tests.personas import Cast

HOST = "pictures.harbour.example"


@dataclass(frozen=True)
class Outside:
    """The small world outside: one site on one host, its names and its registries."""

    web: WebHost
    names: NameServer
    rdap: RdapServer

    @property
    def site(self) -> Site:
        return self.web.site(HOST)

    def url(self, path: str = "/") -> str:
        return self.web.address_of(HOST, path)


@pytest.fixture
def outside(settings: Any) -> Iterator[Outside]:
    """Servers that the settings point to; the host's network is in the registries."""
    with WebHost() as web, NameServer() as names, RdapServer() as rdap:
        names.set(HOST, "A", "127.0.0.1")
        rdap.add_network(
            Network("127.0.0.0/16", "HARBOUR-NET", "Harbour Hosting", "JM", "abuse@harbour.example", 64500)
        )
        rdap.add_network(Network("127.0.0.0/8", "BIG-NET", "Big Carrier", "JM", "abuse@carrier.example"))
        rdap.add_autnum(Autnum(64500, "HARBOUR-AS", "Harbour Hosting", "JM", "noc@harbour.example"))
        rdap.add_domain(Domain("harbour.example", "Names & Sons", "abuse@names.example", 400, ("active",)))
        settings.LEEWARD = settings.LEEWARD.model_copy(
            update={
                "dns_resolvers": (names.resolver,),
                "fetch_allowed_networks": ("127.0.0.0/8",),
                "rdap_bootstrap_url": rdap.bootstrap_url,
                "rdap_allow_http": True,
                "fetch_seconds": 5.0,
            }
        )
        registries.cache_clear()
        yield Outside(web, names, rdap)
        registries.cache_clear()


@pytest.fixture
def place(cast: Cast) -> Iterator[Callable[..., int]]:
    """Opens locations in the hotline of Jamaica, in whose scope the test runs."""
    from leeward.hosting.rules.address import recognise
    from leeward.hosting.services import open_location

    def make(text: str) -> int:
        item = recognise(text)[0]
        return open_location(
            hotline_id=cast.hotline_id,
            kind=item.kind,
            display=item.display,
            comparable=item.comparable,
            service=item.service,
        )

    with scope(hotline=cast.hotline_id):
        yield make
