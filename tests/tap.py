"""A tap in front of the test server: every byte that a browser sends."""

import socket
import threading
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import pytest

RUN = 16


@dataclass
class Tap:
    """A socket in front of a server, which keeps every byte that comes from the browser, counts what is answered, and
    passes all on.
    """

    target: tuple[str, int]
    heard: bytearray = field(default_factory=bytearray)
    answered: int = 0

    def __post_init__(self) -> None:
        self.door = socket.create_server(("127.0.0.1", 0))
        self.port: int = self.door.getsockname()[1]
        threading.Thread(target=self._let_in, daemon=True).start()

    def _let_in(self) -> None:
        with suppress(OSError):
            while True:
                guest, _ = self.door.accept()
                server = socket.create_connection(self.target)
                for one, other, keeps in ((guest, server, True), (server, guest, False)):
                    threading.Thread(target=self._pass_on, args=(one, other, keeps), daemon=True).start()

    def _pass_on(self, one: socket.socket, other: socket.socket, keeps: bool) -> None:
        with suppress(OSError):
            while data := one.recv(65_536):
                if keeps:
                    self.heard += data
                else:
                    self.answered += len(data)
                other.sendall(data)
            other.shutdown(socket.SHUT_WR)

    def close(self) -> None:
        """Let nobody in any more."""
        self.door.close()


@pytest.fixture
def tap(live_server: object) -> Iterator[Tap]:
    """A tap in front of the test server."""
    where = urlsplit(str(live_server))
    made = Tap((str(where.hostname), int(where.port or 0)))
    yield made
    made.close()


def runs_of(data: bytes) -> set[bytes]:
    """Every run of so many bytes."""
    return {data[at : at + RUN] for at in range(len(data) - RUN + 1)}
