"""Detects a proxy that leads back into our own network.

A proxy that resolves names for us decides where a name leads, so the guard can't check the address. A public name must
not lead into our network through the proxy. This is tested: we listen at our own addresses and ask the proxy to connect
there. A proxy that can is not used.
"""

import contextlib
import socket
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager

from leeward.foundation.http.networks import Network, address_of

GOOD_FOR_SECONDS = 600.0
_TEST_NET = ("192.0.2.1", 9)  # nothing is sent there: this only asks the system for the source address
_lock = threading.Lock()
_found: dict[object, tuple[float, bool]] = {}


def leads_inside(proxy: object, connect: Callable[[str, int], None], *, allowed: Iterable[Network]) -> bool:
    """Return whether the proxy can connect to this machine at an address that isn't allowed anyway; checked again every
    ten minutes.

    `connect` asks the proxy for a connection to an address and port, and raises anything if there is none.
    """
    networks = tuple(allowed)
    key = (proxy, networks)
    with _lock:
        until, known = _found.get(key, (0.0, False))
    if time.monotonic() < until:
        return known
    known = any(_reaches(address, connect) for address in own_addresses() if not _is_allowed(address, networks))
    with _lock:
        _found[key] = (time.monotonic() + GOOD_FOR_SECONDS, known)
    return known


def own_addresses() -> tuple[str, ...]:
    """Return loopback, and the address by which this machine reaches others."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as line, contextlib.suppress(OSError):
        line.connect(_TEST_NET)
        return tuple(dict.fromkeys(("127.0.0.1", line.getsockname()[0])))
    return ("127.0.0.1",)


def _reaches(address: str, connect: Callable[[str, int], None]) -> bool:
    with _listening(address) as ear:
        if ear is None:
            return False
        with contextlib.suppress(Exception):  # whatever fails, all that counts is whether a connection arrived
            connect(address, ear.getsockname()[1])
        try:
            ear.accept()[0].close()
        except OSError:
            return False
    return True


@contextmanager
def _listening(address: str) -> Iterator[socket.socket | None]:
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as ear:
        try:
            ear.bind((address, 0))
            ear.listen(1)
            ear.setblocking(False)
        except OSError:
            yield None
            return
        yield ear


def _is_allowed(address: str, networks: Iterable[Network]) -> bool:
    parsed = address_of(address)
    return parsed is not None and any(parsed.version == one.version and parsed in one for one in networks)
