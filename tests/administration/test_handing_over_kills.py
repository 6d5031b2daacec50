"""The hand-over killed by `kill -9` at each moment around a commit: nothing is lost or there twice, and each receipt opens."""

from typing import Any

import pytest

from tests.mortal import Standby

pytestmark = pytest.mark.xdist_group("kills")
REPORTS = 7


def test_a_hand_over_outlives_every_death(tmp_path: Any) -> None:
    with Standby(tmp_path, {"LEEWARD_DATABASE_URL": ""}) as desk:
        offer, slug, receipts = desk.do("offer_a_portal", reports=REPORTS).result

        def stands() -> dict[str, Any]:
            found: dict[str, Any] = desk.do("tell_of_the_portal", slug=slug, receipts=receipts).result
            assert found["opened"] == [200] * REPORTS, "a receipt opens nothing"
            assert (found["faults"], found["twice"], found["dead"]) == ([], [], [])
            assert sum(found["words"].values()) == REPORTS
            return found

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
