"""Decide which IP addresses may be listed: only those that serve nothing but listed hosts, as far as is known."""

import ipaddress
from collections.abc import Collection
from typing import Literal

Why = Literal["no_address", "reserved", "behind_a_network", "shared"]


def refusal(address: str, *, behind: str, hosts_there: Collection[str], listed: Collection[str]) -> Why | None:
    """Return why an address can't be listed, or None.

    `behind`: the content network in front of it, "" for none; `hosts_there`: all hosts known at the address.
    """
    try:
        number = ipaddress.ip_address(address.strip("[]"))
    except ValueError:
        return "no_address"
    if not number.is_global or number.is_multicast:
        return "reserved"
    if behind:
        return "behind_a_network"
    if set(hosts_there) - set(listed):
        return "shared"
    return None
