"""What every server of the demonstration world has: a start, a stop, and a `with`."""

from abc import ABC, abstractmethod
from types import TracebackType
from typing import Self

LOOPBACK = "127.0.0.1"
POLL_SECONDS = 0.03


class Server(ABC):
    """A server in threads of its own; may be stopped and started again on the same port."""

    @abstractmethod
    def start(self) -> None:
        """Listen; after a stop, on the same port as before."""

    @abstractmethod
    def stop(self) -> None:
        """Stop listening and cut open connections; what was seen stays readable. Does nothing when already stopped."""

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()


def reason_of(error: OSError) -> str:
    """The system's reason in lower case, for the middle of a sentence."""
    return (error.strerror or str(error)).lower()
