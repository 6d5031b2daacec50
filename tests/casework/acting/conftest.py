"""What the tests of acting share: the mail that reached the police."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.casework.conftest import Desk

POLICE = "police@constabulary.example"


@pytest.fixture
def mails(desk: Desk) -> Callable[[], list[Any]]:
    """What has come to the police since the test began."""
    before = len(desk.world.mail.messages(POLICE))
    return lambda: desk.world.mail.messages(POLICE)[before:]
