"""The pages about other hotlines and the one behind an invitation in a real browser: nobody is barred, nothing is cut off."""

from datetime import UTC, datetime
from typing import Any

import pytest
from django_scopes import scope

from leeward.exchange.models import Exchange, ExchangeMessage, Peer, PeerRestoring
from leeward.people.models import Portal
from tests.browser import Visit
from tests.exchange.test_peers import Two
from tests.people.signing import signed_in
from tests.personas import Cast

# One that we reported, and two that wait for us: one with an address that has no place to break.
ITEMS: list[dict[str, Any]] = [
    {"side": "reporting", "stage": "acting", "address": "https://pictures.example/1", "case_id": 1},
    {"side": "hosting", "stage": "reported", "address": "https://pictures.example/" + "a" * 150, "country": "JM"},
    {"side": "hosting", "stage": "reported", "address": "https://pictures.example/3"},
]
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
    with scope(hotline=two.here):
        peer = Peer.objects.get()
        for number, item in enumerate(ITEMS):
            Exchange.objects.create(hotline_id=two.here, peer=peer, uid=str(number), begun_at=datetime.now(UTC), **item)
        for state in ("held", "waiting"):
            ExchangeMessage.objects.create(
                hotline_id=two.here, peer=peer, exchange=Exchange.objects.get(uid="0"), side="reporting", number=len(state),
                seen=0, kind="question", at=datetime.now(UTC), stored_at=datetime.now(UTC), state=state, problem="timed_out",
            )  # fmt: skip
        moments = dict.fromkeys(("backup_at", "restored_at", "told_at"), datetime.now(UTC))
        PeerRestoring.objects.create(hotline_id=two.here, peer=peer, **moments)
    desk.go("/desk/exchange")
    desk.look("exchange")
    desk.go(f"/desk/peers/{two.peer(two.here).id}")
    desk.page.get_by_role("heading", name="Restored from a backup").wait_for()
    desk.look("peer-restored")
    Portal.objects.filter(hotline_id=two.here).update(takes_reports=True)
    desk.page.get_by_role("button", name="All words were the same").click()
    desk.page.get_by_text("is waiting for a second person").wait_for()
