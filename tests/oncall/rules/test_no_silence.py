"""No silence: in every state that an urgent page can reach, somebody was paged within the bound, somebody's word holds, or
an alarm says that the rota can't or that nothing arrives.

Every state is visited, minute by minute, with everything that can go wrong at once: messages that are lost, late or
unsure, a worker that stands still, a clock that jumps, a list that is empty, people who answer and then forget it.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta

import pytest

from leeward.oncall.rules.circles import Person, Recipient, circles_of, recipients_of
from leeward.oncall.rules.paging import ALL_TRIED, Fate, Pauses, Standing, next_step, reaches_nobody

NOW = datetime(2026, 11, 27, 3, 0, tzinfo=UTC)
MINUTE = timedelta(minutes=1)
# Shorter than in life, so that every state can be visited; the rules know no other numbers.
PAUSES = Pauses(every=3 * MINUTE, unheard=MINUTE, hold=2 * MINUTE)
STANDS_STILL = 2  # minutes after which the worker is missed by an alarm of its own
# Two pauses, for a clock that is put back once can make one begin anew, each with a worker that stands still; and a try
# that takes a minute before it is known to have failed, at either end.
BOUND = 2 * (3 + STANDS_STILL) + 2
OLD, BACK = 4, -1  # ages beyond every pause, and of what a clock that was put back shows in the future


@dataclass(frozen=True)
class World:
    """A page, as minutes ago: its last round, since when nothing arrived, since when an answer holds; and how long it has
    been silent: nobody got a message, nobody's word held, and no alarm was on.
    """

    rounds: int = 0
    round_age: int | None = None
    fate: Fate | None = None
    unheard_age: int | None = 0
    held_for: int | None = None
    quiet: int = 0
    still: int = 0
    was_put_back: bool = False
    is_empty: bool = False
    is_settled: bool = False

    def standing(self) -> Standing:
        """Return it as the rules see it."""
        return Standing(
            kind="urgent",
            is_over=self.held_for is not None or self.is_settled,
            rounds=self.rounds,
            round_at=None if self.round_age is None else NOW - self.round_age * MINUTE,
            fates=() if self.fate is None else (self.fate,),
            delivered_rounds=0,
            unheard_since=None if self.unheard_age is None else NOW - self.unheard_age * MINUTE,
            has_new=False,
            held_until=None if self.held_for is None else NOW - self.held_for * MINUTE + PAUSES.hold,
        )


def arrivals(world: World) -> Iterator[World]:
    """What may have become of a message since the minute before."""
    yield world
    if world.fate == "waiting" and world.held_for is None:
        yield replace(world, fate="sent", unheard_age=None, quiet=0)
        yield from (replace(world, fate=fate) for fate in ("dead", "unsure"))


def clocks(world: World) -> Iterator[World]:
    """The clock goes on, or jumps ahead or back."""
    yield world
    for age in (OLD,) if world.was_put_back else (OLD, BACK):
        ages = {name: age for name in ("round_age", "unheard_age", "held_for") if getattr(world, name) is not None}
        yield replace(world, was_put_back=world.was_put_back or age == BACK, **ages)


def works(world: World) -> Iterator[World]:
    """The worker does what the rules say, or stands still; a round reaches somebody or nobody."""
    if world.still < STANDS_STILL:
        yield replace(world, still=world.still + 1)
    world = replace(world, still=0)
    step = next_step(world.standing(), PAUSES, NOW)
    if step.act == "call_anew":
        world = World(quiet=world.quiet, is_empty=world.is_empty, was_put_back=world.was_put_back)
        step = next_step(world.standing(), PAUSES, NOW)
    if step.act != "call":
        yield world
        return
    if world.is_empty:  # a page that has found nobody is begun once; after that every minute tries again
        yield world if world.rounds else replace(world, rounds=1, round_age=0)
        return
    called = replace(world, rounds=min(world.rounds + 1, ALL_TRIED + 1), round_age=0)
    since = 0 if called.unheard_age is None else called.unheard_age
    yield replace(called, fate="waiting", unheard_age=since)
    yield replace(called, fate="sent", unheard_age=None, quiet=0)
    yield replace(called, fate="dead", unheard_age=since)


def people(world: World) -> Iterator[World]:
    """Somebody who was reached answers; whoever answered takes the case, or forgets it."""
    yield world
    if world.held_for is not None:
        yield World(is_settled=True)
    elif world.fate in ("sent", "unsure"):
        yield replace(world, held_for=0)


def later(world: World) -> World:
    """The same a minute later."""

    def older(age: int | None) -> int | None:
        return None if age is None else min(age + 1, OLD)

    is_heard = is_alarmed(world) or (world.held_for is not None and world.held_for < 2)
    return replace(
        world,
        round_age=older(world.round_age),
        unheard_age=older(world.unheard_age),
        held_for=older(world.held_for),
        quiet=0 if is_heard else min(world.quiet + 1, BOUND + 1),
        was_put_back=world.was_put_back and world.quiet > 0 and not is_heard,
    )


def after(world: World) -> Iterator[World]:
    """Every state a minute later."""
    for is_empty in (False, True):
        for at in clocks(replace(world, is_empty=is_empty)):
            for arrived in arrivals(at):
                for worked in works(arrived):
                    for one in people(worked):
                        yield later(one)


def is_alarmed(world: World) -> bool:
    """Whether an alarm is on: the list is empty, or nothing arrives."""
    return world.is_empty or reaches_nobody(world.standing(), PAUSES, NOW)


def test_no_reachable_state_is_silent() -> None:
    seen, ahead = {World()}, [World()]
    while ahead:
        world = ahead.pop()
        if world.is_settled:
            continue
        assert world.quiet <= BOUND, world
        for one in after(world):
            if one not in seen:
                seen.add(one)
                ahead.append(one)
    assert len(seen) > 3000, "it went everywhere"
    assert any(world.is_settled for world in seen)
    assert any(world.quiet == BOUND for world in seen), "the bound is no wider than it has to be"


@pytest.mark.parametrize("away", [True, False])
@pytest.mark.parametrize("layer", [0, 1, 2, 3])
def test_somebody_is_reached_at_once_even_if_everybody_is_away(away, layer) -> None:
    way = Recipient(1, "mail", "ana@staff.example")
    circles = circles_of([Person(1, True, away, False, layer, (way,))], [])
    assert recipients_of(1, circles) == [way]
