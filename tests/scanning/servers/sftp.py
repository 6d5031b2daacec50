"""An SSH server that gives a folder out by SFTP: paramiko's own server side."""

import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import paramiko

USER, PASSWORD = "officer", "p@ss:1"


class _Login(paramiko.ServerInterface):
    def check_auth_password(self, username: str, password: str) -> int:
        good = (username, password) == (USER, PASSWORD)
        return paramiko.AUTH_SUCCESSFUL if good else paramiko.AUTH_FAILED

    def check_channel_request(self, kind: str, chanid: int) -> int:
        return paramiko.OPEN_SUCCEEDED

    def get_allowed_auths(self, username: str) -> str:
        return "password"


class _Handle(paramiko.SFTPHandle):
    def stat(self) -> object:
        return paramiko.SFTPAttributes.from_stat(os.fstat(self.readfile.fileno()))


def _folder(root: Path) -> type[paramiko.SFTPServerInterface]:
    class Folder(paramiko.SFTPServerInterface):
        def list_folder(self, path: str) -> object:
            try:
                return [
                    paramiko.SFTPAttributes.from_stat(one.stat(follow_symlinks=False), one.name)
                    for one in os.scandir(os.fsencode(f"{root}{path}"))  # as bytes, in whatever encoding they are
                ]
            except OSError as error:
                return paramiko.SFTPServer.convert_errno(error.errno)

        def stat(self, path: str) -> object:
            try:
                return paramiko.SFTPAttributes.from_stat(os.stat(f"{root}{path}"))
            except OSError as error:
                return paramiko.SFTPServer.convert_errno(error.errno)

        def open(self, path: str, flags: int, attr: object) -> object:
            try:
                stream = open(f"{root}{path}", "rb")  # noqa: SIM115 - the handle closes it; a pipe blocks here, as it does behind OpenSSH
            except OSError as error:
                return paramiko.SFTPServer.convert_errno(error.errno)
            handle = _Handle(flags)
            handle.readfile = stream
            return handle

    return Folder


class _Question(paramiko.Message):
    def get_text(self) -> str:
        return os.fsdecode(self.get_string())


class _Server(paramiko.SFTPServer):
    """As OpenSSH's, which asks for no encoding of names."""

    def _process(self, kind: int, number: int, question: paramiko.Message) -> None:
        super()._process(kind, number, _Question(question.get_remainder()))


@contextmanager
def sftp_server(root: Path, key: paramiko.PKey) -> Iterator[int]:
    """Give `root` out on a port of loopback."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        transports: list[paramiko.Transport] = []

        def serve() -> None:
            while True:
                try:
                    one, _ = listening.accept()
                except OSError:
                    return
                transport = paramiko.Transport(one)
                transport.add_server_key(key)
                transport.set_subsystem_handler("sftp", _Server, _folder(root))
                transports.append(transport)
                with suppress(paramiko.SSHException, EOFError):
                    transport.start_server(server=_Login())

        threading.Thread(target=serve, daemon=True).start()
        try:
            yield listening.getsockname()[1]
        finally:
            listening.shutdown(socket.SHUT_RDWR)
            for transport in transports:
                transport.close()
