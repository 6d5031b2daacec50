"""The child process: `python -I -m leeward.foundation.sandbox.child`, with its end of a socket pair as standard input.
It runs one call after another. With the word `apart` its standard input is a connection that somebody else accepted (`apart.py`).

It imports what it is first asked to run, becomes another user where it may (`users.py`), gives up the network and every file but
its libraries for good (`fences.py`), limits itself, and then receives the bytes: whatever a file does to a decoder happens within
that. What it is asked to run later and can't import any more, because that takes more than reading libraries, it leaves to a new
child.
"""

import ctypes
import importlib
import inspect
import os
import resource
import signal
import socket
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Any

from leeward.foundation.sandbox.apart import WORD
from leeward.foundation.sandbox.bounds import bound, size_of_oneself, unbound
from leeward.foundation.sandbox.fences import fence
from leeward.foundation.sandbox.guard import guarded
from leeward.foundation.sandbox.streams import flow
from leeward.foundation.sandbox.users import become, other_user
from leeward.foundation.sandbox.wire import ELSEWHERE, READY, Torn, receive, send

MOST_BODY_BYTES = 4 << 30
_PR_SET_PDEATHSIG = 1
_OPEN_FILES = 64
_PREPARED: set[str] = set()


def main() -> int:
    """Serve until the parent goes away."""
    is_apart = sys.argv[1:] == [WORD]
    if not is_apart:
        end_with_parent()
    _go_first()
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_NOFILE, (_OPEN_FILES, _OPEN_FILES))
    line = socket.socket(fileno=os.dup(0))
    nothing = os.open(os.devnull, os.O_RDWR)
    for number in range(3):  # the line is none of them, whoever accepted it: what a library prints is no answer
        os.dup2(nothing, number)
    os.close(nothing)
    try:
        if is_apart:
            guarded(line)
            end_with_parent()  # its guard
            send(line, READY)
        sys.path[:] = [path or os.getcwd() for path in receive(line, most_bytes=0)]
        is_fenced = False
        size_of_oneself()
        while _served(line, is_fenced=is_fenced):
            is_fenced = True
    except (Torn, OSError):
        pass
    return 0


def end_with_parent() -> None:
    """End when the parent ends, even if it is killed while a decoder is running here (on Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() == 1:
        os._exit(1)


def _go_first() -> None:
    """Where the machine's memory runs out, let the kernel end this process before the database or the web server (on Linux)."""
    with suppress(OSError), open("/proc/self/oom_score_adj", "w", encoding="ascii") as score:
        score.write("1000")


def _served(line: socket.socket, *, is_fenced: bool) -> bool:
    """Run one call; return whether another one may follow."""
    request = receive(line, most_bytes=0)
    try:
        function = _function(request["function"])
        may_run = _prepared(request["function"], request["arguments"], is_fenced=is_fenced)
    except Exception:
        if not is_fenced:
            raise
        may_run = False
    if not may_run:
        send(line, ELSEWHERE)
        return True
    if not is_fenced:
        _become_another()
        fence(sys.path)
    send(line, READY)
    if request.get("streams"):
        return flow(line, function, request)
    body = receive(line, most_bytes=MOST_BODY_BYTES)
    bound(float(request["seconds"]), int(request["memory_bytes"]))
    try:
        send(line, {"value": function(body, **request["arguments"])})
    except MemoryError:
        send(line, {"finding": "too_much_memory", "detail": ""})
        return False
    except Exception as error:  # decoders raise anything for hostile bytes
        send(line, {"finding": "failed", "detail": type(error).__name__})
    unbound()
    return True


def _become_another() -> None:
    """Be another user from now on, where this process may."""
    found = other_user(sys.path)
    if found is not None:
        become(*found)
        end_with_parent()  # the kernel forgot it when the user changed


def _function(name: str) -> Callable[..., Any]:
    module, _, attribute = name.partition(":")
    found: Callable[..., Any] = getattr(importlib.import_module(module), attribute)
    return found


def _prepared(name: str, arguments: dict[str, Any], *, is_fenced: bool) -> bool:
    """Return whether this child may run it. A module's function `prepare` loads what its arguments name, such as an adapter of
    somebody else's with files of its own; that takes more than reading libraries, so only a new child can do it.
    """
    module = name.partition(":")[0]
    prepare = getattr(sys.modules[module], "prepare", None)
    wanted = {one: arguments.get(one) for one in inspect.signature(prepare).parameters} if prepare else {}
    key = f"{module} {wanted}"
    if prepare is None or not any(wanted.values()) or key in _PREPARED:
        return True
    if is_fenced:
        return False
    with suppress(Exception):  # third-party code; the function meets it again, and says what follows
        prepare(**wanted)
    _PREPARED.add(key)
    return True


if __name__ == "__main__":
    sys.exit(main())
