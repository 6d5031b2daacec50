"""A client that asks a hotline's bank over HTTP for an agency. It uses only the standard library and sends only hashes,
never pictures.
"""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

from leeward.foundation.errors import BadInput, LeewardError
from leeward.foundation.plain_http import keeps_secrets, opener
from leeward.hashbank.rules.police import Asker

_MAX_BYTES = 64 << 20
_TRIES = 6
_BUSY = (429, 502, 503, 504)
_FIELDS = (
    "pdq",
    "pdq_nn512",
    "quality",
    "md5",
    "sha1",
    "sha256",
    "sha512",
    "ed2k",
    "ed2k_alt",
    "aich",
    "tth",
    "bt2",
    "photodna",
    "frames",
)
"""The fields of a row that are sent: never its name or path."""
type Ask = Callable[[Sequence[Mapping[str, Any]]], list[dict[str, Any]]]


class BankSilent(LeewardError):
    """The bank did not give a valid answer."""

    code = "bank_silent"
    sentence = "The hash bank at {host} can't be asked: {why}."
    hint = "Check the address and the key; what was answered before is kept."


class BankOverHttp:
    """A hotline's bank at `url`, queried with an agency's key; https only, except on loopback."""

    def __init__(
        self, url: str, key: str, *, timeout_seconds: float = 60.0, wait: Callable[[float], None] = time.sleep
    ) -> None:
        if not keeps_secrets(url):
            raise BadInput(what="--url", why="it must begin with https://")
        if not key.isascii() or not key.strip():
            raise BadInput(what="--token", why="it is no key")
        self._host = urlsplit(url).hostname or ""
        self._base = f"{url.rstrip('/')}/api/v1/police"
        self._key = key.strip()
        self._timeout_seconds = timeout_seconds
        self._wait = wait
        self._opener = opener()

    def ask(self, rows: Sequence[Mapping[str, Any]], asker: Asker) -> list[dict[str, Any]]:
        """Return an answer for each row of hashes (at most 1,000); waits and retries while the bank is busy. Raises
        BankSilent.
        """
        body = {
            "reference": asker.reference,
            "contact": asker.contact,
            "restriction": asker.restriction,
            "files": [{name: row[name] for name in _FIELDS if row.get(name)} for row in rows],
        }
        found = self._send("/ask", json.dumps(body).encode())
        answers = found.get("answers") if isinstance(found, dict) else None
        if not isinstance(answers, list) or len(answers) != len(rows):
            raise BankSilent(host=self._host, why="what it said is no answer")
        return answers

    def overlaps(self) -> list[dict[str, Any]]:
        """Return the other agencies that asked about the same records; raises BankSilent."""
        found = self._send("/overlaps", None)
        return found if isinstance(found, list) else []

    def _send(self, path: str, body: bytes | None) -> Any:
        for attempt in range(_TRIES):
            try:
                return self._once(path, body)
            except urllib.error.HTTPError as error:
                if error.code not in _BUSY or attempt == _TRIES - 1:
                    raise BankSilent(host=self._host, why=_reason(error)) from error
            except (OSError, HTTPException, ValueError) as error:
                if attempt == _TRIES - 1:
                    why = str(getattr(error, "reason", error)) or type(error).__name__
                    raise BankSilent(host=self._host, why=why) from error
            self._wait(min(0.5 * 2**attempt, 20.0))
        raise AssertionError("unreachable")

    def _once(self, path: str, body: bytes | None) -> Any:
        headers = {
            "Authorization": f"Bearer {self._key}",
            "Content-Type": "application/json",
            "Accept": "application/json",
        }
        request = urllib.request.Request(self._base + path, body, headers)  # noqa: S310 (the scheme is checked above)
        with self._opener.open(request, timeout=self._timeout_seconds) as answer:
            return json.loads(answer.read(_MAX_BYTES))


def _reason(error: urllib.error.HTTPError) -> str:
    """Return the detail of a problem response, or the status where there is none."""
    try:
        return str(json.loads(error.read(1 << 16))["title"]).rstrip(".")
    except (ValueError, KeyError, TypeError, OSError):
        return f"status {error.code}"
