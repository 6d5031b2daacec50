"""What a hostile file could make a decoder do, as functions that a child is asked to run. No Django."""

import ctypes
import fcntl
import os
import resource
import signal
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import IO, Any


def echo(body: bytes, **arguments: Any) -> dict[str, Any]:
    return {"body": body, **arguments}


def crash(body: bytes) -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def die(body: bytes) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def spin(body: bytes) -> None:
    while True:
        pass


def hold_the_interpreter(body: bytes) -> None:
    """A C function that never gives the interpreter back."""
    ctypes.PyDLL(None).sleep(600)


def hear_nothing(body: bytes) -> None:
    """No alarm, no signal but the one that nobody can refuse, and no look at the line."""
    signal.setitimer(signal.ITIMER_REAL, 0)
    signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())
    ctypes.PyDLL(None).sleep(600)


def swell(body: bytes) -> int:
    return len(b"x" * (3 << 30))


def swell_in_c(body: bytes) -> None:
    library = ctypes.CDLL(None)
    library.malloc.restype = ctypes.c_void_p
    while pointer := library.malloc(64 << 20):
        ctypes.memset(pointer, 1, 64 << 20)
    os.abort()


def write(body: bytes, path: str) -> int:
    with Path(path).open("wb") as file:
        return file.write(body)


def answer_endlessly(body: bytes) -> bytes:
    return bytes(300 << 20)


def odd(body: bytes) -> object:
    return object()


def fail(body: bytes) -> None:
    raise LookupError("nothing")


def wait(body: bytes, until: str) -> int:
    while not Path(until).exists():
        time.sleep(0.05)
    return os.getpid()


def around(body: bytes) -> dict[str, Any]:
    """What a child has of its parent."""
    links = [Path(f"/proc/self/fd/{number}") for number in range(64)]
    return {
        "pid": os.getpid(),
        "environment": dict(os.environ),
        "open": sorted({os.readlink(link).partition(":")[0] for link in links if link.is_symlink()}),
        "modules": sorted(sys.modules),
    }


def letters(stream: IO[bytes]) -> Iterator[dict[str, Any]]:
    """Each line that a stream holds, and how much of it was read by then."""
    read, left = 0, b""
    while piece := stream.read(1000):
        read += len(piece)
        *lines, left = (left + piece).split(b"\n")
        for line in lines:
            yield {"line": line.decode(), "read": read}


def lines_until_it_ends(stream: IO[bytes], how: str) -> Iterator[str]:
    """Lines of a stream, until one says how the child ends."""
    for found in letters(stream):
        yield found["line"]
        if found["line"] == "end":
            globals()[how](b"")


def swell_slowly(stream: IO[bytes]) -> Iterator[int]:
    """Keep more with each piece: none of it is much."""
    kept = []
    while stream.read():
        kept.append(b"x" * (40 << 20))
        yield len(kept)


def _call(name: str, *values: Any) -> None:
    """Call the C library with whole registers."""
    library = ctypes.CDLL(None, use_errno=True)
    if getattr(library, name)(*(ctypes.c_long(value) if isinstance(value, int) else value for value in values)) == -1:
        raise OSError(ctypes.get_errno(), name)


def _in_thread(do: Callable[[], object]) -> None:
    with ThreadPoolExecutor(1) as threads:
        threads.submit(do).result()


def reach_out(body: bytes, path: str, port: int) -> dict[str, str]:
    """Try what a decoder has no need of; how each try ended."""
    tries: dict[str, Callable[[], object]] = {
        "read": lambda: Path(path).read_bytes(),
        "list": lambda: os.listdir(Path(path).parent),
        "write": lambda: Path(path + ".new").touch(),
        "remove": lambda: Path(path).unlink(),
        "open up": lambda: Path(path).chmod(0o777),
        "connect": lambda: socket.create_connection(("127.0.0.1", port), 1),
        "fork": os.fork,
        "run": lambda: os.execv("/bin/true", ["true"]),
        "signal": lambda: os.kill(os.getppid(), 0),
        "new user": lambda: os.unshare(os.CLONE_NEWUSER),
        "write to any socket": lambda: socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)[0].sendto(
            b"x", path + ".socket"
        ),
        "limit the parent": lambda: resource.prlimit(os.getppid(), resource.RLIMIT_NOFILE),
        "slow the parent": lambda: os.setpriority(os.PRIO_PROCESS, os.getppid(), 19),
        "place the parent": lambda: os.sched_setaffinity(os.getppid(), {0}),
        "have the parent signalled": lambda: fcntl.fcntl(0, fcntl.F_SETOWN, os.getppid()),
        "the same, with more bits": lambda: _call("fcntl", 0, fcntl.F_SETSIG | 1 << 32, signal.SIGKILL),
        "outlive the parent": lambda: _call("prctl", 1, 0),
        "watch": lambda: _call("inotify_init1", 0),
        "redate": lambda: os.utime(path, (0, 0)),
        "cut": lambda: os.truncate(path, 0),
        "see connections": lambda: Path("/proc/self/net/tcp").read_bytes(),
        "see what the parent runs": lambda: Path(f"/proc/{os.getppid()}/cmdline").read_bytes(),
        "open up by a new call": lambda: _call("syscall", 452, -100, path.encode(), 0o777, 0),
        "through a thread": lambda: _in_thread(lambda: Path(path).read_bytes()),
    }
    found = {}
    for name, do in tries.items():
        try:
            do()
        except OSError as error:
            found[name] = type(error).__name__
        else:
            found[name] = "done"
    thread = threading.Thread(target=found.setdefault, args=("thread", "done"))
    thread.start()
    thread.join()
    return found
