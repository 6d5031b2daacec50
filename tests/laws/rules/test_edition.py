"""An edition from CSV: every wrong row is named by its line."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.laws.register import packaged_register
from leeward.laws.rules.edition import MOST_ROWS, BadEdition, Change, read_edition, with_row

HEAD = "iso2,edition,c1,c2,c3,c4,c5,source\n"
COUNTRIES = frozenset({"JM", "NR", "KE"})
GOOD = "JM,10,yes,yes,yes,yes,no,icmec.example\n"


def _problems(text: str) -> tuple[str, ...]:
    with pytest.raises(BadEdition) as problem:
        read_edition(text, name="ten.csv", countries=COUNTRIES)
    return problem.value.problems


@pytest.mark.parametrize(
    ("text", "words"),
    [
        (HEAD, "line 1: there is no row"),
        ("", "line 1: column iso2 is missing"),
        ("iso2,edition,c1,c2,c3,c4,source\n", "line 1: column c5 is missing"),
        ("colour," + HEAD + GOOD, "line 1: there is no column colour"),
        (HEAD + GOOD + "ZZ,10,yes,yes,yes,yes,no,x\n", "line 3: iso2 is 'ZZ'"),
        (HEAD + "JM,tenth,yes,yes,yes,yes,no,x\n", "line 2: edition is 'tenth'"),
        (HEAD + "JM,10,yes,maybe,yes,yes,no,x\n", "line 2: c2 is 'maybe'"),
        (HEAD + "JM,10,yes,yes,yes,yes,no,\n", "line 2: source is empty"),
        (HEAD + GOOD + GOOD, "line 3: JM stands already on line 2"),
        (HEAD + "JM,10,yes\n", "line 2: it has fewer fields"),
        (HEAD + "JM,10,yes,yes,yes,yes,no,x,more\n", "line 2: it has more fields"),
        (HEAD + 'JM,10,"yes,yes\n', "it is not CSV"),
    ],
)
def test_wrong_rows(text: str, words: str) -> None:
    assert any(words in problem for problem in _problems(text)), _problems(text)


def test_all_wrong_rows_are_named_at_once() -> None:
    assert len(_problems(HEAD + "ZZ,10,x,yes,yes,yes,no,x\nKE,10,yes,yes,yes,yes,y,x\n")) == 3


def test_a_byte_order_mark_and_blank_criteria_are_read() -> None:
    rows = read_edition(
        "\ufeff" + HEAD.replace("\n", "\r\n") + "jm,10,YES,,no,no,no,x\r\n", name="x", countries=COUNTRIES
    )
    assert (rows[0].iso2, rows[0].criteria["c1"], rows[0].criteria["c2"]) == ("JM", "yes", "unknown")


def test_two_sources_of_one_edition_stand_side_by_side() -> None:
    file = packaged_register().files["JM"]
    one, other = read_edition(HEAD + GOOD + GOOD.replace("icmec", "other"), name="x", countries=COUNTRIES)
    file, first = with_row(file, one, on=date(2026, 11, 24))
    file, second = with_row(file, other, on=date(2026, 11, 24))
    file, again = with_row(file, one, on=date(2026, 11, 24))
    assert (len(first), len(second), again) == (5, 5, [])
    assert [row["edition"] for row in file["criteria"]] == ["7", "10", "10"]


@given(st.text(alphabet=st.sampled_from(list('JMNRyes no,"\n\r10cx;\x00é')), max_size=200))
def test_anything_is_read_or_refused(text: str) -> None:
    try:
        read_edition(HEAD + text, name="x", countries=COUNTRIES)
    except BadEdition as problem:
        shown = problem.problems
    else:
        shown = ()
    assert all("\n" not in sentence for sentence in shown)


FULL = "iso2,edition,year,c1,c2,c3,c4,c5,reasons,source\n"


def test_a_row_with_year_and_reasons_is_read_whole() -> None:
    (row,) = read_edition(
        FULL + "jm,10, 2023 ,yes,Partial,no,,no, no duty ,icmec.example\n", name="x", countries=COUNTRIES
    )
    assert (row.line, row.iso2, row.edition, row.year, row.reasons, row.source) == (
        2, "JM", "10", 2023, "no duty", "icmec.example",
    )  # fmt: skip
    assert row.criteria == {"c1": "yes", "c2": "partial", "c3": "no", "c4": "unknown", "c5": "no"}
    (bare,) = read_edition(FULL + "JM,10,,yes,yes,yes,yes,no,,x\n", name="x", countries=COUNTRIES)
    assert (bare.year, bare.reasons) == (None, None)
    (short,) = read_edition(HEAD + GOOD, name="x", countries=COUNTRIES)
    assert (short.year, short.reasons) == (None, None)


def test_a_problem_quotes_no_more_than_it_needs() -> None:
    """Whoever opens the wrong file sees what it is, and not the file."""
    long = "x" * 40
    assert _problems(f"{long},{HEAD}{GOOD}") == (f"line 1: there is no column {'x' * 30}",)
    assert _problems(f"{FULL}{long},{long},{long},{long},yes,yes,yes,no,,x\n") == (
        f"line 2: iso2 is '{'X' * 10}', which is no country",
        f"line 2: edition is '{'x' * 10}' and must be a number",
        f"line 2: c1 is '{'x' * 20}' and must be one of yes, partial, no, unknown",
        f"line 2: year is '{'x' * 10}' and must be a year",
    )
    assert _problems(HEAD) == ("line 1: there is no row in it",)


def test_the_whole_problem_has_the_files_name_and_its_first_line() -> None:
    for text in (HEAD + "ZZ,10,x,yes,yes,yes,no,x\n", "iso2\n"):
        with pytest.raises(BadEdition) as problem:
            read_edition(text, name="ten.csv", countries=COUNTRIES)
        found = problem.value
        assert found.text == f"ten.csv has {len(found.problems)} wrong rows: {found.problems[0]}."


def test_lines_may_end_as_on_an_old_mac() -> None:
    rows = read_edition((HEAD + GOOD + GOOD.replace("JM", "KE")).replace("\n", "\r"), name="x", countries=COUNTRIES)
    assert [row.iso2 for row in rows] == ["JM", "KE"]


def test_cells_may_hold_line_ends_and_the_rows_have_a_limit() -> None:
    (row,) = read_edition(FULL + 'JM,10,,yes,yes,yes,yes,no,"one\r\ntwo",x\n', name="x", countries=COUNTRIES)
    assert row.reasons == "one\r\ntwo"
    rows = [f"JM,{at % 1000},yes,yes,yes,yes,no,{at}\n" for at in range(MOST_ROWS + 5)]
    assert len(read_edition(HEAD + "".join(rows[:MOST_ROWS]), name="x", countries=COUNTRIES)) == MOST_ROWS
    assert _problems(HEAD + "".join(rows)) == (f"line {MOST_ROWS + 2}: more than {MOST_ROWS} rows",)


def test_a_new_row_and_a_corrected_one_in_the_file() -> None:
    file = packaged_register().files["JM"]
    (row,) = read_edition(FULL + "JM,10,2023,yes,yes,partial,yes,no,no duty,x\n", name="x", countries=COUNTRIES)
    made, changes = with_row(file, row, on=date(2026, 11, 24))
    assert changes == [
        Change("JM", "10", name, None, value)
        for name, value in zip(("c1", "c2", "c3", "c4", "c5"), ("yes", "yes", "partial", "yes", "no"), strict=True)
    ]
    assert made["criteria"][-1] == {
        "edition": "10", "year": 2023, "c1": "yes", "c2": "yes", "c3": "partial", "c4": "yes", "c5": "no",
        "reasons": "no duty", "provisions": [], "source": "x", "date": "2026-11-24", "reviewer": None,
    }  # fmt: skip
    made["criteria"][-1]["reviewer"] = "counsel"
    (later,) = read_edition(HEAD + "JM,10,yes,yes,yes,yes,no,x\n", name="x", countries=COUNTRIES)
    corrected, changes = with_row(made, later, on=date(2026, 11, 25))
    assert changes == [Change("JM", "10", "c3", "partial", "yes")]
    entry = corrected["criteria"][-1]
    assert (entry["c3"], entry["date"], entry["reviewer"]) == ("yes", "2026-11-25", None)
    assert made["criteria"][-1]["c3"] == "partial", "the file that was given stays as it was"
