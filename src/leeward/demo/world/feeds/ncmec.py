"""NCMEC's hash sharing, version 2, for one collection: /v2/status, /v2/entries with pages, feedback by PUT."""

from base64 import b64encode
from datetime import UTC, datetime
from urllib.parse import urlencode
from xml.sax.saxutils import escape, quoteattr

from leeward.demo.world.feeds.feed import UNAUTHORISED, HashFeed
from leeward.demo.world.web import Answer, Request

SPACE = "https://hashsharing.ncmec.org/hashsharing/v2"
REASON = "01234567-abcd-0123-4567-012345678900"
_XML = "application/xml;charset=UTF-8"


class NcmecFeed(HashFeed):
    """Entries have a member (number, name), fingerprints, a classification, and feedback (member: up or down)."""

    user, password = "leeward", "demonstration"
    us = (7, "Hotline of the demonstration")

    def add(
        self,
        number: str,
        prints: dict[str, str],
        *,
        member: tuple[int, str] = (42, "Example Member"),
        label: str = "A1",
        video: bool = False,
        up: tuple[tuple[int, str], ...] = (),
        down: tuple[tuple[int, str], ...] = (),
        at: int | None = None,
    ) -> None:
        """Add an entry or change it. `at`: its time stamp, where it appears later than that says."""
        self.put(number, at=at, prints=prints, member=member, label=label, video=video, up=up, down=down)

    @property
    def secrets(self) -> dict[str, str]:
        """The secrets that give access to it."""
        return {"user": self.user, "password": self.password}

    def answer(self, request: Request) -> Answer:
        wanted = "Basic " + b64encode(f"{self.user}:{self.password}".encode()).decode()
        if request.headers.get("authorization") != wanted:
            return UNAUTHORISED
        if request.path == "/v2/status":
            number, name = self.us
            return _xml(f'<status xmlns="{SPACE}"><member id="{number}">{escape(name)}</member></status>')
        if request.path == "/v2/entries":
            return _xml(self._entries(request))
        if request.path.startswith("/v2/feedback/"):
            reason = f'<reason guid="{REASON}" name="Not illegal" type="Md5"/>'
            reasons = f"<availableFeedbackReasons>{reason}</availableFeedbackReasons>"
            return _xml(f'<queryResult xmlns="{SPACE}">{reasons}</queryResult>')
        return self._feedback(request)

    def _feedback(self, request: Request) -> Answer:
        parts = request.path.split("/")
        if request.method != "PUT" or len(parts) != 7 or parts[3:5] != [self._member(parts[4]), parts[4]]:
            return Answer(404)
        kind = {"MD5": "md5", "SHA1": "sha1", "PDQ": "pdq", "PDNA": "pdna"}.get(parts[5], "")
        if kind not in self.entries[parts[4]]["prints"]:
            return Answer(404)
        word = "down" if b"<negative>" in request.body else "up"
        self.replied.append({"entry": parts[4], "kind": parts[5], "word": word, "body": request.body.decode()})
        self.entries[parts[4]] |= {word: (self.us,), "at": self.tick()}
        return _xml(f'<submissionResult xmlns="{SPACE}"/>')

    def _member(self, number: str) -> str:
        return str(self.entries[number]["member"][0]) if number in self.entries else ""

    def _entries(self, request: Request) -> str:
        form = {name: values[0] for name, values in request.form.items()}
        found = self.changed(_seconds(form["from"]), _seconds(form["to"]))
        start = int(form.get("start", 0))
        some = found[start : start + self.page_size]
        shown = ""
        for name in ("image", "video"):
            mine = [(number, one) for number, one in some if one["video"] == (name == "video")]
            if not mine:
                shown += f'<{name}s count="0"/>'
                continue
            newest = _stamp(max(one["at"] for _number, one in mine))
            inside = "".join(_entry(name, number, one) for number, one in mine)
            shown += f'<{name}s count="{len(mine)}" maxTimestamp="{newest}">{inside}</{name}s>'
        if start + self.page_size < len(found):
            query = {"from": form["from"], "to": form["to"], "start": start + self.page_size, "size": self.page_size}
            link = "/v2/entries?" + urlencode(query | {"max": len(found)})
            shown += f"<paging><next>{escape(link)}</next></paging>"
        return f'<queryResult xmlns="{SPACE}">{shown}</queryResult>'


def _entry(name: str, number: str, one: dict) -> str:  # type: ignore[type-arg]  # what an entry holds differs
    tag = f"deleted{name.capitalize()}" if one["gone"] else name
    member, who = one["member"]
    head = f'<member id="{member}">{escape(who)}</member><timestamp>{_stamp(one["at"])}</timestamp><id>{number}</id>'
    if one["gone"]:
        return f"<{tag}>{head}</{tag}>"
    label = f"<classification>{one['label']}</classification>" if one["label"] else ""
    prints = "".join(f"<{kind}>{text}</{kind}>" for kind, text in one["prints"].items())
    return f"<{tag}>{head}{label}<fingerprints>{prints}</fingerprints>{_votes(one)}</{tag}>"


def _votes(one: dict) -> str:  # type: ignore[type-arg]  # as above
    shown = ""
    for word, tag in (("up", "affirmativeFeedback"), ("down", "negativeFeedback")):
        if one[word]:
            named = "".join(f'<member id="{number}">{escape(who)}</member>' for number, who in one[word])
            members = f"<members>{named}</members>"
            if word == "down":
                members = (
                    f'<reasons><reason guid={quoteattr(REASON)} name="Not illegal" type="Md5"/>{members}</reasons>'
                )
            shown += f'<{tag} type="Md5">{members}</{tag}>'
    return f"<feedback>{shown}</feedback>"


def _xml(body: str) -> Answer:
    return Answer(200, f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>{body}'.encode(), _XML)


def _stamp(at: int) -> str:
    return datetime.fromtimestamp(at, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _seconds(text: str) -> int:
    return int(datetime.strptime(text, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp())
