"""A sheet comes back to a register that went on: what each side did stays, and where both did something, a person decides."""

import csv
import io
from datetime import date
from typing import Any

import pytest

from leeward.laws.rules.sheet import SHEET, VERSION, BadSheet, rows_of, version_of, with_reading, write_sheet
from leeward.laws.rules.sheet_taken import Taken, place_name, read_sheet
from tests.laws.rules.test_sheet_to_the_letter import ACT, READING

TODAY = date(2026, 11, 27)
ADDED = READING | {"at": "s 9", "topic": "grooming"}
SECOND = READING | {"at": "s 6", "says": "Another."}
Rows = list[dict[str, str]]


def _file(*readings: dict[str, Any]) -> dict[str, Any]:
    return {"code": "LC", "review": "unreviewed", "works": [ACT], "readings": list(readings)}


BASE = _file(READING, SECOND)


def _rows(file: dict[str, Any]) -> Rows:
    return list(csv.DictReader(io.StringIO(write_sheet(file).removeprefix("\ufeff"), newline="")))


def _text(rows: Rows, columns: tuple[str, ...] = (*SHEET, VERSION)) -> str:
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def _known(version: str) -> dict[str, Any] | None:
    return BASE if version == version_of(BASE) else None


def _take(rows: Rows, file: dict[str, Any], *, removes: bool = False) -> Taken:
    return read_sheet(_text(rows), file, on=TODAY, older=_known, removes=removes)


def _refused(rows: Rows, file: dict[str, Any]) -> tuple[tuple[int, str], ...]:
    with pytest.raises(BadSheet) as caught:
        _take(rows, file)
    return tuple((line, str(why)) for line, why in caught.value.problems)


def _places(taken: Taken) -> list[str]:
    return [row["at"] for row in taken.content["readings"]]


def test_every_row_names_the_version_which_only_readings_and_titles_change() -> None:
    assert {row[VERSION] for row in _rows(BASE)} == {version_of(BASE)}
    assert version_of(BASE).startswith("LC-"), "no spreadsheet takes it for a number"
    assert len(version_of(BASE)) == len("LC-") + 12, "sheets that were taken name it so"
    assert version_of(_file(dict(reversed(READING.items())), SECOND)) == version_of(BASE)
    assert version_of({**BASE, "note": "x"}) == version_of(BASE)
    assert version_of(_file(READING, SECOND | {"read_on": "2026-02-02"})) != version_of(BASE)
    renamed = {**BASE, "works": [ACT | {"title": "Another Act 2026"}]}
    assert version_of(renamed) != version_of(BASE)
    assert version_of({"code": "LC", "review": "unreviewed"}) == version_of(_file())


def test_of_the_version_in_force_a_line_left_out_is_removed() -> None:
    taken = read_sheet(_text(_rows(BASE)[:1]), BASE, on=TODAY)
    assert (_places(taken), taken.removed, taken.is_known) == (["s 5"], 1, True)
    assert [place_name(row) for row in taken.missing] == ["Cybercrime Act 2026 s 6 (possession)"]


def test_what_the_register_gained_since_stays() -> None:
    now = _file(ADDED, READING, SECOND)
    assert _take(_rows(BASE), now).is_same
    taken = _take([row | {"value": "no"} for row in _rows(BASE)[:1]], now)
    assert (_places(taken), taken.changed, taken.removed, taken.added) == (["s 9", "s 5"], 1, 1, 0)
    assert taken.corrections[0].columns == (("value", "yes", "no"),)
    assert place_name(taken.corrections[0].row) == "Cybercrime Act 2026 s 5 (possession)"
    new = _rows(BASE)[0] | {"section": "s 8", VERSION: ""}
    assert _places(_take([*_rows(BASE), new], now)) == ["s 9", "s 5", "s 6", "s 8"]


def test_what_the_register_changed_or_removed_since_stays_where_the_sheet_has_it_as_it_was() -> None:
    now = _file(READING | {"value": "no", "reports": True})
    assert _take(_rows(BASE), now).is_same
    same = _take([_rows(BASE)[0] | {"value": "no"}], now)
    assert same.is_same, "both made the same change"
    words = READING | {"rewording": {"for": "a", "substitute": "b"}, "defines": "bad material"}
    kept = _take([_rows(BASE)[0] | {"note": "new"}], _file(words)).content["readings"][0]
    assert (kept["rewording"], kept["defines"]) == (words["rewording"], "bad material"), "a sheet has no column for it"
    (typed,) = with_reading(_file(words), 0, _rows(BASE)[0], reports=False, on=TODAY)["readings"]
    assert (typed["rewording"], typed["defines"]) == (words["rewording"], "bad material")
    hidden = _take([_rows(BASE)[0] | {"note": "new"}], _file(READING | {"source_kind": "treaty_table"}))
    assert hidden.content["readings"][0]["source_kind"] == "treaty_table"


def test_what_both_changed_is_refused_with_what_the_register_says_now() -> None:
    now = _file(READING | {"value": "no", "note": None}, SECOND | {"penalty": "6 years"})
    mine = [row | {"value": "partial"} for row in _rows(BASE)]
    said = "Cybercrime Act 2026 s %s (possession) was changed in the register after this sheet was taken (now %s); correct a new sheet"
    assert _refused(mine, now) == ((2, said % ("5", "value: no; note: –")), (3, said % ("6", "penalty: 6 years")))
    ((line, why),) = _refused(mine[:1], _file(SECOND))
    assert (line, why) == (
        2,
        "Cybercrime Act 2026 s 5 (possession) was removed from the register after this sheet was taken; correct a new sheet",
    )
    ((line, why),) = _refused(_rows(BASE)[:1], _file(READING, SECOND | {"value": "no"}))
    assert (line, "s 6" in why) == (1, True), "a line that the sheet lacks has no line of its own"
    new = _rows(BASE)[0] | {"section": "s 9", "topic": "grooming", "value": "no", VERSION: ""}
    ((line, _why),) = _refused([*_rows(BASE), new], _file(READING, SECOND, ADDED))
    assert line == 4


def test_a_sheet_of_twelve_columns_is_compared_by_those() -> None:
    columns = tuple(name for name in (*SHEET, VERSION) if name not in ("says", "penalty", "note"))
    text = _text([row | {"value": "no"} for row in _rows(BASE)[:1]], columns)
    taken = read_sheet(text, _file(READING, SECOND, ADDED), on=TODAY, older=_known)
    assert (_places(taken), taken.content["readings"][0]["penalty"]) == (["s 5", "s 9"], "5 years")


@pytest.mark.parametrize("version", ["", "LC-000000000000"])
def test_a_sheet_of_no_known_version_removes_nothing_unless_asked(version: str) -> None:
    now = _file(READING, ADDED, SECOND)
    first, second = (row | {VERSION: version} for row in _rows(BASE))
    rows = [second | {"note": "Corrected"}, first]
    taken = _take(rows, now)
    assert (_places(taken), taken.changed, taken.removed, taken.is_known) == (["s 5", "s 9", "s 6"], 1, 0, False)
    assert [row["section"] for row in taken.missing] == ["s 9"]
    asked = _take(rows, now, removes=True)
    assert (_places(asked), asked.removed, [row["section"] for row in asked.missing]) == (["s 5", "s 6"], 1, ["s 9"])
    only = _take([first, second], now)
    assert (only.is_same, len(only.missing), only.is_known) == (True, 1, False)
    assert _take([], now).removed == 0, "a sheet without a line says nothing"
    assert read_sheet(_text(rows), now, on=TODAY).removed == 0, "nobody asked"


def test_no_older_version_is_looked_for_where_a_sheet_names_none() -> None:
    assert not read_sheet(_text(_rows(BASE), SHEET), BASE, on=TODAY, older=pytest.fail).is_known


def test_rows_of_two_versions_are_refused() -> None:
    """A row of an older copy among newer ones would undo what others have corrected since, and nobody would see it."""
    first, second = _rows(BASE)
    new = second | {"section": "s 9", VERSION: ""}
    with pytest.raises(BadSheet) as caught:
        read_sheet(_text([first, new, second | {VERSION: "LC-1"}]), BASE, on=TODAY, older=pytest.fail)
    assert [(line, str(why)) for line, why in caught.value.problems] == [
        (4, "it was taken from another version than the rows above: send each sheet by itself")
    ]


def test_a_row_that_is_pasted_twice_is_refused() -> None:
    first, second = _rows(BASE)
    again = "it repeats line 2: delete one of the two"
    assert _refused([first, second, first, first | {VERSION: ""}], BASE) == ((4, again), (5, again))
    assert _take([first, second, first | {"says": "Another."}], BASE).added == 1, "another reading of the place"
    twice = _file(READING, READING)
    assert _take(_rows(twice), twice).is_same, "the register has both"
    assert _refused([*_rows(twice), _rows(twice)[0]], twice) == ((4, again),)
    new = [second | {"section": f"s {at // 2}"} for at in range(200, 320)]
    assert len(_refused(new, BASE)) == 50, "as many as any sheet is told"
    with pytest.raises(BadSheet):
        read_sheet(_text([first, first], SHEET[:12]), BASE, on=TODAY)


def _said(rows: Rows, base: dict[str, Any], now: dict[str, Any]) -> list[tuple[int, str]]:
    with pytest.raises(BadSheet) as caught:
        read_sheet(_text(rows), now, on=TODAY, older=lambda _version: base)
    return [(line, str(why)) for line, why in caught.value.problems]


def test_where_the_register_has_nothing_new_it_says_how_many_rows_it_has_left() -> None:
    base = _file(READING, READING | {"says": "Another reader."})
    first, second = _rows(base)
    ((line, why),) = _said([first | {"value": "no"}, second], base, _file(READING))
    assert (line, "(now 1)" in why) == (2, True)


def test_all_places_that_a_sheet_lacks_are_named() -> None:
    base = _file(READING, SECOND, ADDED)
    now = _file(READING, SECOND | {"value": "no"}, ADDED | {"value": "no"})
    said = _said(_rows(base)[:1], base, now)
    assert [(line, "s 6" in why, "s 9" in why) for line, why in said] == [(1, True, False), (1, False, True)]


def test_of_twins_the_one_that_was_not_changed_stays() -> None:
    file = _file(READING, READING | {"says": "Another reader."})
    first, second = _rows(file)
    taken = read_sheet(_text([first | {"value": "no"}, second]), file, on=TODAY)
    assert [(row["value"], row["says"]) for row in taken.content["readings"]] == [
        ("no", READING["says"]),
        ("yes", "Another reader."),
    ]
    turned = read_sheet(_text([second | {"value": "no"}, first]), file, on=TODAY)
    assert [row["value"] for row in turned.content["readings"]] == ["yes", "no"]
    assert rows_of(file)[0]["value"] == "yes", "the file that was given is as it was"
