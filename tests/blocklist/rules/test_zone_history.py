"""States of a zone as steps: any way from an older state to the newest gives the newest."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.blocklist.rules.zone_history import MOST_STEPS, SerialNotNewer, ZoneHistory

owners = st.frozensets(st.sampled_from("abcdefgh"))


@given(st.lists(owners, min_size=1, max_size=8), st.integers(1, 2**32 - 1))
def test_one_step_leads_from_any_held_state_to_the_newest(states, first):
    serials = [(first + place - 1) % (2**32 - 1) + 1 for place in range(len(states))]
    history = ZoneHistory(serials[0], states[0])
    for serial, state in zip(serials[1:], states[1:], strict=True):
        history.publish(serial, state)
    for serial, state in zip(serials[:-1], states[:-1], strict=True):
        step = history.since(serial)
        assert step.removed <= state
        assert not step.added & state
        assert (state - step.removed) | step.added == states[-1] == history.owners


def test_a_serial_that_was_never_given_out_or_long_ago_has_no_step():
    history = ZoneHistory(1, "a")
    for serial in range(2, MOST_STEPS + 3):
        history.publish(serial, "ab" if serial % 2 else "a")
    assert history.since(1) is None
    assert history.since(2) is not None
    assert history.since(5000) is None
    assert history.since(history.serial) is None


@pytest.mark.parametrize("serial", [7, 6, 7 + 2**31, 0])
def test_a_serial_that_is_not_newer_is_refused_and_nothing_changes(serial):
    history = ZoneHistory(7, "a")
    with pytest.raises(SerialNotNewer):
        history.publish(serial, "b")
    assert (history.serial, history.owners) == (7, frozenset("a"))
