"""Decoders that a service of another user has: where LEEWARD_DECODER_SOCKET names its socket, a process asks there for its children.

Whoever listens starts a child for each connection (systemd, by `leeward-decoder@.service`), and that child ends when the line does
(`guard.py`). Where nobody answers nothing is decoded: a child of this process's own user never stands in.
"""

import errno
import os
import socket
import time

from leeward.foundation.sandbox.wire import READY, Torn, receive

SETTING = "LEEWARD_DECODER_SOCKET"
WORD = "apart"  # what such a child is started with
SECONDS = 20.0


def place() -> str:
    """Return the socket at which this process asks for children; empty: it starts them itself."""
    return os.environ.get(SETTING, "")


def connected(path: str) -> socket.socket:
    """Return the line to a new child. Raises OSError if none says in time that it is there."""
    line = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    try:
        line.settimeout(SECONDS)
        line.connect(path)
        if receive(line, most_bytes=0, until=time.monotonic() + SECONDS) != READY:
            raise Torn("that is no decoder")
    except (OSError, Torn) as error:
        line.close()
        raise error if isinstance(error, OSError) else OSError(errno.EPROTO, str(error)) from error
    return line


def trouble(path: str) -> str:
    """Return why nobody listens at a socket for this process, or nothing. No child is started by it: the kernel looks whether
    there is a socket that we may connect to, before it finds that ours is of another kind."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as other:
        try:
            other.connect(path)
        except OSError as error:
            return "" if error.errno == errno.EPROTOTYPE else error.strerror or str(error)
    return os.strerror(errno.EPROTOTYPE)
