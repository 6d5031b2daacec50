"""OpenSSH's own server with its file transfer, for one user who has a key."""

import os
import pwd
import resource
import shutil
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat

PROGRAM = shutil.which("sshd", path="/usr/sbin:/usr/local/sbin:/usr/bin")
USER = pwd.getpwuid(os.geteuid()).pw_name
_SECONDS = 30


def make_key(file: Path) -> str:
    """Write a private key; return its public line."""
    key = Ed25519PrivateKey.generate()
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    file.write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.OpenSSH, NoEncryption()))
    file.chmod(0o600)
    return key.public_key().public_bytes(Encoding.OpenSSH, PublicFormat.OpenSSH).decode()


@contextmanager
def sshd(place: Path, known_user: str, *, largest_file: int | None = None) -> Iterator[tuple[int, str]]:
    """Run it; yields its port and the public line of its key. `largest_file`: writing more to a file fails, as on a full disk."""
    assert PROGRAM
    if os.geteuid() == 0:
        Path("/run/sshd").mkdir(exist_ok=True)  # as the service makes it
    public = make_key(place / "host_key")
    (place / "authorized_keys").write_text(known_user + "\n")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    options = {
        "ListenAddress": f"127.0.0.1:{port}",
        "HostKey": place / "host_key",
        "AuthorizedKeysFile": place / "authorized_keys",
        "PidFile": "none",
        "StrictModes": "no",
        "UsePAM": "no",
        "Subsystem": "sftp internal-sftp",
    }
    (place / "sshd_config").write_text("".join(f"{name} {value}\n" for name, value in options.items()))

    def limit() -> None:
        if largest_file is not None:
            signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
            resource.setrlimit(resource.RLIMIT_FSIZE, (largest_file, largest_file))

    command = [PROGRAM, "-D", "-q", "-f", str(place / "sshd_config")]
    with subprocess.Popen(command, preexec_fn=limit) as server:  # noqa: PLW1509 - one thread of ours is enough for it
        try:
            _wait_for(port)
            yield port, public
        finally:
            server.terminate()


def _wait_for(port: int) -> None:
    end = time.monotonic() + _SECONDS
    while True:
        try:
            socket.create_connection(("127.0.0.1", port)).close()
        except OSError:
            assert time.monotonic() < end, "sshd didn't start"
            time.sleep(0.05)
        else:
            return
