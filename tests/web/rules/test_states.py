"""Each state has a word, and a sign that the stylesheet knows."""

import re
from pathlib import Path

import leeward.web
from leeward.web.rules.regions import REGIONS, by_region, region_of
from leeward.web.rules.states import STATES, shown

CSS = (Path(leeward.web.__file__).parent / "static/leeward/leeward.css").read_text(encoding="utf-8")


def test_every_class_of_a_state_brings_a_sign() -> None:
    known = set(re.findall(r"\.([a-z]+)", CSS))
    for state, how in STATES.items():
        assert how.word, state
        assert how.css == "" or how.css in known, state


def test_an_unknown_state_is_a_mere_label() -> None:
    assert shown("held") == STATES["held"]
    assert (shown("not_in_table").css, shown("not_in_table").word) == ("word", "Not in table")


def test_regions_keep_their_order_and_leave_out_empty_ones() -> None:
    sorted_rows = by_region([("FJ", "Fiji"), ("jm", "Jamaica"), ("XX", "Nowhere"), ("LC", "Saint Lucia")])
    assert sorted_rows == [
        ("Caribbean and Americas", ["Jamaica", "Saint Lucia"]),
        ("Pacific", ["Fiji"]),
        ("Elsewhere", ["Nowhere"]),
    ]
    assert region_of("TZ") == "Africa"
    assert len(REGIONS) == len(set(REGIONS))
