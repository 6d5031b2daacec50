"""A brief survives being written down."""

import json
from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from leeward.notices.rules.briefs import CaseBrief, is_abroad, read, written

texts = st.text(max_size=20)
briefs = st.builds(
    CaseBrief,
    case_id=st.integers(1, 10**9),
    reference=texts,
    hotline_id=st.integers(1, 9),
    portal_id=st.integers(1, 9),
    location_id=st.integers(1, 10**9),
    address=texts,
    received_at=st.integers(0, 10**8).map(
        lambda seconds: datetime(2020, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
    ),
    country=st.none() | st.sampled_from(["JM", "CA"]),
    urgent=st.booleans(),
    summary=st.lists(texts, max_size=3).map(tuple),
    opinions=st.lists(st.tuples(texts, texts, texts), max_size=3).map(tuple),
    file_hashes=st.lists(st.tuples(texts, texts), max_size=3).map(tuple),
)


@given(briefs)
def test_read_is_the_way_back(brief: CaseBrief) -> None:
    assert read(json.loads(json.dumps(written(brief)))) == brief


@given(briefs)
def test_an_unknown_country_is_not_abroad(brief: CaseBrief) -> None:
    assert is_abroad(brief, "jm") == (brief.country == "CA")
