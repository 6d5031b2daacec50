"""One timeline from the messages of both sides, in whatever order, however often and with whatever gaps they arrived.

Each message is judged by what its author could know, never by what crossed it on the way. So both sides, once they have
the same messages, come to the same timeline, and what was allowed when it was sent is never refused afterwards. Pure.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Literal

from leeward.exchange.rules.standing import RETRACTABLE, Standing, standing_of
from leeward.exchange.rules.steps import SIDES, Side, Step, other
from leeward.exchange.rules.table import refusal

type Effect = Literal["stands", "retracted", "overtaken", "refused"]
# A side that writes more about one item than this is out of order.
MOST_MESSAGES = 60


@dataclass(frozen=True, slots=True)
class Entry:
    """A message in the timeline: whether it stands, or why not (`code`, where it is refused)."""

    step: Step
    effect: Effect
    code: str = ""


@dataclass(frozen=True, slots=True)
class Timeline:
    """What two hotlines said about an item, in one order for both, and what holds.

    `waiting` are messages that refer to others that haven't arrived yet; they count for nothing until then.
    """

    entries: tuple[Entry, ...]
    standing: Standing
    waiting: tuple[Step, ...] = ()

    def count(self, side: Side) -> int:
        """Return how many messages of a side have their place in the timeline."""
        return sum(entry.step.side == side for entry in self.entries)

    def next_step(self, side: Side) -> Step:
        """Return number and `seen` of this side's next message, as an empty question to be filled in."""
        return Step(side, self.count(side) + 1, self.count(other(side)), "question")


def timeline_of(steps: Iterable[Step]) -> Timeline:
    """Return the timeline of these messages. Of two different ones with the same number the smaller counts, so that
    even then the result depends on no order; whoever stores them keeps one of a number only."""
    by_number: dict[tuple[Side, int], Step] = {}
    for step in sorted(set(steps), key=_all_of, reverse=True):
        if 1 <= step.number <= MOST_MESSAGES and step.seen >= 0:
            by_number[step.side, step.number] = step
    placed = _placed(by_number)
    codes: dict[tuple[Side, int], str] = {}
    for step in placed:
        known = standing_of(_known_to_author(step, placed, codes))
        codes[step.side, step.number] = refusal(step, known)
    standing = standing_of([step for step in placed if not codes[step.side, step.number]])
    entries = tuple(_entry(step, codes[step.side, step.number], standing) for step in placed)
    there = {(step.side, step.number) for step in placed}
    waiting = tuple(by_number[key] for key in sorted(by_number.keys() - there))
    return Timeline(entries, standing, waiting)


def may_say(timeline: Timeline, step: Step) -> str:
    """Return the code of why this side can't send the message now, or "". There always stays room to take back what this side stated: however
    often something was removed and came back, it isn't the last word that it is gone."""
    if timeline.count(step.side) + _kept_for_retractions(timeline, step) >= MOST_MESSAGES:
        return "too_many_messages"
    return refusal(step, timeline.standing)


def _kept_for_retractions(timeline: Timeline, step: Step) -> int:
    if step.kind == "retraction":
        return 0
    stated = [side for side, _number in timeline.standing.retractable if side == step.side]
    return len(stated) + (step.kind in RETRACTABLE)


def _all_of(step: Step) -> tuple[str, int, int, str, str, int]:
    return (step.side, step.number, step.seen, step.kind, step.what, step.about)


def _placed(by_number: dict[tuple[Side, int], Step]) -> list[Step]:
    """Return the messages of which everything that their author knew is there, each after all of that. An author never
    knows less than before."""
    counts: dict[Side, int] = dict.fromkeys(SIDES, 0)
    knew: dict[Side, int] = dict.fromkeys(SIDES, 0)
    found: list[Step] = []
    grew = True
    while grew:
        grew = False
        for side in SIDES:
            step = by_number.get((side, counts[side] + 1))
            if step is None or step.seen > counts[other(side)]:
                continue
            knew[side] = max(knew[side], step.seen)
            found.append(replace(step, seen=knew[side]))
            counts[side] += 1
            grew = True
    # The sum grows from everything that an author knew to the message itself.
    return sorted(found, key=lambda step: (step.number + step.seen, SIDES.index(step.side)))


def _known_to_author(step: Step, placed: list[Step], codes: dict[tuple[Side, int], str]) -> list[Step]:
    known = []
    for earlier in placed:
        upto = step.number - 1 if earlier.side == step.side else step.seen
        if earlier.number <= upto and not codes[earlier.side, earlier.number]:
            known.append(earlier)
    return known


def _entry(step: Step, code: str, standing: Standing) -> Entry:
    if code:
        return Entry(step, "refused", code)
    if (step.side, step.number) in standing.retracted:
        return Entry(step, "retracted")
    return Entry(step, "overtaken" if _is_overtaken(step, standing) else "stands")


def _is_overtaken(step: Step, standing: Standing) -> bool:
    """Whether something that crossed the message, or followed it, leaves it without effect. A withdrawal says that the report was wrong, also
    to whoever acted on it meanwhile."""
    return step.kind in ("report", "reassessment") and standing.grade != step.what
