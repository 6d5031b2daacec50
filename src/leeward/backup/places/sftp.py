"""A folder of a server, by SSH's file transfer. Keys come from `~/.ssh` or the agent, and only a server whose key is in `known_hosts` is
believed.

A file is written under another name, forced to the disk where the server can, measured, then renamed.
"""

import logging
import socket
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from io import BytesIO
from pathlib import Path
from typing import IO, Any, override
from urllib.parse import unquote, urlsplit

import paramiko
from paramiko.sftp import (
    CMD_CLOSE,
    CMD_DATA,
    CMD_EXTENDED,
    CMD_HANDLE,
    CMD_NAME,
    CMD_OPENDIR,
    CMD_READ,
    CMD_READDIR,
    CMD_WRITE,
    int64,
)

from leeward.backup.places.face import CHUNKS, MOST_AT_ONCE, VERIFIED, Place, shown
from leeward.backup.places.remote import Remote
from leeward.foundation.errors import BadInput
from leeward.foundation.lazy_text import LazyText as _

CONNECT_SECONDS, SILENT_SECONDS = 20.0, 60.0
_ALIVE_SECONDS = 30
_EVERYBODY_S_KNOWN = Path("/etc/ssh/ssh_known_hosts")
_PART = ".part-"
_BLOCK, _REQUEST = 1 << 20, 32 << 10
_MOST_IN_A_FOLDER, _AHEAD = 1_000_000, 50
_LEAST_NAME = 12  # bytes of a name: two lengths and what is told of it
_FORCE = "fsync@openssh.com"
logging.getLogger("paramiko").addHandler(logging.NullHandler())  # or a command shows its tracebacks


@contextmanager
def connected(address: str) -> Iterator[Place]:
    """Open `sftp://user@server:22/folder`. Raises BadInput, and OSError where the server can't be reached or isn't known."""
    try:
        parts = urlsplit(address)
        server, port, user, secret = parts.hostname, parts.port or 22, parts.username, parts.password
    except ValueError:
        server, port, user, secret = None, 22, None, None
    if secret is not None:
        raise BadInput(
            what=shown(address), why=_("a password in the address is seen by others; use a key in ~/.ssh or the agent")
        )
    if not server or not parts.path.strip("/"):
        raise BadInput(what=shown(address), why=_("it is not of the form {form}", form="sftp://user@server/folder"))
    name = address.partition("://")[2].rpartition("@")[2].rstrip("/")
    client = paramiko.SSHClient()
    try:
        with _in_our_words(f"sftp://{name}"):
            client.load_system_host_keys()
            if _EVERYBODY_S_KNOWN.exists():
                client.load_system_host_keys(str(_EVERYBODY_S_KNOWN))
            client.set_missing_host_key_policy(_Unknown())
            client.connect(
                server,
                port,
                unquote(user) if user else None,
                timeout=CONNECT_SECONDS,
                banner_timeout=CONNECT_SECONDS,
                auth_timeout=CONNECT_SECONDS,
            )
            if transport := client.get_transport():
                transport.set_keepalive(_ALIVE_SECONDS)  # while the database is copied or checked, nothing is asked
                transport.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)  # or each block waits 40 ms
            channel = client.open_sftp()
            channel.get_channel().settimeout(SILENT_SECONDS)
        yield Server(f"sftp://{name}", unquote(parts.path).rstrip("/"), channel)
    finally:
        client.close()


class _Unknown(paramiko.MissingHostKeyPolicy):
    """Refuses unknown host keys: an impostor would take the backups and keep none."""

    @override
    def missing_host_key(self, client: paramiko.SSHClient, hostname: str, key: paramiko.PKey) -> None:
        raise paramiko.SSHException(f"its key is not among the known ones (~/.ssh/known_hosts): {key.fingerprint}")


@contextmanager
def _in_our_words(name: str) -> Iterator[None]:
    try:
        yield
    except FileNotFoundError:
        raise
    except (OSError, EOFError, paramiko.SSHException, paramiko.SFTPError) as error:
        if isinstance(error, OSError) and error.filename == name:
            raise
        why = (error.strerror if isinstance(error, OSError) else "") or str(error) or "the connection was lost"
        raise OSError(5, " ".join(str(why).split()).rstrip(".")[:200], name) from error


class _Answers:
    """What a server says to requests that were sent together, in whatever order it does."""

    def __init__(self, channel: paramiko.SFTPClient) -> None:
        self._channel = channel
        self.read: dict[int, bytes] = {}
        self.names: list[tuple[bytes, int, int]] = []
        self.settled = 0
        self.is_over = False
        self.problem: Exception | None = None

    def _async_response(self, kind: int, message: Any, number: int) -> None:
        if kind == CMD_DATA:
            self.read[number] = message.get_string()
            return
        self.settled += 1
        if kind == CMD_NAME:
            self.names += _names_in(message)
            return
        try:
            self._channel._convert_status(message)
        except EOFError:
            self.is_over = True  # there is nothing to read at that place
        except OSError as error:
            self.problem = self.problem or error


def _names_in(message: Any) -> Iterator[tuple[bytes, int, int]]:
    """Yield name, mode and size of what a server lists. Its own reader wants each name to be text, and shows nothing at all for one that
    isn't. No more are believed than the message has room for."""
    for _one in range(min(message.get_int(), len(message.asbytes()) // _LEAST_NAME)):
        name, _as_shown = message.get_string(), message.get_string()
        seen = paramiko.SFTPAttributes._from_msg(message)
        yield name, seen.st_mode or 0, seen.st_size or 0


class Server(Remote):
    """A folder of a server."""

    def __init__(self, name: str, folder: str, channel: paramiko.SFTPClient) -> None:
        self.name, self._folder, self._channel = name, folder, channel
        self._made: set[str] = set()

    @override
    def begin(self) -> None:
        with _in_our_words(self.name):
            for folder in (self._folder, self._at(CHUNKS), self._at(VERIFIED)):
                self._make(folder)
            for folder in (self._folder, *map(self._at, self._folders())):
                for name, _mode, _size in self._entries(folder):
                    if name.startswith(_PART):
                        self._channel.remove(f"{folder}/{name}")

    @override
    def files(self, folder: str = "") -> Iterator[tuple[str, int]]:
        with _in_our_words(self.name):
            found = self._entries(self._at(folder) if folder else self._folder)
        for name, mode, size in found:
            if stat.S_ISREG(mode) and not name.startswith("."):
                yield name, size

    @override
    def pieces(self) -> Iterator[tuple[str, int]]:
        with _in_our_words(self.name):
            folders = self._folders()
        for folder in folders:
            yield from self.files(folder)

    @override
    def read(self, path: str, most: int = MOST_AT_ONCE) -> bytes:
        into = BytesIO()
        self._read(path, into, most)
        return into.getvalue()

    @override
    def write(self, path: str, raw: bytes) -> None:
        self._store(path, BytesIO(raw))

    @override
    def send(self, path: str, source: Path) -> None:
        with source.open("rb") as file:
            self._store(path, file)

    @override
    def fetch(self, path: str, target: Path) -> None:
        with target.open("wb") as file:
            self._read(path, file, None)

    @override
    def delete(self, path: str) -> None:
        with _in_our_words(self.name), suppress(FileNotFoundError):
            self._channel.remove(self._at(path))

    @override
    def _create(self, path: str, raw: bytes) -> bool:
        with _in_our_words(self.name):
            self._make(self._folder)
            try:
                with self._channel.open(self._at(path), "wx") as file:
                    file.write(raw)
            except OSError:  # SFTP has no number of its own for a name that is taken
                try:
                    self._channel.stat(self._at(path))
                except FileNotFoundError:
                    pass
                else:
                    return False
                raise
        return True

    def _at(self, path: str) -> str:
        return f"{self._folder}/{path}"

    def _folders(self) -> list[str]:
        found = self._entries(self._at(CHUNKS))
        names = [name for name, mode, _size in found if stat.S_ISDIR(mode)]
        return [f"{CHUNKS}/{name}" for name in sorted(names) if len(name) == 2]

    def _entries(self, folder: str) -> list[tuple[str, int, int]]:
        """Return name, mode and size of what lies in a folder, read to its end. What has a name that is no text is none of ours."""
        try:
            kind, message = self._channel._request(CMD_OPENDIR, folder)
        except FileNotFoundError:
            return []
        if kind != CMD_HANDLE:
            raise self._failed("it does not say what lies there")
        handle, answers = message.get_binary(), _Answers(self._channel)
        while not answers.is_over:
            had = len(answers.names)
            self._settle(
                answers, [self._channel._async_request(answers, CMD_READDIR, handle) for _one in range(_AHEAD)]
            )
            if len(answers.names) > _MOST_IN_A_FOLDER or (len(answers.names) == had and not answers.is_over):
                raise self._failed("its list of files has no end")
        self._channel._request(CMD_CLOSE, handle)
        found = [(name.decode(errors="replace"), mode, size) for name, mode, size in answers.names]
        return [one for one in found if not {"/", "\ufffd"} & set(one[0]) and one[0] not in (".", "..")]

    def _make(self, folder: str) -> None:
        """Make a folder and those above it."""
        if folder in self._made or not folder:
            return
        try:
            self._channel.stat(folder)
        except FileNotFoundError:
            self._make(folder.rpartition("/")[0])
            self._channel.mkdir(folder, 0o700)
        self._made.add(folder)

    def _read(self, path: str, into: IO[bytes], most: int | None) -> None:
        """Copy a file a block at a time."""
        try:
            with _in_our_words(self.name), self._channel.open(self._at(path)) as file:
                size = file.stat().st_size or 0
                if most is not None and size > most:
                    raise self._failed(f"{path} is larger than it can be")
                for start in range(0, size, _BLOCK):
                    into.write(self._block(file.handle, start, min(_BLOCK, size - start), path))
        except FileNotFoundError:
            raise self._missing(path) from None

    def _block(self, handle: bytes, start: int, size: int, path: str) -> bytes:
        """Return a block of a file that is open; a server may answer with less than it was asked for."""
        end, block = start + size, bytearray()
        while len(block) < size:
            had = len(block)
            places = range(start + had, end, _REQUEST)
            for at, part in zip(
                places,
                self._asked((CMD_READ, handle, int64(at), min(_REQUEST, end - at)) for at in places),
                strict=False,
            ):
                if at != start + len(block):
                    break
                block += part
            if not had < len(block) <= size:
                raise self._failed(f"{path} ends too early")
        return bytes(block)

    def _store(self, path: str, source: IO[bytes]) -> None:
        target = self._at(path)
        folder, _, name = target.rpartition("/")
        part, size = f"{folder}/{_PART}{name}", 0
        with _in_our_words(self.name):
            self._make(folder)
            try:
                with self._channel.open(part, "wb") as file:
                    file.chmod(0o600)
                    while block := source.read(_BLOCK):
                        self._asked(
                            (CMD_WRITE, file.handle, int64(size + at), block[at : at + _REQUEST])
                            for at in range(0, len(block), _REQUEST)
                        )
                        size += len(block)
                    self._force(file)
                if self._channel.stat(part).st_size != size:
                    raise self._failed(f"{path} was not stored whole")
                self._channel.posix_rename(part, target)
            except (OSError, EOFError, paramiko.SSHException, paramiko.SFTPError):
                with suppress(OSError, EOFError, paramiko.SSHException, paramiko.SFTPError):
                    self._channel.remove(part)
                raise

    def _asked(self, requests: Iterable[tuple[Any, ...]]) -> list[bytes]:
        """Send the requests of a block together and wait for the answer to each; return what was read. paramiko's own way of doing so
        overlooks a write that failed, or asks in a thread that dies with the line, loudly."""
        answers = _Answers(self._channel)
        numbers = [self._channel._async_request(answers, *request) for request in requests]
        self._settle(answers, numbers)
        return [answers.read.get(number, b"") for number in numbers]

    def _settle(self, answers: _Answers, numbers: list[int]) -> None:
        """Wait for the answers to these requests, which are all that there are since the last time."""
        until = len(answers.read) + answers.settled + len(numbers)
        while len(answers.read) + answers.settled < until:
            self._channel._read_response()
        if answers.problem is not None:
            raise answers.problem

    def _force(self, file: Any) -> None:
        """Have a file forced to the disk; servers that can't do so say that they don't know the request."""
        with suppress(OSError):
            self._channel._request(CMD_EXTENDED, _FORCE, file.handle)
