"""Plain data over a socket: no message can make its reader execute anything.

A message is the length of its head (4 bytes), the head (JSON) and its blobs. In the head a blob is represented as
{"blob": number, "bytes": length} and a table as {"table": …}; numbers, texts, true, false, null and lists represent
themselves.
"""

import json
import socket
import struct
import time
from typing import Any

READY, ELSEWHERE = "ready", "elsewhere"  # what a child says of a call before it gets the bytes
MOST_HEAD_BYTES = 8 << 20
_LENGTH = struct.Struct("!I")


class Torn(Exception):
    """The other side went away, or sent something that isn't a message."""


def send(line: socket.socket, value: object) -> None:
    """Send a value; tuples arrive as lists. Raises OSError, and TypeError for what isn't plain data before anything is
    sent."""
    blobs: list[bytes] = []
    head = json.dumps(_packed(value, blobs)).encode()
    line.sendall(_LENGTH.pack(len(head)) + head)
    for blob in blobs:
        line.sendall(blob)


def receive(line: socket.socket, *, most_bytes: int, until: float | None = None) -> Any:
    """Return the next value, with a maximum number of bytes besides its head, before a deadline on the monotonic clock.

    Raises Torn, TimeoutError, OSError.
    """
    (length,) = _LENGTH.unpack(_read(line, _LENGTH.size, until))
    if length > MOST_HEAD_BYTES:
        raise Torn(f"a head of {length} bytes")
    try:
        head = json.loads(_read(line, length, until))
        return _unpacked(head, line, [most_bytes], until)
    except (ValueError, LookupError, TypeError, AttributeError, OverflowError, RecursionError) as error:
        raise Torn(str(error)) from error


def _packed(value: object, blobs: list[bytes]) -> object:
    match value:
        case bytes():
            blobs.append(value)
            return {"blob": len(blobs) - 1, "bytes": len(value)}
        case dict():
            return {"table": {str(name): _packed(one, blobs) for name, one in value.items()}}
        case list() | tuple():
            return [_packed(one, blobs) for one in value]
        case str() | int() | float() | None:
            return value
    raise TypeError(f"{type(value).__name__} is no plain data")


def _unpacked(value: Any, line: socket.socket, left: list[int], until: float | None) -> Any:
    """Return the value with its blobs, which follow the head in the order in which it refers to them."""
    if isinstance(value, list):
        return [_unpacked(one, line, left, until) for one in value]
    if not isinstance(value, dict):
        return value
    if "table" in value:
        return {name: _unpacked(one, line, left, until) for name, one in value["table"].items()}
    length = int(value["bytes"])
    left[0] -= length
    if length < 0 or left[0] < 0:
        raise Torn("more bytes than are taken")
    return _read(line, length, until)


def _read(line: socket.socket, length: int, until: float | None) -> bytes:
    whole = bytearray(length)
    rest = memoryview(whole)
    while rest:
        if until is not None:
            left = until - time.monotonic()
            if left <= 0:
                raise TimeoutError
            line.settimeout(left)
        count = line.recv_into(rest)
        if not count:
            raise Torn("the other side went away")
        rest = rest[count:]
    return bytes(whole)
