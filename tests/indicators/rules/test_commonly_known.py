"""What everybody knows beside the sums, and how it ties what is published."""

import pytest

from leeward.indicators.rules.commonly_known import at_home, by_law, never_more
from leeward.indicators.rules.editions import Edition, together

LAWS = {"US": "4-5", "CA": "4-5", "NL": "1-3", "unknown": "unknown"}
TOLD = {
    "country:US": 9,
    "country:CA": 1,
    "country:NL": 6,
    "law_hours:4-5:24": 8,
    "law_hours:1-3:24": 4,
    "law_hours:1-3:never": 1,
}


def test_the_laws_tie_countries_to_times() -> None:
    found, sums = by_law({**TOLD, "host_hours:never": 3}, LAWS.__getitem__, "now")
    assert found == {"now 4-5": 10, "now 4-5 untold": 2, "now 1-3": 6, "now 1-3 untold": 1}
    assert sums == [
        ("now 4-5", ("country:US", "country:CA")),
        ("now 4-5", ("law_hours:4-5:24", "now 4-5 untold")),
        ("now 1-3", ("country:NL",)),
        ("now 1-3", ("law_hours:1-3:24", "law_hours:1-3:never", "now 1-3 untold")),
        ("host_hours:never", ("now 4-5 untold", "now 1-3 untold")),
    ]
    every = {**TOLD, "law_hours:4-5:24": 10, "law_hours:1-3:24": 5}
    found, sums = by_law(every, LAWS.__getitem__, "now")
    assert found == {"now 4-5": 10, "now 1-3": 6}, "who was told of every case knows that nobody was left out"
    assert ("now 4-5", ("law_hours:4-5:24",)) in sums
    assert len(sums) == 4
    assert by_law({**every, "host_hours:never": 0}, LAWS.__getitem__, "now") == (found, sums)


def test_where_countries_and_laws_do_not_fit_nothing_follows() -> None:
    nothing = ({}, [])
    assert by_law({**TOLD, "host_hours:never": 4}, LAWS.__getitem__, "now") == nothing
    assert by_law(TOLD, LAWS.__getitem__, "now") == nothing
    more = {**TOLD, "law_hours:4-5:24": 11, "host_hours:never": 0}
    assert by_law(more, LAWS.__getitem__, "now") == nothing, "more were told under a law than there are cases"
    assert by_law({"cases": 3, "kind:me": 4}, LAWS.__getitem__, "now") == nothing


def test_each_edition_is_tied_by_the_laws_on_its_own() -> None:
    first = {**TOLD, "host_hours:never": 3}
    now = {**first, "country:US": 14, "host_hours:never": 8}
    both = together(now, [Edition({**first, "country:CA": None}, first)], LAWS.__getitem__)
    assert both.free == {
        f"{name} {law}{rest}" for name in ("now", "edition 1") for law in ("4-5", "1-3") for rest in ("", " untold")
    }
    assert (both.cells["now 4-5"], both.cells["edition 1 4-5"]) == (15, 10)
    assert ("now 4-5", ("country:US", "country:CA")) in both.sums
    assert ("edition 1 4-5", ("country:US 9", "country:CA")) in both.sums_before
    assert ("host_hours:never 3", ("edition 1 4-5 untold", "edition 1 1-3 untold")) in both.sums_before
    assert not [whole for whole, _parts in both.sums_before if whole.startswith("now")]
    assert not both.free & (both.known | both.hidden | both.hidden_before)
    assert not together(now, [Edition(first, first)]).free


def test_hosts_at_home_are_told_and_of_cases_elsewhere_another_hotline_where_that_was_so() -> None:
    cells = {"country:JM": 8, "country:US": 30, "country:NL": 3, "country:unknown": 2, "sex:male": 8}
    told = ("hosts_told", ("country:JM",))
    passed_on = ("peer:yes", ("country:US", "country:NL"))
    assert at_home(cells | {"hosts_told": 8, "peer:yes": 33}, "JM") == [told, passed_on], (
        "nobody knows where the unknown ones are"
    )
    assert at_home(cells | {"hosts_told": 8, "peer:yes": 32}, "JM") == [told]
    assert at_home(cells | {"hosts_told": 7}, "JM") == []
    assert at_home({"hosts_told": 0, "peer:yes": 0, "country:unknown": 2}, "JM") == [], "zeros are shown"
    assert at_home({"hosts_told": 3}, "JM") == []
    assert at_home({"hosts_told": 1}, "JM") == [], "none of them at home"
    now = cells | {"hosts_told": 8, "peer:yes": 32}
    assert told in together(now, [], home="JM").sums
    assert told not in together(now, []).sums
    before = together(now | {"country:JM": 9}, [Edition({}, now)], home="JM")
    assert ("hosts_told", ("country:JM 8",)) in before.sums_before
    assert told not in before.sums


def test_each_case_of_a_month_begins_with_one_of_its_reports() -> None:
    cells = {
        "reports_by_month:01": 6, "reports_by_month:12": 4, "reports_by_month:03": 3, "reports_by_month:04": 2,
        "cases_by_month:01": 4, "cases_by_month:12": 4, "cases_by_month:03": 5, "cases_by_month:05": 1, "kind:04": 1,
    }  # fmt: skip
    left = {"now more than cases_by_month:01": 2, "now more than cases_by_month:12": 0}
    sums = [
        ("reports_by_month:01", ("cases_by_month:01", "now more than cases_by_month:01")),
        ("reports_by_month:12", ("cases_by_month:12", "now more than cases_by_month:12")),
    ]
    assert never_more(cells, "now") == (left, sums), "more cases than reports; no case; no report"
    assert never_more({"cases_by_month:01": 0, "reports_by_month:01": 1}, "now") == ({}, []), "a zero is shown"
    assert never_more({"cases_by_month:01": 1, "reports_by_month:01": 1}, "now")[1] == sums[:1]


def test_each_edition_is_tied_by_what_is_never_more_on_its_own() -> None:
    cells = {"reports_by_month:01": 6, "cases_by_month:01": 4}
    sums = [("reports_by_month:01", ("cases_by_month:01", "now more than cases_by_month:01"))]
    then = "edition {} more than cases_by_month:01".format
    before = cells | {"cases_by_month:01": 3}
    every = together(cells, [Edition({}, before)])
    assert every.further == {"now more than cases_by_month:01", then(1)} <= every.free
    assert every.cells[then(1)] == 3
    assert {*sums} <= {*every.sums}
    assert ("reports_by_month:01", ("cases_by_month:01 3", then(1))) in every.sums_before
    assert not {*sums} & {*every.sums_before}
    third = together(cells, [Edition({}, before), Edition({}, before | {"cases_by_month:01": 2})])
    assert {parts for whole, parts in third.sums_before if whole == "reports_by_month:01"} == {
        ("cases_by_month:01 3", then(1)),
        ("cases_by_month:01 2", then(2)),
    }


@pytest.mark.parametrize(
    ("small", "large"),
    [
        ("first_hours:never", ["outcome:open"]),
        ("appeal_hours:never", ["appeal:open", "appeal:withdrawn"]),
        ("block_hours:never", ["block_state:approved", "block_state:suspended"]),
    ],
)
def test_what_has_no_end_is_never_more_than_what_is_open(small: str, large: list[str]) -> None:
    cells = {small: 4, **{name: 3 + 2 * number for number, name in enumerate(large)}}
    if len(large) == 1:
        assert never_more(cells, "now") == ({}, []), "it is more"
        cells[large[0]] = 9
        assert never_more(cells, "now") == (
            {f"now more than {small}": 5},
            [(large[0], (small, f"now more than {small}"))],
        )
        return
    left, whole = f"now more than {small}", f"now at least {small}"
    assert never_more(cells, "now") == ({whole: 8, left: 4}, [(whole, tuple(large)), (whole, (small, left))])
    assert never_more({**cells, small: 9}, "now") == ({}, [])
    alone = {small: 2, large[1]: 3}
    assert never_more(alone, "now") == ({left: 1}, [(large[1], (small, left))]), "what nobody has is no cell"


def test_within_any_time_no_more_hosts_are_told_than_police() -> None:
    cells = {
        "police_hours:24": 7,
        "police_hours:72": 2,
        "police_hours:never": 1,
        "host_hours:48": 3,
        "host_hours:longer": 5,
    }
    found, sums = never_more(cells, "now")
    assert found == {
        "now more than host_hours 48": 4,
        "now at least host_hours 72": 9,
        "now more than host_hours 72": 6,
        "now at least host_hours 168": 9,
        "now more than host_hours 168": 6,
        "now at least host_hours longer": 9,
        "now more than host_hours longer": 1,
    }
    assert ("police_hours:24", ("host_hours:48", "now more than host_hours 48")) in sums
    both = ("police_hours:24", "police_hours:72")
    assert ("now at least host_hours longer", both) in sums
    assert (
        "now at least host_hours longer",
        ("host_hours:48", "host_hours:longer", "now more than host_hours longer"),
    ) in sums
    assert len(sums) == 7
    released = {name.rpartition(" ")[2] for name in never_more({**cells, "host_hours:24": 6}, "now")[0]}
    assert released == {"24", "72", "168"}, "where hosts were told before the police, that time is not tied"
