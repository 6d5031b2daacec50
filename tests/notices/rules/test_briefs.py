"""A brief survives being written down."""

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.notices.rules.briefs import CaseBrief, is_abroad, read, written
from leeward.notices.rules.claims import Known, SentCounts

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
    named_by=st.lists(st.integers(1, 10**9), max_size=3).map(tuple),
)


@given(briefs)
def test_read_is_the_way_back(brief: CaseBrief) -> None:
    assert read(json.loads(json.dumps(written(brief)))) == brief


@given(briefs)
def test_an_unknown_country_is_not_abroad(brief: CaseBrief) -> None:
    assert is_abroad(brief, "jm") == (brief.country == "CA")


def brief(**values: Any) -> CaseBrief:
    known = {"case_id": 1, "reference": "2026-0001", "hotline_id": 1, "portal_id": 1, "location_id": 1, "address": "a"}
    return CaseBrief(**{**known, "received_at": datetime(2026, 11, 24, tzinfo=UTC), "country": "jm", **values})


def test_sentences_are_chosen_by_what_the_brief_holds() -> None:
    one = brief(
        opinions=(("JM", "likely", "s. 4"), ("CA", "unlikely", "s. 163")), summary=("a", "b"), file_hashes=(("md5", "0"),) * 3,
        reporter_texts=("a",) * 4, classification="A1", meets_baseline=True,
        judged="record", assessments="one", was_read=True, urgencies=("danger",), kind="url",
        assessed_before="2026-0001",
    )  # fmt: skip
    assert one.known(SentCounts(reader=1)) == Known(
        judged="record", assessments="one", verdict="likely", is_baseline=True, country="jm", address="a", kind="url",
        urgencies=("danger",), was_read=True, was_assessed=True, is_unseen=False, reporter_texts=4,
        facts=2, opinions=2, hashes=3, sent=SentCounts(reader=1),
    )  # fmt: skip
    nowhere = brief(country=None, opinions=(("JM", "likely", ""),)).known()
    assert (nowhere.country, nowhere.verdict, nowhere.is_baseline) == ("", "", False)


def test_a_brief_of_before_there_were_assessments_says_by_its_opinions_who_judged() -> None:
    def old(opinions: list[list[str]], **more: Any) -> str:
        values = {**written(brief()), "opinions": opinions, **more}
        for name in ("judged", "differing", "urgencies", "named_by"):
            del values[name]
        assert read(values).named_by == ()
        return read(values).judged

    assert old([]) == old([], was_known=True) == ""
    assert old([["JM", "likely", ""]]) == "person"
    assert old([["JM", "likely", ""]], was_known=True) == "record"


@pytest.mark.parametrize(("classification", "meets"), [("baseline", True), ("A1", False), ("", False)])
def test_a_brief_of_an_older_edition_says_by_its_classification_whether_it_meets_the_baseline(
    classification: str, meets: bool
) -> None:
    values = written(brief()) | {"classification": classification}
    del values["meets_baseline"]
    assert read(values).meets_baseline is meets
