"""What a hostile file could make a decoder do, as functions that a child is asked to run. No Django."""

import ctypes
import os
import signal
import sys
import time
from pathlib import Path
from typing import Any


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
    links = [Path(f"/proc/self/fd/{name}") for name in os.listdir("/proc/self/fd")]
    return {
        "pid": os.getpid(),
        "environment": dict(os.environ),
        "open": sorted({os.readlink(link).partition(":")[0] for link in links if link.exists() or link.is_symlink()}),
        "modules": sorted(sys.modules),
    }
