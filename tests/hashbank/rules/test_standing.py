"""What a record means follows from its votes alone: in any order the same, harmless never proof, one source one vote."""

from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from leeward.hashbank.rules.standing import (
    CONFIRM,
    CONFLICT,
    CONTRADICTS,
    DISPUTE,
    HARMLESS,
    NOT_ILLEGAL,
    STATES,
    VERDICTS,
    WITHDRAWN,
    Ruling,
    Standing,
    Vote,
    combined,
    is_overruled,
    is_same_file,
    match_word,
    may_decide_unseen,
    moment_before,
    standing,
    state_of,
    table,
)

FACTS = {"act": "posing", "medium": "photograph"}
SAME = ("sha256",)
votes = st.lists(
    st.builds(
        Vote,
        source=st.integers(1, 4),
        via=st.integers(1, 4),
        verdict=st.sampled_from(VERDICTS),
        at=st.sampled_from([1.0, 2.0, 3.0]),
        voter=st.integers(1, 6),
        is_ours=st.booleans(),
        is_unconfirmed=st.booleans(),
        facts=st.sampled_from([{}, FACTS, {"act": "uk_a"}]),
    ),
    max_size=6,
)
rulings = st.none() | st.builds(
    Ruling,
    st.sampled_from([CONFIRM, NOT_ILLEGAL, HARMLESS]),
    st.frozensets(st.tuples(st.integers(1, 6), st.sampled_from(VERDICTS))),
)


def vote(source: int, verdict: str = CONFIRM, *, via: int = 0, at: float = 1.0, **more: object) -> Vote:
    return Vote(source, via or source, verdict, at, source, **more)


@given(votes, rulings, st.randoms(use_true_random=False))
def test_the_order_of_votes_makes_no_difference(given_votes: list[Vote], ruling: Ruling | None, random: object) -> None:
    mixed = list(given_votes)
    random.shuffle(mixed)
    assert standing(mixed, ruling) == standing(given_votes, ruling)


@given(votes, st.builds(Vote, st.integers(1, 9), st.integers(1, 9), st.just(HARMLESS), st.just(2.0)))
def test_harmless_never_adds_to_illegal(given_votes: list[Vote], harmless: Vote) -> None:
    before, after = standing(given_votes), standing([*given_votes, harmless])
    assert not (after.is_baseline and not before.is_baseline)
    assert not (may_decide_unseen(after, SAME) and not may_decide_unseen(before, SAME))
    assert after.state in STATES
    alone = standing([harmless])
    assert (alone.state, alone.is_baseline, dict(alone.facts)) == ("harmless", False, {})
    assert not may_decide_unseen(alone, SAME)


@pytest.mark.parametrize(
    ("said", "state"),
    [
        ((), WITHDRAWN),
        ((CONFIRM,), "confirmed"),
        ((CONFIRM, CONFIRM), "confirmed"),
        ((CONFIRM, DISPUTE), "quarantined"),
        ((CONFIRM, NOT_ILLEGAL), "quarantined"),
        ((CONFIRM, HARMLESS), CONFLICT),
        ((CONFIRM, DISPUTE, HARMLESS), CONFLICT),
        ((HARMLESS,), "harmless"),
        ((HARMLESS, NOT_ILLEGAL), "harmless"),
        ((DISPUTE,), WITHDRAWN),
        ((NOT_ILLEGAL, DISPUTE), WITHDRAWN),
    ],
)
def test_states(said: tuple[str, ...], state: str) -> None:
    assert state_of(said) == state
    for order in permutations(enumerate(said, 1)):
        assert standing([vote(number, verdict) for number, verdict in order]).state == state


def test_one_source_is_one_vote_however_many_lists_it_sends() -> None:
    assert not standing([vote(1)]).is_baseline
    assert standing([vote(1), vote(2)]).is_baseline
    assert not standing([vote(1), vote(2, via=1)]).is_baseline  # a list that names two
    assert not standing([vote(1), vote(1, via=2), vote(1, via=3)]).is_baseline  # three lists that pass one on
    assert standing([vote(1), vote(2, via=1), vote(2)]).is_baseline
    assert standing([vote(1, via=2), vote(1, via=3), vote(4, via=2)]).is_baseline  # two sources by two lists
    assert not standing([vote(1), vote(2), vote(3, DISPUTE)]).is_baseline


def test_its_own_word_counts_before_what_others_pass_on_and_then_the_newest() -> None:
    assert standing([vote(1, NOT_ILLEGAL, at=1), vote(1, CONFIRM, via=2, at=9)]).state == WITHDRAWN
    assert standing([vote(1, CONFIRM, via=2, at=9), vote(1, HARMLESS, via=3, at=1)]).state == "confirmed"
    both = [vote(1, CONFIRM, via=2), vote(1, HARMLESS, via=3)]
    assert standing(both).state == "quarantined"  # at once: a person has to look
    assert standing([vote(1, NOT_ILLEGAL, via=2), vote(1, HARMLESS, via=3)]).state == WITHDRAWN
    assert not standing([*both, vote(4), vote(5)]).is_baseline
    unsaid = frozenset({(1, CONTRADICTS)})
    assert standing(both, Ruling(NOT_ILLEGAL, unsaid)).state == WITHDRAWN
    assert standing([vote(1, CONTRADICTS)], Ruling(CONFIRM, unsaid)).state == "confirmed"
    merged = [Vote(1, one.via, one.verdict, voter=7) for one in both]
    assert standing(merged, Ruling(NOT_ILLEGAL, frozenset({(7, CONTRADICTS)}))).state == WITHDRAWN
    assert state_of([CONTRADICTS, HARMLESS]) == CONFLICT


def test_a_key_in_its_name_that_nobody_confirmed_overrules_no_source() -> None:
    key = vote(1, via=9, at=3, is_listed=False)
    assert standing([vote(1, HARMLESS), key]).state == HARMLESS
    assert standing([vote(1, NOT_ILLEGAL), vote(2), key]).state == "quarantined"
    assert standing([vote(1, HARMLESS, via=5, at=4), key]).state == "confirmed", "what others pass on overrules neither"


def test_keys_that_nobody_confirmed_decide_nothing_until_somebody_else_says_so() -> None:
    def key(source: int, verdict: str = CONFIRM) -> Vote:
        return vote(source, verdict, via=9, is_listed=False, is_unconfirmed=True, facts=FACTS)

    alone = standing([key(1), key(2)])
    assert (alone.state, alone.is_baseline, alone.is_unconfirmed) == ("quarantined", False, True)
    assert not may_decide_unseen(alone, SAME)
    for other in (vote(3), vote(1, via=5), vote(3, is_ours=True), vote(1, via=9, is_listed=False)):
        said = standing([key(1), other])
        assert (said.state, said.is_unconfirmed) == ("confirmed", False)
    assert standing([key(1), vote(3, DISPUTE)]) == standing([vote(1, facts=FACTS), vote(3, DISPUTE)])
    assert standing([key(1), vote(3, HARMLESS)]).state == CONFLICT
    covers = frozenset({(1, CONFIRM)})
    assert standing([key(1)], Ruling(CONFIRM, covers)).state == "confirmed", "a person says so, too"
    assert standing([key(1)], Ruling(NOT_ILLEGAL, covers)).state == WITHDRAWN
    assert not standing([]).is_unconfirmed


def test_a_time_later_than_now_is_the_earliest_of_all() -> None:
    now = datetime(2026, 3, 4, tzinfo=UTC)
    assert moment_before(now, now) == now
    assert moment_before(now - timedelta(days=1), now) == now - timedelta(days=1)
    assert moment_before(now + timedelta(microseconds=1), now) < datetime(1, 1, 2, tzinfo=UTC)


def test_facts_are_those_that_nobody_contradicts_and_ours_first() -> None:
    assert dict(standing([vote(1, facts=FACTS), vote(2, facts={"act": "uk_a", "sex": "f"})]).facts) == {
        "medium": "photograph",
        "sex": "f",
    }
    ours = vote(3, is_ours=True, facts={"act": "uk_b"})
    assert standing([vote(1, facts=FACTS), ours]).facts["act"] == "uk_b"
    assert dict(standing([vote(1, HARMLESS, facts=FACTS)]).facts) == {}
    assert dict(standing([vote(1, DISPUTE, facts={"act": "uk_a"}), vote(2, facts=FACTS)]).facts) == FACTS


def test_what_may_decide() -> None:
    here = standing([vote(1, is_ours=True, facts=FACTS)])
    assert here.is_confirmed_here
    assert may_decide_unseen(here, SAME)
    assert may_decide_unseen(here, ("md5", "sha1"))
    assert not may_decide_unseen(here, ("md5",))
    assert not may_decide_unseen(standing([vote(1, facts=FACTS)]), SAME)
    assert may_decide_unseen(standing([vote(1, facts=FACTS), vote(2)]), SAME)
    for lacking in ("act", "medium"):
        fewer = {name: value for name, value in FACTS.items() if name != lacking}
        assert not may_decide_unseen(standing([vote(1, is_ours=True, facts=fewer)]), SAME)
        vague = FACTS | {lacking: "undetermined"}
        assert not may_decide_unseen(standing([vote(1, is_ours=True, facts=vague)]), SAME)
    assert not may_decide_unseen(standing([vote(1, is_ours=True, facts=FACTS), vote(2, DISPUTE)]), SAME)
    assert not may_decide_unseen(standing([vote(1, DISPUTE, is_ours=True, facts=FACTS), vote(2)]), SAME)
    assert not is_same_file(("pdq",))
    assert not is_same_file(("sha1",))
    for kind in ("sha256", "sha512", "bt2", "btmh"):
        assert is_same_file((kind,))


def test_a_ruling_settles_what_was_there_and_nothing_that_comes_later() -> None:
    said = [vote(1), vote(2, HARMLESS)]
    covers = frozenset({(1, CONFIRM), (2, HARMLESS)})
    assert standing(said, Ruling(CONFIRM, covers)).state == "confirmed"
    assert standing(said, Ruling(HARMLESS, covers)).state == "harmless"
    assert standing(said, Ruling(NOT_ILLEGAL, covers)).state == "harmless"
    assert standing([vote(1), vote(2, DISPUTE)], Ruling(NOT_ILLEGAL, frozenset({(1, CONFIRM)}))).state == WITHDRAWN
    assert standing([*said, vote(3)], Ruling(HARMLESS, covers)).state == CONFLICT
    assert standing([*said, vote(3, HARMLESS)], Ruling(CONFIRM, covers)).state == CONFLICT
    assert standing([*said, vote(3, DISPUTE)], Ruling(CONFIRM, covers)).state == "quarantined"
    settled = standing([*said, vote(4)], Ruling(CONFIRM, covers))
    assert (settled.state, settled.is_baseline) == ("confirmed", False)
    assert not is_overruled(vote(1), None)
    assert is_overruled(Vote(7, 7, HARMLESS, voter=2), Ruling(CONFIRM, covers))  # merged since
    assert not is_overruled(Vote(2, 2, HARMLESS, voter=7), Ruling(CONFIRM, covers))
    assert is_overruled(Vote(2, 2, HARMLESS), Ruling(CONFIRM, covers))  # under its own number


words = st.tuples(st.sampled_from([1.0, 2.0]), st.sampled_from((*VERDICTS, CONTRADICTS)))


@given(words, words, words)
def test_words_of_one_source_combine_in_any_order(
    one: tuple[float, str], two: tuple[float, str], three: tuple[float, str]
) -> None:
    assert combined(one, two) == combined(two, one)
    assert combined(combined(one, two), three) == combined(one, combined(two, three))
    assert combined(one, one) == one


def test_the_newest_word_counts_and_two_at_once_contradict() -> None:
    assert combined((1.0, CONFIRM), (2.0, HARMLESS)) == (2.0, HARMLESS)
    assert combined((1.0, CONFIRM), (1.0, HARMLESS)) == (1.0, CONTRADICTS)
    assert combined((1.0, NOT_ILLEGAL), (1.0, HARMLESS)) == (1.0, DISPUTE)
    assert combined((1.0, CONTRADICTS), (1.0, HARMLESS)) == (1.0, CONTRADICTS)


def test_what_a_look_up_calls_it() -> None:
    assert [match_word(state, is_equal=True) for state in STATES] == ["known", "known", "harmless", "conflict", "known"]
    assert match_word("confirmed", is_equal=False) == "near"
    assert match_word("harmless", is_equal=False) == "harmless"


def test_the_table_has_every_combination() -> None:
    *combined_rows, keys = table()
    rows = {row.verdicts: row for row in combined_rows}
    assert (keys.verdicts, keys.state, keys.match, keys.advice) == ((CONFIRM,), "quarantined", "known", "review")
    assert (keys.may_decide, keys.is_exported) == ("never", "no")
    assert keys.state == standing([vote(1, is_unconfirmed=True)]).state
    assert keys.only_by == "only with keys whose holder nobody has confirmed"
    assert {row.only_by for row in combined_rows} == {""}
    assert len(rows) == 15
    assert (rows[CONFIRM,].match, rows[CONFIRM,].advice, rows[CONFIRM,].is_exported) == ("known", "block", "yes")
    both = rows[CONFIRM, HARMLESS]
    assert (both.state, both.match, both.advice, both.may_decide, both.is_exported) == (
        "conflict",
        "conflict",
        "review",
        "never",
        "no",
    )
    assert (rows[HARMLESS,].match, rows[HARMLESS,].advice) == ("harmless", "allow")
    assert rows[HARMLESS,].is_exported == "only in lists of harmless look-alikes"
    assert (rows[DISPUTE,].match, rows[DISPUTE,].state) == ("none", "withdrawn")
    assert (rows[CONFIRM, DISPUTE].match, rows[CONFIRM, DISPUTE].advice) == ("known", "review")
    assert rows[CONFIRM,].may_decide.startswith("if confirmed")
    assert isinstance(standing([]), Standing)
