"""Checks whether somebody already listens on our port: two web servers could share the address, and each request would
reach either."""

import errno
import socket
import time
from collections.abc import Sequence
from itertools import combinations

from leeward.foundation.errors import BadInput, LeewardError

PATIENCE_SECONDS = 10.0  # a server that ended a moment ago may need this long to release the port
_EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104 - compared, never listened on


class AddressTaken(LeewardError):
    """Another process listens there; requests would go now to it, now to us."""

    code = "address_taken"
    sentence = "Something is already listening on {address}."
    hint = "Stop it, or choose another address with --bind or --stop-bind."
    status = 409
    passes = True


def with_port(address: str) -> str:
    """Return the address (`host:port`) with a free port in place of port 0, so that the announced port is the one in use."""
    host, _, port = address.rpartition(":")
    if port != "0":
        return address
    with socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET) as found:
        found.bind((host.strip("[]"), 0))
        return f"{host}:{found.getsockname()[1]}"


def need_apart(addresses: Sequence[str]) -> None:
    """Raises BadInput if two of our own parts would listen in one place: the system would lead each request to either."""
    for one, other in combinations(addresses, 2):
        (host, port), (other_host, other_port) = _place(one), _place(other)
        if port == other_port and (host == other_host or {host, other_host} & _EVERYWHERE):
            raise BadInput(what="The configuration", why=f"two parts would listen on {other}")


def _place(address: str) -> tuple[str, str]:
    host, _, port = address.rpartition(":")
    name = host.strip("[]") or "127.0.0.1"
    try:
        return str(socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)[0][4][0]), port
    except OSError:
        return name, port


def need_free(address: str, patience_seconds: float = PATIENCE_SECONDS) -> None:
    """Wait until nobody listens on an address (`host:port`); raises AddressTaken if that takes too long."""
    end = time.monotonic() + patience_seconds
    while _is_taken(address):
        if time.monotonic() >= end:
            raise AddressTaken(address=address)
        time.sleep(0.1)


def _is_taken(address: str) -> bool:
    host, _, port = address.rpartition(":")
    try:
        family, kind, _, _, where = socket.getaddrinfo(
            host.strip("[]") or "127.0.0.1", port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
    except OSError:
        return False  # not a valid address: the server itself says so
    with socket.socket(family, kind) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(where)
        except OSError as error:
            return error.errno == errno.EADDRINUSE
    return False
