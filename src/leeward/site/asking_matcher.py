"""What the matcher of this installation says of itself on its socket: whether it answers, and with the newest list."""

import json
import socket
from http.client import HTTPConnection, HTTPException

SECONDS = 4.0  # less than a question may take (`asking.py`)
MOST_BYTES = 10_000


class _Line(HTTPConnection):
    """A connection to a socket in the file system."""

    def __init__(self, path: str) -> None:
        super().__init__("matcher", timeout=SECONDS)
        self._path = path

    def connect(self) -> None:
        """Connect to the socket."""
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(SECONDS)
        self.sock.connect(self._path)


def trouble(path: str) -> str:
    """Return why the matcher at a socket doesn't answer, or what it says is wrong with its list, or nothing. One that lets
    only others ask is theirs to watch."""
    line = _Line(path)
    try:
        line.request("GET", "/healthz")
        answer = line.getresponse()
        health = dict(json.loads(answer.read(MOST_BYTES)))
    except PermissionError:
        return ""
    except (OSError, HTTPException, ValueError, TypeError) as error:
        return str(getattr(error, "strerror", None) or error or type(error).__name__).lower()
    finally:
        line.close()
    return "" if answer.status == 200 else str(health.get("trouble") or health)
