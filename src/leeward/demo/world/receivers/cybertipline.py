"""NCMEC's CyberTipline: reports are opened, added to, finished or withdrawn; an unfinished one vanishes after a day."""

import threading
from base64 import b64encode
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from hashlib import md5

from lxml import etree

from leeward.demo.world.server import LOOPBACK
from leeward.demo.world.web import Answer, Request, WebServer
from leeward.outputs.rules.cybertip_check import Malformed, own_refusals, parse, schema_faults
from leeward.outputs.rules.cybertip_steps import CODES, OK

_XML = "text/xml;charset=UTF-8"
_LIVES, _LIVES_AFTER_CHANGE = timedelta(hours=24), timedelta(hours=1)


@dataclass(slots=True)
class Tip:
    """A report: what was submitted, the files with what was said of them, and how it ended."""

    document: bytes
    opened_at: datetime
    changed_at: datetime
    state: str = "open"
    files: dict[str, bytes] = field(default_factory=dict)
    details: dict[str, bytes] = field(default_factory=dict)


class CyberTiplineServer(WebServer):
    """`tips` are the reports by number; `next` sets the coming answers, a code or an answer as it is; `clock` is its time."""

    user, password = "leeward", "demonstration"

    def __init__(self, *, address: str = LOOPBACK, port: int = 0) -> None:
        super().__init__(addresses=(address,), port=port)
        self.tips: dict[int, Tip] = {}
        self.clock: datetime | None = None
        self._moods: list[int | Answer | None] = []
        self._lock = threading.Lock()

    def next(self, *answers: int | Answer | None) -> None:
        """Answer the next requests like this; None stands for the usual answer."""
        self._moods.extend(answers)

    @property
    def finished(self) -> list[int]:
        """Return the numbers of the reports that were finished: those that count."""
        return [number for number, tip in self.tips.items() if tip.state == "finished"]

    def respond(self, request: Request) -> Answer:
        with self._lock:
            mood = self._moods.pop(0) if self._moods else None
            if isinstance(mood, Answer):
                return mood
            if mood is not None:
                return _response(mood)
            wanted = "Basic " + b64encode(f"{self.user}:{self.password}".encode()).decode()
            if request.headers.get("authorization") != wanted:
                return _response(2000)
            return self._answer(request)

    def _answer(self, request: Request) -> Answer:
        call = request.path.rpartition("/")[2]
        calls = {"submit": self._submit, "fileinfo": self._fileinfo, "upload": self._upload}
        if request.method != "POST":
            return _response(OK if call == "status" else 4000)
        if call in ("finish", "retract"):
            return self._end(call, request.form.get("id", [""])[0])
        return calls[call](request) if call in calls else _response(1210)

    def _submit(self, request: Request) -> Answer:
        root = _root(request.body)
        if root is None:
            return _response(4110)
        if root.tag != "report" or schema_faults(root) or own_refusals(root, self._now()):
            return _response(4100)
        number = 4_564_654 + len(self.tips)
        self.tips[number] = Tip(request.body, self._now(), self._now())
        return _response(OK, reportId=number)

    def _upload(self, request: Request) -> Answer:
        whole = b"Content-Type: " + request.headers.get("content-type", "").encode() + b"\r\n\r\n" + request.body
        parts: dict[str, bytes] = {}
        for part in message_from_bytes(whole).walk():
            name, content = part.get_param("name", header="content-disposition"), part.get_payload(decode=True)
            if isinstance(name, str) and isinstance(content, bytes):
                parts[name] = content
        tip = self._open(parts.get("id", b"").decode())
        if isinstance(tip, int):
            return _response(tip)
        content = parts.get("file", b"")
        if not content:
            return _response(4200)
        name = f"b{len(tip.files) + 1:02}"
        tip.files[name], tip.changed_at = content, self._now()
        return _response(OK, fileId=name, hash=md5(content, usedforsecurity=False).hexdigest())

    def _fileinfo(self, request: Request) -> Answer:
        root = _root(request.body)
        if root is None:
            return _response(4110)
        if root.tag != "fileDetails" or schema_faults(root) or own_refusals(root, self._now()):
            return _response(4100)
        tip, name = self._open(root.findtext("reportId") or ""), root.findtext("fileId") or ""
        if isinstance(tip, int):
            return _response(tip)
        if name not in tip.files:
            return _response(5002)
        tip.details[name], tip.changed_at = request.body, self._now()
        return _response(OK, reportId=int(root.findtext("reportId") or 0))

    def _end(self, call: str, number: str) -> Answer:
        tip = self._open(number)
        if isinstance(tip, int):
            return _response(tip)
        tip.state = "finished" if call == "finish" else "retracted"
        if call == "retract":
            return _response(OK, reportId=int(number))
        files = "".join(f"<fileId>{name}</fileId>" for name in tip.files)
        body = f"<responseCode>0</responseCode><reportId>{number}</reportId><files>{files}</files>"
        return Answer(200, f"<reportDoneResponse>{body}</reportDoneResponse>".encode(), _XML)

    def _open(self, number: str) -> Tip | int:
        """Return an open report, or the code that says why there is none."""
        tip = self.tips.get(int(number)) if number.isascii() and number.isdecimal() else None
        if tip is None:
            return 5001
        if tip.state == "open" and self._now() > max(tip.opened_at + _LIVES, tip.changed_at + _LIVES_AFTER_CHANGE):
            tip.state = "vanished"
        if tip.state == "open":
            return tip
        return {"finished": 5102, "retracted": 5101}.get(tip.state, 5001)

    def _now(self) -> datetime:
        return self.clock or datetime.now(UTC)


def _root(body: bytes) -> "etree._Element | None":
    try:
        return parse(body)
    except Malformed:
        return None


def _response(code: int, **values: object) -> Answer:
    inside = "".join(f"<{name}>{value}</{name}>" for name, value in values.items())
    body = f"<responseCode>{code}</responseCode><responseDescription>{CODES[code]}</responseDescription>{inside}"
    return Answer(200, f'<?xml version="1.0" encoding="UTF-8"?><reportResponse>{body}</reportResponse>'.encode(), _XML)
