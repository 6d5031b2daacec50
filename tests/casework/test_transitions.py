"""The table of transitions: complete, without traps, and the only way from state to state."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.casework.rules.printed import as_markdown, diagram
from leeward.casework.rules.priority import LANES
from leeward.casework.rules.transitions import (
    ACTS,
    FIRST_STATE,
    GUARDS,
    LAST_STATES,
    STATES,
    SYSTEM,
    TABLE,
    Refusal,
    Situation,
    Transition,
    acts_from,
    step,
)
from leeward.people.rules.permissions import ACTS as PERMISSIONS

SITUATIONS = st.builds(
    Situation,
    reason=st.sampled_from(["", "14"]),
    has_part=st.booleans(),
    is_post_box=st.booleans(),
    reports_left=st.integers(0, 2),
    is_grave=st.booleans(),
    is_unsure=st.booleans(),
    looks_agree=st.booleans(),
    in_conference=st.booleans(),
    is_held=st.booleans(),
    is_appealed=st.booleans(),
    is_watched=st.booleans(),
    was_illegal=st.booleans(),
    deserves_new_look=st.booleans(),
)


def _reached(start: str, lines: list[Transition]) -> set[str]:
    found, new = set(), {start}
    while new:
        found |= new
        new = {line.target for line in lines if line.source in found} - found
    return found


def test_every_state_is_reached_and_has_a_lane() -> None:
    assert _reached(FIRST_STATE, list(TABLE)) == set(STATES)
    assert set(LANES) == set(STATES)


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


@given(state=st.sampled_from(STATES), act=st.sampled_from(ACTS), now=SITUATIONS)
def test_a_step_is_the_tables_or_refused(state: str, act: str, now: Situation) -> None:
    answer = step(state, act, now)
    if isinstance(answer, Transition):
        assert (answer.source, answer.act) == (state, act)
        assert answer in TABLE
        assert not (answer.second_person and now.has_part)
        assert now.reason or not answer.reason_required
    elif act not in acts_from(state):
        assert answer is Refusal.NO_SUCH_STEP


@given(act=st.text(max_size=20), state=st.text(max_size=12))
def test_what_is_not_in_the_table_is_refused(act: str, state: str) -> None:
    if (state, act) not in {(line.source, line.act) for line in TABLE}:
        assert step(state, act, Situation()) is Refusal.NO_SUCH_STEP


@given(now=SITUATIONS)
def test_a_first_look_leads_to_exactly_one_end(now: Situation) -> None:
    """Grave or unsure goes to a second person and nowhere else; everything else needs none."""
    reasoned = replace(now, reason="14")
    alone = [act for act in ("find_illegal", "find_other") if isinstance(step("assessing", act, reasoned), Transition)]
    second = isinstance(step("assessing", "ask_second", reasoned), Transition)
    assert second == (now.is_grave or now.is_unsure)
    assert bool(alone) != second


@given(now=SITUATIONS)
def test_whoever_had_a_part_never_gives_the_second_look(now: Situation) -> None:
    for act in ("confirm_illegal", "confirm_other", "dispute", "settle_illegal", "settle_other"):
        assert step("second_look", act, replace(now, has_part=True, reason="14")) is Refusal.NEEDS_ANOTHER_PERSON


def test_a_post_box_only_forwards() -> None:
    assert isinstance(step("received", "forward", Situation(is_post_box=True)), Transition)
    assert step("received", "forward", Situation()) is Refusal.NOT_A_POST_BOX


def test_only_what_was_illegal_comes_back() -> None:
    assert isinstance(step("closed", "see_returned", Situation(was_illegal=True)), Transition)
    assert step("closed", "see_returned", Situation()) is Refusal.WAS_NOT_ILLEGAL


def test_the_documents_show_every_line() -> None:
    page = as_markdown(PERMISSIONS)
    for line in TABLE:
        assert f"| {line.source} | {line.act} | {line.target} |" in page
    for state in STATES:
        assert state in diagram()
