"""Which addresses a guarded client may reach."""

import ipaddress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.foundation.http import special
from leeward.foundation.http.networks import address_of, carried, is_public, may_be_reached, networks

PRIVATE = """
0.0.0.0 0.1.2.3 10.0.0.1 100.64.0.1 100.127.255.255 127.0.0.1 127.255.255.255 169.254.169.254 172.16.0.1 172.31.255.255
192.0.0.1 192.0.2.1 192.168.1.1 198.18.0.1 198.51.100.1 203.0.113.1 224.0.0.1 239.255.255.255 240.0.0.1 255.255.255.255
:: ::1 ::127.0.0.1 ::ffff:127.0.0.1 ::ffff:10.0.0.1 ::ffff:169.254.169.254 ::ffff:0:127.0.0.1 64:ff9b::7f00:1
64:ff9b::a9fe:a9fe 64:ff9b:1::a00:1 2002:7f00:1:: 2002:a9fe:a9fe::1 2002:a00:1:: fc00::1 fd12:3456::1 fe80::1 fec0::1
ff02::1 2001:db8::1 2001:0:7f00:1:: 2001:10::1 100::1 4000::1 e000::1
""".split()
PUBLIC = (
    "1.1.1.1 8.8.8.8 151.101.1.1 223.255.255.254 2606:4700::1 2a00:1450:4001::1 ::ffff:8.8.8.8 64:ff9b::808:808".split()
)


@pytest.mark.parametrize("text", PRIVATE)
def test_what_is_not_of_the_open_internet_is_refused(text: str) -> None:
    assert not is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("text", PUBLIC)
def test_public_addresses_are_reached(text: str) -> None:
    assert is_public(ipaddress.ip_address(text))


@pytest.mark.parametrize("row", [*special.IPV4, *special.IPV6, *special.MULTICAST], ids=lambda row: row.prefix)
def test_every_network_with_a_special_use_is_refused(row: special.Special) -> None:
    """First, last and middle address; Python's table, written by others, agrees wherever the registry says “not global”."""
    network = ipaddress.ip_network(row.prefix)
    for address in (network[0], network[-1], network[network.num_addresses // 2]):
        assert not is_public(address)
        if row.is_global is False and str(address) not in ("192.0.0.9", "192.0.0.10"):
            assert not address.is_global or row.prefix in NOT_IN_PYTHON


# Younger than the table of the Python that the tests run on.
NOT_IN_PYTHON = {"5f00::/16", "100:0:0:1::/64"}


def test_python_knows_no_private_network_that_we_do_not() -> None:
    """The second opinion, the other way round."""
    for kind, networks_known in (("4", special.V4_NETWORKS), ("6", special.V6_NETWORKS)):
        theirs = getattr(ipaddress, f"_IPv{kind}Constants")._private_networks
        for network in theirs:
            is_carrier = network in {ipaddress.ip_network(row.prefix) for row in special.CARRIERS}
            assert is_carrier or any(network.subnet_of(one) for one in networks_known), network


def test_what_the_registry_calls_reachable_is_not_fetched_from_either() -> None:
    for text in ("192.88.99.1", "2001:20::1", "192.31.196.1", "192.175.48.1", "2620:4f:8000::1", "2001:30::1"):
        assert not is_public(ipaddress.ip_address(text)), text


def test_an_allowed_network_opens_itself_and_nothing_else() -> None:
    allowed = networks(["127.0.0.0/8"])
    assert may_be_reached(ipaddress.ip_address("127.9.9.9"), allowed)
    for text in ("10.0.0.1", "::ffff:127.0.0.1", "::1", "169.254.169.254", "2002:7f00:1::"):
        assert not may_be_reached(ipaddress.ip_address(text), allowed)
    assert may_be_reached(ipaddress.ip_address("::1"), networks(["::1/128"]))


def test_a_zone_is_not_an_address_of_the_internet() -> None:
    assert not is_public(ipaddress.ip_address("2606:4700::1%eth0"))


@given(st.ip_addresses(v=4))
def test_every_carrying_form_is_what_it_carries(inner: ipaddress.IPv4Address) -> None:
    for text in (
        f"::ffff:{inner}",
        f"64:ff9b::{inner}",
        str(ipaddress.IPv6Address((0x2002 << 112) | (int(inner) << 80))),
    ):
        outer = ipaddress.IPv6Address(text)
        assert carried(outer) == inner
        assert is_public(outer) == is_public(inner)


def test_literals_are_known_with_and_without_brackets() -> None:
    assert address_of("[::1]") == ipaddress.ip_address("::1")
    assert address_of("name.example") is None
