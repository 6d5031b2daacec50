"""Another country's hotline, an installation of its own behind a door that breaks: what is hosted there is reported to it."""

import json
import re
import secrets
import socket
import sqlite3
import time
import uuid
from collections.abc import Callable
from contextlib import ExitStack, closing
from datetime import UTC, datetime
from random import Random
from typing import Self

import httpx2
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from leeward.demo.abroad import COUNTRY
from leeward.demo.browserless import Browser
from leeward.demo.exchanging.link import Door
from leeward.demo.exchanging.processes import Process
from leeward.demo.exchanging.run import begun
from leeward.demo.play import sign_in
from leeward.demo.world import World, cast
from leeward.exchange.rules.signing import NONCE_BYTES, Request, key_id, sign_request
from tests.chaos.house import House
from tests.chaos.record import Record
from tests.tables import kept_tables

type Cure = Callable[[], object]
LIES = ("wrong signature", "unsigned", "500", "half", "slow", "twice")
SLOW_SECONDS = 5.0
PATIENCE_SECONDS = 120.0  # of those who meet before anything breaks
_UID = re.compile(rb"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


class LyingDoor(Door):
    """The port in front of the peer; `lie` says what becomes of its answers."""

    def __init__(self) -> None:
        super().__init__()
        self._listening.close()
        self._listening = socket.create_server((cast.FAR_SHORE_IP, 0))
        self.url = f"http://{cast.FAR_SHORE_IP}:{self._listening.getsockname()[1]}"
        self.lie, self.told = "", b""

    def _respond(self, request: bytes) -> bytes:
        head, _gap, body = request.partition(b"\r\n\r\n")
        if b"/messages " in head.partition(b"\r\n")[0]:
            self.told = body
        answer = super()._respond(request)
        match self.lie:
            case "wrong signature":
                return _resigned(answer)
            case "unsigned":
                return b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
            case "500":
                return b"HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n"
            case "slow":
                time.sleep(SLOW_SECONDS)
        return answer


def _resigned(answer: bytes) -> bytes:
    """Change a letter of the signature."""
    lines = answer.split(b"\r\n")
    for number, line in enumerate(lines):
        if line.lower().startswith(b"signature:"):
            at = line.index(b"=:") + 6
            lines[number] = line[:at] + (b"B" if line[at : at + 1] != b"B" else b"C") + line[at + 1 :]
    return b"\r\n".join(lines)


class Peer:
    """The other hotline. What it is told waits in its inbox; nobody works there."""

    def __init__(self, house: House, world: World, record: Record) -> None:
        self._house, self._world, self._record = house, world, record
        self._stack = ExitStack()

    def __enter__(self) -> Self:
        self.door = self._stack.enter_context(LyingDoor())
        networks = json.dumps([*cast.FETCHABLE, "127.0.0.1/32"])
        environment = self._world.environment() | {"LEEWARD_MAILBOX": "", "LEEWARD_FETCH_ALLOWED_NETWORKS": networks}
        self._data = begun(self._house.folder / "abroad", kept_tables())
        self._process = Process(self._data, COUNTRY, url=self.door.url, environment=environment)
        self.door.target = self._process.port
        self._stack.callback(self._process.stop)
        self._start()
        return self

    def __exit__(self, *_error: object) -> None:
        self._stack.close()

    def _start(self) -> None:
        self._process.start()
        self._process.wait()

    def meet(self) -> None:
        """Have two people of ours accept the invitation and confirm the key words."""
        link = self._process.order("invite")
        page = self._ours("carl").open("/desk/peers").form(having="link").fill({"link": link}).submit("act=accept")
        self._process.order("confirm")
        page = page.form(having="fallback").submit("act=confirm")
        change = page.texts("//main//a[contains(@href, '/changes/')]/@href")[0]
        self._ours("adam").open(change).form(having="answer").submit("answer=confirm")

    def _ours(self, who: str) -> Browser:
        return sign_in(Browser(self._house.url, transport=self._house.proxy, timeout_seconds=PATIENCE_SECONDS), who)

    def breaks(self, kind: str, chance: Random) -> Cure:
        """Break it, or what it says."""
        if kind == "peer killed":
            self._process.stop()
            return self._start
        if kind == "peer down":
            return self._fate("lost")
        lie = chance.choice(LIES)
        self.forge()
        if lie in ("half", "twice"):
            return self._fate("answer_cut" if lie == "half" else "twice")
        self.door.lie = lie
        return lambda: setattr(self.door, "lie", "")

    def _fate(self, fate: str) -> Cure:
        self.door.fate = fate  # type: ignore[assignment]
        return lambda: setattr(self.door, "fate", "arrives")

    def forge(self) -> None:
        """Send our house a report as the peer would, that the peer hasn’t signed: nothing of it may be taken."""
        if not self.door.told:
            return
        with closing(sqlite3.connect(self._data / "leeward.sqlite3", timeout=30)) as there:
            (card,) = there.execute("SELECT url FROM exchange_peer").fetchone()
        url = f"{card}/messages"
        own, theirs = Ed25519PrivateKey.generate(), self._house.value("SELECT name FROM exchange_peerkey")
        body = _UID.sub(str(uuid.uuid4()).encode(), self.door.told)
        signed = Request("POST", url, {"content-type": "application/json"}, body)
        sign_request(signed, own.private_bytes_raw(), nonce=secrets.token_hex(NONCE_BYTES), now=datetime.now(UTC))
        name = key_id(own.public_key().public_bytes_raw())
        as_theirs = {header: value.replace(name, theirs) for header, value in signed.headers.items()}
        for headers in ({"content-type": "application/json"}, signed.headers, as_theirs):
            try:
                with httpx2.Client(transport=self._house.proxy, timeout=20) as client:
                    answer = client.post(url, content=body, headers=headers)
            except httpx2.HTTPError:
                continue
            if answer.status_code < 400:
                self._record.wrong(f"what the peer hadn’t signed was answered with {answer.status_code}")

    def inbox(self) -> tuple[set[str], list[str]]:
        """Return what arrived at the peer, and what is there twice."""
        found = self._process.order("standing")
        return set(found["contents"]), list(found["twice"])
