"""What follows from what is said and measured: to the letter."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from leeward.foundation.lazy_text import LazyText
from leeward.national.rules import measures
from leeward.national.rules.drawn import heat_map_of, radar_of
from leeward.national.rules.framework import (
    Area,
    Framework,
    Phase,
    Question,
    framework_of,
    is_year,
    problem_of,
)
from leeward.national.rules.standing import (
    Answer,
    AnswerDetails,
    Measured,
    Standing,
    areas_of,
    faults_of,
    open_questions,
    plan_of,
    standings_of,
)

DAY = date(2026, 3, 2)
AT = datetime(2026, 3, 2, tzinfo=UTC)
PHASES = [{"name": f"P{number}", "meaning": f"M{number}"} for number in (1, 2, 3, 4)]
CONTENT = {
    "name": "small", "version": "1", "title": "Small", "language": "en", "source": "Test", "phases": PHASES,
    "areas": [
        {"id": "a", "title": "A", "questions": [
            {"id": "one", "question": "One?", "measure": "law_duty", "phases": ["w", "x", "y", "z"]},
            {"id": "two", "question": "Two?", "source": "Chapter", "evidence": "E", "responsible": "R", "target_months": 6.0},
        ]},
        {"id": "b", "title": "B", "questions": [{"id": "three", "question": "Three?"}]},
    ],
}  # fmt: skip


def answered(phase: int | None, **more: object) -> Answer:
    return Answer(AnswerDetails(phase, **more), "Carl", AT)  # type: ignore[arg-type]


def standing(answer: Answer | None, phase: int | None = None, name: str = "q") -> Standing:
    return Standing(Area("a", "A", ()), Question(name, "Q?"), answer, None if phase is None else Measured(phase, DAY))


def test_a_framework_is_what_its_content_says() -> None:
    assert framework_of(CONTENT) == Framework(
        "small", "1", "Small", "en", "Test",
        tuple(Phase(f"P{number}", f"M{number}") for number in (1, 2, 3, 4)),
        (
            Area("a", "A", (
                Question("one", "One?", phases=("w", "x", "y", "z"), measure="law_duty"),
                Question("two", "Two?", "Chapter", (), "", "E", "R", 6),
            )),
            Area("b", "B", (Question("three", "Three?"),)),
        ),
    )  # fmt: skip
    framework = framework_of(CONTENT)
    one, two, _three = framework.questions.values()
    assert isinstance(two.target_months, int)
    assert list(framework.questions) == ["one", "two", "three"]
    assert [framework.meaning(one, phase) for phase in (1, 4)] == ["w", "z"]
    assert [framework.meaning(two, phase) for phase in (1, 4)] == ["M1", "M4"]


def test_what_a_schema_cannot_say_is_found_where_it_stands() -> None:
    assert problem_of(CONTENT, ["law_duty"]) is None
    path, why = problem_of(CONTENT, ["other"]) or ((), None)
    assert (path, str(why)) == (
        ("areas", 0, "questions", 0, "measure"),
        "nothing here is measured as law_duty; leave the line out",
    )
    first, second = CONTENT["areas"]  # type: ignore[misc]
    for areas, where, sentence in (
        ([first, {**second, "id": "a"}], ("areas", 1, "id"), "there are two areas with the name a"),
        (
            [first, {**second, "questions": [{"id": "two", "question": "?"}]}],
            ("areas", 1, "questions", 0, "id"),
            "there are two questions with the name two",
        ),
        (
            [first, {**second, "title": "B\ufffe"}],
            ("areas", 1, "title"),
            "it has a character that no document can hold",
        ),
    ):
        path, why = problem_of({**CONTENT, "areas": areas}, ["law_duty"]) or ((), LazyText(""))
        assert (path, str(why)) == (where, sentence)


def test_a_year_can_be_assessed_once_it_has_begun() -> None:
    assert [is_year(year, DAY) for year in (1999, 2000, 2026, 2027)] == [False, True, True, False]


@pytest.mark.parametrize(
    ("answer", "measured", "phase", "differs"),
    [
        (None, None, None, False),
        (None, 3, 3, False),
        (answered(2), None, 2, False),
        (answered(2), 3, 2, True),
        (answered(3), 3, 3, False),
        (answered(0), None, 0, False),
        (answered(0), 3, 3, False),
        (answered(None), 3, 3, False),
        (answered(None), None, None, False),
    ],
)
def test_a_person_goes_before_a_measurement_and_both_stay(
    answer: Answer | None, measured: int | None, phase: int | None, *, differs: bool
) -> None:
    one = standing(answer, measured)
    assert (one.phase, one.differs) == (phase, differs)
    assert open_questions([one, one]) == (2 if phase is None else 0)


def test_areas_are_means_of_what_is_known() -> None:
    framework = framework_of(CONTENT)
    answers = {"two": answered(4), "three": answered(0)}
    rows = standings_of(framework, answers, {"law_duty": Measured(1, DAY), "": Measured(4, DAY)})
    assert [(one.question.id, one.phase) for one in rows] == [("one", 1), ("two", 4), ("three", 4)]
    rows = standings_of(framework, answers, {"law_duty": Measured(1, DAY)})
    assert [(one.question.id, one.phase) for one in rows] == [("one", 1), ("two", 4), ("three", 0)]
    assert [(one.area.id, one.mean, one.known, one.of) for one in areas_of(rows)] == [
        ("a", 2.5, 2, 2),
        ("b", None, 0, 1),
    ]
    third = standings_of(framework, {"one": answered(2), "two": answered(3), "three": answered(1)}, {})
    assert [one.mean for one in areas_of([*third, third[1]])] == [2.7, 1.0]


def test_the_plan_has_what_has_an_owner_or_a_date_and_is_not_done() -> None:
    soon, later = date(2026, 5, 1), date(2027, 5, 1)
    rows = [
        standing(answered(3, responsible="R"), name="nodate"),
        standing(answered(2, target_on=later), name="later"),
        standing(answered(4, responsible="R", target_on=soon), name="done"),
        standing(answered(1, target_on=soon), name="soon"),
        standing(answered(None, responsible="R"), name="nophase"),
        standing(answered(1), name="nothing"),
        standing(None, 1, name="measured"),
    ]
    assert [one.question.id for one in plan_of(rows)] == ["soon", "later", "nophase", "nodate"]
    assert (rows[6].responsible, rows[6].target_on) == ("", None)


def test_every_fault_of_an_answer_is_told_with_its_field() -> None:
    measured = Measured(3, DAY)
    whole = AnswerDetails(2, "E" * 2000, "R" * 120, date(2000, 1, 1), "W" * 1000)
    assert faults_of(whole, measured) == {}
    assert faults_of(replace(whole, target_on=date(2099, 12, 31)), measured) == {}
    for change, expected in (
        ({"phase": 5}, {"phase": "not_a_phase"}),
        ({"phase": -1}, {"phase": "not_a_phase"}),
        ({"phase": None, "responsible": "", "target_on": None}, {"phase": "says_nothing"}),
        ({"phase": None, "responsible": ""}, {}),
        ({"phase": None, "target_on": None}, {}),
        ({"reason": ""}, {"reason": "needs_reason"}),
        ({"reason": "", "phase": 3}, {}),
        ({"reason": "", "phase": 0}, {}),
        ({"reason": "", "phase": None}, {}),
        ({"evidence": "E" * 2001}, {"evidence": "too_long"}),
        ({"responsible": "R" * 121}, {"responsible": "too_long"}),
        ({"reason": "W" * 1001}, {"reason": "too_long"}),
        ({"target_on": date(2100, 1, 1)}, {"target_on": "not_a_target"}),
        ({"target_on": date(1999, 12, 31)}, {"target_on": "not_a_target"}),
    ):
        assert faults_of(replace(whole, **change), measured) == expected, change
    assert faults_of(AnswerDetails(2), None) == {}


def test_phases_by_what_is_on_record() -> None:
    assert [measures.by_criteria(met, met, years_old=5) for met in range(6)] == [1, 2, 2, 2, 3, 4]
    assert [measures.by_criteria(met, met, years_old=6) for met in range(6)] == [None, None, None, None, 3, 4]
    unsure = [measures.by_criteria(*one, years_old=0) for one in ((0, 1), (1, 3), (1, 4), (4, 5), (3, 4))]
    assert unsure == [None, 2, None, 3, None]
    assert [measures.by_share(part, 10) for part in (0, 4, 5, 8, 9, 10)] == [2, 2, 3, 3, 4, 4]
    assert measures.by_share(9, 9) is None
    assert measures.by_share(85, 100) == 3
    trained = [
        measures.by_trained([one]) for one in ((0, None), (0, 4), (1, None), (1, 4), (2, 4), (3, 4), (4, 4), (2, 5))
    ]
    assert trained == [None, 1, 2, 2, 3, 3, 4, 2]
    roles = [((20, 10), (0, 10)), ((20, 10), (0, 11)), ((5, None), (0, 1)), ((5, None), (1, 1)), ((0, None), (0, None))]
    assert [measures.by_trained(one) for one in roles] == [3, 2, 2, 4, None]
    assert measures.by_hotline(5, 5, is_open=False) == 2
    assert [measures.by_hotline(*one, is_open=True) for one in ((0, 0), (1, 0), (0, 1), (1, 1))] == [3, 3, 3, 4]
    assert measures.by_list(0, 1, is_current=True) == 2
    lists = [measures.by_list(1, number, is_current=current) for number, current in ((0, True), (1, False), (1, True))]
    assert lists == [3, 3, 4]
    material = [
        measures.by_material(*one, is_for_all=whole) for *one, whole in ((0, 0, True), (0, 1, True), (1, 1, False))
    ]
    assert [*material, measures.by_material(1, 1, is_for_all=True)] == [None, 2, 3, 4]
    assert [measures.by_years(years) for years in (0, 1, 2, 3)] == [2, 3, 4, 4]


def test_the_radar_leaves_gaps_where_nothing_is_known() -> None:
    assert radar_of([1, 2], None) is None
    assert radar_of([1, 2, 3], None) is not None
    assert radar_of([None, None, None], None) is None
    whole = radar_of([4, 4, 4, 4], [2, 2, None, 2])
    assert whole is not None
    assert [(number, (end.x, end.y)) for number, end, _label in whole.axes] == [
        (1, (180.0, 30.0)),
        (2, (330.0, 180.0)),
        (3, (180.0, 330.0)),
        (4, (30.0, 180.0)),
    ]
    assert [(label.x, label.y) for _number, _end, label in whole.axes][:2] == [(180.0, 13.1), (346.9, 180.0)]
    assert whole.rings[0] == "180.0,142.5 217.5,180.0 180.0,217.5 142.5,180.0"
    assert len(whole.rings) == 4
    assert (
        whole.now.path == "M180.0 30.0L330.0 180.0M330.0 180.0L180.0 330.0M180.0 330.0L30.0 180.0M30.0 180.0L180.0 30.0"
    )
    assert whole.before is not None
    assert whole.before.path == "M180.0 105.0L255.0 180.0M105.0 180.0L180.0 105.0"
    assert len(whole.before.points) == 3
    for before in (None, [None, None, None, None]):
        again = radar_of([4, 4, 4, 4], before)
        assert again is not None
        assert again.before is None


def test_the_heat_map_has_eight_questions_a_line() -> None:
    areas = (Area("a", "A" * 40, ()), Area("b", "B" * 38 + " tail", ()))
    phases = (1, 2, 3, 4, 0, None, 1, 1, 2)
    rows = [Standing(areas[0], Question(str(at), "?"), answered(phase), None) for at, phase in enumerate(phases)]
    found = heat_map_of([*rows, Standing(areas[1], Question("x", "?"), answered(4), None)])
    first, second = found.rows
    assert [(cell.x, cell.y, cell.phase, cell.css, cell.is_dark) for cell in first.cells] == [
        (0, 24, 1, "hollow", False),
        (44, 24, 2, "fb", False),
        (88, 24, 3, "f2", True),
        (132, 24, 4, "f1", True),
        (176, 24, None, "fx", False),
        (220, 24, None, "fx", False),
        (264, 24, 1, "hollow", False),
        (308, 24, 1, "hollow", False),
        (0, 68, 2, "fb", False),
    ]
    assert (first.number, first.title, first.y) == (1, "A" * 40, 16)
    assert (second.number, second.title, second.y) == (2, "B" * 38 + "…", 128)
    assert [(cell.x, cell.y) for cell in second.cells] == [(0, 136)]
    assert found.height == 180
    assert (first.cells[1].middle.x, first.cells[1].middle.y) == (63.0, 48.0)


def test_a_day_later_is_later() -> None:
    earlier, late = standing(answered(1, target_on=DAY)), standing(answered(1, target_on=DAY + timedelta(days=1)))
    assert plan_of([late, earlier]) == (earlier, late)
    unknown = standing(answered(0, target_on=DAY))
    assert plan_of([earlier, unknown]) == (unknown, earlier)


def test_a_long_title_is_cut_where_it_would_leave_the_picture() -> None:
    (row,) = heat_map_of([Standing(Area("a", "C" * 41, ()), Question("x", "?"), None, None)]).rows
    assert row.title == "C" * 39 + "…"
