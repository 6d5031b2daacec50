"""A small IMAP server over TLS: one mailbox, as much of RFC 3501 as reading it takes."""

import imaplib
import re
import socketserver
import ssl
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Self

from leeward.demo.world.certificate import make_certificate


class ImapServer:
    """Keeps messages and their flags; `said` lists the commands that came, without the password."""

    def __init__(self, directory: Path, *, user: str = "leeward", password: str = "a long one") -> None:
        self.user, self.password = user, password
        self.messages: list[bytes] = []
        self.seen: set[int] = set()
        self.said: list[str] = []
        self.fails_on = ""
        self.behind_seconds = 0.0  # its clock
        self.hangs = False  # it goes on saying that it is at work, so that no time limit of the connection is reached
        self.made = make_certificate(directory, name="localhost")
        self._server = _Server(("127.0.0.1", 0), _Conversation)
        self._server.owner = self
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(self.made.certificate, self.made.key)
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.03,), daemon=True)

    @property
    def setting(self) -> str:
        """The value for `LEEWARD_MAILBOX`."""
        password = self.password.replace(" ", "%20")
        return f"imaps://{self.user}:{password}@localhost:{self._server.server_address[1]}/INBOX"

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Server(socketserver.ThreadingTCPServer):
    daemon_threads = True
    block_on_close = False
    allow_reuse_address = True
    owner: ImapServer

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that doesn't trust us hangs up; that is what some tests want."""


class _Conversation(socketserver.StreamRequestHandler):
    server: _Server
    timeout = 10

    def handle(self) -> None:
        self._say("* OK ready")
        while line := self.rfile.readline().decode("latin-1").strip():
            tag, _, command = line.partition(" ")
            owner = self.server.owner
            owner.said.append("LOGIN" if command.upper().startswith("LOGIN") else command)
            while owner.hangs:
                self._say("* OK still at work")
                time.sleep(0.2)
            if owner.fails_on and owner.fails_on in command.upper():
                self._say(f"{tag} NO not now")
                continue
            self._say(f"{tag} {self._answer(command)}")
            if command.upper() == "LOGOUT":
                return

    def _answer(self, command: str) -> str:
        owner, upper = self.server.owner, command.upper()
        if upper == "CAPABILITY":
            self._say("* CAPABILITY IMAP4rev1")
        elif upper.startswith("LOGIN"):
            good = owner.user in command and owner.password in command
            return "OK in" if good else "NO wrong name or password"
        elif upper.startswith(("SELECT", "EXAMINE")):
            self._say(f"* {len(owner.messages)} EXISTS")
            self._say(f"* OK [UIDNEXT {len(owner.messages) + 1}] next")
        elif upper.startswith("UID SEARCH SINCE"):
            self._say(f"* SEARCH {' '.join(str(uid) for uid in range(1, len(owner.messages) + 1))}".rstrip())
        elif match := re.match(r"UID FETCH ([\d,]+) \(INTERNALDATE BODY\.PEEK\[HEADER\.FIELDS", upper):
            for uid in map(int, match[1].split(",")):
                head = owner.messages[uid - 1].partition(b"\r\n\r\n")[0] + b"\r\n\r\n"
                about = f'* {uid} FETCH (UID {uid} INTERNALDATE "24-Nov-2026 10:00:00 +0000" BODY[HEADER.FIELDS (X)]<0>'
                self.wfile.write(f"{about} {{{len(head)}}}\r\n".encode() + head + b")\r\n")
        elif upper.startswith("UID SEARCH"):
            unseen = [str(uid) for uid in range(1, len(owner.messages) + 1) if uid not in owner.seen]
            self._say(f"* SEARCH {' '.join(unseen)}".rstrip())
        elif match := re.match(r"UID FETCH (\d+) \(INTERNALDATE BODY\.PEEK\[\]<0\.(\d+)>\)", upper):
            uid, most = int(match[1]), int(match[2])
            raw = owner.messages[uid - 1][:most]
            put = imaplib.Time2Internaldate(time.time() - owner.behind_seconds)
            about = f"* {uid} FETCH (UID {uid} INTERNALDATE {put} BODY[]<0> {{{len(raw)}}}\r\n"
            self.wfile.write(about.encode() + raw + b")\r\n")
        elif match := re.match(r"UID STORE (\d+) \+FLAGS \(\\SEEN\)", upper):
            owner.seen.add(int(match[1]))
        elif match := re.match(r"UID STORE ([\d,]+) -FLAGS\.SILENT \(\\SEEN\)", upper):
            owner.seen -= set(map(int, match[1].split(",")))
        elif upper == "LOGOUT":
            self._say("* BYE")
        return "OK done"

    def _say(self, line: str) -> None:
        self.wfile.write(line.encode() + b"\r\n")
