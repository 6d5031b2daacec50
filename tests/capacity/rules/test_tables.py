"""Who took part, by our table and by Moodle's report; when training runs out; what is missing."""

import io
from collections.abc import Iterator
from datetime import date

import pytest

from leeward.capacity.rules.needs import Standing, standings
from leeward.capacity.rules.participation import COLUMNS, Participation, Usual, day_of, read_participation
from leeward.capacity.rules.sheets import (
    MOST_BYTES,
    MOST_CELL,
    Form,
    NotATable,
    Row,
    cells_of,
    decoded,
    encoding_of,
    is_formula,
    plain,
    rows,
)
from leeward.capacity.rules.vocabulary import forgotten_before, months_before, runs_out

TODAY = date(2026, 11, 28)
USUAL = Usual("judge", "JM", frozenset({"JM", "BB"}), TODAY)
ANA = Participation("Ana Brown", "Court", "judge", "JM", date(2026, 3, 2))


def read(text: str, form: Form = "own") -> list[Row]:
    return list(rows(io.StringIO(text, newline=""), form, USUAL))


def faults(**cells: str) -> list[str]:
    participation, found = read_participation({"name": "Ana", "ended_on": "2026-03-02"} | cells, USUAL)
    assert (participation is None) == bool(found)
    return [str(one) for one in found]


def test_a_row_says_what_it_says_and_else_what_is_usual() -> None:
    full = dict(zip(COLUMNS, ("Ana  Brown\u202e", "Court", " Police", "bb ", "2026-03-02", "0", "100"), strict=True))
    assert read_participation(full, USUAL) == (
        Participation("Ana Brown", "Court", "police", "BB", date(2026, 3, 2), 0, 100),
        [],
    )
    assert read_participation({"name": "Ana Brown", "organisation": "Court", "ended_on": "2026-03-02"}, USUAL) == (
        ANA,
        [],
    )


@pytest.mark.parametrize(
    ("cells", "sentence"),
    [
        ({"name": " \u202e "}, "the name is empty"),
        ({"name": "a" * 121}, "a name is longer than 120 characters"),
        ({"organisation": "a" * 121}, "a name is longer than 120 characters"),
        ({"name": "<b>"}, "it contains markup; write plain words"),
        ({"organisation": "a > b"}, "it contains markup; write plain words"),
        ({"role": "b" * 41}, f"“{'b' * 40}” is not a word of this list"),
        ({"country": "Z" * 41}, f"“{'Z' * 40}” is not a country"),
        ({"ended_on": "02/03/2026"}, "the day is not written like 2026-11-28"),
        ({"ended_on": "2026-02-30"}, "the day is not written like 2026-11-28"),
        ({"ended_on": ""}, "the day is not written like 2026-11-28"),
        ({"ended_on": "2026-11-29"}, "the day is before 1990 or in the future"),
        ({"ended_on": "1989-12-31"}, "the day is before 1990 or in the future"),
        ({"before": "101"}, "a result is a whole number from 0 to 100"),
        ({"after": "-1"}, "a result is a whole number from 0 to 100"),
        ({"after": "4.5"}, "a result is a whole number from 0 to 100"),
        ({"after": "٣"}, "a result is a whole number from 0 to 100"),
        ({"after": "0050"}, "a result is a whole number from 0 to 100"),
    ],
)
def test_each_fault_has_a_sentence(cells: dict[str, str], sentence: str) -> None:
    assert faults(**cells) == [sentence]


def test_what_is_just_right_has_none() -> None:
    assert faults(name="a" * 120, organisation="b" * 120, ended_on="2026-11-28", before="100", after=" 7 ") == []
    assert faults(ended_on=" 1990-01-01 ") == []
    assert faults(name="", role="x") == ["the name is empty", "“x” is not a word of this list"]
    assert day_of("2026-11-2８") is None
    assert day_of("20261128") is None
    assert faults(name="Xavier X") == []
    no_day = read_participation({"name": "Ana"}, USUAL)[1]
    assert [str(one) for one in no_day] == ["the day is not written like 2026-11-28"]
    assert day_of("20261128xx") is None


def test_the_same_person_is_known_by_name_and_organisation() -> None:
    same = Participation("ANA brown", "COURT", "police", "BB", TODAY)
    assert same.person == ANA.person
    assert len(ANA.person) == 64
    assert Participation("Ana Brown", "", "judge", "JM", TODAY).person != ANA.person
    assert Participation("Ana BrownCourt", "", "judge", "JM", TODAY).person != ANA.person


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_our_table(delimiter: str) -> None:
    lines = ["Name|colour| ended_on |organisation", "Ana Brown|red|2026-03-02|Court", "|||", "|x", "'=Ana||2026-03-02"]
    found = read("\r\n".join(lines).replace("|", delimiter))
    assert found[0] == Row(2, ANA)
    assert [(row.number, [str(one) for one in row.faults]) for row in found[1:]] == [
        (4, ["the name is empty", "the day is not written like 2026-11-28"]),
        (5, []),
    ]
    assert found[2].participation is not None
    assert found[2].participation.name == "=Ana"


def test_a_table_comes_back_as_it_was_written() -> None:
    one = Participation("-Ana", "@Court", "police", "BB", TODAY, 3, None)
    cells = cells_of(one)
    assert cells == ["'-Ana", "'@Court", "police", "BB", "2026-11-28", "3", ""]
    assert read(",".join(COLUMNS) + "\n" + ",".join(cells)) == [Row(2, one)]
    assert [is_formula(cell) for cell in ("=a", "+a", "-a", "@a", "\ta", "\ra", "a", "")] == [True] * 6 + [False] * 2
    assert [plain(cell) for cell in ("'=a", "'a", "=a", "a=")] == ["=a", "'a", "=a", "a="]


def test_formulas_and_endless_cells_are_refused() -> None:
    table = f"name,ended_on,colour\n=1+1,2026-03-02,\nAna,2026-03-02,=1\n{'a' * (MOST_CELL + 1)},2026-03-02,\n{'a' * MOST_CELL},x,"
    found = [[str(one) for one in row.faults] for row in read(table)]
    assert found[:3] == [
        ["a cell begins like a formula"],
        [],
        ["a cell is longer than 4000 characters"],
    ]
    assert found[3][0] == "a name is longer than 120 characters"
    assert [row.number for row in read(table)] == [2, 3, 4, 5]


@pytest.mark.parametrize(
    ("text", "form", "sentence"),
    [
        ("", "own", "its first line does not name the columns name and ended_on, each once"),
        ("name\n", "own", "its first line does not name the columns name and ended_on, each once"),
        ("name,ended_on,name\n", "own", "its first line does not name the columns name and ended_on, each once"),
        ('name,ended_on\n"Ana,2026-03-02\n', "own", "it can’t be read as CSV in UTF-8"),
        ("ID,Name\n", "moodle", "it is not Moodle’s report of who completed a course: it has fewer than three columns"),
    ],
)
def test_what_is_no_table(text: str, form: Form, sentence: str) -> None:
    with pytest.raises(NotATable) as refused:
        read(text, form)
    assert str(refused.value.why) == sentence
    assert str(refused.value) == sentence


def test_a_name_with_a_bare_comma_is_not_cut() -> None:
    (row,) = read("ended_on,name\n2026-03-02,Brown, Ana\n")
    assert (row.number, row.participation) == (2, None)
    assert list(map(str, row.faults)) == ["it has more cells than the heading has columns"]
    (row,) = read("name,ended_on,,\nAna,2026-03-02,,, \n")
    assert row.participation is not None
    assert row.participation.name == "Ana"
    with pytest.raises(NotATable):
        read(",name,,ended_on\n")
    with pytest.raises(NotATable):
        read(",,\n")


def test_a_broken_encoding_half_way_down_is_no_table() -> None:
    def lines() -> Iterator[str]:
        yield "name,ended_on\n"
        raise UnicodeDecodeError("utf-8", b"\xff", 0, 1, "invalid")

    with pytest.raises(NotATable, match="can’t be read as CSV in UTF-8"):
        list(rows(lines(), "own", USUAL))


def test_moodles_report() -> None:
    """As report/completion writes it: the number, the name, then whatever the site shows, at last the time."""
    head = '"ID",Nombre,"Dirección",Quiz,"Quiz - Completion date","Course complete"\n'
    done = '12,"Ana Brown",ana@court.example,Completed,"1/03/26, 09:00","2/03/26, 14:05"\n'
    later = '13,"Ben",ben@court.example,"Not completed",,\n'
    assert read(head + done + later, "moodle") == [
        Row(2, Participation("Ana Brown", "", "judge", "JM", date(2026, 3, 2))),
        Row(3, None),
    ]
    (extra,) = read('ID,Name,Quiz,Done\n1,Ana,,"2/03/26, 14:05"\n', "moodle")
    assert extra.participation is not None
    (marks,) = read("name,ended_on,XXXXXX\nAna,2026-03-02,\n")
    assert marks.participation is not None
    (american,) = read('ID,Name,Done\n1,Ana,"3/2/2026, 2:05 PM"\n', "moodle_us")
    assert american.participation is not None
    assert american.participation.ended_on == date(2026, 3, 2)


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("x,Ana,2/03/26", "it does not begin with a number, as each row of Moodle’s report does"),
        ("١,Ana,2/03/26", "it does not begin with a number, as each row of Moodle’s report does"),
        ("1,Ana,Court,2/03/26", "it does not begin with a number, as each row of Moodle’s report does"),
        ("1,Ana,30/02/26", "the time in the last column is not written like 28/11/26, 14:05"),
        ("1,Ana,3/26", "the time in the last column is not written like 28/11/26, 14:05"),
        ("1,Ana,2/03/02026", "the time in the last column is not written like 28/11/26, 14:05"),
        ("1,Ana,2//26", "the time in the last column is not written like 28/11/26, 14:05"),
        ("1,Ana,2/x/26", "the time in the last column is not written like 28/11/26, 14:05"),
        ("1,Ana,2/03/1026", "the day is before 1990 or in the future"),
        ("1,Ana,2/03/99", "the day is before 1990 or in the future"),
        ("1,Ana,2/03/100", "the day is before 1990 or in the future"),
        ("1,=Ana,2/03/26", "a cell begins like a formula"),
    ],
)
def test_moodles_faults(line: str, sentence: str) -> None:
    (row,) = read(f"ID,Name,Done\n{line}\n", "moodle")
    assert [str(one) for one in row.faults] == [sentence]
    assert row.number == 2


def test_encodings() -> None:
    assert decoded("é".encode()) == "é"
    assert decoded("\ufeffé".encode()) == "é"
    assert decoded("é\t".encode("utf-16")) == "é\t"
    assert encoding_of(b"\xfe\xff") == "utf-16"
    assert decoded(b"a" * MOST_BYTES) == "a" * MOST_BYTES
    for content, sentence in (
        ("é".encode("latin-1"), "it is not in UTF-8; save it as “CSV UTF-8”"),
        ("a".encode("utf-16-le"), "it is not in UTF-8; save it as “CSV UTF-8”"),
        (b"a" * (MOST_BYTES + 1), "it is larger than 2 MB; use the command"),
    ):
        with pytest.raises(NotATable) as refused:
            decoded(content)
        assert str(refused.value.why) == sentence


def test_when_training_runs_out() -> None:
    assert runs_out(date(2024, 2, 29), 12) == date(2025, 2, 28)
    assert runs_out(date(2024, 2, 29), 60) == date(2029, 2, 28)
    assert runs_out(date(2024, 12, 31), 36) == date(2027, 12, 31)
    assert runs_out(TODAY, 0) is None
    assert months_before(date(2026, 1, 31), 12) == date(2025, 1, 31)
    assert months_before(date(2026, 3, 31), 1) == date(2026, 2, 28)
    assert months_before(date(2024, 3, 31), 1) == date(2024, 2, 29)
    assert months_before(date(2026, 5, 31), 1) == date(2026, 4, 30)
    assert months_before(date(2026, 1, 15), 1) == date(2025, 12, 15)


def test_what_is_missing_most_comes_first() -> None:
    trained = {("police", "JM"): 3, ("judge", "BB"): 2, ("police", "BB"): 1}
    needed = {("police", "JM"): 2, ("judge", "JM"): 5, ("police", "BB"): 2}
    assert standings(trained, needed) == [
        Standing("judge", "JM", 0, 5),
        Standing("police", "BB", 1, 2),
        Standing("judge", "BB", 2, None),
        Standing("police", "JM", 3, 2),
    ]
    assert [one.missing for one in standings(trained, needed)] == [5, 1, None, 0]
    same = dict.fromkeys([("teacher", "BB"), ("analyst", "JM"), ("judge", "BB"), ("judge", "JM")], 1)
    order = [(one.country, one.role) for one in standings(same, {})]
    assert order == [("BB", "judge"), ("BB", "teacher"), ("JM", "analyst"), ("JM", "judge")]


def test_names_are_kept_for_years_after_training_ran_out() -> None:
    assert forgotten_before(date(2026, 11, 29), 24) == date(2019, 11, 29)
    assert forgotten_before(date(2026, 11, 29), 12) == date(2020, 11, 29)
    assert forgotten_before(date(2026, 11, 29), 0) == date(2016, 11, 29), "what holds for ever"
