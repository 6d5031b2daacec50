"""The gateway for text messages posts over a socket, in both shapes, and again after a bad answer."""

import json

import pytest

from leeward.demo.world.sms_gateway import SmsGateway
from leeward.demo.world.web import Answer, Request, WebServer


class Hotline(WebServer):
    """Answers like the hotline's address, after as many failures as it is told."""

    failures = 0

    def respond(self, request: Request) -> Answer:
        if self.failures:
            self.failures -= 1
            return Answer(500)
        if "/rapidpro/" in request.path:
            words = json.loads(request.body)["input"]["text"]
            return Answer(body=json.dumps({"reply": words, "messages": [words, "next"]}).encode())
        return Answer(body=f"{request.form['text'][0]}\nnext".encode())


def test_both_shapes_and_a_failure() -> None:
    with Hotline() as hotline:
        plain = SmsGateway(f"{hotline.url}/jm/sms/plain/KEY")
        hotline.failures = 2
        assert plain.text("+18765550101", "I found a bad page") == ["I found a bad page", "next"]
        assert {request.form["id"][0] for request in hotline.requests()} == {"1"}
        assert plain.tries == 3
        flow = SmsGateway(f"{hotline.url}/jm/sms/rapidpro/KEY")
        assert flow.text("+18765550101", "one", again="7") == ["one", "next"]
        hotline.failures = 3
        with pytest.raises(OSError, match="500"):
            plain.text("+18765550101", "more")
