"""Small hostile servers on real sockets, for what the demonstration world is too kind to do."""

import contextlib
import socket
import ssl
import threading
import time
from collections.abc import Callable, Iterator

type Script = Callable[[socket.socket], None]


@contextlib.contextmanager
def raw_server(script: Script, *, address: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> Iterator[int]:
    """Listen on a port; each connection is given to `script` in a thread of its own. Yields the port."""
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    listener = socket.create_server((address, 0), family=family)
    listener.settimeout(0.05)
    stop = threading.Event()

    def serve() -> None:
        while not stop.is_set():
            try:
                connection, _ = listener.accept()
            except TimeoutError:
                continue
            threading.Thread(target=talk, args=(connection,), daemon=True).start()

    def talk(connection: socket.socket) -> None:
        connection.settimeout(10)
        with contextlib.suppress(OSError), tls.wrap_socket(connection, server_side=True) if tls else connection as line:
            script(line)

    thread = threading.Thread(target=serve, daemon=True)
    thread.start()
    try:
        yield listener.getsockname()[1]
    finally:
        stop.set()
        thread.join()
        listener.close()


def request_of(line: socket.socket) -> bytes:
    """Read a request's head."""
    head = b""
    while b"\r\n\r\n" not in head:
        piece = line.recv(4096)
        if not piece:
            break
        head += piece
    return head


def says(answer: bytes) -> Script:
    """Read the request, send these bytes, close."""

    def script(line: socket.socket) -> None:
        request_of(line)
        line.sendall(answer)

    return script


def endless(head: bytes, piece: bytes, *, pause: float = 0.0) -> Script:
    """Send a head, then the same piece for ever."""

    def script(line: socket.socket) -> None:
        request_of(line)
        line.sendall(head)
        while True:
            line.sendall(piece)
            if pause:
                time.sleep(pause)

    return script


def ok(body: bytes, content_type: str = "text/html", *headers: bytes) -> bytes:
    """A whole HTTP answer."""
    more = b"".join(header + b"\r\n" for header in headers)
    return (
        b"HTTP/1.1 200 OK\r\nContent-Type: %s\r\nContent-Length: %d\r\nConnection: close\r\n%s\r\n"
        % (content_type.encode(), len(body), more)
        + body
    )


def redirect(to: str) -> bytes:
    """A redirect."""
    return b"HTTP/1.1 302 Found\r\nLocation: %s\r\nContent-Length: 0\r\nConnection: close\r\n\r\n" % to.encode()
