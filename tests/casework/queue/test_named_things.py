"""Groups, places in games and wallets that reports name: cases like any others, and nothing of them is fetched."""

from leeward.casework.models import Case
from leeward.hosting.models import Fetch, Location
from tests.casework.conftest import Desk

WALLET = "bc1qw508d6qejxtdg4y5r3zarvary0c5xw7kv8f3t4"


def test_a_group_a_game_and_a_wallet_are_cases_that_the_desk_can_read_and_nothing_fetches(desk: Desk) -> None:
    desk.report(
        'telegram group "River Stones"', 'roblox game "Lantern Town"', f"send to {WALLET}", "snapchat kite.zone"
    )
    desk.work()
    kinds = dict(Location.objects.values_list("kind", "display"))
    assert kinds == {
        "group": "River Stones (Telegram)",
        "game": "Lantern Town (Roblox)",
        "wallet": WALLET,
        "account": "kite.zone (Snapchat)",
    }
    assert not Fetch.objects.exists()
    labels = {"group": "Group", "game": "Game", "wallet": "Wallet", "account": "User name"}
    ours, theirs = desk.signed_in("ana"), desk.signed_in("dora")
    for case in Case.objects.all():
        place = Location.objects.get(pk=case.location_id)
        page = ours.get(f"/desk/case/{case.reference}").content.decode()
        assert place.display in page
        assert labels[place.kind] in page
        assert theirs.get(f"/desk/case/{case.reference}").status_code == 404
