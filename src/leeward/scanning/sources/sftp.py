"""Servers that are asked by SFTP: only those whose key is known; one connection for each thread, made anew when it broke."""

import os
import threading
from typing import Any, override
from urllib.parse import unquote, urlsplit

import paramiko
from fsspec.implementations.sftp import SFTPFileSystem

CONNECT_SECONDS = 30.0
SILENT_SECONDS = 300.0
"""A server that says nothing for so long is given up; the file is asked for again."""
_EVERYBODY_S_KNOWN = "/etc/ssh/ssh_known_hosts"
_connections = threading.local()


def sftp_system(url: str) -> tuple[Any, str]:
    """Return the connection to a server and the path on it; what stands before the path may be percent-encoded.

    Raises OSError, ValueError, paramiko.SSHException.
    """
    server, slash, path = url.partition("://")[2].partition("/")
    parts = urlsplit(f"sftp://{server}")
    there: dict[str, Any] = _connections.__dict__.setdefault("there", {})
    system = there.get(server)
    if system is None or not _is_alive(system):
        given = {"port": parts.port, "username": parts.username, "password": parts.password}
        told = {name: unquote(value) if isinstance(value, str) else value for name, value in given.items() if value}
        system = there[server] = _Sftp(parts.hostname or "", skip_instance_cache=True, **told)
    return system, slash + path or "/"


def _is_alive(system: Any) -> bool:
    transport = system.client.get_transport()
    return transport is not None and bool(transport.is_active())


class _Unknown(paramiko.MissingHostKeyPolicy):  # type: ignore[misc]
    """Refuses: a password must not reach, and files must not come from, whoever answers in a server's place."""

    @override
    def missing_host_key(self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey) -> None:
        raise paramiko.SSHException(
            f"the key of {hostname} is not among the known ones (~/.ssh/known_hosts): {key.fingerprint}"
        )


class _Sftp(SFTPFileSystem):  # type: ignore[misc]
    """fsspec's, which would trust any server, and tells a pipe from a file by nothing."""

    def _connect(self) -> None:
        self.client = paramiko.SSHClient()
        self.client.load_system_host_keys()
        if os.path.exists(_EVERYBODY_S_KNOWN):
            self.client.load_system_host_keys(_EVERYBODY_S_KNOWN)
        self.client.set_missing_host_key_policy(_Unknown())
        self.client.connect(self.host, timeout=CONNECT_SECONDS, **self.ssh_kwargs)
        self.ftp = self.client.open_sftp()
        self.ftp.get_channel().settimeout(SILENT_SECONDS)

    @staticmethod
    def _decode_stat(stat: paramiko.SFTPAttributes, parent_path: str | None = None) -> dict[str, Any]:
        facts: dict[str, Any] = SFTPFileSystem._decode_stat(stat, parent_path)
        return facts | {"mode": stat.st_mode}
