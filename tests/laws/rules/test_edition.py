"""An edition from CSV: every wrong row is named by its line."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.laws.register import packaged_register
from leeward.laws.rules.edition import BadEdition, read_edition, with_row

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
