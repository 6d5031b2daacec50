"""`python -m leeward.audit.signer FOLDER`: answer requests on a socket in the folder, or on the one that systemd opened, until a
signal ends it; with `--one`, answer the one that comes on standard input. A request and its answer are a line of JSON each."""

import json
import os
import socket
import sys
from contextlib import suppress
from pathlib import Path

from leeward.audit.signer.state import Refused, Signer, answered

SOCKET = "socket"
MOST_BYTES = 64 * 1024
SECONDS = 5.0
FIRST_GIVEN = 3


def main(folder: str, *options: str) -> int:
    """Run; returns 1 if the signer's folder is unusable."""
    try:
        signer = Signer(Path(folder))
    except (Refused, OSError) as error:
        sys.stdout.write(json.dumps({"refused": str(error), "size": None, "root": None}) + "\n")
        return 1
    if "--one" in options:
        sys.stdout.write(_line(signer, sys.stdin.buffer.read(MOST_BYTES)) + "\n")
        return 0
    serve(signer, Path(folder))
    return 0


def serve(signer: Signer, folder: Path) -> None:
    """Answer on the socket for ever; one after another, and who is silent for some seconds is left."""
    with given_socket() or own_socket(folder) as listening:
        while True:
            line, _ = listening.accept()
            with line, suppress(OSError):
                line.settimeout(SECONDS)
                with line.makefile("rb") as file:
                    line.sendall(_line(signer, file.readline(MOST_BYTES)).encode() + b"\n")


def given_socket() -> socket.socket | None:
    """Return the socket that systemd has opened for us, which says there who may use it; None if it gave none."""
    if os.environ.get("LISTEN_PID") != str(os.getpid()) or os.environ.get("LISTEN_FDS") != "1":
        return None
    return socket.socket(fileno=FIRST_GIVEN)


def own_socket(folder: Path) -> socket.socket:
    """Open the socket in the folder, for its owner and its group."""
    os.chdir(folder)  # the address of a socket is short
    with suppress(FileNotFoundError):
        os.unlink(SOCKET)
    listening = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o117)
    listening.bind(SOCKET)
    os.umask(before)
    listening.listen(16)
    return listening


def _line(signer: Signer, request: bytes) -> str:
    try:
        read = json.loads(request)
    except (ValueError, RecursionError):
        read = None
    return json.dumps(answered(signer, read if isinstance(read, dict) else {}))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
