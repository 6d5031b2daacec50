"""What Moodle's web service answers: completed when, refused why, and what is not Moodle at all."""

import json
from datetime import date
from typing import Any

import pytest

from leeward.capacity.rules.moodle import (
    MoodleRefused,
    NotMoodle,
    completed_on,
    course_in,
    people_in,
    read_answer,
)
from leeward.capacity.rules.participation import Participation, Usual
from leeward.capacity.rules.sheets import Row, row_of

NOON = 1_772_452_800  # 2026-03-02, 12:00 UTC


def status(*times: Any, completed: Any = True) -> dict[str, Any]:
    """An answer as in Moodle's source: a row for each thing that is asked for."""
    rows = [
        {"type": 4, "title": "Activity", "status": "Yes", "complete": True, "timecompleted": one, "details": {}}
        for one in times
    ]
    return {"completionstatus": {"completed": completed, "aggregation": 1, "completions": rows}, "warnings": []}


def test_completed_is_the_day_of_the_last_thing_asked_for() -> None:
    assert completed_on(status(NOON - 900_000, NOON, None, 0)) == date(2026, 3, 2)
    assert completed_on(status(1)) == date(1970, 1, 1)
    assert completed_on(status(86_400)) == date(1970, 1, 2)
    assert completed_on(status(NOON, completed=False)) is None


@pytest.mark.parametrize(
    "answer",
    [
        None,
        [],
        {},
        {"completionstatus": []},
        {"completionstatus": {"completed": 1}},
        {"completionstatus": {"completed": True, "completions": None}},
        {"completionstatus": {"completed": True, "completions": 5}},
        {"completionstatus": {"completed": True, "completions": ["x"]}},
        status(),
        status(None),
        status(-1),
        status("1772452800"),
        status(True),
        status(7_258_118_400),  # the year 2200
        status(10**30),
    ],
)
def test_what_is_no_completion_is_none_of_moodles(answer: Any) -> None:
    with pytest.raises(NotMoodle):
        completed_on(answer)


def test_the_latest_day_that_is_believed() -> None:
    assert completed_on(status(7_258_118_399)) == date(2199, 12, 31)


def test_a_course_is_found_by_its_whole_short_name() -> None:
    courses = {"courses": ["x", {"id": 3, "shortname": "POL-10"}, {"id": 4, "shortname": "POL-1"}], "warnings": []}
    assert course_in(courses, "POL-1") == 4
    assert course_in({"courses": []}, "POL-1") is None
    for wrong in ([], {}, {"courses": {}}, {"courses": [{"shortname": "POL-1"}]}, None):
        with pytest.raises(NotMoodle):
            course_in(wrong, "POL-1")


def test_everybody_has_a_number_and_a_name() -> None:
    assert people_in([{"id": 0, "fullname": "Ana"}, {"id": 8}]) == [(0, "Ana"), (8, "")]
    assert people_in([]) == []
    unnamed: list[Any] = [[{"id": 7, "fullname": name}] for name in (None, ["Ana"], 5)]
    for wrong in (
        *({}, ["x"], [{"id": 7}, "x"], [{"fullname": "Ana"}], [{"id": True}], [{"id": -1}], [{"id": "7"}]),
        *unnamed,
    ):
        with pytest.raises(NotMoodle):
            people_in(wrong)


def test_an_error_comes_as_an_answer() -> None:
    assert read_answer(b'["exception"]') == ["exception"]
    assert read_answer(b'{"courses": []}') == {"courses": []}
    refusal = {"exception": "moodle_exception", "errorcode": "nocriteriaset", "message": "No criteria"}
    with pytest.raises(MoodleRefused, match=r"^nocriteriaset$") as refused:
        read_answer(json.dumps(refusal).encode())
    assert refused.value.code == "nocriteriaset"
    with pytest.raises(MoodleRefused) as long:
        read_answer(json.dumps({"exception": "x", "errorcode": "a" * 61}).encode())
    assert long.value.code == "a" * 60
    for wrong in (b"<html>", b"\xff", b"", b"[" * 100_000):
        with pytest.raises(NotMoodle):
            read_answer(wrong)


def test_a_name_from_elsewhere_is_read_like_a_table() -> None:
    usual = Usual("judge", "JM", frozenset({"JM"}), date(2026, 11, 28))
    day = date(2026, 3, 2)
    assert row_of(3, "Ana ", day, usual) == Row(3, Participation("Ana", "", "judge", "JM", day))
    assert [str(one) for one in row_of(3, "=1", day, usual).faults] == ["a cell begins like a formula"]
