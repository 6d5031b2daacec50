"""The toolkit's tables come out of the data."""

from collections import Counter
from datetime import date

from leeward.laws.pages.editions import Today, grooming_in, state_today
from leeward.laws.pages.standing import edition_counts, editions, figures, gaps_of, members, status, year_of
from leeward.laws.register import packaged_register
from leeward.laws.rules.provisions import Standing, readings_of

TODAY = date(2026, 11, 28)
APPENDIX_I = "AG DM GH GD GY KI LS MV MZ NA NR PK LC WS SB SZ TV"
APPENDIX_II = "BD BZ FJ GM MY NG TZ ZM KE RW SG MU KN SC LK"
APPENDIX_III = "BS BB BW BN CM CY JM MW MT NZ PG VC SL TO TT UG GB VU AU CA IN ZA"
GROOMING = "AU BW BN CM CA GY IN JM MT NZ SG ZA TT GB"
ITU = "BB BD FJ GD LS MY MU RW ZA SC SZ TT GB ZM"


def _states(band: str | None) -> set[str]:
    return {row.iso2 for row in status(packaged_register(), "7") if row.band == band}


def test_the_three_appendices() -> None:
    assert _states("0") == set(APPENDIX_I.split())
    assert _states("1-3") == set(APPENDIX_II.split())
    assert _states("4-5") == set(APPENDIX_III.split())
    assert _states(None) == {"GA", "TG"}


def test_criteria_are_unknown_where_only_the_band_is_given() -> None:
    rows = {row.iso2: row for row in status(packaged_register(), "7")}
    assert rows["NR"].c1 == rows["NR"].c5 == "no"
    assert {rows["JM"].c1, rows["JM"].c5, rows["KE"].c4, rows["GA"].c1} == {"unknown"}


def test_the_first_edition_names_five_states_of_which_two_are_members() -> None:
    rows = status(packaged_register(), "1")
    assert {row.iso2 for row in rows if row.band == "4-5"} == {"AU", "ZA"}
    assert len(rows) == 56


def test_editions_are_in_order() -> None:
    assert editions(packaged_register()) == ["1", "7"]


def test_grooming_is_a_track_of_its_own() -> None:
    files = {file["code"]: file for file in members(packaged_register())}
    assert {code for code, file in files.items() if file["grooming"]["listed"]} == set(GROOMING.split())
    guyana = gaps_of(files["GY"])
    assert (guyana.fewest, guyana.grooming) == (4, "listed")


def test_the_itu_survey() -> None:
    assert {file["code"] for file in members(packaged_register()) if file["surveys"]} == set(ITU.split())


def test_every_figure_has_its_year_place_and_footnote() -> None:
    rows = figures()
    assert len(rows) == 44
    assert [row["footnote"] for row in rows if row["value"] in ("hundreds", "billions")] == [None, None]
    greater_manchester = [row for row in rows if row["place"] == "Greater Manchester" and row["year"] == "1995"]
    assert [(row["value"], row["footnote"]) for row in greater_manchester] == [(12, "14")]
    assert (1402, "17") in [(row["value"], row["footnote"]) for row in rows]


def test_sources_that_disagree_on_the_sixth_edition_both_stand_and_the_tenth_has_no_figure() -> None:
    rows = edition_counts()
    sixth = [row["counts"]["sufficient_4_or_5"] for row in rows if row["edition"] == "6"]
    assert sixth == [44, 45]
    assert "10" not in Counter(row["edition"] for row in rows)


def test_none_is_said_only_where_all_five_were_read() -> None:
    criteria: dict[str, Standing] = dict.fromkeys(("c1", "c2", "c3", "c4", "c5"), "not_found")
    assert Today(criteria, []).of_five == "0"
    assert Today(criteria | {"c2": "partly"}, []).of_five == "partly", "part of a criterion is more than none"
    assert Today(criteria | {"c2": "partly", "c4": "unknown"}, []).of_five == "partly"
    assert Today(criteria | {"c2": "unknown"}, []).of_five == "unknown"
    assert Today(criteria | {"c2": "met", "c5": "unknown"}, []).of_five == "1-3"
    four: dict[str, Standing] = criteria | dict.fromkeys(("c1", "c2", "c3", "c4"), "met")
    assert Today(four, []).of_five == "4-5"
    assert Today(four | {"c4": "unknown"}, []).of_five == "1-3"


def test_the_map_says_read_and_not_found_only_where_somebody_here_read_the_law() -> None:
    file = packaged_register().file("SB")
    account = [row | {"source_kind": "secondary", "seen": "yes", "value": "no"} for row in file["readings"]]
    assert set(state_today(file | {"readings": account}, TODAY).criteria.values()) == {"unknown"}
    assert grooming_in(file, "today", readings_of(file | {"readings": account}, TODAY)) == "unknown"
    text = [row | {"source_kind": "statute_text"} for row in account]
    assert "not_found" in state_today(file | {"readings": text}, TODAY).criteria.values()


def test_an_edition_has_the_year_in_which_it_came_out() -> None:
    assert [year_of(edition) for edition in ("1", "6", "7", "9", "99", None)] == [2006, 2010, 2013, 2018, None, None]
