"""INHOPE's ICCAM, version 3, as observed from a public client: sign in for a token, then calls in JSON."""

import json
from collections.abc import Mapping
from typing import Any
from urllib.parse import quote, urlencode

from leeward.foundation.http import Answer, Client
from leeward.foundation.http.client import Method
from leeward.outputs.protocols.line import Credentials, Reply, send, silence

_JSON = "application/json"
_UNAUTHORISED = 401
_GOOD = range(200, 300)


class Iccam:
    """The calls to one installation of it. A token that ran out is replaced once."""

    def __init__(self, way: Client, there: Credentials) -> None:
        self._way, self._there, self._url = way, there, there.url.rstrip("/")
        self._token = ""

    def sign_in(self) -> Reply:
        """Get a token."""
        body = {"username": self._there.user, "password": self._there.password}
        reply = self._once("POST", "Authentication", body)
        token = reply.values.get("bearerToken")
        if reply.code in _GOOD and not (isinstance(token, str) and token.isascii() and token.isprintable()):
            return Reply(None, "answer_incomplete")
        self._token = str(token) if reply.code in _GOOD else ""
        return reply

    def report(self, document: Mapping[str, Any]) -> Reply:
        """Report; the reply holds its number."""
        return self._call("POST", "rest/reports", document)

    def read_report(self, number: str) -> Reply:
        """Read a report with its contents."""
        return self._call("GET", f"rest/Reports/{quote(number, safe='')}")

    def read_content(self, number: str) -> Reply:
        """Read a content with its actions."""
        return self._call("GET", f"rest/Content/{quote(number, safe='')}")

    def assess(self, number: str, assessment: Mapping[str, Any]) -> Reply:
        """Set the assessment of a content; the last one wins."""
        return self._call("PUT", f"rest/Content/{quote(number, safe='')}/assessment", assessment)

    def set_fields(self, number: str, fields: Mapping[str, Any]) -> Reply:
        """Set the three fields of a report without which nobody follows it."""
        there = f"rest/Reports/{quote(number, safe='')}/source-url"
        site, trade = fields["sourceUrlSiteType"], fields["sourceUrlCommerciality"]
        calls: tuple[tuple[str, Any], ...] = (
            (f"{there}/site-type?{urlencode({'siteType': site})}", None),
            (f"{there}/commerciality?{urlencode({'commerciality': trade})}", None),
            (f"{there}/payment-methods", list(fields["sourceUrlPaymentMethods"])),
        )
        reply = Reply(None, "nothing_set", was_sent=False)
        for path, body in calls:
            reply = self._call("PUT", path, body)
            if reply.code not in _GOOD:
                break
        return reply

    def act(self, number: str, action: Mapping[str, Any]) -> Reply:
        """Say what was done about a content."""
        return self._call("POST", f"rest/Content/{quote(number, safe='')}/actions", action)

    def _call(self, method: Method, path: str, body: Any = None) -> Reply:
        reply = self._once(method, path, body)
        if reply.code != _UNAUTHORISED:
            return reply
        signed_in = self.sign_in()
        return self._once(method, path, body) if signed_in.code in _GOOD else signed_in

    def _once(self, method: Method, path: str, body: Any = None) -> Reply:
        headers = {"Accept": _JSON}
        content = None if body is None else json.dumps(body).encode()
        if content is not None:
            headers["Content-Type"] = _JSON
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        return _read(send(self._way, method, f"{self._url}/{path}", content, headers))


def _read(answer: Answer) -> Reply:
    """Return what an answer says; its code is the HTTP status, for there is no other."""
    if answer.outcome != "answered":
        return silence(answer, answer.outcome)
    problem = "" if answer.status in _GOOD else f"http_{answer.status}"
    if not answer.body or (problem and answer.content_type != _JSON):
        return Reply(answer.status, problem)
    if answer.content_type != _JSON:
        return silence(answer, "not_json")
    try:
        values = json.loads(answer.body)
    except (ValueError, RecursionError):
        values = None
    if not isinstance(values, dict):
        return silence(answer, "answer_malformed")
    return Reply(answer.status, problem, values=values)
