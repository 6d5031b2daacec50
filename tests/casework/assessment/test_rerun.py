"""Decisions of which the law, as it is recorded now, would say something else."""

import itertools
import json
import tracemalloc
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from leeward.casework.assessment.queries import rerun
from leeward.casework.assessment.queries.rerun import ChangedOpinion, changed_opinions
from leeward.casework.assessment.rules.rerun import changed_verdicts, has_decided, verdicts_of
from leeward.casework.assessment.rules.second_assessment import AssessmentResult
from leeward.casework.models import Assessment, Case
from leeward.cli import main
from leeward.laws import services as laws_services
from leeward.laws.files.packaged import packaged_text
from leeward.laws.queries import law_version
from leeward.laws.rules.facts import parse_facts
from tests.casework.conftest import GRAVE, PLAIN, Desk

EVER = datetime(2000, 1, 1, tzinfo=UTC)
JAMAICA = packaged_text("JM.yaml")
TO_TWELVE = JAMAICA.replace("below: 18", "below: 11")
ADULT = {"medium": "photograph", "age_band": "adult", "act": "uk_b", "real_person": "yes"}


def _change_the_law(desk: Desk, text: str = TO_TWELVE) -> None:
    change = laws_services.propose_edit("JM", text=text, reason="a test", actor=desk.cast["carl"].actor)
    laws_services.accept_edit(change, actor=desk.cast["adam"].actor)


def _look(outcome: str, facts: dict[str, Any]) -> AssessmentResult:
    return AssessmentResult(outcome, parse_facts(facts))


@pytest.mark.parametrize(
    ("round_", "assessment", "first", "decided"),
    [
        ("first", _look("illegal", PLAIN), None, True),
        ("first", _look("not_illegal", ADULT), None, True),
        ("first", _look("not_found", {}), None, False),
        ("first", _look("unsure", PLAIN), None, False),
        ("first", _look("illegal", GRAVE), None, False),
        ("second", _look("illegal", GRAVE), _look("illegal", GRAVE), True),
        ("second", _look("not_illegal", ADULT), _look("illegal", GRAVE), False),
        ("adjudication", _look("illegal", GRAVE), None, True),
    ],
)
def test_which_look_decides(
    round_: str, assessment: AssessmentResult, first: AssessmentResult | None, *, decided: bool
) -> None:
    assert has_decided(round_, assessment, first) is decided


def test_only_verdicts_that_changed_are_named() -> None:
    then = verdicts_of([{"country": "JM", "verdict": "likely"}, {"country": "NR", "verdict": "no_law_recorded"}])
    assert changed_verdicts(then, {"JM": "likely", "NR": "undetermined"}) == [
        ("NR", "no_law_recorded", "undetermined"),
    ]


@pytest.mark.django_db
def test_a_changed_register_lists_what_was_decided_before(desk: Desk) -> None:
    version = law_version()
    case = desk.first()
    desk.assess(case)
    assert list(changed_opinions(EVER)) == []
    _change_the_law(desk)
    row = Assessment.objects.get()
    assert list(changed_opinions(EVER)) == [
        ChangedOpinion(case.reference, "JM", "likely", "unlikely", row.at, version, law_version()),
    ]
    assert list(changed_opinions(row.at + timedelta(seconds=1))) == []
    row.refresh_from_db()
    assert row.opinions[0]["verdict"] == "likely", "what was said then stays"
    _change_the_law(desk, JAMAICA)
    assert list(changed_opinions(EVER)) == []


@pytest.mark.django_db
def test_the_law_is_that_of_the_day_of_the_decision(desk: Desk) -> None:
    case = desk.first()
    desk.assess(case)
    Assessment.objects.update(at=datetime(2009, 10, 20, 12, tzinfo=UTC))
    (row,) = changed_opinions(EVER)
    assert (row.country, row.then, row.now) == ("JM", "likely", "undetermined"), "the Act commenced a day later"


@pytest.mark.django_db
def test_a_first_look_that_another_person_answered_is_no_decision(desk: Desk) -> None:
    case = desk.first()
    assert desk.assess(case, facts=GRAVE) == "ask_second"
    _change_the_law(desk, JAMAICA.replace("below: 18", "below: 5"))
    assert list(changed_opinions(EVER)) == []
    Assessment.objects.update(law_version="before", opinions=[{"country": "JM", "verdict": "likely"}])
    assert list(changed_opinions(EVER)) == []
    assert desk.assess(case, "bela", facts=GRAVE) == "confirm_illegal"
    Assessment.objects.filter(round="second").update(opinions=[{"country": "JM", "verdict": "likely"}])
    assert [row.id for row in changed_opinions(EVER)] == [case.reference]


@pytest.mark.django_db
def test_memory_does_not_grow_with_the_number_of_decisions(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rerun, "CHUNK", 200)
    case = desk.case()
    desk.assess(case)
    model = Assessment.objects.get()
    fields = {field.attname: getattr(model, field.attname) for field in Assessment._meta.fields if field.name != "id"}

    turns = itertools.count(2)  # nobody assesses a case twice in one turn of its work

    def peak(count: int) -> int:
        Assessment.objects.bulk_create([Assessment(**(fields | {"cycle": next(turns)})) for _ in range(count)])
        told: list[tuple[float, float]] = []
        tracemalloc.start()
        assert sum(1 for _row in changed_opinions(EVER, progress=lambda *step: told.append(step))) == 0
        highest = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert told == sorted(told), "progress goes forward"
        assert told[-1][0] == told[-1][1], "and ends when all is done"
        return highest

    peak(100)
    assert peak(600) < 1.5 * peak(200) + 100_000
    assert Case.objects.count() == 1


@pytest.mark.django_db
def test_the_command_leaves_with_one_where_something_differs(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    case = desk.first()
    desk.assess(case)
    command = ["case", "rerun-law", "--hotline", "jm", "--since"]
    assert main.run([*command, "2026-01-01", "--json"]) == 0
    assert capsys.readouterr().out == ""
    _change_the_law(desk)
    assert main.run([*command, "2026-01-01", "--json"]) == 1
    (line,) = capsys.readouterr().out.splitlines()
    row = json.loads(line)
    assert {name: row[name] for name in ("id", "country", "then", "now", "law_version_now")} == {
        "id": case.reference,
        "country": "JM",
        "then": "likely",
        "now": "unlikely",
        "law_version_now": law_version(),
    }
    assert row["law_version_then"] != row["law_version_now"]
    assert main.run([*command, "2026-13-01"]) == 2
    assert "--since can't be read: '2026-13-01' is not a day" in capsys.readouterr().err
