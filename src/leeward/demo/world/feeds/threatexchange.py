"""A privacy group as ThreatExchange's API gives it out: threat_updates with pages, reactions to descriptors."""

import json
from typing import Any
from urllib.parse import urlencode

from leeward.demo.world.feeds.feed import UNAUTHORISED, HashFeed
from leeward.demo.world.web import Answer, Request

GROUP = "303636684709969"


class ThreatExchangeFeed(HashFeed):
    """Indicators with descriptors: (number, owner's number and name, status)."""

    token = "1234567890|demonstration-demonstration"

    def add(
        self,
        number: str,
        text: str,
        *descriptors: tuple[str, str, str, str],
        kind: str = "HASH_PDQ",
        reactions: dict[str, str] | None = None,
        share: str = "",
    ) -> None:
        """Add an indicator, or change how it is described."""
        self.put(number, text=text, kind=kind, descriptors=descriptors, reactions=reactions or {}, share=share)

    @property
    def secrets(self) -> dict[str, str]:
        """The secrets that give access to it."""
        return {"access_token": self.token}

    def answer(self, request: Request) -> Answer:
        form = {name: values[0] for name, values in request.form.items()}
        if form.get("access_token") != self.token:
            return UNAUTHORISED
        if request.path == f"/{GROUP}/threat_updates/":
            return _json(self._page(form))
        if request.method == "POST":
            self.replied.append({"entry": request.path.strip("/"), "word": form["reactions"]})
            return _json({"success": True})
        return Answer(404)

    def _page(self, form: dict[str, str]) -> dict[str, Any]:
        found = self.changed(int(form.get("start_time") or 0) + 1)
        start = int(form.get("after", 0))
        size = min(int(form["limit"]), self.page_size)
        page: dict[str, Any] = {"data": [_update(number, one) for number, one in found[start : start + size]]}
        if start + size < len(found):
            query = form | {"after": str(start + size)}
            page["paging"] = {"next": f"{self.url}/{GROUP}/threat_updates/?{urlencode(query)}"}
        return page


def _update(number: str, one: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "id": number,
        "indicator": one["text"],
        "type": one["kind"],
        "last_updated": one["at"],
        "should_delete": one["gone"],
    }
    if not one["gone"]:
        found["descriptors"] = {
            "data": [
                {
                    "id": own,
                    "owner": {"id": owner, "name": name},
                    "status": status,
                    "tags": {"data": [{"id": "1", "text": "example"}]},
                    "reactions": [{"key": key, "value": who} for key, who in one["reactions"].items()],
                    **({"share_level": one["share"]} if one["share"] else {}),
                }
                for own, owner, name, status in one["descriptors"]
            ]
        }
    return found


def _json(found: Any) -> Answer:
    return Answer(200, json.dumps(found).encode(), "application/json; charset=UTF-8")
