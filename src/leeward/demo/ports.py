"""Ports on loopback for servers of the demonstration, of tests and of measurements."""

import random
import socket
from contextlib import suppress

# Below what Linux and others give to outgoing connections: nobody takes one of these between our looking and our listening.
_FROM, _BELOW = 10_000, 32_000
_chance = random.SystemRandom()
_given: set[int] = set()


def free_port() -> int:
    """Return a loopback port that is currently free for TCP and UDP, another one each time."""
    while True:
        port = _chance.choice([port for port in range(_FROM, _BELOW) if port not in _given])
        with (
            suppress(OSError),
            socket.socket() as stream,
            socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as datagrams,
        ):
            stream.bind(("127.0.0.1", port))
            datagrams.bind(("127.0.0.1", port))
            _given.add(port)
            return port
