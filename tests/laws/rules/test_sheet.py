"""A country's readings as a spreadsheet: there and back without loss, and every wrong line named."""

import csv
import io
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.laws.files.lawfile import read_law_file
from leeward.laws.files.yaml_text import write_yaml
from leeward.laws.register import packaged_register
from leeward.laws.rules.provisions import COLUMNS
from leeward.laws.rules.sheet import (
    MOST_CHARACTERS,
    MOST_ROWS,
    SHEET,
    BadSheet,
    digest_of,
    new_work,
    problems_of,
    rows_of,
    sheet_text,
    with_reading,
    write_sheet,
)
from leeward.laws.rules.sheet_taken import read_sheet

TODAY = date(2026, 11, 27)
FILES = packaged_register().written


def _rows(text: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline="")))


def _written(rows: list[dict[str, str]], columns: tuple[str, ...] = SHEET, delimiter: str = ",") -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _problem(text: str, code: str = "LC") -> str:
    with pytest.raises(BadSheet) as caught:
        read_sheet(text, FILES[code], on=TODAY)
    return str(caught.value)


def test_the_first_columns_are_those_of_the_command() -> None:
    assert SHEET[: len(COLUMNS)] == COLUMNS
    assert write_sheet(FILES["AG"]).startswith(
        "\ufeffjurisdiction,instrument,section,topic,value,status,commenced,source,"
    )


def test_a_first_line_that_is_no_csv_is_named() -> None:
    before = csv.field_size_limit(1_000)
    try:
        assert _problem("x" * 2_000).startswith("line 1: it is not CSV")
    finally:
        csv.field_size_limit(before)


@pytest.mark.parametrize("code", sorted(code for code, file in FILES.items() if file.get("readings")))
def test_there_and_back_changes_nothing(code: str) -> None:
    taken = read_sheet(write_sheet(FILES[code]), FILES[code], on=TODAY)
    assert taken.is_same
    assert write_yaml(taken.content) == write_yaml(FILES[code])


def test_semicolons_and_only_the_twelve_columns_are_read_too() -> None:
    text = _written(rows_of(FILES["LC"]), COLUMNS, ";")
    assert read_sheet(text, FILES["LC"], on=TODAY).is_same


def test_a_row_that_is_changed_added_or_left_out() -> None:
    rows = _rows(write_sheet(FILES["LC"]))
    at = next(number for number, row in enumerate(rows) if row["topic"] == "possession")
    rows[at] |= {"value": "no", "note": "Read again."}
    new = rows[at] | {"instrument": "Cybercrime Bill 2026", "status": "bill", "section": "cl 9", "says": "A bill."}
    last = rows.pop()
    taken = read_sheet(_written([*rows, new]), FILES["LC"], on=TODAY, removes=True)
    assert (taken.added, taken.changed, taken.removed) == (1, 1, 1)
    readings = taken.content["readings"]
    assert (readings[at]["value"], readings[at]["note"], readings[at]["read_on"]) == ("no", "Read again.", "2026-11-27")
    assert readings[at]["penalty"] == FILES["LC"]["readings"][at]["penalty"]
    assert readings[-1]["work"] == "cybercrime-bill-2026"
    work = taken.content["works"][-1]
    assert (work["kind"], work["made"], work["title"]) == ("bill", "2026", "Cybercrime Bill 2026")
    assert last["says"] not in {row["says"] for row in readings}
    read_law_file(write_yaml(taken.content), name="LC.yaml")


def test_rows_of_one_place_and_topic_are_told_apart() -> None:
    file = FILES["LC"]
    row = dict(rows_of(file)[0])
    twice = with_reading(file, None, row | {"says": "Another reader says otherwise."}, reports=False, on=TODAY)
    taken = read_sheet(write_sheet(twice), twice, on=TODAY)
    assert taken.is_same
    assert len(taken.content["readings"]) == len(file["readings"]) + 1


def test_what_begins_like_a_formula_is_text_in_a_spreadsheet_and_comes_back() -> None:
    row = rows_of(FILES["LC"])[0] | {"says": "=1+1", "note": "'quoted'"}
    file = with_reading(FILES["LC"], 0, row, reports=False, on=TODAY)
    assert _rows(write_sheet(file))[0]["says"] == "'=1+1"
    assert read_sheet(write_sheet(file), file, on=TODAY).is_same


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"jurisdiction": "AG"}, "jurisdiction must be LC"),
        ({"topic": "weather"}, "topic must be one of"),
        ({"value": "maybe"}, "value must be one of"),
        ({"status": "law"}, "status must be one of"),
        ({"seen": ""}, "seen must be one of"),
        ({"confidence": "sure"}, "confidence must be one of"),
        ({"reviewed": "True"}, "reviewed must be one of"),
        ({"commenced": "6 July 2018"}, "commenced must be a day"),
        ({"commenced": "2018-02-30"}, "commenced must be a day"),
        ({"instrument": ""}, "name its instrument"),
        ({"topic": "searched_nothing_found"}, "name its instrument"),
        ({"source": ""}, "source is empty"),
        ({"source_url": "javascript:x"}, "must be a web address"),
        ({"says": "x" * 2001}, "longer than 2000"),
    ],
)
def test_a_wrong_line_is_named(changed: dict[str, str], words: str) -> None:
    rows = rows_of(FILES["LC"])
    rows[1] = rows[1] | changed
    assert words in _problem(_written(rows))
    assert _problem(_written(rows)).startswith("line 3: ")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "column jurisdiction is missing"),
        ("jurisdiction,instrument\n", "column section is missing"),
        (f"{','.join(SHEET)},colour\n", "there is no column colour"),
        (f"{','.join(COLUMNS)},topic\n", "a column appears twice"),
        (f"{','.join(COLUMNS)}\nLC,x\n", "more or fewer cells"),
        ("x" * 2_000_001, "larger than two million"),
        (f"{','.join(COLUMNS)}\n" + "\n".join(["LC"] * 2), "more or fewer cells"),
    ],
)
def test_what_is_no_sheet(text: str, words: str) -> None:
    assert words in _problem(text)


def test_what_a_spreadsheet_saves_as_empty_columns_and_lines_is_passed_over() -> None:
    file = FILES["LC"]
    first, *others = _written(rows_of(file), delimiter=";").splitlines()
    text = "\r\n".join([f"{first};;", *(f"{line};; " for line in others), ";" * 16, "", "; ;"])
    assert read_sheet(text, file, on=TODAY).is_same
    assert "more or fewer cells" in _problem("\r\n".join([f"{first};;", f"{others[0]};;x"]))


def test_too_many_lines_and_too_many_problems() -> None:
    row = rows_of(FILES["LC"])[0]
    assert "more than 3000 lines" in _problem(_written([row | {"section": f"s {at}"} for at in range(MOST_ROWS)]))
    wrong = _written([row | {"value": "x"}] * 50)
    assert len(_problem(wrong * 4).split("; ")) == 50
    assert _problem(f"{wrong}too,few,cells\n").startswith("line 2: value must be"), "after fifty nothing more is read"


@given(st.text(max_size=300))
def test_anything_is_read_or_refused(text: str) -> None:
    try:
        read_sheet(f"{','.join(COLUMNS)}\n{text}", FILES["LC"], on=TODAY)
    except BadSheet as bad:
        assert len(bad.problems) <= 50  # noqa: PT017 - either way is fine


def test_instruments_have_names_of_their_own() -> None:
    first = new_work("Cybercrime Act 2021", "in_force", set())
    second = new_work("Cybercrime Act 2021!", "in_force", {first["id"]})
    assert (first["id"], second["id"]) == ("cybercrime-act-2021", "cybercrime-act-2021-2")
    assert (new_work("Act", "unknown", set())["made"], new_work("!!", "bill", set())["id"]) == (None, "work")


def test_one_row_of_a_form() -> None:
    file: dict[str, Any] = dict(FILES["TV"])
    row = dict.fromkeys(SHEET, "") | {
        "instrument": "Penal Code", "topic": "provider_duty", "value": "yes", "status": "in_force", "source": "Gazette",
        "seen": "yes", "confidence": "high", "reviewed": "yes", "says": "Providers report.",
    }  # fmt: skip
    made = with_reading(file, None, row, reports=True, on=TODAY)
    reading = made["readings"][-1]
    assert (reading["reports"], reading["reviewed"], reading["source_kind"]) == (True, True, "statute_text")
    last = len(made["readings"]) - 1
    changed = with_reading(made, last, row | {"seen": "no"}, reports=False, on=TODAY)
    assert "reports" not in changed["readings"][-1]
    assert changed["readings"][-1]["source_kind"] == "secondary"
    typed = row | {"source_url": "https://gazette.example/1", "source_kind": "official_site"}
    assert with_reading(made, last, typed, reports=False, on=TODAY)["readings"][-1]["source_kind"] == "official_site"
    assert with_reading(made, len(made["readings"]) - 1, None, reports=False, on=TODAY)["readings"] == file["readings"]
    read_law_file(write_yaml(made), name="TV.yaml")


def test_a_reading_has_a_name_that_changes_with_it() -> None:
    file: dict[str, Any] = FILES["LC"]
    names = [digest_of(file, at) for at in range(len(file["readings"]))]
    rows = [dict(row) for row in file["readings"]]
    rows[0]["note"] = "Corrected."
    assert digest_of({**file, "readings": rows}, 0) != names[0]
    assert digest_of({**file, "readings": rows[1:]}, 0) == names[1], "it is the row's own, wherever it stands"
    renamed = [{**work, "title": "Another Act"} if work["id"] == rows[0]["work"] else work for work in file["works"]]
    assert digest_of({**file, "works": renamed}, 0) != names[0]
    assert digest_of(file, len(rows)) == ""
    assert digest_of(FILES["TV"] | {"readings": []}, 0) == ""


def test_a_file_in_another_encoding_is_named_and_not_guessed() -> None:
    assert sheet_text("\ufeffé".encode()) == "é"
    with pytest.raises(BadSheet) as caught:
        sheet_text("a\nb\ncafé".encode("windows-1252"))
    assert str(caught.value) == "line 3: it has a letter that is not UTF-8; save the sheet as “CSV UTF-8”"
    with pytest.raises(BadSheet, match="line 1: the sheet is larger than two million characters"):
        sheet_text(b"\xff" * (4 * MOST_CHARACTERS + 1))
    assert len(sheet_text(b"x" * (4 * MOST_CHARACTERS))) == 4 * MOST_CHARACTERS


def test_a_sheet_that_changes_nothing_leaves_a_file_without_readings_as_it_is() -> None:
    file = {name: value for name, value in FILES["LC"].items() if name != "readings"}
    taken = read_sheet(write_sheet(file), file, on=TODAY)
    assert taken.is_same
    assert taken.content == file


@pytest.mark.parametrize(
    ("topic", "value", "is_taken"),
    [
        ("possession", "18", False),
        ("searched_nothing_found", "16", False),
        ("age_of_child", "yes", False),
        ("age_of_child", "16", True),
        ("age_of_child", "unknown", True),
        ("possession", "partial", True),
    ],
)
def test_only_the_age_of_a_child_is_an_age(topic: str, value: str, is_taken: bool) -> None:
    row = rows_of(FILES["LC"])[0] | {"topic": topic, "value": value}
    if topic == "searched_nothing_found":
        row["instrument"] = ""
    words = [str(why) for why in problems_of(row, FILES["LC"])]
    assert ([] if is_taken else [True]) == [why.startswith("value must be one of") for why in words]


def test_every_reading_of_the_register_has_a_value_of_its_topic() -> None:
    assert not [why for file in FILES.values() for row in rows_of(file) for why in problems_of(row, file)]
