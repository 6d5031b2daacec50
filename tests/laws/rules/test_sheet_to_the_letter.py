"""What a sheet and a form write into a file, field by field, and each sentence that refuses a line, whole."""

import csv
from datetime import date
from typing import Any

import pytest

from leeward.laws.register import packaged_register
from leeward.laws.rules.provisions import COLUMNS, SEARCHED, TOPICS
from leeward.laws.rules.sheet import (
    MOST_CHARACTERS,
    MOST_LETTERS,
    SHEET,
    BadSheet,
    digest_of,
    new_reading,
    new_work,
    problems_of,
    rows_of,
    sheet_text,
    version_of,
    with_reading,
    write_sheet,
)
from leeward.laws.rules.sheet_taken import Taken, read_sheet

TODAY = date(2026, 11, 27)
ROW = {
    "jurisdiction": "LC", "instrument": "Cybercrime Act 2026", "section": "s 5", "topic": "possession", "value": "yes",
    "status": "in_force", "commenced": "2026-02-01", "source": "Gazette", "source_url": "https://gazette.example/1",
    "seen": "yes", "confidence": "high", "reviewed": "no", "says": "Having it is an offence.", "penalty": "5 years", "note": "Part II",
}  # fmt: skip
READING = {
    "work": "act", "at": "s 5", "topic": "possession", "value": "yes", "says": "Having it is an offence.", "penalty": "5 years",
    "status": "in_force", "commenced": "2026-02-01", "source": "Gazette", "source_url": "https://gazette.example/1",
    "source_kind": "official_site", "seen": "yes", "confidence": "high", "read_on": "2026-01-01", "note": "Part II",
}  # fmt: skip
ACT = {"id": "act", "title": "Cybercrime Act 2026", "short": "Act", "kind": "act", "made": "2026", "expressions": []}


def _file(*readings: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"code": "LC", "review": "unreviewed", "works": [ACT], "readings": list(readings or (READING,)), **more}


def _sheet(*rows: dict[str, str], columns: tuple[str, ...] = SHEET) -> str:
    return "\n".join([",".join(columns), *(",".join(f'"{row[name]}"' for name in columns) for row in rows)]) + "\n"


def _refused(text: str) -> tuple[tuple[int, str], ...]:
    with pytest.raises(BadSheet) as caught:
        read_sheet(text, _file(), on=TODAY)
    return tuple((line, str(why)) for line, why in caught.value.problems)


def test_a_reading_is_written_with_every_field() -> None:
    assert new_reading(ROW, "act", TODAY) == {**READING, "source_kind": "statute_text", "read_on": "2026-11-27"}
    bare = dict.fromkeys(ROW, "") | {"topic": "provider_duty", "value": "no", "status": "unknown", "reviewed": "yes"}
    assert new_reading(bare, None, TODAY) == {
        **dict.fromkeys(("work", "penalty", "commenced", "source", "source_url", "note")),
        "at": "", "topic": "provider_duty", "value": "no", "says": "provider duty: no", "status": "unknown",
        "source_kind": "secondary", "seen": "", "confidence": "", "read_on": "2026-11-27", "reviewed": True,
    }  # fmt: skip
    without = {name: value for name, value in ROW.items() if name in COLUMNS}
    made = new_reading(without, "act", TODAY)
    assert (made["says"], made["penalty"], made["note"]) == ("possession: yes", None, None)
    assert new_reading(ROW | {"source_kind": "secondary"}, "act", TODAY)["source_kind"] == "secondary"


def test_an_instrument_is_written_with_every_field() -> None:
    assert new_work("Acts of 1999 and 2026", "in_force", set()) == {
        "id": "acts-of-1999-and-2026", "title": "Acts of 1999 and 2026", "short": "Acts of 1999 and 2026", "kind": "act",
        "made": "2026", "expressions": [],
    }  # fmt: skip
    long = new_work("A" * 39 + " bcd", "bill", set())
    assert (long["id"], long["kind"], long["made"]) == ("a" * 39, "bill", None)
    assert new_work("A Bill", "lapsed", set())["kind"] == "bill"
    taken = {"work", "work-2", "work-3"}
    assert new_work("?", "in_force", taken)["id"] == "work-4"


def test_a_row_shows_every_field_and_comes_back_the_same() -> None:
    assert rows_of(_file()) == [ROW]
    assert rows_of(_file(READING | {"reviewed": True}))[0]["reviewed"] == "yes"
    assert rows_of(_file(review="reviewed"))[0]["reviewed"] == "yes"
    empty = READING | dict.fromkeys(("work", "penalty", "commenced", "source", "source_url", "note"))
    assert rows_of(_file(empty))[0] == ROW | dict.fromkeys(
        ("instrument", "penalty", "commenced", "source", "source_url", "note"), ""
    )
    assert rows_of({"code": "XX", "review": "unreviewed"}) == []
    assert write_sheet(_file()) == "\ufeff" + ",".join(SHEET) + ",taken_from\r\n" + (
        "LC,Cybercrime Act 2026,s 5,possession,yes,in_force,'2026-02-01,Gazette,https://gazette.example/1,yes,high,no,"
        f"Having it is an offence.,5 years,Part II,{version_of(_file())}\r\n"
    )


@pytest.mark.parametrize("sign", ["=", "+", "-", "@"])
def test_a_cell_is_never_a_formula(sign: str) -> None:
    text = write_sheet(_file(READING | {"note": f"{sign}1"}))
    assert f"'{sign}1" in text
    assert read_sheet(text, _file(READING | {"note": f"{sign}1"}), on=TODAY).is_same
    assert read_sheet(
        write_sheet(_file(READING | {"note": "'tis"})), _file(READING | {"note": "'tis"}), on=TODAY
    ).is_same


def test_what_a_sheet_does_not_hold_stays_in_a_row_that_is_changed() -> None:
    file = _file(READING | {"reports": True})
    taken = read_sheet(_sheet(ROW | {"value": "no"}, columns=COLUMNS), file, on=TODAY)
    assert (taken.added, taken.changed, taken.removed, taken.is_same) == (0, 1, 0, False)
    assert taken.content["readings"] == [READING | {"reports": True, "value": "no", "read_on": "2026-11-27"}]
    whole = read_sheet(_sheet(ROW | {"note": "", "penalty": "6 years"}), file, on=TODAY).content["readings"][0]
    assert (whole["note"], whole["penalty"], whole["reports"]) == (None, "6 years", True)
    unseen = read_sheet(_sheet(ROW | {"seen": "heading"}), file, on=TODAY).content["readings"][0]
    assert unseen["source_kind"] == "secondary", "what kind of source it is, is not known of another way of knowing"
    assert "reports" not in read_sheet(_sheet(ROW | {"value": "no"}), _file(), on=TODAY).content["readings"][0]


def test_rows_are_found_by_instrument_place_and_topic_in_their_order() -> None:
    twin = READING | {"says": "Another reader."}
    file = _file(READING, twin)
    second = ROW | {"says": "Another reader."}
    turned = read_sheet(_sheet(second, ROW), file, on=TODAY)
    assert turned.is_same
    assert turned.content["readings"] == [READING, twin], "another order is no change: the file stays as it is"
    changed = read_sheet(_sheet(ROW, second | {"value": "no"}), file, on=TODAY)
    assert (changed.added, changed.changed, changed.removed) == (0, 1, 0)
    assert [row["value"] for row in changed.content["readings"]] == ["yes", "no"]
    for name, value in (("section", "s 6"), ("topic", "access"), ("instrument", "Another Act")):
        moved = read_sheet(_sheet(ROW | {name: value}, second), file, on=TODAY, removes=True)
        assert (moved.added, moved.changed, moved.removed) == (1, 0, 1), name
    gone = read_sheet(_sheet(ROW), file, on=TODAY, removes=True)
    assert (gone.added, gone.changed, gone.removed, gone.is_same) == (0, 0, 1, False)


def test_a_new_instrument_is_made_once_and_the_file_that_was_given_stays() -> None:
    file = _file()
    rows = [ROW, ROW | {"instrument": "New Act 2026"}, ROW | {"instrument": "New Act 2026", "topic": "access"}]
    content = read_sheet(_sheet(*rows), file, on=TODAY).content
    assert [work["id"] for work in content["works"]] == ["act", "new-act-2026"]
    assert [row["work"] for row in content["readings"]] == ["act", "new-act-2026", "new-act-2026"]
    assert content["code"] == "LC"
    assert file == _file()
    assert "works" not in read_sheet(_sheet(), {"code": "LC", "review": "unreviewed"}, on=TODAY).content
    assert Taken({}, 0, 0, 0).is_same
    assert not Taken({}, 1, 0, 0).is_same


def test_one_reading_is_added_corrected_or_taken_out() -> None:
    file = _file(READING, READING | {"at": "s 6"})
    other = ROW | {"instrument": "New Act 2026"}
    added = with_reading(file, None, other, reports=True, on=TODAY)
    assert [row["work"] for row in added["readings"]] == ["act", "act", "new-act-2026"]
    assert (added["readings"][2]["reports"], added["works"][1]["title"]) == (True, "New Act 2026")
    corrected = with_reading(file, 0, ROW | {"value": "no"}, reports=False, on=TODAY)
    assert [(row["at"], row["value"]) for row in corrected["readings"]] == [("s 5", "no"), ("s 6", "yes")]
    assert corrected["works"] == [ACT]
    assert with_reading(file, 0, None, reports=False, on=TODAY)["readings"] == [READING | {"at": "s 6"}]
    assert file == _file(READING, READING | {"at": "s 6"})
    searched = with_reading(
        {"code": "LC", "review": "unreviewed"},
        None,
        ROW | {"instrument": "", "topic": SEARCHED},
        reports=False,
        on=TODAY,
    )
    assert (searched["readings"][0]["work"], "works" in searched) == (None, False)


NO_DAY = "commenced must be a day, YYYY-MM-DD, or empty; in a spreadsheet put an apostrophe before it: '2014-06-01"
TOPIC_WORDS = ", ".join((*TOPICS, SEARCHED))


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"jurisdiction": "AG"}, "jurisdiction must be LC"),
        ({"topic": "x"}, f"topic must be one of {TOPIC_WORDS}"),
        ({"value": "x"}, "value must be one of yes, partial, no, unknown"),
        ({"status": "x"}, "status must be one of in_force, not_commenced, bill, lapsed, repealed, unknown"),
        ({"seen": "x"}, "seen must be one of yes, heading, no"),
        ({"confidence": "x"}, "confidence must be one of high, medium, low"),
        ({"reviewed": "x"}, "reviewed must be one of yes, no"),
        ({"commenced": "2026-13"}, NO_DAY),
        ({"commenced": "01/02/2026"}, NO_DAY),
        ({"instrument": ""}, "a row must name its instrument, unless it says that nothing was found"),
        ({"topic": SEARCHED}, "a row must name its instrument, unless it says that nothing was found"),
        ({"source": ""}, "source is empty: a value without a source can’t be saved"),
        ({"source_url": "ftp://x"}, "source_url must be a web address, or empty"),
        ({"note": "x" * (MOST_LETTERS + 1)}, "a cell is longer than 2000 characters"),
    ],
)
def test_each_sentence_that_refuses_a_row(changed: dict[str, str], sentence: str) -> None:
    assert [str(why) for why in problems_of(ROW | changed, _file())] == [sentence]
    assert _refused(_sheet(ROW, ROW | changed)) == ((3, sentence),)


@pytest.mark.parametrize(
    "changed",
    [
        {"commenced": ""}, {"commenced": "2026"}, {"commenced": "2026-02"}, {"source_url": ""}, {"source_url": "http://x.example"},
        {"note": "x" * MOST_LETTERS}, {"topic": SEARCHED, "instrument": "", "source": ""}, {"topic": "age_of_child", "value": "16"},
    ],
)  # fmt: skip
def test_what_a_row_may_hold(changed: dict[str, str]) -> None:
    assert problems_of(ROW | changed, _file()) == []


def test_each_sentence_that_refuses_a_sheet() -> None:
    head = ",".join(COLUMNS)
    assert _refused("x" * (MOST_CHARACTERS + 1)) == ((1, "the sheet is larger than two million characters"),)
    assert _refused(head.replace("topic,", "") + "\n") == ((1, "column topic is missing"),)
    assert _refused(f"{head},{'y' * 40}\n") == ((1, f"there is no column {'y' * 30}"),)
    assert _refused(f"{head},topic\n") == ((1, "a column appears twice"),)
    for cells in ("LC", ",".join(["LC"] * 13)):
        assert _refused(f"{head}\n{cells}\n") == ((2, "it has more or fewer cells than the first line"),)
    lines = _sheet(*({**ROW, "section": f"s {at}"} for at in range(3000)))
    assert _refused(lines) == ((3001, "the sheet has more than 3000 lines"),)
    with pytest.raises(BadSheet) as caught:
        read_sheet(_sheet(ROW | {"value": "x", "seen": "x"}), _file(), on=TODAY)
    assert str(caught.value).startswith("line 2: seen must be one of yes")
    assert "; line 2: value must be one of yes" in str(caught.value)


def test_a_sheet_may_have_semicolons_a_mark_and_spaces() -> None:
    text = _sheet(ROW).replace(",", ";").replace("Having it", " Having   it ")
    assert read_sheet("\ufeff" + text, _file(), on=TODAY).is_same
    spaced = _sheet(ROW).replace("jurisdiction,", " jurisdiction ,", 1)
    assert read_sheet(spaced, _file(), on=TODAY).is_same


@pytest.mark.parametrize("mark", [",", ";", "\t"])
def test_the_line_of_names_says_what_parts_the_cells_below_a_line_for_excel_too(mark: str) -> None:
    text = _sheet(ROW).replace(",", mark)
    for first in ("", "sep=;\r\n", f"sep={mark}\n", f"sep={mark}{mark}{mark}\n"):
        assert read_sheet(f"\ufeff{first}{text}", _file(), on=TODAY).is_same
    assert _refused(f"sep={mark}\n{_sheet(ROW | {'seen': 'x'}).replace(',', mark)}") == (
        (3, "seen must be one of yes, heading, no"),
    ), "as many lines as the file has"
    assert _refused(f"sep={mark}")[0] == (1, "column jurisdiction is missing")
    marks = "".join(one * 40 for one in ",;\t" if one != mark)
    many = f"sep={mark}\n" + _sheet(ROW | {"note": "_"}).replace(",", mark).replace('"_"', f'"x{marks}x"')
    file = _file(READING | {"note": " ".join(f"x{marks}x".split())})
    assert read_sheet(many, file, on=TODAY).is_same, "what stands in a cell says nothing"


@pytest.mark.parametrize("language", ["fr", "pt"])
def test_a_spreadsheet_of_a_country_with_decimal_commas_gets_semicolons(language: str) -> None:
    """Its Excel would show a line with commas in one cell."""
    text = write_sheet(_file(), language)
    assert text.startswith(f"\ufeff{';'.join(SHEET)};taken_from\r\nLC;Cybercrime Act 2026;")
    assert read_sheet(text, _file(), on=TODAY).is_same
    assert write_sheet(_file(), "en") == write_sheet(_file()) == write_sheet(_file(), "sw")


@pytest.mark.parametrize("day", ["2026-02-01", "2026-02"])
def test_a_spreadsheet_writes_no_day_in_its_own_way(day: str) -> None:
    file = _file(READING | {"commenced": day})
    assert f",'{day},Gazette," in write_sheet(file), "a day without it comes back as 01/02/2026 in many countries"
    assert read_sheet(write_sheet(file), file, on=TODAY).is_same
    assert read_sheet(_sheet(ROW | {"commenced": day}), file, on=TODAY).is_same
    assert ",2026,Gazette," in write_sheet(_file(READING | {"commenced": "2026"})), "a year stays as it is"


def test_the_digest_is_of_row_and_reading() -> None:
    file = _file()
    assert len(digest_of(file, 0)) == 64
    assert digest_of(_file(READING | {"read_on": "2026-01-02"}), 0) != digest_of(file, 0), (
        "not only of what a sheet shows"
    )
    assert digest_of(_file(review="reviewed"), 0) != digest_of(file, 0)
    assert digest_of(_file(dict(reversed(READING.items()))), 0) == digest_of(file, 0)
    assert digest_of(file, 1) == ""
    assert digest_of({"code": "LC", "review": "unreviewed"}, 0) == ""
    assert packaged_register().written["LC"]["readings"]


def test_only_the_first_line_says_what_parts_the_cells() -> None:
    text = _sheet(ROW | {"note": "Part II"}).replace(",", ";").replace("Part II", "," * 40)
    assert read_sheet(text, _file(READING | {"note": "," * 40}), on=TODAY).is_same
    assert _refused(f"a;b,{','.join(COLUMNS)}\n") == ((1, "there is no column a;b"),)
    assert read_sheet(_sheet(ROW).replace("\n", "\r"), _file(), on=TODAY).is_same
    assert _refused("x" * MOST_CHARACTERS)[0][1] != "the sheet is larger than two million characters"


def test_what_is_no_csv_says_why() -> None:
    before = csv.field_size_limit(300)
    try:
        why = "it is not CSV (field larger than field limit (300))"
        assert _refused("x" * 400) == ((1, why),)
        assert _refused(_sheet(ROW, ROW | {"note": "x" * 400})) == ((3, why),)
    finally:
        csv.field_size_limit(before)


def test_every_row_is_counted_and_an_apostrophe_stays() -> None:
    file = _file(READING, READING | {"at": "s 6"})
    rows = [
        ROW | {"value": "no"}, ROW | {"section": "s 6", "value": "no"},
        ROW | {"section": "s 7", "note": "'tis"}, ROW | {"section": "s 8"},
    ]  # fmt: skip
    taken = read_sheet(_sheet(*rows), file, on=TODAY)
    assert (taken.added, taken.changed, taken.removed) == (2, 2, 0)
    assert taken.content["readings"][2]["note"] == "'tis"
    assert new_work("!Act!", "in_force", set())["id"] == "act"
    bill = with_reading(file, None, ROW | {"instrument": "A Bill", "status": "bill"}, reports=False, on=TODAY)
    assert bill["works"][-1]["kind"] == "bill"
    three = _file(READING, READING | {"at": "s 6"}, READING | {"at": "s 7"})
    assert [row["at"] for row in with_reading(three, None, None, reports=False, on=TODAY)["readings"]] == ["s 5", "s 6"]


@pytest.mark.parametrize(("content", "line"), [(b"\xff\n\n", 1), (b"\n\xff\n", 2)])
def test_the_line_of_a_letter_that_is_not_utf_8(content: bytes, line: int) -> None:
    with pytest.raises(BadSheet) as caught:
        sheet_text(content)
    assert caught.value.problems[0][0] == line


def test_an_empty_line_hides_none_that_follow() -> None:
    file = _file(READING, READING | {"at": "s 6"})
    head, one, two = _sheet(ROW, ROW | {"section": "s 6"}).splitlines()
    for empty in ("", "," * head.count(",")):
        taken = read_sheet(f"{head}\n{one}\n{empty}\n{two}\n", file, on=TODAY)
        assert (taken.is_same, taken.missing) == (True, ())


def test_as_many_semicolons_as_commas_are_commas() -> None:
    head = ",".join(COLUMNS)
    assert _refused(f"{head},{';' * (head.count(',') + 1)}\n") == (
        (1, f"there is no column {';' * (head.count(',') + 1)}"[:47]),
    )


def test_what_stays_the_same_counts_nothing() -> None:
    same = read_sheet(_sheet(ROW), _file(), on=TODAY)
    assert (same.added, same.changed, same.removed) == (0, 0, 0)


def test_a_file_without_instruments_gets_none_by_a_search() -> None:
    bare = {"code": "LC", "review": "unreviewed", "readings": []}
    searched = ROW | {
        "topic": SEARCHED,
        "instrument": "",
        "source": "",
        "section": "",
        "value": "unknown",
        "status": "unknown",
    }
    taken = read_sheet(_sheet(searched), bare, on=TODAY)
    assert taken.added == 1
    assert "works" not in taken.content
