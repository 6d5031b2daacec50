"""SFTP servers: only those whose key is known; one connection per thread, reopened when it breaks."""

import os
import threading
from io import DEFAULT_BUFFER_SIZE, BufferedReader, RawIOBase
from typing import Any, override
from urllib.parse import unquote, urlsplit

import paramiko
from fsspec.implementations.sftp import SFTPFileSystem

CONNECT_SECONDS = 30.0
SILENT_SECONDS = 300.0
"""A server that sends nothing for this long is given up; the file is requested again."""
_EVERYBODY_S_KNOWN = "/etc/ssh/ssh_known_hosts"
_connections = threading.local()


def sftp_system(url: str) -> tuple[Any, str]:
    """Return the connection to a server and the path on it; the part before the path may be percent-encoded.

    Raises OSError, ValueError, paramiko.SSHException.
    """
    server, slash, path = url.partition("://")[2].partition("/")
    parts = urlsplit(f"sftp://{server}")
    there: dict[str, Any] = _connections.__dict__.setdefault("there", {})
    system = there.get(server)
    if system is None or not _is_alive(system):
        given = {"port": parts.port, "username": parts.username, "password": parts.password}
        options = {name: unquote(value) if isinstance(value, str) else value for name, value in given.items() if value}
        system = there[server] = _Sftp(parts.hostname or "", skip_instance_cache=True, **options)
    return system, slash + path or "/"


def _is_alive(system: Any) -> bool:
    transport = system.client.get_transport()
    return transport is not None and bool(transport.is_active())


class _Unknown(paramiko.MissingHostKeyPolicy):
    """Refuses unknown host keys: an impostor must not get a password or supply files."""

    @override
    def missing_host_key(self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey) -> None:
        raise paramiko.SSHException(
            f"the key of {hostname} is not among the known ones (~/.ssh/known_hosts): {key.fingerprint}"
        )


class _Answer(paramiko.Message):
    """A response whose texts may be names in any old encoding."""

    @override
    def get_text(self) -> str:
        return os.fsdecode(self.get_string())


class _Client(paramiko.SFTPClient):
    """Lists and opens names that are not UTF-8, which make paramiko's own client fail for a whole folder."""

    def _request(self, kind: int, *arguments: Any) -> tuple[int, paramiko.Message]:
        status, answer = super()._request(kind, *arguments)
        return status, _Answer(answer.get_remainder())

    def _adjust_cwd(self, path: str | bytes) -> bytes:
        return os.fsencode(path)


class _Raw(RawIOBase):
    """A file on the server: paramiko's own doesn't return the position after a seek, and requests 32 kB at a time,
    waiting for each."""

    def __init__(self, file: paramiko.SFTPFile) -> None:
        self._file = file
        self._size: int = file.stat().st_size or 0
        self._place = 0

    @override
    def readable(self) -> bool:
        return True

    @override
    def seekable(self) -> bool:
        return True

    @override
    def seek(self, offset: int, whence: int = 0, /) -> int:
        self._place = max(offset + (0, self._place, self._size)[whence], 0)
        return self._place

    @override
    def tell(self) -> int:
        return self._place

    @override
    def readall(self) -> bytes:
        return self._part(self._size)

    @override
    def readinto(self, buffer: Any, /) -> int:
        part = self._part(len(buffer))
        buffer[: len(part)] = part
        return len(part)

    def _part(self, most: int) -> bytes:
        """Request the whole range at once."""
        wanted = min(most, self._size - self._place)
        part: bytes = next(self._file.readv([(self._place, wanted)])) if wanted > 0 else b""
        self._place += len(part)
        return part

    @override
    def close(self) -> None:
        if not self.closed:
            self._file.close()
        super().close()


class _Sftp(SFTPFileSystem):
    """A replacement for fsspec's class, which would trust any server and can't tell a pipe from a file."""

    def _connect(self) -> None:
        self.client = paramiko.SSHClient()
        self.client.load_system_host_keys()
        if os.path.exists(_EVERYBODY_S_KNOWN):
            self.client.load_system_host_keys(_EVERYBODY_S_KNOWN)
        self.client.set_missing_host_key_policy(_Unknown())
        self.client.connect(self.host, timeout=CONNECT_SECONDS, **self.ssh_kwargs)
        self.ftp = _Client.from_transport(self.client.get_transport())
        self.ftp.get_channel().settimeout(SILENT_SECONDS)

    def _open(self, path: str, mode: str = "rb", block_size: int | None = None, **options: Any) -> BufferedReader:
        return BufferedReader(_Raw(self.ftp.open(path)), block_size or DEFAULT_BUFFER_SIZE)

    @override
    def ls(self, path: str, detail: bool = False) -> list[Any]:
        found = [self._decode_stat(one, path) for one in self.ftp.listdir_attr(path)]
        return found if detail else [facts["name"] for facts in found]

    @staticmethod
    def _decode_stat(stat: paramiko.SFTPAttributes, parent_path: str | None = None) -> dict[str, Any]:
        facts: dict[str, Any] = SFTPFileSystem._decode_stat(stat, parent_path)
        return facts | {"mode": stat.st_mode}
