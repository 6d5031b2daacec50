"""The link between two installations: a port in front of each, through which the other one reaches it.

Requests really go through sockets. What happens to one is its `fate`; of two at the same time each has its own direction.
"""

import socket
import threading
from collections import Counter
from collections.abc import Callable
from typing import Literal, Self

# Bring it; lose it, or the answer; bring it twice; keep it, to be brought later or never; cut it, or the answer, in the
# middle; kill whoever sent it, or whoever gets it, while it is under way.
type Fate = Literal[
    "arrives", "lost", "answer_lost", "twice", "late", "cut", "answer_cut", "sender_killed", "receiver_killed"
]
FATES: tuple[Fate, ...] = ("arrives", "lost", "answer_lost", "twice", "late", "cut", "answer_cut")
MOST_BYTES = 4_000_000
PATIENCE = 60.0  # seconds: a busy machine is no fate


class Door:
    """The port in front of one installation; it carries one request after another, each to the `fate` of its time."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listening.getsockname()[1]}"
        self.target = 0
        self.fate: Fate = "arrives"
        self.kills: Callable[[Fate], None] = lambda _fate: None
        self.kept: list[bytes] = []
        self.counts: Counter[str] = Counter()
        self._thread = threading.Thread(target=self._serve, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._listening.close()

    def bring(self, which: int) -> None:
        """Bring one of the requests that were kept; nobody hears the answer. Then it may be there again."""
        request = self.kept.pop(which % len(self.kept))
        answer = self._respond(request)
        self.counts["taken_late" if b" 200 " in answer[:20] else "refused_late"] += 1

    def _serve(self) -> None:
        while True:
            try:
                caller, _address = self._listening.accept()
            except OSError:
                return
            with caller:
                caller.settimeout(PATIENCE)
                try:
                    self._carry(caller)
                except OSError:
                    self.counts["broken"] += 1

    def _carry(self, caller: socket.socket) -> None:
        fate, request = self.fate, _read_message(caller)
        if not request:
            return
        self.counts[fate] += 1
        match fate:
            case "lost":
                return
            case "late":
                self.kept.append(request)
            case "cut":
                self._respond(request[: len(request) // 2])
            case "answer_lost":
                self._respond(request)
            case "answer_cut":
                answer = self._respond(request)
                caller.sendall(answer[: len(answer) // 2])
            case "twice":
                answer = self._respond(request)
                self._respond(request)
                caller.sendall(answer)
            case "receiver_killed":
                dying = threading.Thread(target=self.kills, args=(fate,))
                dying.start()
                answer = self._respond(request)
                dying.join()
                caller.sendall(answer)
            case "sender_killed":
                answer = self._respond(request)
                self.kills(fate)
                caller.sendall(answer)
            case "arrives":
                caller.sendall(self._respond(request))

    def _respond(self, request: bytes) -> bytes:
        """Return what the installation answers, or nothing."""
        try:
            with socket.create_connection(("127.0.0.1", self.target), timeout=PATIENCE) as there:
                there.sendall(request)
                there.shutdown(socket.SHUT_WR)
                return _read_message(there)
        except OSError:
            return b""


def _read_message(source: socket.socket) -> bytes:
    """Return a request or an answer, to the length that its head says or the end."""
    found = b""
    while len(found) < MOST_BYTES and not _is_whole(found):
        piece = source.recv(65536)
        if not piece:
            break
        found += piece
    return found


def _is_whole(found: bytes) -> bool:
    head, gap, body = found.partition(b"\r\n\r\n")
    if not gap:
        return False
    lengths = [line.partition(b":")[2] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return len(body) >= int(lengths[0]) if lengths else head[:4] == b"GET "
