"""A WSGI application whose requests are timed: one that hangs is seen by the parent of `leeward serve`, which ends the process.

Only our own work counts, so that nothing long that is honest is ended: the clock stands still while a sender is waited for, starts
again with each piece that came in and each piece that goes out, and does not run between two pieces of an answer, when the
receiver is waited for. A list of eight gigabytes or a slow sender may take hours; a page that comes to no end may not.
"""

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from leeward.foundation.watch import progress, timed, untimed

REQUEST_SECONDS = 20.0
type Application = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]


class _Input:
    """What a sender sends; while it is waited for, the clock stands still."""

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
    """An answer, piece by piece; each piece may take as long as a request."""

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
    """The same application, timed."""

    def answer(environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        environ["wsgi.input"] = _Input(environ["wsgi.input"])
        with timed(REQUEST_SECONDS):
            pieces = application(environ, start_response)
        return pieces if isinstance(pieces, list) else _Output(pieces)

    return answer
