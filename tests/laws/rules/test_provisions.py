"""What was found in the statutes of 56 states: nothing widened, nothing from memory passed off as read."""

import csv
import os
from collections import Counter
from datetime import date
from pathlib import Path

import pytest

from leeward.laws.register import packaged_register
from leeward.laws.rules.provisions import (
    COLUMNS,
    SEARCHED,
    Evidence,
    Reading,
    criteria_on,
    readings_of,
    standing_of,
    status_on,
)

TODAY = date(2026, 11, 27)
APPENDIX_I = "AG DM GD GH GY KI LS MV MZ NA NR PK LC WS SB SZ TV".split()


def everything(on: date = TODAY) -> list[Reading]:
    return [row for file in packaged_register().written.values() for row in readings_of(file, on)]


def reading(**changed: object) -> Reading:
    row: dict[str, object] = dict.fromkeys(Reading.__slots__, "")
    row |= {
        "reports": False,
        "topic": "possession",
        "value": "yes",
        "status": "in_force",
        "seen": "yes",
        "reviewed": False,
    }
    return Reading(**(row | changed))


def test_every_state_has_something_or_says_what_was_searched() -> None:
    by_state = Counter(row.jurisdiction for row in everything())
    assert len([code for code in by_state if packaged_register().file(code)["commonwealth"]]) == 56
    for code in APPENDIX_I:
        rows = [row for row in everything() if row.jurisdiction == code]
        assert any(row.instrument for row in rows) or any(row.topic == SEARCHED and row.note for row in rows), code
    assert sum(bool(row.section) for row in everything()) >= 500


def test_every_value_has_a_source_and_memory_is_no_reading() -> None:
    for row in everything():
        assert row.source, row
        if row.source_kind == "own_knowledge":
            assert not row.is_read, row
            assert not row.read_on, row
        assert not row.reviewed


def test_a_heading_is_no_reading() -> None:
    antigua = [row for row in everything() if row.jurisdiction == "AG" and row.topic == "specific_law"]
    assert [row.seen for row in antigua if row.section == "s 10"] == ["heading"]
    assert criteria_on(antigua)[0].standing == "unknown"


def test_the_register_is_the_reference_data_row_by_row() -> None:
    folder = os.environ.get("LEEWARD_REFERENCE_DATA")
    if not folder:
        pytest.skip("LEEWARD_REFERENCE_DATA names no folder with the reference data")
    rows = []
    for name in ("instruments-a.csv", "instruments-b.csv"):
        with (Path(folder) / "law" / name).open(encoding="utf-8") as file:
            rows += list(csv.DictReader(file))
    theirs = Counter((row["iso2"], row["section"], row["topic"], row["value"], row["words"]) for row in rows)
    held = {
        (row.jurisdiction, row.section, row.topic, row.value, row.says): row for row in everything(date(2100, 1, 1))
    }
    assert not theirs - Counter(
        (row.jurisdiction, row.section, row.topic, row.value, row.says) for row in everything(date(2100, 1, 1))
    )
    added = [row for key, row in held.items() if key not in theirs]
    assert added
    assert all(row.source_url and row.read_on and row.source_kind != "own_knowledge" for row in added)


@pytest.mark.parametrize(
    ("code", "section", "topic", "seen"),
    [
        ("IN", "s 67B(b)", "distribution", {"yes"}),
        ("IN", "s 67B(b)", "production", {"yes"}),
        ("IN", "s 67B(c)", "grooming", {"yes"}),
        ("ZA", "s 27A", "provider_duty", {"yes"}),
        ("ZA", "s 19A", "possession", {"no"}),
        ("NZ", "s 131A", "possession", {"yes"}),
        ("NZ", "s 131B", "grooming", {"no"}),
        ("JM", "s 7", "production", {"yes"}),
        ("JM", "s 5", "possession", {"yes"}),
    ],
)
def test_what_a_review_found_missing_is_there_and_says_whether_anybody_read_it(
    code: str, section: str, topic: str, seen: set[str]
) -> None:
    rows = [row for row in readings_of(packaged_register().file(code), TODAY, topic) if row.section == section]
    assert {row.seen for row in rows} == seen


def test_south_africas_dates_are_those_of_its_statute_book() -> None:
    file = packaged_register().file("ZA")

    def status(day: date, section: str, topic: str) -> set[str]:
        return {row.status for row in readings_of(file, day, topic) if row.section == section}

    assert status(date(2021, 11, 30), "s 24B", "possession") == {"not_commenced"}, "the deletion"
    assert status(date(2021, 12, 1), "s 24B", "possession") == {"in_force"}
    assert status(date(2022, 2, 28), "s 27A", "provider_duty") == {"not_commenced"}
    assert status(date(2022, 3, 1), "s 27A", "provider_duty") == {"in_force"}


def test_the_unions_derogation_has_lapsed_and_its_successor_counts_for_nothing() -> None:
    file = packaged_register().file("EU")
    rows = {row.instrument[:28]: row.status for row in readings_of(file, date(2026, 4, 3))}
    assert rows == {"Regulation (EU) 2021/1232 on": "repealed"}
    assert {row.status for row in readings_of(file, TODAY) if row.instrument.startswith("Proposal")} == {"bill"}


def test_what_commenced_later_is_not_in_force_before() -> None:
    lucia = packaged_register().file("LC")
    before, after = (
        {row.status for row in readings_of(lucia, day, "possession") if row.commenced == "2018-07-06"}
        for day in (date(2018, 7, 5), date(2018, 7, 6))
    )
    assert (before, after) == ({"not_commenced"}, {"in_force"})


def test_no_instrument_before_it_was_made() -> None:
    assert not [
        row for row in readings_of(packaged_register().file("KI"), date(2020, 12, 31)) if "2021" in row.instrument
    ]


def test_a_bill_counts_for_nothing() -> None:
    assert criteria_on([reading(status="bill")])[3].standing == "unknown"
    assert criteria_on([reading(status="not_commenced")])[3].standing == "unknown"
    lesotho = readings_of(packaged_register().file("LS"), TODAY)
    assert any(row.status == "bill" for row in lesotho)


@pytest.mark.parametrize(
    ("values", "standing", "differ"),
    [
        (["yes"], "met", False),
        (["partial"], "partly", False),
        (["no"], "not_found", False),
        (["unknown"], "unknown", False),
        ([], "unknown", False),
        (["yes", "partial"], "met", False),
        (["partial", "no"], "partly", False),
        (["yes", "no"], "unknown", True),
        (["yes", "partial", "no"], "unknown", True),
    ],
)
def test_the_standing_of_a_criterion(values: list[str], standing: str, differ: bool) -> None:
    row = criteria_on([reading(value=value) for value in values])[3]
    assert (row.name, row.standing, row.differ) == ("c4", standing, differ)


def test_only_what_was_read_settles_a_criterion() -> None:
    assert criteria_on([reading(seen="no")])[3].standing == "unknown"
    assert criteria_on([reading(seen="no", value="no"), reading()])[3].standing == "met"


def test_a_duty_of_everybody_is_none_of_providers() -> None:
    assert criteria_on([reading(topic="mandatory_reporting")])[4].standing == "unknown"
    assert criteria_on([reading(topic="provider_duty")])[4].standing == "unknown", "a duty, but not one to report"
    assert criteria_on([reading(topic="provider_duty", reports=True)])[4].standing == "met"


WORK = {"expressions": [{"event": "made", "date": "2010"}, {"event": "revoked", "date": "2020-05-01"}]}


@pytest.mark.parametrize(
    ("status", "commenced", "read_on", "on", "is_revoked", "expected"),
    [
        ("in_force", "2018-07-06", "2026-11-27", date(2018, 7, 5), False, "not_commenced"),
        ("in_force", "2018-07-06", "2026-11-27", date(2018, 7, 6), False, "in_force"),
        ("not_commenced", "2027-01-01", "2026-11-27", date(2027, 1, 1), False, "in_force"),
        ("in_force", None, "2026-11-27", date(2026, 11, 26), False, "unknown"),
        ("in_force", None, "2026-11-27", date(2026, 11, 27), False, "in_force"),
        ("in_force", None, None, date(2015, 1, 1), False, "in_force"),
        ("repealed", None, "2026-11-27", date(2012, 1, 1), False, "unknown"),
        ("repealed", "2010-01-01", "2026-11-27", date(2026, 11, 27), False, "repealed"),
        ("not_commenced", None, "2026-11-27", date(2012, 1, 1), False, "not_commenced"),
        ("in_force", "2011-01-01", "2026-11-27", date(2020, 4, 30), True, "in_force"),
        ("in_force", "2011-01-01", "2026-11-27", date(2020, 5, 1), True, "repealed"),
        ("bill", "2011-01-01", "2026-11-27", date(2020, 5, 1), True, "bill"),
        ("unknown", "2011-01-01", "2026-11-27", date(2020, 5, 1), False, "unknown"),
    ],
)
def test_the_status_of_a_reading_on_a_day(
    status: str, commenced: str | None, read_on: str | None, on: date, is_revoked: bool, expected: str
) -> None:
    row = {"status": status, "commenced": commenced, "read_on": read_on}
    assert status_on(row, WORK if is_revoked else {}, on) == expected


@pytest.mark.parametrize(
    ("status", "day", "on", "expected"),
    [
        ("bill", "2024-11-30", date(2024, 11, 29), "bill"),
        ("bill", "2024-11-30", date(2024, 11, 30), "lapsed"),
        ("lapsed", "2024-11-30", date(2024, 11, 29), "bill"),
        ("lapsed", "2024-11-30", date(2024, 11, 30), "lapsed"),
        ("lapsed", None, date(2020, 1, 1), "lapsed"),
        ("bill", None, date(2030, 1, 1), "bill"),
    ],
)
def test_a_bill_lapses_on_its_day_and_counts_for_nothing(status: str, day: str | None, on: date, expected: str) -> None:
    row = packaged_register().written["LS"]["readings"][0] | {"work": "b", "status": status, "topic": "possession"}
    events = [{"event": "lapsed", "date": day, "note": None}] if day else []
    work = {"id": "b", "title": "A Bill", "kind": "bill", "made": "2024", "expressions": events}
    file = {"code": "LS", "review": "unreviewed", "works": [work | {"made": None}], "readings": [row]}
    (found,) = readings_of(file, on)
    assert (found.status, found.lapsed) == (expected, (day or "") if expected == "lapsed" else "")
    assert criteria_on([found])[3].standing == "unknown"


@pytest.mark.parametrize("status", ["bill", "lapsed"])
def test_a_bill_without_a_history_is_what_was_read_of_it(status: str) -> None:
    assert status_on({"status": status, "commenced": None, "read_on": None}, {}, TODAY) == status


def test_a_criterion_of_a_day_before_the_law_was_read_is_unknown() -> None:
    antigua = packaged_register().file("AG")
    today, before = (criteria_on(readings_of(antigua, day))[1].standing for day in (TODAY, date(2025, 1, 1)))
    assert (today, before) == ("met", "unknown")


def test_a_row_holds_what_the_command_promises() -> None:
    row = reading(instrument="Act", section="s 1").row()
    assert tuple(row) == COLUMNS
    assert (row["instrument"], row["section"], row["reviewed"]) == ("Act", "s 1", False)
    (searched,) = (row for row in readings_of(packaged_register().file("TV"), TODAY) if row.topic == SEARCHED)
    assert searched.source.startswith("searched: ")
    assert searched.read_on == "2026-11-27"


def test_what_was_read_of_the_whole_register_on_a_day_long_ago_says_nothing() -> None:
    for file in packaged_register().written.values():
        assert {row.standing for row in criteria_on(readings_of(file, date(1900, 1, 1)))} == {"unknown"}


def _row(**changed: object) -> dict[str, object]:
    row: dict[str, object] = {
        "work": "act", "at": "s 1", "topic": "possession", "value": "yes", "says": "It is.", "penalty": "5 years",
        "status": "in_force", "commenced": "2010-05-01", "source": "Gazette", "source_url": "https://gazette.example",
        "source_kind": "statute_text", "seen": "yes", "confidence": "high", "read_on": "2020-01-01", "note": "Look again.",
    }  # fmt: skip
    return row | changed


def _read(*rows: dict[str, object], review: str = "unreviewed", topic: str | None = None) -> list[Reading]:
    work = {"id": "act", "title": "Act 2010", "number": "No. 1", "made": "2010-03-01", "expressions": []}
    file = {"code": "XX", "review": review, "works": [work], "readings": rows}
    return readings_of(file, date(2021, 1, 1), topic)


def test_every_field_of_a_reading_is_what_the_file_says() -> None:
    (full,) = _read(_row(reports=True, reviewed=True))
    assert full == Reading(
        jurisdiction="XX", instrument="Act 2010", number="No. 1", section="s 1", topic="possession", value="yes", says="It is.",
        penalty="5 years", status="in_force", commenced="2010-05-01", source="Gazette", source_url="https://gazette.example",
        source_kind="statute_text", seen="yes", confidence="high", read_on="2020-01-01", note="Look again.", reports=True,
        reviewed=True,
    )  # fmt: skip
    (bare,) = _read(
        _row(work=None, penalty=None, commenced=None, source=None, source_url=None, read_on=None, note=None)
    )
    assert (bare.instrument, bare.number, bare.penalty, bare.commenced, bare.source, bare.source_url) == ("",) * 6
    assert (bare.read_on, bare.note, bare.reports, bare.reviewed) == ("", "", False, False)
    assert (bare.rewording, bare.defines) == (None, "")
    (reworded,) = _read(_row(rewording={"for": "photograph", "substitute": "image"}))
    assert reworded.rewording == ("photograph", "image")
    (defined,) = _read(_row(defines="bad material"))
    assert defined.defines == "bad material"
    assert [row.reviewed for row in _read(_row(), review="reviewed")] == [True]
    assert [row.section for row in _read(_row(), _row(at="s 2", topic="access"), topic="access")] == ["s 2"]


def test_an_instrument_is_there_from_the_day_on_which_it_was_made() -> None:
    file = {"code": "XX", "review": "unreviewed", "works": [{"id": "act", "made": "2010-03-01"}], "readings": [_row()]}
    counts = [len(readings_of(file, day)) for day in (date(2010, 2, 28), date(2010, 3, 1), date(2010, 3, 2))]
    assert counts == [0, 1, 1]


def test_what_is_unknown_is_not_cited() -> None:
    row = standing_of([reading(value="unknown", instrument="Act"), reading(instrument="Other")])
    assert (row.name, row.standing, row.citations) == ("", "met", ("Other",))


@pytest.mark.parametrize(
    ("kinds", "by_account"),
    [(("statute_text",), False), (("news",), True), (("news", "statute_text"), False), ((), False)],
)
def test_a_criterion_rests_on_an_account_only_where_nobody_read_the_text(
    kinds: tuple[str, ...], by_account: bool
) -> None:
    rows = [reading(source_kind=kind, section=f"s {number}") for number, kind in enumerate(kinds)]
    assert criteria_on(rows)[3].by_account is by_account


def test_a_text_that_has_a_part_confirms_no_account_of_the_whole() -> None:
    whole, part = (
        reading(value=value, source_kind=kind, section=kind)
        for value, kind in (("yes", "news"), ("partial", "statute_text"))
    )
    assert standing_of([whole, part]).by_account
    assert not standing_of([part]).by_account, "of the part it is the text itself"
    assert not standing_of([whole], [Evidence("c4", "yes", "Act s 3")]).by_account, "the engine's record was read"
