"""docs/why/house.md says where twenty changes belong: each of these places is there."""

from leeward.foundation.patterns import Pattern
from tests.contracts.test_house import ROOT

PLACE = Pattern(r"(?m)^\| .+ \| `(src/leeward/[\w./]+)` \|$")


def test_each_of_twenty_changes_has_a_place_that_is_there() -> None:
    places = [found[1] for found in PLACE.finditer((ROOT / "docs/why/house.md").read_text(encoding="utf-8"))]
    assert len(places) == len(set(places)) == 20
    assert [place for place in places if not (ROOT / place).exists()] == []
