"""The part of another hotline's Leeward that serves one signed list: whole, as changes, in ranges."""

import base64
import csv
import hashlib
import io
import json
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from leeward.demo.world.feeds.feed import UNAUTHORISED, HashFeed
from leeward.demo.world.web import Answer, Request

LIST = "national"
_COLUMNS = ("md5", "sha1", "sha256", "pdq", "facts", "verdict", "foreign_id", "gone", "said_at", "votes")


class LeewardFeed(HashFeed):
    """Rows of a list; each `publish` creates a version, signed with the current key."""

    key = "1-demonstration"

    def __init__(self, *, port: int = 0) -> None:
        super().__init__(port=port)
        self._signer = Ed25519PrivateKey.generate()
        self._versions: list[dict[str, dict[str, Any]]] = []

    @property
    def public_key(self) -> str:
        """The current signing key."""
        raw = self._signer.public_key().public_bytes(Encoding.Raw, PublicFormat.Raw)
        return base64.b64encode(raw).decode()

    @property
    def secrets(self) -> dict[str, str]:
        """The secrets that give access to it."""
        return {"key": self.key}

    def renew_key(self) -> None:
        """Sign with another key from now on."""
        self._signer = Ed25519PrivateKey.generate()

    def add(self, number: str, **cells: str) -> None:
        """Add or change a row; it is part of the next version."""
        self.put(number, cells={"verdict": "confirm", **cells})

    def publish(self) -> int:
        """Publish a version with the current rows."""
        self._versions.append({number: dict(one) for number, one in self.entries.items()})
        return len(self._versions)

    def go_back(self) -> None:
        """Lose the newest version, like a server that was restored from a backup."""
        self._versions.pop()

    def answer(self, request: Request) -> Answer:
        if request.headers.get("authorization") != f"Bearer {self.key}":
            return UNAUTHORISED
        if request.method == "POST" and request.path == "/api/v1/check/feedback":
            feedback = json.loads(request.body)
            self.replied.append(
                {"entry": str(feedback["record"]), "word": "right" if feedback["is_right"] else "wrong"}
            )
            return Answer(204)
        if request.path != f"/api/v1/hash-lists/{LIST}/csv" or not self._versions:
            return Answer(404)
        version, since = len(self._versions), int(request.form.get("since", ["0"])[0])
        if since > version:
            return Answer(409, b"{}", "application/problem+json")
        if since == version:
            return Answer(304)
        return self._part(request, self._file(version, since), version, since)

    def _file(self, version: int, since: int) -> bytes:
        before = self._versions[since - 1] if since else {}
        out = io.StringIO()
        table = csv.DictWriter(out, _COLUMNS, lineterminator="\n")
        table.writeheader()
        for number, one in self._versions[version - 1].items():
            if one != before.get(number) and (since or not one["gone"]):
                table.writerow(one["cells"] | {"foreign_id": number, "gone": "1" if one["gone"] else ""})
        return out.getvalue().encode()

    def _part(self, request: Request, body: bytes, version: int, since: int) -> Answer:
        sha256 = hashlib.sha256(body).hexdigest()
        text = "".join(f"{line}\n" for line in ("leeward-hash-copy 1", LIST, "csv", version, since, sha256))
        headers = [
            ("Leeward-Version", str(version)),
            ("Leeward-Since", str(since)),
            ("Leeward-SHA256", sha256),
            ("Leeward-Signature", base64.b64encode(self._signer.sign(text.encode())).decode()),
            ("ETag", f'"{sha256[:32]}"'),
        ]
        byte_range = request.headers.get("range", "")
        if not byte_range or request.headers.get("if-range", f'"{sha256[:32]}"') != f'"{sha256[:32]}"':
            return Answer(200, body, "text/csv", tuple(headers))
        first, last = (int(one) for one in byte_range.removeprefix("bytes=").split("-"))
        last = min(last, len(body) - 1)
        headers.append(("Content-Range", f"bytes {first}-{last}/{len(body)}"))
        return Answer(206, body[first : last + 1], "text/csv", tuple(headers))
