"""A WSGI wrapper that times requests: the parent of `leeward serve` sees one that hangs and ends the process.

Only our own work counts, so that no legitimate long request is ended: the clock stops while waiting for the sender,
restarts with each piece received and each piece sent, and does not run between two pieces of a response, while waiting
for the receiver. A list of eight gigabytes or a slow sender may take hours; a page that never finishes may not.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from leeward.foundation.watch import progress, timed, untimed

REQUEST_SECONDS = 20.0
type Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class _Input:
    """The request body; the clock stops while waiting for it."""

    def __init__(self, source: Any) -> None:
        self._source = source

    def read(self, *size: int) -> bytes:
        return self._waited(self._source.read, *size)

    def readline(self, *size: int) -> bytes:
        return self._waited(self._source.readline, *size)

    def readlines(self, *hint: int) -> list[bytes]:
        return list(self)

    def __iter__(self) -> Iterator[bytes]:
        while line := self.readline():
            yield line

    @staticmethod
    def _waited(read: Callable[..., bytes], *size: int) -> bytes:
        with untimed():
            came = read(*size)
        progress()
        return came


class _Output:
    """A response, piece by piece; each piece may take as long as a request."""

    def __init__(self, pieces: Iterable[bytes]) -> None:
        self._pieces = pieces
        self._each = iter(pieces)

    def __iter__(self) -> "_Output":
        return self

    def __next__(self) -> bytes:
        with timed(REQUEST_SECONDS):
            return next(self._each)

    def close(self) -> None:
        with timed(REQUEST_SECONDS):
            if hasattr(self._pieces, "close"):
                self._pieces.close()


def clocked(application: Application) -> Application:
    """Return the same application with timed requests."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["wsgi.input"] = _Input(environ["wsgi.input"])
        with timed(REQUEST_SECONDS):
            pieces = application(environ, start_response)
        return pieces if isinstance(pieces, list) else _Output(pieces)

    return answer
