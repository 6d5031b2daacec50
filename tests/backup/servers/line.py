"""A line to a server of this machine that is cut after some bytes."""

import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress


class Line:
    """Carries `room` bytes in both directions together, then nothing; without end while that is None."""

    def __init__(self) -> None:
        self.port, self.room = 0, None

    def carry(self, source: socket.socket, target: socket.socket) -> None:
        """Copy until one side ends, or the line is cut."""
        with suppress(OSError):
            while block := source.recv(32_768):
                if self.room is not None:
                    self.room -= len(block)
                    if self.room < 0:
                        break
                target.sendall(block)
        for end in (source, target):
            with suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)


@contextmanager
def line_to(port: int) -> Iterator[Line]:
    """Listen on a free port in front of a server."""
    line = Line()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        line.port = listening.getsockname()[1]

        def serve() -> None:
            with suppress(OSError):
                while True:
                    here, _ = listening.accept()
                    there = socket.create_connection(("127.0.0.1", port))
                    for end in (here, there):  # or each small request waits for the other side's late acknowledgement
                        end.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    for ends in ((here, there), (there, here)):
                        threading.Thread(target=line.carry, args=ends, daemon=True).start()

        threading.Thread(target=serve, daemon=True).start()
        yield line
        listening.shutdown(socket.SHUT_RDWR)
