"""`python -m leeward.audit.signer FOLDER`: answer requests on a socket in the folder, or on the one that systemd opened, until a
signal ends it; with `--one`, answer the one that comes on standard input. A request and its answer are a line of JSON each."""

import json
import os
import socket
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

from leeward.audit.signer.state import Refused, Signer, answered, refusal

SOCKET = "socket"
MOST_BYTES = 64 * 1024
SECONDS = 5.0
FIRST_GIVEN = 3


def main(folder: str, *options: str) -> int:
    """Run; returns 1 if the one request could not be answered, since the signer's folder is unusable."""
    if "--one" in options:
        signer, why = signer_in(Path(folder))
        request = sys.stdin.buffer.read(MOST_BYTES)
        sys.stdout.write((_line(signer, request) if signer else json.dumps(why)) + "\n")
        return 0 if signer else 1
    serve(Path(folder).absolute())
    return 0


def signer_in(folder: Path) -> tuple[Signer | None, dict[str, Any]]:
    """Return the signer of a folder; where that is unusable, none, and what to answer whoever asks."""
    try:
        return Signer(folder), {}
    except Refused as refused:
        return None, refusal(refused)
    except OSError as error:
        return None, {"refused": str(error), "size": None, "root": None}


def serve(folder: Path) -> None:
    """Answer on the socket for ever; one after another, and who is silent for some seconds is left. While the folder is unusable, whoever asks
    hears why, and it is looked at anew."""
    signer, why = signer_in(folder)
    if not signer:
        sys.stderr.write(f"{why['refused']}\n")
    with given_socket() or own_socket(folder) as listening:
        while True:
            line, _ = listening.accept()
            with line, suppress(OSError):
                line.settimeout(SECONDS)
                if not signer:
                    signer, why = signer_in(folder)
                with line.makefile("rb") as file:
                    request = file.readline(MOST_BYTES)
                    line.sendall((_line(signer, request) if signer else json.dumps(why)).encode() + b"\n")


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
