"""Whatever a link does to the requests of two real hotlines, at quiet both agree on every item, nothing was done twice and
nothing is lost."""

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule, run_state_machine_as_test
from typer.testing import CliRunner

from leeward.cli.exchange import app
from leeward.demo.exchanging import moved_clock, run
from leeward.demo.exchanging.run import Verdict, simulate
from tests.exchange.test_peers import configure
from tests.exchange.two_desks import FATES, Fate, TwoDesks
from tests.personas import Cast
from tests.tables import kept_tables

NUMBERS = st.integers(0, 1_000_000)
QUICK = settings(
    max_examples=8, stateful_step_count=25, deadline=None, suppress_health_check=list(HealthCheck), database=None
)


@pytest.mark.slow
@pytest.mark.django_db
def test_two_hotlines_agree_at_quiet(cast: Cast, settings: Any) -> None:
    configure(settings, "http://127.0.0.1:1")
    two = TwoDesks(cast.hotline_id, cast.other_hotline_id)
    two.meet()
    numbers = iter(range(1, 1_000_000))

    class Exchanged(RuleBasedStateMachine):
        """What people at two desks do, and what the link does to it."""

        @rule(is_here=st.booleans())
        def report(self, *, is_here: bool) -> None:
            """An item is found."""
            (two.here if is_here else two.there).report(next(numbers))

        @rule(is_here=st.booleans(), which=NUMBERS, what=NUMBERS)
        def say(self, *, is_here: bool, which: int, what: int) -> None:
            """Somebody says something that is allowed."""
            chosen = iter((which, what))
            (two.here if is_here else two.there).say(lambda count: next(chosen) % count)

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
            two.quiet()
            here, there = two.here.standing(), two.there.standing()
            assert (here.contents, here.twice, here.held) == (there.contents, (), 0)
            assert (there.twice, there.held) == ((), 0)

    run_state_machine_as_test(Exchanged, settings=QUICK)


@pytest.mark.slow
def test_two_installations_agree_after_a_kill_and_a_bad_link() -> None:
    found = simulate(4, 60, 1, tables=kept_tables())
    assert found.is_good, found
    assert (found.killed, found.messages >= 60, found.exchanges > 5) == (1, True, True)
    assert sum(found.link.values()) > found.link["arrives"] + 5, "the link was bad"


def test_the_command_says_what_was_played_and_whether_they_agree(monkeypatch: pytest.MonkeyPatch) -> None:
    good = Verdict(20, 60, 1, 2, (), (), 0, 0, {"lost": 3, "arrives": 9}, 150)
    bad = Verdict(20, 60, 0, 0, ("one-item",), (), 0, 0)
    told = CliRunner()
    for verdict, code, last in ((good, 0, "They agree."), (bad, 1, "They don't agree.")):
        monkeypatch.setattr(run, "simulate", lambda _seed, _messages, _kills, found=verdict: found)
        result = told.invoke(app, ["simulate", "--seed", "9"], standalone_mode=False)
        heading, values, *rest = result.output.splitlines()
        row = dict(zip(heading.split("\t"), values.split("\t"), strict=True))
        assert (row["seed"], row["messages"], row["differing"]) == ("9", "60", ", ".join(verdict.differing))
        assert (result.return_value, rest[-1]) == (code, last)
    monkeypatch.setattr(run, "simulate", lambda _seed, _messages, _kills: good)
    assert '"is_good": true' in told.invoke(app, ["simulate", "--json"]).output


def test_a_clock_that_is_moved_still_tells_times_from_other_things() -> None:
    before = datetime.now(UTC)
    moved_clock.MovedTime.ahead, kept = moved_clock.timedelta(days=2), moved_clock.MovedTime.ahead
    try:
        moved = moved_clock.MovedTime.now(UTC)
    finally:
        moved_clock.MovedTime.ahead = kept
    assert 2 * 86_400 <= (moved - before).total_seconds() < 2 * 86_400 + 60
    assert isinstance(before, moved_clock.MovedTime)
    assert not isinstance("2027", moved_clock.MovedTime)
