"""Whatever a link does to messages, both hotlines come to one timeline, and nothing is done twice."""

import random
from dataclasses import replace
from itertools import permutations
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from leeward.exchange.rules.steps import ACTIONS, KINDS, LATER_GRADES, SIDES, Kind, Side, Step, other
from leeward.exchange.rules.timeline import MOST_MESSAGES, Entry, Timeline, may_say, timeline_of
from tests.exchange.rules.test_table import said

SAYS = [
    *((kind, "") for kind in KINDS if kind not in ("report", "action", "reassessment")),
    *(("action", what) for what in ACTIONS),
    *(("reassessment", grade) for grade in LATER_GRADES),
]
# What happens next: a side says something, or something that was sent arrives (again).
EVENTS = st.tuples(st.booleans(), st.integers(0, 1), st.integers(0, len(SAYS) - 1), st.integers(1, 4))


class TwoHotlines:
    """Two hotlines with a bad link: each has what arrived so far, and writes only what it may."""

    def __init__(self, grade: str) -> None:
        report = Step("reporting", 1, 0, "report", grade)
        self.has: dict[Side, list[Step]] = {"reporting": [report], "hosting": []}
        self.sent: dict[Side, list[Step]] = {"reporting": [report], "hosting": []}

    def say(self, side: Side, index: int, about: int) -> None:
        mine = timeline_of(self.has[side])
        kind, what = SAYS[index]
        step = replace(
            mine.next_step(side), kind=kind, what=what, about=about if kind in ("answer", "retraction") else 0
        )
        if may_say(mine, step) == "":
            self.has[side].append(step)
            self.sent[side].append(step)

    def arrive(self, side: Side, index: int) -> None:
        """One of the messages to this side arrives, whichever, perhaps again."""
        waiting = self.sent[other(side)]
        if waiting:
            self.has[side].append(waiting[index % len(waiting)])

    def at_quiet(self) -> tuple[Timeline, Timeline]:
        everything = [timeline_of(self.has[side] + self.sent[other(side)]) for side in SIDES]
        return everything[0], everything[1]


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(["baseline", "national", "unassessed"]), st.lists(EVENTS, max_size=30))
def test_both_sides_agree_at_quiet_whatever_the_link_did(grade: str, events: list[tuple[bool, int, int, int]]) -> None:
    two = TwoHotlines(grade)
    before = dict.fromkeys(SIDES, 0)
    for says, who, index, about in events:
        side = SIDES[who]
        two.say(side, index, about) if says else two.arrive(side, index)
        mine = timeline_of(two.has[side])
        assert len(mine.entries) >= before[side], "a timeline only grows"
        before[side] = len(mine.entries)
    one, another = two.at_quiet()
    assert one == another
    assert one.waiting == ()
    assert "refused" not in {entry.effect for entry in one.entries}, "what was allowed when sent is never refused later"
    standing = [entry.step for entry in one.entries if entry.effect != "retracted"]
    done = [step.what for step in standing if step.kind == "action"]
    assert len(done) == len(set(done)), "nothing is done twice"
    assert not (done and one.standing.stage in ("reported", "accepted", "withdrawn"))
    if grade == "baseline":
        assert one.standing.grade == "baseline"


@settings(max_examples=40, deadline=None)
@given(st.lists(EVENTS, max_size=30), st.integers(0, 9999))
def test_order_and_repetition_change_nothing(events: list[tuple[bool, int, int, int]], seed: int) -> None:
    two = TwoHotlines("national")
    for says, who, index, about in events:
        two.say(SIDES[who], index, about) if says else two.arrive(SIDES[who], index)
    steps = two.sent["reporting"] + two.sent["hosting"]
    chance = random.Random(seed)
    mixed = steps + chance.choices(steps, k=len(steps))
    chance.shuffle(mixed)
    assert timeline_of(mixed) == timeline_of(steps)


ANY_STEP = st.builds(
    Step,
    st.sampled_from(SIDES),
    st.integers(-1, 4),
    st.integers(-1, 4),
    st.sampled_from(list(KINDS)),
    st.sampled_from(["", "national", "baseline", "removed", "police_told", "nonsense"]),
    st.integers(-1, 4),
)


@settings(max_examples=100, deadline=None)
@given(st.lists(ANY_STEP, max_size=8), st.integers(0, 9999))
def test_even_nonsense_gives_one_timeline_and_never_an_error(steps: list[Step], seed: int) -> None:
    found = timeline_of(steps)
    mixed = steps + steps
    random.Random(seed).shuffle(mixed)
    assert timeline_of(mixed) == found
    for side in SIDES:
        numbers = [entry.step.number for entry in found.entries if entry.step.side == side]
        assert numbers == list(range(1, len(numbers) + 1)), "each side's messages are in its own order, without gaps"


REPORT = Step("reporting", 1, 0, "report", "national")
ACCEPTANCE = Step("hosting", 1, 1, "acceptance")


def test_what_was_done_holds_against_a_withdrawal_that_crossed_it_and_both_read_that_it_is_withdrawn() -> None:
    steps = [REPORT, ACCEPTANCE, Step("hosting", 2, 1, "action", "police_told"), Step("reporting", 2, 1, "withdrawal")]
    for order in permutations(steps):
        found = timeline_of(order)
        assert (found.standing.stage, found.standing.is_withdrawn) == ("acting", True)
        assert [entry.effect for entry in found.entries] == ["stands"] * 4, "nobody could say it again"
    late = timeline_of([*steps[:3], Step("reporting", 2, 3, "withdrawal")])
    assert late.entries[-1].code == "", "it refers to a third message, so nobody has judged it yet"
    assert late.waiting == (Step("reporting", 2, 3, "withdrawal"),)


def test_whoever_acted_on_a_report_hears_that_it_is_withdrawn_and_what_was_done_holds() -> None:
    steps = [REPORT, ACCEPTANCE, Step("hosting", 2, 1, "action", "removed"), Step("reporting", 2, 2, "withdrawal")]
    found = timeline_of(steps)
    assert (found.standing.stage, found.standing.is_withdrawn) == ("removed", True)
    assert [entry.effect for entry in found.entries] == ["stands"] * 4
    again = timeline_of([*steps, Step("reporting", 3, 2, "withdrawal")])
    assert again.entries[-1] == Entry(Step("reporting", 3, 2, "withdrawal"), "refused", "done_already")
    undone = timeline_of([*steps, Step("hosting", 3, 2, "retraction", about=2)])
    assert undone.standing.stage == "withdrawn", "what was not done after all doesn't hold against it"


def test_a_withdrawal_before_anything_was_done_ends_it_for_both() -> None:
    steps = [REPORT, ACCEPTANCE, Step("reporting", 2, 1, "withdrawal")]
    assert timeline_of(steps).standing.stage == "withdrawn"
    undone = [*steps, Step("hosting", 2, 1, "action", "removed"), Step("hosting", 3, 2, "retraction", about=2)]
    assert timeline_of(undone).standing.stage == "withdrawn", "what was not done after all doesn't hold against it"


def test_of_assessments_that_crossed_the_baseline_holds() -> None:
    steps = [
        REPORT,
        Step("reporting", 2, 0, "reassessment", "baseline"),
        Step("hosting", 1, 1, "reassessment", "neither"),
    ]
    found = timeline_of(steps)
    assert found.standing.grade == "baseline"
    assert [entry.effect for entry in found.entries] == ["overtaken", "stands", "overtaken"]


def test_each_message_says_what_became_of_it() -> None:
    told, again = Step("hosting", 2, 1, "action", "host_told"), Step("hosting", 3, 1, "action", "host_told")
    back, gone = Step("hosting", 4, 1, "retraction", about=2), Step("reporting", 2, 4, "withdrawal")
    assert timeline_of([REPORT, ACCEPTANCE, told, again, back, gone]).entries == (
        Entry(REPORT, "stands"),
        Entry(ACCEPTANCE, "stands"),
        Entry(told, "retracted"),
        Entry(again, "refused", "done_already"),
        Entry(back, "stands"),
        Entry(gone, "stands"),
    )


def test_a_side_s_next_message_follows_its_last_and_knows_all_of_the_other_s() -> None:
    found = timeline_of([REPORT, ACCEPTANCE, Step("hosting", 2, 1, "question")])
    assert found.next_step("reporting") == Step("reporting", 2, 2, "question")
    assert found.next_step("hosting") == Step("hosting", 3, 1, "question")


def test_of_two_messages_with_one_number_both_sides_take_the_same() -> None:
    two = [ACCEPTANCE, Step("hosting", 1, 1, "reassignment")]
    assert [timeline_of([REPORT, *order]).standing.stage for order in permutations(two)] == ["accepted", "accepted"]


def test_a_message_waits_for_what_its_author_knew() -> None:
    answer = Step("hosting", 1, 2, "answer", about=2)
    assert timeline_of([REPORT, answer]).waiting == (answer,)
    whole = timeline_of([answer, Step("reporting", 2, 0, "question"), REPORT])
    assert (whole.waiting, whole.standing.questions) == ((), frozenset())
    gap = Step("reporting", 3, 0, "withdrawal")
    assert timeline_of([REPORT, gap]).waiting == (gap,)


def test_messages_that_claim_to_know_each_other_wait_for_ever() -> None:
    one, another = Step("reporting", 2, 1, "question"), Step("hosting", 1, 2, "acceptance")
    found = timeline_of([REPORT, one, another])
    assert [entry.step for entry in found.entries] == [REPORT]
    assert set(found.waiting) == {one, another}


def test_an_author_never_knows_less_than_before() -> None:
    forgetful = [REPORT, ACCEPTANCE, Step("reporting", 2, 1, "question"), Step("reporting", 3, 0, "question")]
    assert [entry.step.seen for entry in timeline_of(forgetful).entries] == [0, 1, 1, 1]


def test_a_flood_about_one_item_ends() -> None:
    assert may_say(said("report"), Step("reporting", 2, 0, "question")) == ""
    steps = [REPORT, Step("reporting", MOST_MESSAGES + 1, 0, "question")]
    assert timeline_of(steps).waiting == ()
    asked: list[Step] = [REPORT]
    for number in range(2, MOST_MESSAGES + 1):
        asked.append(Step("reporting", number, 0, "question"))
    full = timeline_of(asked)
    assert full.count("reporting") == MOST_MESSAGES
    assert may_say(full, full.next_step("reporting")) == "too_many_messages"


def test_however_often_it_is_removed_and_comes_back_that_it_is_gone_is_not_the_last_word() -> None:
    steps = [REPORT, ACCEPTANCE]

    def say(kind: Kind, **more: Any) -> bool:
        now = timeline_of(steps)
        step = replace(now.next_step("hosting"), kind=kind, **more)
        if may_say(now, step):
            return False
        steps.append(step)
        return True

    assert say("action", what="police_told")
    while say("action", what="removed"):
        assert say("retraction", about=timeline_of(steps).count("hosting")), "there is room for it"
        assert len(steps) <= 2 * MOST_MESSAGES
    found = timeline_of(steps)
    assert (found.standing.stage, found.count("hosting")) == ("acting", MOST_MESSAGES - 2)
    assert say("question"), "but for what it needs to take back what stands"
    assert not say("question")
    assert say("retraction", about=2)
