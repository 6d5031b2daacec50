"""StopNCII's routes: FetchHashes with pages, SubmitFeedback."""

import json
from typing import Any

from leeward.demo.world.feeds.feed import UNAUTHORISED, HashFeed
from leeward.demo.world.web import Answer, Request


class StopNciiFeed(HashFeed):
    """Records are keyed by their hash; feedback is (company, value)."""

    def add(self, text: str, *, kind: str = "ImagePDQ", feedback: tuple[tuple[str, str], ...] = ()) -> None:
        """Add a hash, or change what is said of it."""
        self.put(text, kind=kind, feedback=feedback)

    @property
    def secrets(self) -> dict[str, str]:
        """The secrets that give access to it."""
        return {"subscription_key": "subscription", "fetch_key": "fetch", "feedback_key": "feedback"}

    def answer(self, request: Request) -> Answer:
        key = request.headers.get("x-functions-key")
        if request.headers.get("ocp-apim-subscription-key") != "subscription":
            return UNAUTHORISED
        if request.path == "/FetchHashes" and key == "fetch":
            return _json(self._page({name: values[0] for name, values in request.form.items()}))
        if request.path == "/SubmitFeedback" and key == "feedback":
            feedback = json.loads(request.body)["hashFeedbacks"]
            self.replied += [{"entry": one["hashValue"], "word": one["feedbackValue"]} for one in feedback]
            return _json({"ok": True})
        return UNAUTHORISED if key not in ("fetch", "feedback") else Answer(404)

    def _page(self, form: dict[str, str]) -> dict[str, Any]:
        since = int(form["startTimestamp"])
        found = self.changed(since + 1)
        start = int(form.get("nextPageToken", 0))
        size = min(int(form["pageSize"]), self.page_size)
        some = found[start : start + size]
        more = start + size < len(found)
        return {
            "count": len(some),
            "nextPageToken": str(start + size) if more else None,
            "nextSetTimestamp": max([since, *(one["at"] for _text, one in found)]),
            "hasMoreRecords": more,
            "hashRecords": [_record(text, one) for text, one in some],
        }


def _record(text: str, one: dict[str, Any]) -> dict[str, Any]:
    status = "Withdrawn" if one["gone"] else "Active"
    return {
        "lastModtimestamp": one["at"],
        "signalType": one["kind"],
        "hashValue": text,
        "hashStatus": status,
        "caseNumbers": {"case-1": status},
        "CSPFeedbacks": [{"source": who, "feedbackValue": value, "tags": []} for who, value in one["feedback"]],
    }


def _json(found: Any) -> Answer:
    return Answer(200, json.dumps(found).encode(), "application/json; charset=utf-8")
