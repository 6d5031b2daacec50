"""The step of a person's own picture waits for a slow machine as long as every other step."""

import io
from typing import Any
from unittest.mock import Mock

import pytest

from leeward.demo import own_picture
from leeward.demo.steps import PATIENCE_SECONDS


def test_the_upload_check_may_take_as_long_as_every_step(monkeypatch: pytest.MonkeyPatch) -> None:
    def answer(_request: Any, *, timeout: float) -> io.BytesIO:
        if timeout < PATIENCE_SECONDS:
            raise TimeoutError
        return io.BytesIO(b'{"match": "near", "advice": "review"}')

    monkeypatch.setattr(own_picture.urllib.request, "urlopen", answer)
    found = own_picture._found(Mock(url="http://127.0.0.1:9"), "key", b"picture")
    assert found == {"match": "near", "advice": "review"}
