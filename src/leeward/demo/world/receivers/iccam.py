"""INHOPE's ICCAM, version 3, as observed from a public client: tokens, and the rules that the client was seen to keep."""

import json
import threading
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from leeward.demo.world.server import LOOPBACK
from leeward.demo.world.web import Answer, Request, WebServer

TOKEN_SECONDS = 1800
_JSON = "application/json"
_FIELDS = frozenset({"site-type", "commerciality", "payment-methods"})
_BASELINE = 1


@dataclass(slots=True)
class Item:
    """A report with its one content: assessment, fields, actions."""

    report: dict[str, Any]
    assessment: dict[str, Any] | None = None
    fields: dict[str, Any] = field(default_factory=dict)
    actions: list[dict[str, Any]] = field(default_factory=list)

    @property
    def is_monitored(self) -> bool:
        """Return whether all three fields are set, without which nobody follows it."""
        return len(self.fields) == len(_FIELDS)


class IccamServer(WebServer):
    """`items` are the reports by number; `next` sets the coming answers, a status or an answer as it is."""

    user, password = "leeward", "demonstration"

    def __init__(self, *, address: str = LOOPBACK, port: int = 0) -> None:
        super().__init__(addresses=(address,), port=port)
        self.items: dict[int, Item] = {}
        self.clock: datetime | None = None
        self._tokens: dict[str, datetime] = {}
        self._moods: list[int | Answer | None] = []
        self._lock = threading.Lock()

    def next(self, *answers: int | Answer | None) -> None:
        """Answer the next requests like this; None stands for the usual answer."""
        self._moods.extend(answers)

    def respond(self, request: Request) -> Answer:
        with self._lock:
            mood = self._moods.pop(0) if self._moods else None
            if isinstance(mood, Answer):
                return mood
            if mood is not None:
                return _answer(mood, {"message": "as it was told to answer"})
            try:
                body = json.loads(request.body) if request.body else None
            except ValueError:
                return _answer(400, {"message": "not JSON"})
            if request.path == "/Authentication" and request.method == "POST":
                return self._sign_in(body)
            token = request.headers.get("authorization", "").removeprefix("Bearer ")
            if self._tokens.get(token, datetime.min.replace(tzinfo=UTC)) < self._now():
                return _answer(401, {"message": "no token, or one that ran out"})
            return self._routed(request, body)

    def _sign_in(self, body: Any) -> Answer:
        if body != {"username": self.user, "password": self.password}:
            return _answer(401, {"message": "user or password"})
        token = f"token{len(self._tokens) + 1}"
        self._tokens[token] = self._now() + timedelta(seconds=TOKEN_SECONDS)
        return _answer(200, {"bearerToken": token, "refreshToken": "", "bearerTokenExpiresIn": TOKEN_SECONDS})

    def _routed(self, request: Request, body: Any) -> Answer:
        parts = request.path.strip("/").split("/")
        if parts == ["rest", "reports"] and request.method == "POST":
            return self._report(body)
        return self._of_item(request, parts, body)

    def _of_item(self, request: Request, parts: list[str], body: Any) -> Answer:
        kind, number = (parts[1], parts[2]) if len(parts) > 2 and parts[0] == "rest" else ("", "")
        item = self.items.get(int(number)) if number.isdecimal() else None
        if item is None:
            return _answer(404, {"message": "no such thing"})
        match (request.method, kind, parts[3:]):
            case ("GET", "Reports", []):
                return _answer(200, item.report | {"reportId": int(number), "urls": [{"contentId": int(number)}]})
            case ("GET", "Content", []):
                return _answer(200, {"assessment": item.assessment, "actions": item.actions})
            case ("PUT", "Content", ["assessment"]):
                return _assess(item, body)
            case ("POST", "Content", ["actions"]):
                return _act(item, body)
        return _set_field(item, request, parts[3:], body)

    def _report(self, body: Any) -> Answer:
        if not isinstance(body, dict) or not body.get("hotlineReference") or len(body.get("urls", [])) != 1:
            return _answer(400, {"message": "it needs a reference and one address"})
        for number, item in self.items.items():
            if item.report["hotlineReference"] == body["hotlineReference"]:
                return _answer(409, {"message": "the reference is taken", "reportId": number})
        number = 700_001 + len(self.items)
        self.items[number] = Item(body)
        return _answer(201, {"reportId": number})

    def _now(self) -> datetime:
        return self.clock or datetime.now(UTC)


def _assess(item: Item, body: Any) -> Answer:
    """Take the last assessment, unless the one there is baseline, or something was done already."""
    if item.actions:
        return _answer(409, {"message": "there are actions"})
    if item.assessment is not None and item.assessment["classification"] == _BASELINE and body != item.assessment:
        return _answer(409, {"message": "baseline is not assessed again"})
    item.assessment = body
    return _answer(204)


def _set_field(item: Item, request: Request, path: list[str], body: Any) -> Answer:
    if request.method != "PUT" or path[:1] != ["source-url"] or path[-1] not in _FIELDS:
        return _answer(405, {"message": "not here"})
    item.fields[path[-1]] = request.query or body
    return _answer(204)


def _act(item: Item, body: Any) -> Answer:
    if item.assessment is None or not item.is_monitored:
        return _answer(409, {"message": "assessment and fields come first"})
    if ("reasonId" in body) != (body["actionType"] > 3):
        return _answer(400, {"message": "a reason belongs to some actions only"})
    item.actions.append(body)
    return _answer(204)


def _answer(status: int, body: Any = None) -> Answer:
    return Answer(status, b"" if body is None else json.dumps(body).encode(), _JSON)
