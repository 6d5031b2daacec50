"""A host's server that receives notices as JSON: it verifies the sender, keeps each once, and can be told to misbehave."""

import base64
import hashlib
import hmac
import json
import threading
from dataclasses import dataclass
from typing import Any

from leeward.demo.world.server import LOOPBACK
from leeward.demo.world.web import Answer, Request, WebServer

TOLERANCE_SECONDS = 300
PATH = "/notices"


@dataclass(frozen=True, slots=True)
class Posted:
    """One delivery that was genuine: its identifier, what was in it, and whether it had been kept before."""

    id: str
    content: dict[str, Any]
    again: bool


class Receiver(WebServer):
    """Takes what is signed with one of its secrets at `/notices`: 204, 401 for anything else, or what its mood says."""

    def __init__(self, *, address: str = LOOPBACK, port: int = 0) -> None:
        super().__init__(addresses=(address,), port=port)
        self.secrets: set[str] = set()
        self._posted: list[Posted] = []
        self._moods: list[tuple[Answer, bool]] = []
        self._lock = threading.Lock()

    @property
    def webhook(self) -> str:
        """The address to post to."""
        return f"{self.url}{PATH}"

    def next(self, *answers: Answer, keeps: bool = False) -> None:
        """Answer the next requests like this; with `keeps` the delivery is kept all the same."""
        with self._lock:
            self._moods.extend((answer, keeps) for answer in answers)

    def calm_down(self) -> None:
        """Forget the answers that were set but not given yet."""
        with self._lock:
            self._moods.clear()

    def posted(self) -> list[Posted]:
        """Every genuine delivery so far, in order, including repeated ones."""
        with self._lock:
            return list(self._posted)

    def kept(self) -> dict[str, dict[str, Any]]:
        """Return the accepted notices by identifier, each once."""
        return {one.id: one.content for one in self.posted() if not one.again}

    def respond(self, request: Request) -> Answer:
        if request.method != "POST" or request.path != PATH:
            return Answer(404)
        with self._lock:
            mood, keeps = self._moods.pop(0) if self._moods else (Answer(204), True)
            if not any(is_genuine(request, secret) for secret in self.secrets):
                return Answer(401)
            if keeps:
                delivery = request.headers["webhook-id"]
                again = any(one.id == delivery for one in self._posted)
                self._posted.append(Posted(delivery, json.loads(request.body), again))
        return mood


def is_genuine(request: Request, secret: str) -> bool:
    """Whether one of a request's signatures is good and its time is near the time of receipt, as Standard Webhooks want it."""
    key = base64.b64decode(secret.removeprefix("whsec_"))
    delivery, sent_at = request.headers.get("webhook-id", ""), request.headers.get("webhook-timestamp", "")
    if not key or not sent_at.isdecimal() or abs(int(sent_at) - request.at.timestamp()) > TOLERANCE_SECONDS:
        return False
    signed = hmac.new(key, f"{delivery}.{sent_at}.".encode() + request.body, hashlib.sha256).digest()
    wanted = "v1," + base64.b64encode(signed).decode()
    given = request.headers.get("webhook-signature", "").split(" ")
    return any(hmac.compare_digest(wanted.encode(), one.encode()) for one in given)
