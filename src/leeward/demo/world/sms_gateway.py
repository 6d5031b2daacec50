"""A gateway for text messages: it posts what a phone sends to the hotline's address, and hands back what it is to send.

As real ones do it posts again when it gets no good answer, with the same identifier. By hand, as a phone would:
`python -m leeward.demo.world.sms_gateway https://HOTLINE/jm/sms/plain/KEY +18765550101`.
"""

import http.client
import json
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import count
from urllib.parse import urlencode, urlsplit

MOST_TRIES = 3
TIMEOUT_SECONDS = 30.0


@dataclass(slots=True)
class SmsGateway:
    """A gateway of one of the two shapes, `plain` or `rapidpro`, which the address names."""

    address: str
    tries: int = 0
    _ids: Iterator[int] = field(default_factory=lambda: count(1))

    def text(self, number: str, words: str, *, again: str = "") -> list[str]:
        """Post one text of a phone and return the messages for it. `again`: with the identifier of an earlier one. Raises
        OSError if the hotline does not take it."""
        is_flow = "/sms/rapidpro/" in self.address
        message_id = again or str(next(self._ids))
        given = {"from": number, "text": words, "id": message_id}
        flow = {
            "contact": {"uuid": number, "urn": f"tel:{number}"},
            "input": {"text": words, "uuid": message_id, "attachments": []},
        }
        body = json.dumps(flow) if is_flow else urlencode(given)
        kind = "application/json" if is_flow else "application/x-www-form-urlencoded"
        for _ in range(MOST_TRIES):
            self.tries += 1
            status, answer = self._post(body.encode(), kind)
            if status == http.HTTPStatus.OK:
                return list(json.loads(answer)["messages"]) if is_flow else answer.splitlines()
        raise OSError(f"the hotline answers {status}")

    def _post(self, body: bytes, kind: str) -> tuple[int, str]:
        parts = urlsplit(self.address)
        made = http.client.HTTPSConnection if parts.scheme == "https" else http.client.HTTPConnection
        connection = made(parts.hostname or "", parts.port, timeout=TIMEOUT_SECONDS)
        try:
            connection.request("POST", parts.path, body, {"Content-Type": kind})
            answer = connection.getresponse()
            return answer.status, answer.read().decode()
        finally:
            connection.close()


def main(address: str, number: str) -> int:
    """Send each line of the terminal as a text, and print what is written back."""
    gateway = SmsGateway(address)
    for line in sys.stdin:
        for message in gateway.text(number, line.strip()):
            print(message)
    return 0


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:3]))
