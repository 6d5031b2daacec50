"""The format ip: off unless it is wanted, and then only what hits nobody else."""

from datetime import UTC, datetime

import pytest

from leeward.blocklist import queries as blocklist_queries
from leeward.blocklist.publishing import feeds
from leeward.blocklist.publishing.errors import NetworksAreOff
from leeward.blocklist.publishing.rules.networks import refusal
from leeward.hosting.models import Finding, Location
from tests.blocklist.publishing.conftest import House


@pytest.mark.parametrize(
    ("address", "behind", "there", "why"),
    [
        ("198.51.100.7", "", (), "reserved"),  # documentation
        ("10.1.2.3", "", (), "reserved"),
        ("127.0.0.1", "", (), "reserved"),
        ("224.0.0.1", "", (), "reserved"),
        ("[fe80::1]", "", (), "reserved"),
        ("not an address", "", (), "no_address"),
        ("", "", (), "no_address"),
        ("8.8.8.8", "A content network", (), "behind_a_network"),
        ("8.8.8.8", "", ("other.example",), "shared"),
        ("8.8.8.8", "", ("listed.example",), None),
        ("[2001:4860:4860::8888]", "", (), None),
    ],
)
def test_what_may_hit_somebody_else_is_refused(
    address: str, behind: str, there: tuple[str, ...], why: str | None
) -> None:
    assert refusal(address, behind=behind, hosts_there=there, listed=("listed.example",)) == why


def found(house: House, host: str, **values: str) -> None:
    place = Location.objects.create(
        hotline_id=house.cast.hotline_id, kind="url", key=host, display=host, comparable=f"http://{host}/", host=host
    )
    for kind, value in values.items():
        Finding.objects.create(
            hotline_id=house.cast.hotline_id, location=place, kind=kind, value=value, source="dns", at=datetime.now(UTC)
        )


def test_the_feed_is_off_and_then_names_only_addresses_of_listed_hosts(house: House) -> None:
    row, _ = house.subscribe(formats=("ip",))
    house.publish()
    block_list = blocklist_queries.list_by_id(house.list_id)
    with pytest.raises(NetworksAreOff):
        feeds.copy_for(block_list, "ip", subscriber=row)
    found(house, "whole.example", ip="8.8.8.8")
    found(house, "one.example", ip="1.1.1.1")
    found(house, "neighbour.example", ip="1.1.1.1")
    house.choose(gives_networks=True)
    made = feeds.copy_for(block_list, "ip", subscriber=row)
    assert made
    lines = [line for line in made.path.read_text().splitlines() if not line.startswith("#")]
    assert lines == ["8.8.8.8"]
    assert made.left_out == {"shared": 1, "url": 2, "no_address": 1}
