"""The hand-over killed by `kill -9` at each moment around a commit: nothing is lost or there twice, and each receipt opens."""

from typing import Any

import pytest

from tests.mortal import Standby

pytestmark = pytest.mark.xdist_group("kills")
REPORTS = 7


def stands_at(desk: Standby, slug: str, receipts: list[str]) -> dict[str, Any]:
    """Where the reports are: each once, and its receipt opens it."""
    found: dict[str, Any] = desk.do("tell_of_the_portal", slug=slug, receipts=receipts).result
    assert found["opened"] == [200] * REPORTS, "a receipt opens nothing"
    assert (found["faults"], found["twice"], found["dead"]) == ([], [], [])
    assert sum(found["words"].values()) == REPORTS
    return found


def test_a_hand_over_on_a_full_disk_loses_nothing_and_goes_on_later(tmp_path: Any) -> None:
    with Standby(tmp_path, {"LEEWARD_DATABASE_URL": ""}) as desk:
        offer, slug, receipts = desk.do("offer_a_portal", reports=REPORTS).result
        said = []
        for room in (0, 2, 8, 500):
            said.append(desk.do("accept_the_portal", offer=offer, room=room).result)
            there = stands_at(desk, slug, receipts)
            assert there["words"] == ({"jm": REPORTS} if there["of"] == "jm" else {"jm": REPORTS - 2, "bb": 2})
        assert said[0] == "full"
        assert said[-1] in ("done", "settled")
        assert [desk.do("bring_the_rest", offer=offer, room=0).result, stands_at(desk, slug, receipts)["of"]] == [
            "full",
            "bb",
        ]
        for room in (2, 8, 500, 500, 500, 500):
            desk.do("bring_the_rest", offer=offer, room=room)
            there = stands_at(desk, slug, receipts)
        assert (there["words"], there["open"]) == ({"bb": REPORTS}, {})


def test_a_hand_over_outlives_every_death(tmp_path: Any) -> None:
    with Standby(tmp_path, {"LEEWARD_DATABASE_URL": ""}) as desk:
        offer, slug, receipts = desk.do("offer_a_portal", reports=REPORTS).result

        def stands() -> dict[str, Any]:
            return stands_at(desk, slug, receipts)

        assert stands()["words"] == {"jm": REPORTS}
        for moment in range(1, 9):
            done = desk.do("accept_the_portal", offer=offer, die_at=moment)
            there = stands()
            assert there["words"] == ({"jm": REPORTS} if there["of"] == "jm" else {"jm": REPORTS - 2, "bb": 2})
            if not done.died:
                break
        assert there["of"] == "bb"
        seen = set()
        for moment in range(1, 30):
            done = desk.do("bring_the_rest", offer=offer, die_at=moment % 4 + 1)
            there = stands()
            seen.add(there["words"].get("jm", 0))
            if not done.died:
                break
        assert done.result == 0
        assert len(seen) > 2, "it died between pieces, too"
        assert (there["words"], there["open"]) == ({"bb": REPORTS}, {})
