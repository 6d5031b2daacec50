"""A file of any size in a child: it asks for one piece after another, and hands over what it has found in between.

The two sides take turns, so neither ever holds more than a piece of the file and a batch of what was found in it.
"""

import json
import socket
from collections.abc import Iterator
from typing import IO, Any

from leeward.foundation.sandbox.bounds import bound, more_time, no_alarm, unbound
from leeward.foundation.sandbox.limits import CODES, Finding
from leeward.foundation.sandbox.wire import receive, send

PIECE_BYTES = 1 << 18
BATCH_CHARACTERS = 1 << 17
GO_ON, MORE, END = "go on", "more", "end"
_MOST_BATCH_BYTES = 64 << 20


class Pieces:
    """What a decoder in a child reads from: like a file that was opened for reading bytes, from its start to its end."""

    def __init__(self, line: socket.socket, seconds: float) -> None:
        self._line, self._seconds = line, seconds
        self._found: list[str] = []
        self._characters = 0
        self._left = b""
        self._is_over = False

    def read(self, size: int = -1) -> bytes:
        """Return at most this many bytes, b"" at the end; a piece where no number is given."""
        if not self._left and not self._is_over and size != 0:
            self._left = bytes(self.hand_over(MORE))
            self._is_over = not self._left
        size = len(self._left) if size < 0 else size
        piece, self._left = self._left[:size], self._left[size:]
        return piece

    def add(self, value: object) -> None:
        """Note what was found; hand it over once there is enough of it."""
        text = json.dumps(value)
        self._found.append(text)
        self._characters += len(text)
        if self._characters >= BATCH_CHARACTERS:
            self.hand_over(GO_ON)

    def hand_over(self, wants: str) -> Any:
        """Send what was found, and return what the other side says to it; its time doesn't count."""
        no_alarm()
        send(self._line, {"found": f"[{','.join(self._found)}]".encode(), "wants": wants})
        self._found, self._characters = [], 0
        answer = receive(self._line, most_bytes=PIECE_BYTES) if wants != END else None
        more_time(self._seconds)
        return answer


def flow(line: socket.socket, function: Any, request: dict[str, Any]) -> bool:
    """Run a generator over a stream, in a child; return whether another call may follow."""
    seconds = float(request["seconds"])
    pieces = Pieces(line, seconds)
    receive(line, most_bytes=0)
    bound(seconds, int(request["memory_bytes"]))
    try:
        for value in function(pieces, **request["arguments"]):
            pieces.add(value)
        pieces.hand_over(END)
    except MemoryError:
        send(line, {"finding": "too_much_memory", "detail": ""})
        return False
    except Exception as error:  # decoders raise anything for hostile bytes
        send(line, {"finding": "failed", "detail": type(error).__name__})
        return False
    unbound()
    return True


def turn(line: socket.socket, answer: object, until: float) -> tuple[list[Any], str] | Finding:
    """Say something to a child, and return what it found and wants next, or why it ended; on the parent's side. Raises Torn,
    OSError, TimeoutError and ValueError for what is no answer."""
    send(line, answer)
    match receive(line, most_bytes=_MOST_BATCH_BYTES, until=until):
        case {"found": bytes(text), "wants": str(wants)} if wants in (GO_ON, MORE, END):
            found = json.loads(text)
            if isinstance(found, list):
                return found, wants
        case {"finding": code, "detail": str(detail)} if code in CODES:
            return Finding(code, detail[:100])
    raise ValueError("that is no answer")


def pieces_of(source: IO[bytes]) -> Iterator[bytes]:
    """Yield a stream in pieces, and then b"" for ever."""
    while True:
        yield source.read(PIECE_BYTES)
