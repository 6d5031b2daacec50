"""The desk on its small internet, and people with browsers who stay for a whole journey."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.browser import Visit
from tests.casework.conftest import Desk, desk, running_world, world
from tests.journeys.desk.looking import Look

__all__ = ["desk", "running_world", "world"]

type Enter = Callable[..., Look]


@pytest.fixture
def enter(desk: Desk, visitor: Visit) -> Enter:
    """Somebody with a browser: `enter("ana")` of the staff, signed in, or `enter("reporter")`."""

    def go(who: str, **how: Any) -> Look:
        guest = visitor(**how)
        if who in desk.cast.people:
            cookie = desk.signed_in(who).cookies["sessionid"]
            guest.context.add_cookies(
                [{"name": "sessionid", "value": cookie.value, "url": f"{guest.base}/desk", "sameSite": "Strict"}]
            )
        return Look(guest, who)

    return go
