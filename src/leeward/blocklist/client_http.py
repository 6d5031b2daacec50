"""A transport over HTTP that uses only the standard library."""

import json
import urllib.error
import urllib.request
from collections.abc import Sequence
from http.client import HTTPException
from urllib.parse import quote

from leeward.blocklist.client import AskFailed
from leeward.blocklist.rules.errors import BadCoding, BadUpdate
from leeward.blocklist.rules.hash_list_wire import MEDIA_TYPE
from leeward.blocklist.rules.search import Answer, question_as_json, read_answer
from leeward.foundation.errors import BadInput
from leeward.foundation.plain_http import keeps_secrets, opener

_MAX_BYTES = 64 << 20
_NOTHING_NEW, _NEVER_PUBLISHED = 304, 409


class HttpTransport:
    """A source under `base_url`, with a subscriber's token; https only, except on loopback."""

    def __init__(self, base_url: str, list_name: str, token: str, *, timeout_seconds: float = 10.0) -> None:
        if not keeps_secrets(base_url):
            raise BadInput(what="The address of the list", why="it must begin with https://")
        self._feed = f"{base_url.rstrip('/')}/api/v1/feeds/{quote(list_name, safe='')}"
        self._name = list_name
        self._token = token
        self._timeout_seconds = timeout_seconds
        self._opener = opener()

    def fetch(self, version: bytes) -> bytes | None:
        """Return the update since a version, or None if there is none; raises AskFailed, and BadUpdate for an unknown
        version.
        """
        since = f"?since={quote(version, safe='')}" if version else ""
        return self._send(f"/hashes{since}", {"Accept": MEDIA_TYPE})

    def search(self, prefixes: Sequence[bytes]) -> Answer:
        """Return the digests behind these prefixes; raises AskFailed."""
        body = json.dumps(question_as_json(prefixes)).encode()
        headers = {"Content-Type": "application/json", "Accept": "application/json"}
        content = self._send("/search", headers, body)
        try:
            return read_answer(json.loads(content or b"null"))
        except (ValueError, BadCoding) as error:
            raise AskFailed("what it said is no answer") from error

    def _send(self, path: str, headers: dict[str, str], body: bytes | None = None) -> bytes | None:
        headers["Authorization"] = f"Bearer {self._token}"
        request = urllib.request.Request(self._feed + path, body, headers)  # noqa: S310 (the scheme is checked above)
        try:
            with self._opener.open(request, timeout=self._timeout_seconds) as answer:
                content: bytes = answer.read(_MAX_BYTES + 1)
                status: int = answer.status
        except urllib.error.HTTPError as error:
            if error.code == _NOTHING_NEW:
                return None
            if error.code == _NEVER_PUBLISHED:
                raise BadUpdate(self._name, "its source has never published this version") from error
            raise AskFailed(f"status {error.code}") from error
        except (OSError, HTTPException) as error:
            raise AskFailed(str(getattr(error, "reason", error)) or type(error).__name__) from error
        if len(content) > _MAX_BYTES:
            raise AskFailed("it sent more than any list holds")
        return None if status == 204 else content
