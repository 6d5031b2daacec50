"""The table of transitions: complete, without traps, and the only way from state to state."""

from dataclasses import MISSING, fields, replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.casework.rules.printed import as_markdown, diagram
from leeward.casework.rules.states import FIRST_STATE, LAST_STATES, STATES
from leeward.casework.rules.transitions import (
    ACTS,
    ASKABLE,
    GUARDS,
    NO_PART,
    SYSTEM,
    TABLE,
    Barred,
    Refusal,
    Situation,
    Transition,
    acts_from,
    asked_by,
    step,
)
from leeward.people.rules.permissions import ACTS as PERMISSIONS

ANSWER = st.one_of(st.none(), st.booleans())
UNKNOWN = Situation(**dict.fromkeys(ASKABLE) | {"reason": ""})
SITUATIONS = st.builds(
    Situation,
    **dict.fromkeys(ASKABLE, ANSWER)
    | {"reason": st.sampled_from(["", " ", "14"]), "reports_left": st.one_of(st.none(), st.integers(0, 2))},
)
# For each guard what lets it pass; every other answer is unknown.
PASSES: dict[str, dict[str, object]] = {
    "": {},
    "is_post_box": {"is_post_box": True},
    "no_report_left": {"reports_left": 0, "is_urgent": False},
    "first_assessment_is_enough": {"is_grave": False, "is_unsure": False},
    "needs_second_assessment": {"is_grave": True, "is_unsure": False},
    "assessments_agree": {"assessments_agree": True, "in_adjudication": False},
    "assessments_differ": {"assessments_agree": False, "in_adjudication": False},
    "in_adjudication": {"in_adjudication": True},
    "nothing_open": {"is_held": False, "is_appealed": False},
    "nothing_to_watch": {"is_watched": False, "is_held": False, "is_appealed": False},
    "not_held": {"is_held": False},
    "not_merged": {"is_merged": False},
    "is_merged": {"is_merged": True},
    "was_illegal": {"was_illegal": True},
    "is_known_file": {"is_known_file": True},
    "needs_reassessment": {"needs_reassessment": True},
    "is_reported_urgent": {"is_urgent": True, "is_reported_urgent": True},
    "not_urgent_is_agreed": {"is_urgent": True, "not_urgent_is_agreed": True},
    "is_only_marked": {"is_urgent": True, "is_reported_urgent": False},
    "is_not_urgent": {"is_urgent": False},
    "urgent_again": {"is_urgent_again": True},
    "may_be_passed": {"is_urgent": True, "is_passed": False, "police_may_be_informed": True},
    "police_owed": {"police_are_owed": True},
    "police_settled": {"is_settled": True},
}


def _reached(start: str, lines: list[Transition]) -> set[str]:
    found, new = set(), {start}
    while new:
        found |= new
        new = {line.target for line in lines if line.source in found} - found
    return found


def test_every_state_is_reached() -> None:
    assert _reached(FIRST_STATE, list(TABLE)) == set(STATES)


@pytest.mark.parametrize("state", STATES)
def test_no_state_is_a_trap(state: str) -> None:
    """From everywhere a case can end, without anybody having to reopen one."""
    onward = [line for line in TABLE if line.act not in {"reopen", "report_again", "see_returned"}]
    assert _reached(state, onward) & LAST_STATES
    assert acts_from(state)


def test_the_table_names_each_step_once_and_only_what_exists() -> None:
    steps = [(line.source, line.act) for line in TABLE]
    assert len(steps) == len(set(steps))
    for line in TABLE:
        assert {line.source, line.target} <= set(STATES)
        assert line.guard in GUARDS
        assert line.permission == SYSTEM or line.permission in PERMISSIONS
    assert {line.guard for line in TABLE} == set(GUARDS)


@given(state=st.sampled_from(tuple(STATES)), act=st.sampled_from(ACTS), now=SITUATIONS)
def test_a_step_is_the_tables_or_refused(state: str, act: str, now: Situation) -> None:
    answer = step(state, act, now)
    if isinstance(answer, Transition):
        assert (answer.source, answer.act) == (state, act)
        assert answer in TABLE
        assert not answer.barred or now.had_part is False
        assert now.reason.strip() or not answer.reason_required
    elif act not in acts_from(state):
        assert answer is Refusal.NO_SUCH_STEP


@given(act=st.text(max_size=20), state=st.text(max_size=12))
def test_what_is_not_in_the_table_is_refused(act: str, state: str) -> None:
    if (state, act) not in {(line.source, line.act) for line in TABLE}:
        assert step(state, act, UNKNOWN) is Refusal.NO_SUCH_STEP


def test_a_situation_has_no_defaults() -> None:
    """Whoever forgets a part of it gets an error, and nothing that reads like a yes."""
    assert all(field.default is MISSING and field.default_factory is MISSING for field in fields(Situation))
    assert set(PASSES) == set(GUARDS)


@pytest.mark.parametrize("line", TABLE, ids=lambda line: f"{line.source}-{line.act}")
def test_a_guard_passes_only_on_what_it_is_told(line: Transition) -> None:
    """Each line passes on exactly what it asks about, and refuses where any one of these is unknown or the other way round."""
    told: dict[str, object] = {"reason": "14", "had_part": False, **PASSES[line.guard]}
    told = {"police_are_owed": False, "protection_is_owed": False} | told
    asked = asked_by(line)
    assert asked >= set(PASSES[line.guard])
    now = replace(UNKNOWN, **{name: told[name] for name in asked})
    assert step(line.source, line.act, now) is line
    for name in asked - ({"reason"} if not line.reason_required else set()):
        less = replace(now, **{name: "" if name == "reason" else None})
        assert isinstance(step(line.source, line.act, less), Refusal), name
        other = {"reason": " ", "reports_left": 1}.get(name, told[name] is False)
        if not (line.guard == "needs_second_assessment" and name == "is_unsure"):  # grave alone is enough
            assert isinstance(step(line.source, line.act, replace(now, **{name: other})), Refusal), name


@given(now=SITUATIONS)
def test_a_first_look_leads_to_at_most_one_end(now: Situation) -> None:
    """Grave or unsure goes to a second person and nowhere else; everything else needs none; what is unknown goes nowhere."""
    reasoned = replace(now, reason="14", police_are_owed=False, protection_is_owed=False)
    alone = {isinstance(step("assessing", act, reasoned), Transition) for act in ("find_illegal", "find_other")}
    second = isinstance(step("assessing", "ask_second", reasoned), Transition)
    is_known = now.is_grave is not None and now.is_unsure is not None
    assert second == bool(is_known and (now.is_grave or now.is_unsure))
    assert alone == {is_known and not second}


@given(now=SITUATIONS, had_part=st.sampled_from([True, None]))
def test_whoever_had_a_part_or_may_have_had_never_decides_again(now: Situation, had_part: bool | None) -> None:
    barred = [line for line in TABLE if line.barred]
    assert {line.act for line in barred if line.barred is Barred.THIS_TURN} == {
        "confirm_illegal", "confirm_other", "dispute",
    }  # fmt: skip
    assert {line.act for line in barred if line.barred is Barred.EVER} == {
        "settle_illegal", "settle_other", "overturn", "overturn_urgent", "merge_over",
    }  # fmt: skip
    for line in barred:
        answer = step(line.source, line.act, replace(now, had_part=had_part, reason="14"))
        assert answer is Refusal.NEEDS_ANOTHER_PERSON


def test_only_steps_that_decide_nothing_make_no_part() -> None:
    assert {
        "claim", "give_back", "merge", "unmerge", "unmerge_decided", "unmerge_acting", "unmerge_monitoring", "unmerge_removed",
        "unmerge_closed", "pass_at_once", "pass_to_police", "tell_protection", "mark_urgent", "not_urgent", "call_not_urgent",
        "overrule_urgent",
    } == NO_PART  # fmt: skip


def test_the_documents_show_every_line() -> None:
    page = as_markdown(PERMISSIONS)
    for line in TABLE:
        assert f"| {line.source} | {line.act} | {line.target} |" in page
    for state in STATES:
        assert state in diagram()


def test_the_documents_say_who_may_what_and_why_not() -> None:
    page = as_markdown(PERMISSIONS)
    assert page.startswith(
        "| state | on the desk | lane of the queue | for the reporter | work in it stops the clock |\n|---|"
    )
    assert "\n| decided | Decided | decided | looking | police told |\n" in page
    assert "\n\n```mermaid\nstateDiagram-v2\n    [*] --> received\n    received --> triaged: prepare\n" in page
    assert "    triaged --> closed: withdraw, merge, hand_over, leave\n" in page
    assert (
        "    closed --> [*]\n    forwarded --> [*]\n```\n\n"
        "| in state | act | leads to | who | guard | not whoever had a part | reason |\n|---|---|---|---|---|---|---|\n"
        "| received | prepare | triaged | the system |  |  |  |\n"
    ) in page
    assert (
        "\n| second_assessment | confirm_other | closed | analyst, supervisor | assessments agree | this turn | yes |\n"
        in page
    )
    assert "\n| second_assessment | settle_illegal | decided | supervisor | in adjudication | ever |  |\n" in page
    assert page.endswith(" |\n")
    roles = dict.fromkeys(PERMISSIONS, frozenset({"police_liaison", "analyst"}))
    assert "\n| triaged | claim | assessing | analyst, police liaison |  |  |  |\n" in as_markdown(roles)


@given(now=SITUATIONS, owed=st.sampled_from([True, None]))
def test_nothing_ends_while_the_police_are_owed_an_urgent_case(now: Situation, owed: bool | None) -> None:
    """Apart from a merge: the other case carries on what is urgent."""
    ending = [line for line in TABLE if line.target in LAST_STATES and line.source not in LAST_STATES]
    assert {line.act for line in ending} > {
        "close",
        "find_other",
        "confirm_other",
        "settle",
        "withdraw",
        "forward",
        "hand_over",
    }
    for line in ending:
        answer = step(line.source, line.act, replace(now, police_are_owed=owed, had_part=False, reason="14"))
        if line.act not in {"merge", "merge_over"}:
            assert answer is Refusal.POLICE_ARE_OWED
    for line in set(TABLE) - set(ending):
        answer = step(line.source, line.act, replace(now, police_are_owed=owed, had_part=False, reason="14"))
        assert answer is not Refusal.POLICE_ARE_OWED, "the work on it goes on"


@given(now=SITUATIONS, owed=st.sampled_from([True, None]))
def test_nothing_ends_while_the_outcome_from_child_protection_is_missing(now: Situation, owed: bool | None) -> None:
    """Apart from a merge, and a decision that a review overturned."""
    now = replace(now, police_are_owed=False, protection_is_owed=owed, had_part=False, reason="14")
    for line in TABLE:
        is_end = line.target in LAST_STATES and line.source not in LAST_STATES
        is_barred = is_end and line.act not in {"merge", "merge_over", "overturn"}
        assert (step(line.source, line.act, now) is Refusal.PROTECTION_IS_OWED) == is_barred, line
