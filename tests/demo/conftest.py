"""What the tests of the demonstration share."""

import time
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import pytest

type Make = Callable[[], AbstractContextManager[Any]]


@pytest.fixture
def fastest_start() -> Callable[[Make], float]:
    """The best of several starts in seconds: the machine may be busy, the server may not be slow."""

    def measure(make: Make) -> float:
        seconds = []
        for _ in range(5):
            server = make()
            began = time.monotonic()
            with server:
                seconds.append(time.monotonic() - began)
        return min(seconds)

    return measure
