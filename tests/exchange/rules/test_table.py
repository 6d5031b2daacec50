"""Who may say what about an item: one test for each rule of the table."""

import json
import runpy
from pathlib import Path

import pytest

from leeward.exchange.rules import printed, schema
from leeward.exchange.rules.standing import Standing
from leeward.exchange.rules.steps import ACTIONS, Kind, Side, Step
from leeward.exchange.rules.table import REFUSALS, TABLE
from leeward.exchange.rules.timeline import Timeline, may_say, timeline_of

REFERENCE = Path(__file__).parents[3] / "docs" / "reference"
NAMES: dict[str, tuple[Side, Kind, str]] = {
    "report national": ("reporting", "report", "national"),
    "report baseline": ("reporting", "report", "baseline"),
    "report": ("reporting", "report", "unassessed"),
    "accept": ("hosting", "acceptance", ""),
    "move": ("hosting", "reassignment", ""),
    "police": ("hosting", "action", "police_told"),
    "host": ("hosting", "action", "host_told"),
    "removed": ("hosting", "action", "removed"),
    "legal": ("hosting", "action", "not_illegal"),
    "we: neither": ("hosting", "reassessment", "neither"),
    "we: baseline": ("hosting", "reassessment", "baseline"),
    "they: national": ("reporting", "reassessment", "national"),
    "they: baseline": ("reporting", "reassessment", "baseline"),
    "ask": ("reporting", "question", ""),
    "ask back": ("hosting", "question", ""),
    "answer": ("hosting", "answer", ""),
    "answer back": ("reporting", "answer", ""),
    "withdraw": ("reporting", "withdrawal", ""),
    "take back": ("hosting", "retraction", ""),
    "take ours back": ("reporting", "retraction", ""),
}


def said(*names: str) -> Timeline:
    """The timeline of these messages, each written by somebody who knows all before; "answer 2" is about number 2."""
    steps: list[Step] = []
    for name in names:
        word, about = (name[:-2], int(name[-1])) if name[-1].isdigit() else (name, 0)
        side, kind, what = NAMES[word]
        own = [step for step in steps if step.side == side]
        steps.append(Step(side, len(own) + 1, len(steps) - len(own), kind, what, about))
    return timeline_of(steps)


def code(*names: str) -> str:
    """Why the last of these messages has no effect, or ""."""
    return said(*names).entries[-1].code


@pytest.mark.parametrize(
    ("names", "stage"),
    [
        ("report", "reported"),
        ("report, accept", "accepted"),
        ("report, accept, police", "acting"),
        ("report, accept, police, host, removed", "removed"),
        ("report, accept, removed, police", "removed"),
        ("report, accept, legal", "not_illegal"),
        ("report, move", "moved"),
        ("report, accept, host, move", "moved"),
        ("report, withdraw", "withdrawn"),
        ("report, accept, withdraw", "withdrawn"),
        ("report, accept, removed, take back 2", "accepted"),
        ("report, accept, police, removed, take back 3", "acting"),
        ("report, move, take back 1", "reported"),
        ("report, accept, host, move, take back 3", "acting"),
        ("report, move, take back 1, accept", "accepted"),
    ],
)
def test_what_was_said_leads_to_a_stage(names: str, stage: str) -> None:
    found = said(*names.split(", "))
    assert {entry.code for entry in found.entries} == {""}
    assert found.standing.stage == stage


@pytest.mark.parametrize(
    ("names", "why"),
    [
        ("accept", "not_at_this_stage"),
        ("report, report", "not_at_this_stage"),
        ("report, police", "not_at_this_stage"),
        ("report, accept, accept", "not_at_this_stage"),
        ("report, accept, police, legal", "not_at_this_stage"),
        ("report, accept, legal, withdraw", "not_at_this_stage"),
        ("report, accept, police, withdraw, withdraw", "done_already"),
        ("report, withdraw, accept", "not_at_this_stage"),
        ("report, withdraw, ask", "not_at_this_stage"),
        ("report, move, police", "not_at_this_stage"),
        ("report, accept, police, police", "done_already"),
        ("report, accept, host, host", "done_already"),
        ("report, accept, removed, removed", "done_already"),
        ("report baseline, accept, we: neither", "baseline_stands"),
        ("report national, accept, we: baseline, they: national", "baseline_stands"),
        ("report national, we: neither, they: national", "hosting_decides"),
        ("report national, accept, police, we: neither", "acted_already"),
        ("report national, accept, police, they: baseline", "acted_already"),
        ("report, ask, answer 1", "question_not_open"),
        ("report, ask, answer 2, answer 2", "question_not_open"),
        ("report, accept, take back 1", "nothing_to_retract"),
        ("report, accept, police, take ours back 1", "nothing_to_retract"),
        ("report, accept, police, take back 2, take back 2", "nothing_to_retract"),
        ("report national, we: neither, accept, police, take back 1", "nothing_to_retract"),
        ("report, ask, ask, ask, ask, ask, ask", "questions_wait"),
    ],
)
def test_what_may_not_be_said_has_no_effect_and_a_code(names: str, why: str) -> None:
    steps = names.split(", ")
    assert code(*steps) == why
    assert why in REFUSALS
    assert said(*steps).standing == said(*steps[:-1]).standing


def test_the_other_hotlines_part_can_t_be_played() -> None:
    for side, kind, what in (
        ("hosting", "report", "national"),
        ("hosting", "withdrawal", ""),
        ("reporting", "acceptance", ""),
        ("reporting", "reassignment", ""),
        *(("reporting", "action", action) for action in ACTIONS),
    ):
        before = said("report", "accept")
        step = Step(side, before.count(side) + 1, 1, kind, what)  # type: ignore[arg-type]
        assert may_say(before, step) == "not_your_part", (side, kind)


@pytest.mark.parametrize(
    "step",
    [
        Step("hosting", 2, 1, "action", "burnt"),
        Step("hosting", 2, 1, "action", ""),
        Step("hosting", 2, 1, "action", "removed", 1),
        Step("hosting", 2, 1, "reassessment", "unassessed"),
        Step("hosting", 2, 1, "question", "what"),
        Step("hosting", 2, 1, "retraction"),
        Step("hosting", 2, 1, "answer"),
    ],
)
def test_a_message_says_only_what_its_kind_can_say(step: Step) -> None:
    assert may_say(said("report", "accept"), step) == "unknown_word"
    assert may_say(said(), Step("reporting", 1, 0, "report", "neither")) == "unknown_word"


def test_the_grade_is_the_hosting_hotlines_unless_it_is_the_baseline() -> None:
    assert said("report national").standing.grade == "national"
    assert said("report", "they: national").standing.grade == "national"
    assert said("report national", "we: neither").standing.grade == "neither"
    assert said("report national", "we: neither", "we: baseline").standing.grade == "baseline"
    assert said("report national", "we: neither", "take back 1").standing.grade == "national"
    assert said().standing == Standing(), "where nothing was said nothing holds"


def test_both_sides_ask_and_answer() -> None:
    open_ones = said("report", "ask", "ask back", "ask").standing.questions
    assert open_ones == {("reporting", 2), ("reporting", 3), ("hosting", 1)}
    assert said("report", "ask", "ask back", "answer 2", "answer back 1").standing.questions == frozenset()
    assert code("report", "ask", "withdraw", "answer 2") == "", "a question may be answered after all"


def test_the_reference_prints_every_line_and_every_code() -> None:
    text = printed.as_markdown()
    assert text.count(" | reporting | nothing reported | reported |") == 1
    assert all(f"`{name}`" in text for name in REFUSALS)
    assert "    acting --> removed: removed" in text
    assert "    [*] --> reported: report" in text
    assert printed.matrix().count("\n") - 1 == len(TABLE)


def test_hotlines_with_other_software_find_in_the_reference_what_holds_here() -> None:
    page = (REFERENCE / "exchange.md").read_text(encoding="utf-8")
    assert page.partition("\n| stage |")[2] == printed.as_markdown().removeprefix("| stage |")
    published = json.loads((REFERENCE / "exchange.json").read_text(encoding="utf-8"))
    # Made anew: the one that was imported may be older than a change of what makes it.
    assert runpy.run_path(schema.__file__, run_name=schema.__name__)["BATCH"] == published
