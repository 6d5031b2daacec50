"""Priority, reasons, second assessment, clocks and filters."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.casework.assessment.rules.second_assessment import (
    CLOSING,
    OUTCOMES,
    AssessmentResult,
    act_after,
    assessments_agree,
    facts_that_differ,
    is_grave,
)
from leeward.casework.bulk.rules import Standing, can_be_sent
from leeward.casework.exposure.rules.reveal import (
    FIRST,
    Glimpse,
    glimpse_of,
    may_show,
    more_of,
    page_of,
    pages_to_choose,
)
from leeward.casework.queue.rules.filters import AGES, Filters, filters_from
from leeward.casework.queue.rules.priority import band_of, first_assessment_due_of, late_bounds, priority_key
from leeward.casework.rules.clocks import Awaited, Calendar, Times, first_assessment_due, timed
from leeward.casework.rules.reasons import REASONS, denies_decision, fits, needs_comment, reasons_for
from leeward.laws.rules.facts import Facts

TIMES = st.datetimes(datetime(1990, 1, 1), datetime(2900, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis wants them so
GRAVE = Facts(medium="photograph", age_band="7-10", act="uk_a")
PLAIN = Facts(medium="photograph", age_band="7-10", act="uk_c")
JAMAICA = Calendar("America/Jamaica", (1, 2, 3, 4, 5), (date(2026, 11, 26),))


@given(one=TIMES, other=TIMES, urgent=st.booleans(), known=st.booleans())
def test_urgent_beats_known_beats_age(one: datetime, other: datetime, urgent: bool, known: bool) -> None:
    first = priority_key(urgent=True, known=known, first_assessment_due=one)
    second = priority_key(urgent=False, known=True, first_assessment_due=other)
    paid = priority_key(urgent=False, known=False, first_assessment_due=one, commercial=True)
    third = priority_key(urgent=False, known=False, first_assessment_due=one)
    assert first < second < paid < third
    assert paid == third - 10**11
    assert first == priority_key(urgent=True, known=known, first_assessment_due=one, commercial=True)
    assert second == priority_key(urgent=False, known=True, first_assessment_due=other, commercial=True)
    sooner, later = sorted((one, other))
    keys = [priority_key(urgent=urgent, known=known, first_assessment_due=due) for due in (sooner, later)]
    assert keys == sorted(keys)
    assert [band_of(key) for key in (first, second, paid, third)] == [0, 1, 2, 3]
    assert first_assessment_due_of(second) == other.replace(microsecond=0)


def test_what_is_late_is_late_in_its_own_band_only(noon: datetime) -> None:
    urgent, known, paid, rest = late_bounds(noon)
    of_the_urgent = priority_key(urgent=True, known=True, first_assessment_due=noon - timedelta(days=1))
    assert [low <= of_the_urgent < high for low, high in (urgent, known, paid, rest)] == [True, False, False, False]
    assert all(band_of(low) == band_of(high) for low, high in (urgent, known, paid, rest))


def test_a_distant_moment_keeps_its_second() -> None:
    """As a floating-point number this one would be the next second."""
    due = datetime(2515, 1, 1, 0, 0, 0, 999_999, tzinfo=UTC)
    assert first_assessment_due_of(priority_key(urgent=False, known=False, first_assessment_due=due)) == due.replace(
        microsecond=0
    )


def test_iccam_has_21_reasons_and_each_closing_outcome_some() -> None:
    assert sorted(REASONS) == list(range(1, 22))
    assert len({reason.name for reason in REASONS.values()}) == 21
    for outcome in CLOSING:
        offered = reasons_for(outcome)
        assert offered[-1].number == 1
        assert len(offered) > 1
        assert all(fits(reason.number, outcome) for reason in offered)
    assert not fits(14, "not_found")
    assert not fits(99, "not_found")
    assert [number for number in (None, 0, *REASONS, 99) if denies_decision(number)] == [14, 15, 16, 18, 19, 21]
    assert needs_comment(1)
    assert not needs_comment(14)
    assert [reason.number for reason in reasons_for("not_illegal")] == [14, 15, 16, 18, 19, 21, 1]


def test_what_is_offered_of_a_picture_may_be_shown() -> None:
    """Along every way through a picture."""
    ways = [[FIRST]]
    for _step in range(4):
        ways = [[*way, wish] for way in ways for wish in more_of(way[-1], way)]
        assert all(may_show(way[-1], way[:-1]) for way in ways)
        assert all(way[-1] not in way[:-1] for way in ways), "nothing twice"
    assert more_of(Glimpse(50, blurred=False), [FIRST, Glimpse(50)]) == [Glimpse(100)]


def test_another_page_of_a_video_comes_blurred_and_every_one_can_be_reached() -> None:
    clear = Glimpse(100, blurred=False)
    later = page_of(clear, 2)
    assert later == Glimpse(100, page=2)
    assert not may_show(later, []), "it begins with a blurred quarter of the first page"
    assert may_show(later, [FIRST])
    assert not may_show(replace(clear, page=2), [FIRST, Glimpse(100), clear]), "each page for itself"
    assert more_of(later, [later]) == [replace(clear, page=2)]
    assert [glimpse_of(str(one)) for one in (FIRST, clear, later)] == [FIRST, clear, later]
    assert list(pages_to_choose(1)) == []
    assert list(pages_to_choose(15)) == list(range(1, 16))
    assert len(pages_to_choose(1000)) <= 30


def test_what_is_grave() -> None:
    assert is_grave(AssessmentResult("illegal", GRAVE))
    assert is_grave(AssessmentResult("not_illegal", GRAVE))
    assert is_grave(AssessmentResult("illegal", Facts(age_band="0-2")))
    assert not is_grave(AssessmentResult("illegal", PLAIN))
    assert not is_grave(AssessmentResult("not_illegal", Facts(age_band="adult", act="uk_a")))
    assert not is_grave(AssessmentResult("not_found", GRAVE))
    assert is_grave(AssessmentResult("not_illegal", Facts(age_band="undetermined", act="uk_a"))), (
        "who may be a child may be one"
    )


def test_what_a_look_asks_for() -> None:
    assert act_after("first", AssessmentResult("illegal", PLAIN)) == "find_illegal"
    assert act_after("first", AssessmentResult("illegal", GRAVE)) == "ask_second"
    assert act_after("first", AssessmentResult("unsure", PLAIN)) == "ask_second"
    assert act_after("first", AssessmentResult("not_found", Facts())) == "find_other"
    assert (
        act_after("first", AssessmentResult("illegal", PLAIN), AssessmentResult("illegal", PLAIN)) == "find_illegal"
    ), "it answers nobody"
    grave = AssessmentResult("illegal", GRAVE)
    assert act_after("second", grave, grave) == "confirm_illegal"
    assert act_after("second", AssessmentResult("not_illegal", PLAIN), grave) == "dispute"
    assert act_after("second", AssessmentResult("unsure", PLAIN), grave) == "dispute"
    unsure = AssessmentResult("unsure", Facts())
    assert act_after("second", AssessmentResult("illegal", PLAIN), unsure) == "confirm_illegal"
    assert act_after("second", grave, unsure) == "dispute"
    assert act_after("second", unsure, unsure) == "dispute"
    assert act_after("adjudication", AssessmentResult("not_illegal", PLAIN)) == "settle_other"


@given(st.sampled_from(OUTCOMES), st.sampled_from(OUTCOMES))
def test_agreement_is_about_the_end_only(one: str, other: str) -> None:
    agree = assessments_agree(AssessmentResult(one, PLAIN), AssessmentResult(other, PLAIN))
    if "unsure" not in (one, other):
        assert (
            agree
            == assessments_agree(AssessmentResult(other, PLAIN), AssessmentResult(one, PLAIN))
            == ((one == "illegal") == (other == "illegal"))
        )
    if other == "unsure":
        assert not agree


def test_which_cases_are_acted_on_together() -> None:
    decided = Standing("decided", is_mine=False, is_taken=False, is_urgent=False, shows_content=True)
    assert can_be_sent(decided) == ""
    assert can_be_sent(replace(decided, state="acting")) == "not_decided"
    assert can_be_sent(replace(decided, is_urgent=True)) == "urgent_alone"
    assert can_be_sent(replace(decided, is_taken=True)) == "case_is_taken"
    assert can_be_sent(replace(decided, is_taken=True, is_mine=True)) == ""


def test_the_facts_that_differ() -> None:
    assert facts_that_differ({"a": 1, "b": 2}, {"a": 1, "b": 3, "c": 4}) == ("b", "c")


@pytest.mark.parametrize(
    ("received", "due"),
    [
        ("2026-11-23T15:00", "2026-11-24T15:00"),  # Monday to Tuesday
        ("2026-11-27T15:00", "2026-11-30T15:00"),  # Friday to Monday
        ("2026-11-28T15:00", "2026-12-01T05:00"),  # Saturday: counts from Monday 00:00 in Jamaica
        ("2026-11-25T17:00", "2026-11-27T17:00"),  # over a holiday
    ],
)
def test_the_first_look_respects_working_days(received: str, due: str) -> None:
    start, end = (datetime.fromisoformat(text).replace(tzinfo=UTC) for text in (received, due))
    assert first_assessment_due(start, urgent=False, calendar=JAMAICA) == end
    assert first_assessment_due(start, urgent=True, calendar=JAMAICA) == start + timedelta(hours=1)


@given(TIMES)
def test_a_clock_never_runs_backwards(start: datetime) -> None:
    due = first_assessment_due(start, urgent=False, calendar=JAMAICA)
    assert due >= start + timedelta(hours=24)
    assert due <= start + timedelta(days=8)


def test_clocks_wait_for_each_other(noon: datetime) -> None:
    def shown(times: Times, tells_host: bool = True, **more: Any) -> dict[str, tuple[datetime | None, str]]:
        return {row.kind: (row.started_at, row.waits_for) for row in timed(times, tells_host=tells_host, **more)}

    fresh = shown(Times(noon))
    assert list(fresh.items()) == [
        ("first_assessment", (noon, "")),
        ("police_told", (None, "decision")),
        ("host_told", (None, "police")),
        ("removed", (None, "asking")),
    ]
    assert shown(Times(noon, decided_at=noon))["police_told"] == (noon, "")
    assert shown(Times(noon, decided_at=noon, police_told_at=noon))["host_told"] == (noon, "")
    assert shown(Times(noon, decided_at=noon, police_told_at=noon))["removed"] == (None, "asking"), (
        "the host is not asked yet"
    )
    assert "host_told" not in shown(Times(noon), tells_host=False)
    assert shown(Times(noon, police_told_at=noon), tells_host=False)["removed"] == (noon, "")
    assert shown(Times(noon), awaited=[Awaited("appeal", noon, id=7)])["appeal"] == (noon, "")


def filtered(**given: object) -> Filters:
    return filters_from(given, views=("all", "waiting"), states=("closed", "acting"), places=("here", "cdn"))


def test_filters_are_read_from_an_address_and_kept_as_they_are() -> None:
    given = {
        "view": "all", "q": "  a word ", "state": "closed", "place": "here", "country": " jm ", "host": " Host.Example.. ",
        "age": "older_week", "source": "telephone", "holder": "me", "known": "yes", "flags": ["held", "urgent", "loud"],
    }  # fmt: skip
    found = filtered(**given)
    assert found == Filters(
        "all",
        "a word",
        "closed",
        "here",
        "JM",
        "host.example",
        "older_week",
        "telephone",
        "me",
        "yes",
        ("urgent", "held"),
    )
    assert found.to_query() == (
        "view=all&q=a+word&state=closed&place=here&country=JM&host=host.example&age=older_week&source=telephone&holder=me"
        "&known=yes&flags=urgent&flags=held"
    )
    assert found.to_dict()["flags"] == ["urgent", "held"]
    assert filtered(**found.to_dict()) == found
    assert found.named == ("q", "state", "place", "country", "host", "age", "source", "holder", "known", "flags")
    assert found.hidden == ("country", "host", "age", "source", "holder", "flags")
    assert found.is_narrow


def test_what_cannot_be_read_narrows_nothing() -> None:
    names = ("view", "state", "place", "age", "source", "holder", "known", "flags", "country")
    for wrong in ("none of ours", None, 7, ["all"]):
        assert filtered(**dict.fromkeys(names, wrong)) == Filters(), wrong
    assert filtered() == Filters()
    assert [filtered(country=wrong).country for wrong in ("JAM", "J", "J1", "ÄÖ", "cä", "gb")] == [
        "",
        "",
        "",
        "",
        "",
        "GB",
    ]
    assert filtered(flags="held").flags == filtered(flags=("held",)).flags == ("held",)
    assert [filtered(age=age).age for age in AGES] == list(AGES)
    whole = filtered(view="waiting")
    assert (whole.named, whole.hidden, whole.is_narrow, whole.to_dict()) == ((), (), False, {"view": "waiting"})


def test_no_filter_is_longer_than_it_may_be() -> None:
    assert filtered(q="x" * 2000, host="h" * 253) == Filters(q="x" * 2000, host="h" * 253)
    assert filtered(q="x" * 2001, host="h" * 254) == Filters(q="x" * 2000, host="h" * 253)


def test_a_case_is_listed_once_among_those_of_an_owner() -> None:
    from leeward.casework.merging.queries import Links, _listed_once

    rows = [SimpleNamespace(id=number) for number in (1, 2, 3)]
    ways = [
        Links("host", "a.example", 2, 0, rows[:2]),
        Links("owner_email", "x@a.example", 2, 0, rows[:2]),
        Links("registrant", "X", 3, 0, rows),
    ]
    assert [[row.id for row in one.newest] for one in _listed_once(ways)] == [[1, 2], [1, 2], [3]]
    assert [one.count for one in _listed_once(ways)] == [2, 2, 3]
