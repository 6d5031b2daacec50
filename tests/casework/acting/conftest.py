"""What the tests of acting share: the mail that reached the police."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.casework.conftest import POLICE, Desk

__all__ = ["POLICE", "SAID", "mails", "passed_on"]
SAID = "[message withheld]"


@pytest.fixture
def mails(desk: Desk) -> Callable[[], list[Any]]:
    """What has come to the police since the test began."""
    return desk.mails


@pytest.fixture
def passed_on(desk: Desk) -> Any:
    """Danger that the police were told of at once."""

    def make() -> Any:
        case = desk.case("", kind="danger", text=SAID)
        desk.until(case, lambda _: len(desk.mails()) == 1)
        desk.work()
        return case

    return desk.begun("passed on", make)
