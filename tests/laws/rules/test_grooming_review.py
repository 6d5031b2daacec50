"""ICMEC's review of grooming from CSV: all rows or none, every wrong one named."""

from datetime import date

import pytest

from leeward.laws.register import packaged_register
from leeward.laws.rules.edition import MOST_ROWS, BadEdition
from leeward.laws.rules.grooming_review import GroomingRow, is_grooming_review, read_grooming_review, with_grooming

HEAD = "iso2,edition,grooming,source,reasons"
COUNTRIES = ("GH", "NR", "KE")


def _read(text: str) -> list[GroomingRow]:
    return read_grooming_review(text, name="g.csv", countries=COUNTRIES)


def test_rows_are_read() -> None:
    text = f"\ufeff{HEAD}\n gh ,grooming-1, YES ,table,s 63\nNR,grooming-1,unknown,table,\n"
    assert is_grooming_review(text)
    assert not is_grooming_review("iso2,edition,c1,c2,c3,c4,c5,source\n")
    assert _read(text) == [GroomingRow(2, "GH", "yes", "table", "s 63"), GroomingRow(3, "NR", "unknown", "table", None)]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("iso2,grooming\n", "line 1: column edition is missing"),
        (f"{HEAD},colour\n", "line 1: there is no column colour"),
        (f"{HEAD}\n", "line 1: there is no row in it"),
        (f"{HEAD}\nXX,grooming-1,yes,table,\n", "line 2: iso2 is 'XX', which is no country"),
        (f"{HEAD}\nGH,7,yes,table,\n", "line 2: edition is '7' and must be grooming-1"),
        (
            f"{HEAD}\nGH,grooming-1,maybe,table,\n",
            "line 2: grooming is 'maybe' and must be one of yes, partial, no, unknown",
        ),
        (f"{HEAD}\nGH,grooming-1,yes, ,\n", "line 2: source is empty: a value without a source can't be kept"),
        (f"{HEAD}\nGH,grooming-1,yes\n", "line 2: it has more or fewer fields than the header"),
        (f"{HEAD}\nGH,grooming-1,yes,t,r,x\n", "line 2: it has more or fewer fields than the header"),
        (f"{HEAD}\nGH,grooming-1,yes,t,\nGH,grooming-1,no,t,\n", "line 3: GH stands already on line 2"),
        (f'{HEAD}\nGH,grooming-1,"yes"x,t,\n', "it is not CSV"),
    ],
)
def test_what_is_wrong_is_named(text: str, words: str) -> None:
    with pytest.raises(BadEdition) as caught:
        _read(text)
    assert words in " ".join(caught.value.problems)
    assert caught.value.values["name"] == "g.csv"


def test_too_many_rows_end_the_reading() -> None:
    with pytest.raises(BadEdition) as caught:
        _read(f"{HEAD}\n" + "XX,grooming-1,yes,t,\n" * (MOST_ROWS + 50))
    assert caught.value.problems[-1] == f"line {MOST_ROWS + 1}: more than {MOST_ROWS} rows"


def test_what_the_review_says_stands_in_the_file_once() -> None:
    ghana, on = packaged_register().written["GH"], date(2026, 11, 27)
    file, changes = with_grooming(ghana, GroomingRow(2, "GH", "yes", "table", None), on=on)
    assert file["grooming"]["listed"] == ghana["grooming"]["listed"]
    assert file["grooming"]["reviews"] == [
        {"edition": "grooming-1", "value": "yes", "reasons": None, "source": "table", "date": "2026-11-27"}
    ]
    assert [(one.iso2, one.edition, one.criterion, one.before, one.after) for one in changes] == [
        ("GH", "grooming-1", "grooming", None, "yes")
    ]
    assert with_grooming(file, GroomingRow(2, "GH", "yes", "table", None), on=on) == (file, [])
    assert with_grooming(file, GroomingRow(2, "GH", "no", "table", None), on=on)[1][0].before == "yes"


def test_each_problem_of_the_grooming_review_stands_whole() -> None:
    def problems(text: str) -> tuple[str, ...]:
        with pytest.raises(BadEdition) as caught:
            read_grooming_review(text, name="g.csv", countries=frozenset({"GH", "JM"}))
        return caught.value.problems

    head, long = "iso2,edition,grooming,source\n", "x" * 40
    assert problems(f"{head}{long},{long},{long},s\nJM,{long},yes,s\n") == (
        f"line 2: iso2 is '{'X' * 10}', which is no country",
        f"line 2: edition is '{'x' * 20}' and must be grooming-1",
        f"line 2: grooming is '{'x' * 20}' and must be one of yes, partial, no, unknown",
        f"line 3: edition is '{'x' * 20}' and must be grooming-1",
    )
    assert problems(f"{long},{head}a,b,c,d,e\n") == (f"line 1: there is no column {'x' * 30}",)
    assert problems(head) == ("line 1: there is no row in it",)


def test_the_review_is_known_by_its_first_line() -> None:
    assert is_grooming_review('\ufeff"grooming",iso2\r\nx\n')
    assert is_grooming_review("\ufeffgrooming\nGH\n")
    assert not is_grooming_review("iso2,c1\ngrooming,x\n")


def test_a_first_line_that_is_no_csv_and_lines_of_an_old_mac() -> None:
    with pytest.raises(BadEdition) as caught:
        _read('"iso2')
    assert "it is not CSV" in caught.value.problems[0]
    assert [row.iso2 for row in _read(f"{HEAD}\rGH,grooming-1,yes,t,\rNR,grooming-1,no,t,\r")] == ["GH", "NR"]
