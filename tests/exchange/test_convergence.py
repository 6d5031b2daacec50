"""Whatever a link does to the requests of two real hotlines, at quiet both agree on every item, nothing was done twice and
nothing is lost."""

from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test

from leeward.demo.hotlines import FATES, Fate, TwoHotlines
from tests.exchange.test_peers import configure
from tests.personas import Cast

NUMBERS = st.integers(0, 1_000_000)


@pytest.mark.django_db
def test_two_hotlines_agree_at_quiet(cast: Cast, settings: Any) -> None:
    configure(settings, "http://127.0.0.1:1")
    two = TwoHotlines(cast.hotline_id, cast.other_hotline_id)
    two.meet()
    numbers = iter(range(1, 1_000_000))

    class Exchanged(RuleBasedStateMachine):
        """What people at two desks do, and what the link does to it."""

        @rule()
        def report(self) -> None:
            """An item is found."""
            two.report(next(numbers))

        @rule(is_here=st.booleans(), which=NUMBERS, what=NUMBERS)
        def say(self, *, is_here: bool, which: int, what: int) -> None:
            """Somebody says something that is allowed."""
            chosen = iter((which, what))
            two.say(two.here if is_here else two.there, lambda count: next(chosen) % count)

        @rule(is_here=st.booleans(), fate=st.sampled_from(FATES))
        def deliver(self, *, is_here: bool, fate: Fate) -> None:
            """What waits is sent."""
            two.deliver(two.here if is_here else two.there, fate)

        @rule(which=NUMBERS)
        def bring(self, which: int) -> None:
            """A late request arrives."""
            if two.link.late:
                two.link.bring(which)

        def teardown(self) -> None:
            """At quiet."""
            outcome = two.quiet()
            assert outcome.is_good, outcome

    chance, before = Random(3), two.written()
    written = sum(two.turn(chance, next(numbers)) for _turn in range(40))  # as the command plays it
    assert two.written() == before + written
    run_state_machine_as_test(Exchanged, settings=QUICK)


QUICK = settings(
    max_examples=8, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck), database=None
)
