"""Formulas over cells: shares, medians, hidden cells, and what is said where there is no number."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from leeward.indicators.definitions import BY_NAME, DEFINITIONS
from leeward.indicators.rules.cells import (
    INSIDE,
    INSIDE_WHOLES,
    LATER,
    TABLES,
    adds_up,
    bucket_of,
    cells_of,
    inside_of,
    median_of,
    middle,
    sums_of,
)
from leeward.indicators.rules.formulas import Figure, Year, figures_of, intervals_of
from leeward.indicators.rules.marks import (
    CaseSeen,
    hours_between,
    marks_of_appeal,
    marks_of_block,
    marks_of_case,
    marks_of_listed,
    marks_of_provider,
    marks_of_report,
    watched_for,
)
from leeward.indicators.rules.table import as_csv, as_json
from leeward.indicators.rules.typed import fault_of

START = datetime(2026, 3, 1, 12, tzinfo=UTC)
DAY = date(2026, 5, 1)


def seen(**values: object) -> CaseSeen:
    plain = {"received_at": START, "outcome": "illegal", "country": "JM", "known": False, "reports": 1, "facts": {}}
    return CaseSeen(**(plain | values))  # type: ignore[arg-type]


def after(hours: float) -> datetime:
    return START + timedelta(hours=hours)


@pytest.mark.parametrize(
    ("hours", "kept"),
    [(-1, "0"), (0, "0"), (0.99, "0"), (1, "1"), (72.9, "72"), (73, "72"), (95.9, "72"), (96, "96"), (9999, "8784")],
)
def test_hours_are_kept_whole_and_days_above_three(hours: float, kept: str) -> None:
    assert hours_between(START, after(hours)) == kept


def test_what_a_case_adds() -> None:
    waiting = marks_of_case(seen(outcome="", reports=3))
    assert waiting == {
        ("case", "all"): 1,
        ("outcome", "open"): 1,
        ("first_hours", "never"): 1,
        ("again", "all"): 2,
        ("urgent", "no"): 1,
        ("peer", "no"): 1,
    }
    told = marks_of_case(
        seen(
            country="",
            known=True,
            facts={"age_band": "7-10", "sex": None, "self_generated": "yes"},
            first_assessed_at=after(1),
            decided_at=after(2),
            police_told_at=after(1),
            host_told_at=after(4),
            removed_at=after(30),
            watched_until=after(99),
            urgent_since=after(1),
            passed_at=after(4),
            peer_told_at=after(5),
            hosts=("A Host\n of " + "x" * 40, " "),
        )
    )
    assert told == {
        ("case", "all"): 1,
        ("outcome", "illegal"): 1,
        ("first_hours", "1"): 1,
        ("country", "unknown"): 1,
        ("host", "A Host of " + "x" * 21 + " 4f1188e7"): 1,
        ("registrar", "unknown"): 1,
        ("known", "yes"): 1,
        ("age_band", "7-10"): 1,
        ("sex", "undetermined"): 1,
        ("self_generated", "yes"): 1,
        ("medium", "undetermined"): 1,
        ("commercial", "unknown"): 1,
        ("site_type", "undetermined"): 1,
        ("police_hours", "0"): 1,
        ("host_hours", "2"): 1,
        ("up_hours", "26"): 1,
        ("stayed", "unknown:1"): 1,
        ("victim", "unknown"): 1,
        ("urgent", "yes"): 1,
        ("urgent_hours", "3"): 1,
        ("peer", "yes"): 1,
        ("peer_hours", "never"): 1,
    }
    undecided = marks_of_case(seen(first_assessed_at=after(5), police_told_at=after(7)))
    assert undecided["police_hours", "2"] == 1, "from the first assessment where nothing else is known"
    assert marks_of_case(seen(police_told_at=after(7)))["police_hours", "7"] == 1
    assert not [series for series, _ in undecided if series == "up_hours"], "nobody told the host"
    assert marks_of_case(seen())["known", "no"] == 1
    assert marks_of_case(seen(reports=2))["again", "all"] == 1
    assert ("again", "all") not in marks_of_case(seen())
    assert marks_of_case(seen(facts={"site_type": "x" * 50}))["site_type", "x" * 40] == 1
    still_there = marks_of_case(seen(host_told_at=after(0), watched_until=after(60), peer_told_at=after(0),
        peer_answered_at=after(7)))  # fmt: skip
    assert (still_there["up_watched", "72"], still_there["peer_hours", "7"]) == (1, 1)
    assert marks_of_provider("P1") == (("provider_report", "all"), ("provider_priority", "P1"))
    assert marks_of_provider("")[1] == ("provider_priority", "unknown")
    assert marks_of_appeal(START, "upheld", after(80)) == (
        ("appeals", "all"),
        ("appeal", "upheld"),
        ("appeal_hours", "72"),
    )
    assert marks_of_appeal(START, "withdrawn", after(80))[2] == ("appeal_hours", "never"), "nobody answered it"
    assert marks_of_block(START, "gone", after(5)) == (
        ("blocked", "all"),
        ("block_state", "gone"),
        ("block_hours", "5"),
    )
    assert marks_of_block(START, "approved", None)[2] == ("block_hours", "never")
    assert marks_of_report("form", "page", "fr") == (
        ("report", "all"),
        ("channel", "form"),
        ("kind", "page"),
        ("language", "fr"),
    )


@pytest.mark.parametrize(
    ("hours", "span"),
    [(None, "24"), (0, "24"), (23.9, "24"), (24, "48"), (47.9, "48"), (48, "72"), (72, "168"), (167.9, "168"), (168, "longer")],
)  # fmt: skip
def test_how_long_it_was_watched_falls_into_the_spans_of_removal(hours: float | None, span: str) -> None:
    assert watched_for(START, None if hours is None else after(hours)) == span


def test_cells_add_up() -> None:
    cells = cells_of(
        {
            (1, "report", "all"): 2,
            (3, "report", "all"): 5,
            (3, "channel", "form"): 7,
            (3, "case", "all"): 4,
            (3, "again", "all"): 3,
            (3, "outcome", "illegal"): 4,
            (3, "host_hours", "3"): 1,
            (3, "host_hours", "5"): 1,
            (4, "host_hours", "30"): 1,
            (3, "host_hours", "never"): 1,
            (3, "up_hours", "300"): 1,
            (3, "up_hours", "never"): 2,
            (3, "stayed", "US:14"): 1,
            (3, "stayed", "US:never"): 1,
            (4, "stayed", "JM:never"): 1,
            (3, "up_watched", "48"): 2,
            (3, "urgent", "yes"): 3,
            (3, "urgent", "no"): 1,
            (3, "urgent_hours", "0"): 1,
            (3, "urgent_hours", "1"): 1,
            (3, "urgent_hours", "23"): 1,
            (3, "peer", "no"): 4,
            (4, "appeals", "all"): 2,
            (4, "appeal", "open"): 2,
            (4, "blocked", "all"): 3,
            (4, "block_hours", "167"): 1,
            (4, "block_hours", "719"): 1,
            (4, "block_hours", "2160"): 1,
        },
        {"US": "4-5", "JM": "1-3"}.__getitem__,
    )
    assert cells == {
        "reports": 7,
        "reports_by_month:01": 2,
        "reports_by_month:03": 5,
        "channel:form": 7,
        "cases": 4,
        "cases_by_month:03": 4,
        "again": 3,
        "outcome:illegal": 4,
        "host_hours:24": 2,
        "host_hours:48": 1,
        "host_hours:never": 1,
        "hosts_told": 3,
        "up_hours:longer": 1,
        "up_hours:never": 2,
        "law_hours:4-5:longer": 1,
        "law_hours:4-5:never": 1,
        "law_hours:1-3:never": 1,
        "up_watched:48": 2,
        "urgent:yes": 3,
        "urgent:no": 1,
        "urgent_hours:1": 1,
        "urgent_hours:4": 1,
        "urgent_hours:24": 1,
        "peer:no": 4,
        "peer:yes": 0,
        "appeals": 2,
        "appeal:open": 2,
        "provider_reports": 0,
        "blocked": 3,
        "block_hours:168": 1,
        "block_hours:720": 1,
        "block_hours:longer": 1,
    }
    for whole, parts in sums_of(cells):
        assert cells[whole] == sum(cells[part] for part in parts), whole
    assert ("hosts_told", ("host_hours:24", "host_hours:48")) in sums_of(cells)
    assert ("up_hours:never", ("law_hours:4-5:never", "law_hours:1-3:never")) in sums_of(cells)
    assert ("up_hours:longer", ("law_hours:4-5:longer",)) in sums_of(cells)
    assert [whole for whole, _parts in sums_of(cells) if whole.startswith("up_hours:")] == [
        *("up_hours:never", "up_hours:longer", "up_hours:never")
    ]
    assert not adds_up(cells | {"law_hours:0:24": 1}), "more than there are"
    assert ("up_hours:24", ()) not in sums_of({"up_hours:24": 3}), "an edition from before that"
    assert cells_of({(1, "stayed", "JM:1"): 2, (1, "stayed", "JM:6"): 1, (1, "stayed", "US:7"): 1}) == cells_of({}) | {
        "law_hours:unknown:48": 2,
        "law_hours:unknown:168": 1,
        "law_hours:unknown:longer": 1,
    }
    assert adds_up(cells | {"appeal:upheld": 0})
    on_list = {"block_hours:never": 7, "block_state:approved": 7, "block_state:suspended": 0}
    assert ("block_hours:never", ("block_state:approved", "block_state:suspended")) in sums_of(on_list | cells)
    assert ("appeal_hours:never", ("appeal:open",)) in sums_of({"appeal_hours:never": 2, "appeal:open": 2} | cells)
    assert ("appeal_hours:never", ("appeal:open",)) not in sums_of({"appeal_hours:never": 3, "appeal:open": 2})
    assert ("block_hours:never", ()) not in sums_of({"block_hours:never": 0})
    assert not adds_up(cells_of({(1, "case", "all"): 2})), "nobody counted which of them were urgent"
    nothing = cells_of({})
    assert adds_up(nothing)
    assert set(nothing.values()) == {0}
    assert nothing.keys() == {"reports", "cases", "again", "outcome:illegal", "hosts_told", *LATER}
    assert sums_of(nothing) == [
        ("cases", ("outcome:illegal",)),
        ("cases", ("urgent:yes",)),
        ("cases", ("peer:yes",)),
        ("reports", ("cases", "again")),
    ]


@pytest.mark.parametrize(
    ("hours", "bucket"),
    [
        ("0", "24"),
        ("23", "24"),
        ("24", "48"),
        ("47", "48"),
        ("48", "72"),
        ("72", "168"),
        ("144", "168"),
        ("168", "longer"),
    ],
)
def test_buckets(hours: str, bucket: str) -> None:
    assert bucket_of(hours) == bucket


def test_a_median_is_the_lower_one_from_ten_on() -> None:
    assert middle([(1, 9)]) is None
    assert middle([(1, 5), (7, 5)]) == 1
    assert middle([(1, 4), (7, 6)]) == 7
    assert middle([(1, 4), (2, 3), (7, 3)]) == 2
    assert median_of({(1, "up_hours", "9"): 6, (2, "up_hours", "9"): 6}, "up_hours") == 9
    assert median_of({(1, "up_hours", "5"): 6, (2, "up_hours", "2"): 4, (2, "up_hours", "never"): 90}, "up_hours") == 5
    assert median_of({(1, "up_hours", "5"): 60}, "host_hours") is None


def figure(name: str, cells: dict[str, int | None], **more: object) -> list[Figure]:
    return figures_of(BY_NAME[name], Year(cells, **({"medians": {}, "typed": {}} | more)))  # type: ignore[arg-type]


def test_counts_are_counts() -> None:
    assert figure("reports", {"reports": 5}) == [Figure("reports", "", 5, "reports")]
    assert figure("illegal_share", {"cases": 10}) == [Figure("illegal_share", "", 0.0, "%")]


def test_hosts_whose_long_names_begin_alike_stay_two() -> None:
    def host(name: str) -> str:
        (value,) = [of for series, of in marks_of_case(seen(outcome="illegal", hosts=(name, ""))) if series == "host"]
        return value

    long = "Example Networks of the Greater Antilles"
    assert len(long) == 40
    assert host(long) == long
    east, west = host(f"{long} East"), host(f"{long}  West")
    assert east != west
    assert {len(east), len(west), len(host("é" * 500))} == {40}
    assert east[:31] == west[:31] == long[:31]
    assert host(f"{long}\n West ") == west


def test_no_number_says_why() -> None:
    decided: dict[str, int | None] = {"cases": 10, "outcome:open": 4, "outcome:illegal": 4}
    assert figure("illegal_share", decided) == [Figure("illegal_share", "", 66.7, "%")]
    (none,) = figure("illegal_share", {"cases": 4, "outcome:open": 4})
    assert (none.number, none.why) == (None, "nothing_to_divide")
    (hidden,) = figure("illegal_share", decided | {"cases": None})
    assert (hidden.number, hidden.why) == (None, "hidden")
    (part,) = figure("illegal_share", decided | {"outcome:illegal": None})
    assert part.why == "hidden"
    assert figure("reports", {}, has_data=False) == [Figure("reports", "", None, "reports", "no_data")]
    assert figure("reports", {"reports": None})[0].why == "hidden"
    assert figure("removed", {})[0].why == "too_few"
    assert figure("removed", {"up_hours:24": None}, medians={"up_hours": None})[0].why == "hidden"
    assert figure("removed", {"up_hours:24": 30}, medians={"up_hours": None})[0].why == "hidden", "it moved by few"
    assert figure("removed", {"up_hours:24": None})[0].why == "hidden", (
        "“too few” would tell something about what is hidden"
    )
    assert figure("removed", {"up_hours:24": 4, "up_watched:24": None})[0].why == "too_few"
    assert figure("removed", {}, medians={"up_hours": 0}) == [Figure("removed", "", 0, "hours")]
    assert figure("removed_share", {"hosts_told": 8, "up_hours:never": 2})[0].number == 75.0


def test_what_an_edition_from_before_a_table_says_nothing_of_is_not_zero() -> None:
    before: dict[str, int | None] = {"reports": 9, "cases": 9}
    for name in ("urgent_cases", "appeals", "appeals_by_outcome", "provider_reports_by_priority", "peers_told"):
        unit = BY_NAME[name].unit
        assert figure(name, before) == [Figure(name, "", None, unit, "no_data")]
    assert figure("appeals", before | {"appeals": 0}) == [Figure("appeals", "", 0, "appeals")]
    assert figure("appeals_by_outcome", before | {"appeals": 0}) == [Figure("appeals_by_outcome", "", 0, "appeals")]
    for name in ("appeals_answered", "urgent_passed", "peers_answered", "blocked"):
        assert figure(name, before) == [Figure(name, "", None, "hours", "no_data")], (
            "nobody knows that there were too few"
        )
    assert figure("appeals_answered", before | {"appeals": 0})[0].why == "too_few"
    for whole in (40, None):
        illegal = before | {"outcome:illegal": whole, "sex:female": whole}
        assert figure("illegal_by_victim", illegal) == [Figure("illegal_by_victim", "", None, "cases", "no_data")]
    assert figure("illegal_by_victim", before | {"outcome:illegal": 0})[0].number == 0
    told: dict[str, int | None] = {"hosts_told": 40, "up_hours:24": 20, "up_hours:never": 20}
    assert figure("still_up", told) == [Figure("still_up", "", None, "%", "no_data")]


def test_the_curve_comes_from_cells() -> None:
    cells: dict[str, int | None] = {
        "hosts_told": 40, "up_hours:24": 20, "up_hours:48": 4, "up_hours:168": 1, "up_hours:longer": 1,
        "up_hours:never": 14, "up_watched:48": 6, "up_watched:72": 4, "up_watched:longer": 4,
    }  # fmt: skip
    assert figure("still_up", cells) == [
        Figure("still_up", "24", 50.0, "%"),
        Figure("still_up", "48", 40.0, "%"),
        Figure("still_up", "72", 40.0, "%"),
        Figure("still_up", "168", None, "%", "too_few_watched"),
    ]
    assert [one.number for one in figure("still_up_at_least", cells)][:2] == [33.8, 25.0]
    assert [one.number for one in figure("still_up_at_most", cells)][:2] == [64.2, 54.6]
    reach = intervals_of(BY_NAME["still_up"], Year(cells, {}, {}))
    assert reach == {"24": (33.8, 64.2), "48": (25.0, 54.6), "72": (25.0, 54.6)}
    assert intervals_of(BY_NAME["still_up"], Year({}, {}, {})) == {}
    assert intervals_of(BY_NAME["removal_times"], Year(cells, {}, {})) == {}
    drawn = {one.name for one in DEFINITIONS if one.is_drawn}
    assert drawn == {one.name for one in DEFINITIONS if one.how == "spread"} | {"still_up"}
    for name in ("up_hours:48", "up_watched:72", "hosts_told", "up_hours:never", "up_watched:longer"):
        assert figure("still_up", cells | {name: None}) == [Figure("still_up", "", None, "%", "hidden")]
    assert [one.why for one in figure("still_up", {})] == ["too_few_watched"] * 4


def test_spreads_are_in_order() -> None:
    by_kind = figure("reports_by_kind", {"kind:me": 2, "kind:page": 9, "kind:else": None, "reports": 11})
    assert [(one.of, one.number, one.why) for one in by_kind] == [
        ("page", 9, ""),
        ("me", 2, ""),
        ("else", None, "hidden"),
    ]
    assert by_kind[0] == Figure("reports_by_kind", "page", 9, "reports")
    tied = figure("reports_by_kind", {"kind:z": 0, "kind:b": 1, "kind:x:y": 2, "kind:a": 0, "kind:o": 2})
    assert [(one.of, one.number) for one in tied] == [("o", 2), ("x:y", 2), ("b", 1), ("a", 0), ("z", 0)]
    first = figure("reports_by_kind", {"kind:a": 0, "kind:b": 1})
    assert [one.of for one in first] == ["b", "a"]
    times = figure("removal_times", {"up_hours:never": 1, "up_hours:48": 2, "up_hours:168": 1, "up_hours:24": 0})
    assert [one.of for one in times] == ["24", "48", "168", "never"]
    passed = figure(
        "urgent_passed_times",
        {f"urgent_hours:{end}": 1 for end in ("never", "longer", "24", "1", "4")} | {"urgent:yes": 5},
    )
    assert [one.of for one in passed] == ["1", "4", "24", "longer", "never"]
    listed = figure(
        "blocked_times", {f"block_hours:{end}": 1 for end in ("never", "longer", "2160", "168")} | {"blocked": 4}
    )
    assert [one.of for one in listed] == ["168", "2160", "longer", "never"]
    months = figure("cases_by_month", {"cases_by_month:11": 1, "cases_by_month:02": 1})
    assert [one.of for one in months] == ["02", "11"]
    by_law = {"hosts_told": 9, "law_hours:4-5:24": 1, "law_hours:0:never": 3, "law_hours:0:24": 2, "law_hours:0:168": 3}
    assert [one.of for one in figure("removal_times_by_law", by_law)] == ["0:24", "0:168", "0:never", "4-5:24"]
    assert figure("reports_by_kind", {}) == [Figure("reports_by_kind", "", 0, "reports")]


def test_a_blocked_address_is_on_the_list_at_the_end_of_each_year_until_it_is_taken_off() -> None:
    def listed(approved: datetime, ended: datetime | None, now: datetime) -> list[tuple[int, str, str]]:
        return [
            (at.year, *mark)
            for at, marks in marks_of_listed(approved, ended, now)
            for mark in marks
            if mark != ("on_list", "all")
        ]

    start, now = datetime(2024, 12, 31, 14, tzinfo=UTC), datetime(2026, 1, 1, 2, tzinfo=UTC)
    assert listed(start, None, now) == [(2024, "list_age", "9"), (2025, "list_age", "8760"), (2026, "list_age", "8760")]
    assert listed(start, now, now) == [(2024, "list_age", "9"), (2025, "list_age", "8760"), (2026, "list_ended", "all")]
    assert listed(start, start, now) == [(2024, "list_ended", "all")]
    assert listed(now, None, start) == []
    found = [marks for _at, marks in marks_of_listed(start, None, now)]
    assert all(marks[0] == ("on_list", "all") for marks in found)
    assert len(found) == 3


def test_what_is_for_the_desk_only_has_cells_of_its_own() -> None:
    tallies = {(12, "on_list", "all"): 9, (3, "list_ended", "all"): 4, (2, "list_ended", "all"): 3, (3, "blocked", "all"): 5,
               (12, "list_age", "167"): 2, (12, "list_age", "168"): 7, (1, "host", "A:B"): 3, (2, "host", "A:B"): 4}  # fmt: skip
    inside = inside_of(tallies)
    assert inside == {"on_list": 9, "list_ended": 7, "list_age:168": 2, "list_age:720": 7, "host:A:B": 7}
    assert inside_of({}) == {"on_list": 0, "list_ended": 0}
    assert not inside.keys() & cells_of(tallies).keys()
    cells = {"blocked": 5}
    assert figure("list_churn", cells, inside=inside)[0].number == round(100 * 12 / 9, 1)
    assert figure("list_churn", cells)[0].why == "no_data"
    assert figure("list_size", {}, inside=inside, has_data=False)[0].number == 9
    assert figure("list_age", {}, inside=inside)[0].why == "too_few"
    assert figure("list_age", {}, inside=inside, medians={"list_age": 168})[0].number == 168
    assert figure("illegal_by_host", {"outcome:illegal": 7}, inside=inside) == [
        Figure("illegal_by_host", "A:B", 7, "cases")
    ]
    assert figure("addresses_blocked", {"blocked": 2, "on_list": 9}, inside=inside)[0].number == 2


def test_typed_figures_of_halves() -> None:
    typed = {("ncmec_referrals", 2): 7, ("ncmec_referrals", 1): 5, ("convictions", 0): 3}
    assert [(one.of, one.number) for one in figure("ncmec_referrals", {}, typed=typed)] == [("h1", 5), ("h2", 7)]
    assert figure("convictions", {}, typed=typed, has_data=False)[0] == Figure("convictions", "", 3, "people")
    sources = {("convictions", 0): ("Police", "2026-01-31"), ("ncmec_referrals", 2): ("NCMEC", "2026-02-01")}
    assert figure("convictions", {}, typed=typed, sources=sources) == [
        Figure("convictions", "", 3, "people", "", "Police", "2026-01-31")
    ]
    assert [one.source for one in figure("ncmec_referrals", {}, typed=typed, sources=sources)] == ["", "NCMEC"]
    assert figure("arrests", {}, typed=typed) == [Figure("arrests", "", None, "people", "no_data")]


def test_every_definition_can_be_read_and_its_formula_counts() -> None:
    assert len({one.name for one in DEFINITIONS}) == len(DEFINITIONS) > 30
    tables = {table.name for table in (*TABLES, *INSIDE)}
    assert {one.name for one in DEFINITIONS if not one.is_public} == {
        *("illegal_by_host", "illegal_by_registrar", "list_size", "list_age", "list_ended", "list_churn")
    }
    for one in DEFINITIONS:
        assert one.is_public == (not {*one.of, *one.whole} & {*(table.name for table in INSIDE), *INSIDE_WHOLES})
        assert all((str(one.title), str(one.definition), one.formula, one.source, one.unit))
        assert one.how != "spread" or one.of[0] in tables
        assert figures_of(one, Year(cells_of({}), {}, {}))


def test_files_hold_the_same_rows_and_no_formulas() -> None:
    rows = [{"of": "=1+1", "number": 3}, {"of": "é", "number": None}]
    assert as_csv(("of", "number"), rows) == "of,number\n'=1+1,3\né,\n"
    assert as_json(rows) == '[\n{"of": "=1+1", "number": 3},\n{"of": "é", "number": null}\n]\n'


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({}, ""),
        ({"series": "rumours"}, "series"),
        ({"year": 1989}, "year"),
        ({"year": 1990, "source_date": date(1990, 1, 1)}, ""),
        ({"year": 2027}, "year"),
        ({"year": 2026}, ""),
        ({"half": 1}, "half"),
        ({"half": 3, "series": "ncmec_referrals"}, "half"),
        ({"series": "ncmec_referrals"}, "half"),
        ({"half": 2, "series": "ncmec_referrals"}, ""),
        ({"number": -1}, "number"),
        ({"number": 0}, ""),
        ({"number": 10_000_000_000}, ""),
        ({"number": 10_000_000_001}, "number"),
        ({"source": " "}, "source"),
        ({"source": "x" * 300}, ""),
        ({"source": "x" * 301}, "source"),
        ({"source_date": date(2024, 12, 31)}, "source_date"),
        ({"source_date": date(2025, 1, 1)}, ""),
        ({"source_date": DAY}, ""),
        ({"source_date": date(2026, 5, 2)}, "source_date"),
    ],
)
def test_faults_of_what_is_typed(given: dict[str, object], fault: str) -> None:
    plain = {
        "series": "convictions",
        "year": 2025,
        "half": 0,
        "number": 3,
        "source": "Courts",
        "source_date": date(2026, 1, 1),
    }
    assert fault_of(**(plain | given), today=DAY) == fault  # type: ignore[arg-type]


def test_a_rounded_number_stands_where_one_is_hidden_and_nothing_else_rests_on_it() -> None:
    cells = {"reports": None, "cases": 12, "kind:page": 20, "kind:me": None, "kind:danger": None, "kind:else": 0}
    year = Year(cells, {}, {}, rounded={"reports": 25, "cases": 10, "kind:me": 30, "kind:page": 25})
    assert figures_of(BY_NAME["reports"], year) == [Figure("reports", "", 25, "reports", "rounded")]
    assert figures_of(BY_NAME["cases"], year) == [Figure("cases", "", 12, "cases")], "it is shown as it is"
    both = replace(BY_NAME["reports"], of=("reports", "cases"))
    assert [(one.number, one.why) for one in figures_of(both, year)] == [(None, "hidden")]
    of_kind = [(one.of, one.number, one.why) for one in figures_of(BY_NAME["reports_by_kind"], year)]
    assert of_kind == [("me", 30, "rounded"), ("page", 20, ""), ("else", 0, ""), ("danger", None, "hidden")]
    shares = [one for one in DEFINITIONS if one.how == "share"]
    assert {one.number for definition in shares for one in figures_of(definition, year)} <= {None, 0}
