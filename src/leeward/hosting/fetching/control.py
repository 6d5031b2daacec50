"""Whether decoders work at all: they are given a page and a picture that they can read, so that a fault of theirs isn't taken for one
of a file's."""

import threading
import time
from typing import Any

from leeward.foundation import sandbox
from leeward.installation.queries import config_now

LIMITS = sandbox.Limits(seconds=10, wait_seconds=30)
REMEMBERED_SECONDS = 5.0
# What came of a file or a page that will be decoded once that is possible.
FILES_THAT_WAIT, PAGES_THAT_WAIT = ("decoder_silent", "decoder_busy"), ("page_silent", "page_busy")
_PICTURE = bytes.fromhex(
    "89504e470d0a1a0a0000000d4948445200000008000000080800000000e164e1570000001249444154789c6364908500265e28208f0100913d03b3"
    "47b93d090000000049454e44ae426082"
)


class Control:
    """One kind of decoder, asked at most every few seconds, whatever number of files wait for the answer."""

    def __init__(self, function: str, body: bytes) -> None:
        self._function, self._body = function, body
        self._lock = threading.Lock()
        self._known_at, self._works = float("-inf"), False

    def works(self, **arguments: Any) -> bool:
        """Return whether it reads what can be read."""
        with self._lock:
            if time.monotonic() - self._known_at < REMEMBERED_SECONDS:
                return self._works
        found = sandbox.call(self._function, self._body, LIMITS, **arguments)
        with self._lock:
            self._known_at, self._works = time.monotonic(), not isinstance(found, sandbox.Finding)
            return self._works

    def forget(self) -> None:
        """Ask anew when asked next."""
        self._known_at = float("-inf")


PICTURES = Control("leeward.hosting.decoders.pictures:picture_hashes", _PICTURE)
PAGES = Control("leeward.hosting.decoders.pages:read_page", b"<!doctype html><title>A page</title><p>Words.")


def pictures_are_read() -> bool:
    """Return whether pictures can be decoded here."""
    return PICTURES.works(licensed=config_now().licensed_hashers)


def pages_are_read() -> bool:
    """Return whether pages can be read here."""
    return PAGES.works(url="https://control.example/", charset="")
