"""The pages about other hotlines and the one behind an invitation in a real browser: nobody is barred, nothing is cut off."""

from typing import Any

import pytest

from leeward.people.models import Portal
from tests.browser import Visit
from tests.exchange.test_peers import Two
from tests.people.signing import signed_in
from tests.personas import Cast

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_other_hotlines_and_an_invitation(cast: Cast, visitor: Visit) -> None:
    two = Two(cast)
    guest = visitor()
    guest.go("/exchange" + two.link().partition("/exchange")[2])
    guest.look("peer-invitation")
    two.introduce()
    desk = visitor()
    cookie: dict[str, Any] = {"name": "sessionid", "value": signed_in(cast, "carl").cookies["sessionid"].value}
    desk.context.add_cookies([cookie | {"url": f"{desk.base}/desk", "sameSite": "Strict"}])  # type: ignore[list-item]
    desk.go("/desk/peers")
    desk.look("peers")
    desk.go(f"/desk/peers/{two.peer(two.here).id}")
    desk.look("peer-words")
    Portal.objects.filter(hotline_id=two.here).update(takes_reports=True)
    desk.page.get_by_role("button", name="All words were the same").click()
    desk.page.get_by_text("is waiting for a second person").wait_for()
