"""WHOIS servers of the demonstration: they speak the protocol (RFC 3912) over real sockets, politely or not."""

import socketserver
import threading
from dataclasses import dataclass

from leeward.demo.world.errors import AddressNotOurs
from leeward.demo.world.server import LOOPBACK, POLL_SECONDS, Server, reason_of
from leeward.demo.world.waiting import Log

_MOST_LINE = 1000
_UNKNOWN = "No match for this name.\r\n"


@dataclass(frozen=True, slots=True)
class Lookup:
    """One question: the address that was reached, and the line without its end."""

    reached: str
    line: str


@dataclass(frozen=True, slots=True)
class ServerText:
    """What is written to whoever asks: at once or a byte at a time; `hangs` never ends it, `repeats` writes it so often."""

    text: bytes
    byte_seconds: float = 0.0
    hangs: bool = False
    repeats: int = 1


class WhoisServer(Server):
    """One port of one or more loopback addresses, each a server of its own."""

    def __init__(self, *, addresses: tuple[str, ...] = (LOOPBACK,), port: int = 0) -> None:
        self.addresses = addresses
        self.port = port
        self._texts: dict[tuple[str, str], ServerText] = {}
        self._log: Log[Lookup] = Log("a question")
        self._stopping = threading.Event()
        self._listeners: list[_Listener] = []

    def set(self, line: str, text: str | bytes, *, at: str = LOOPBACK, **moods: object) -> None:
        """Answer a line at one address with a text."""
        self._texts[at, line.lower()] = ServerText(text if isinstance(text, bytes) else text.encode(), **moods)  # type: ignore[arg-type]

    def asked(self, *, at: str | None = None) -> list[str]:
        """Return the lines so far, in order, optionally those at one address."""
        return [one.line for one in self._log.all() if at in (None, one.reached)]

    def take(self, reached: str, line: str) -> ServerText:
        """Log one question and return its answer; for the handler only."""
        self._log.add(Lookup(reached, line))
        return self._texts.get((reached, line.lower()), ServerText(_UNKNOWN.encode()))

    def pause(self, seconds: float) -> bool:
        """Wait, but no longer than until the server stops; return whether it does."""
        return self._stopping.wait(seconds)

    def start(self) -> None:
        self._stopping.clear()
        for address in self.addresses:
            try:
                listener = _Listener(self, address, self.port)
            except OSError as error:
                self.stop()
                raise AddressNotOurs(address=address, port=self.port, why=reason_of(error)) from error
            self.port = listener.server_address[1]
            self._listeners.append(listener)
            threading.Thread(
                target=listener.serve_forever, args=(POLL_SECONDS,), name="demo-whois", daemon=True
            ).start()

    def stop(self) -> None:
        self._stopping.set()
        for listener in self._listeners:
            listener.shutdown()
            listener.server_close()
        self._listeners = []


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    block_on_close = False

    def __init__(self, owner: WhoisServer, address: str, port: int) -> None:
        self.owner, self.reached = owner, address
        super().__init__((address, port), _Handler)


class _Handler(socketserver.StreamRequestHandler):
    server: _Listener
    timeout = 60

    def handle(self) -> None:
        line = self.rfile.readline(_MOST_LINE).decode("utf-8", "replace").strip()
        owner = self.server.owner
        stated = owner.take(self.server.reached, line)
        try:
            if stated.byte_seconds:
                for byte in stated.text:
                    self.wfile.write(bytes((byte,)))
                    if owner.pause(stated.byte_seconds):
                        return
            else:
                for _ in range(stated.repeats):
                    self.wfile.write(stated.text)
            if stated.hangs:
                owner.pause(60)
        except OSError:
            return  # whoever asked has gone
