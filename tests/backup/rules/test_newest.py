"""Which backup is the newest, and which go, whatever a clock was like."""

from datetime import UTC, datetime, timedelta

from leeward.backup.rules.manifest import name_at
from leeward.backup.rules.newest import Choice, Seen, in_order, is_sealed_anew, newest, to_delete
from leeward.backup.rules.timing import Kept

NOON = datetime(2026, 11, 29, 12, 0, tzinfo=UTC)


def _at(days: float) -> str:
    return name_at(NOON + timedelta(days=days))


def test_the_last_that_was_made_is_taken_and_those_named_later_are_passed_over() -> None:
    first, second, ahead = Seen(_at(-2), 1), Seen(_at(-1), 3), Seen(_at(3), 2)
    assert newest([first, second], NOON) == Choice(second.name)
    assert newest([first, second, ahead], NOON) == Choice(second.name, (ahead.name,))
    assert newest([first, second, ahead], NOON + timedelta(days=4)) == Choice(second.name, (ahead.name,)), (
        "also once its time has come"
    )


def test_those_of_before_there_were_numbers_are_told_by_the_clock() -> None:
    first, ahead = Seen(_at(-2)), Seen(_at(3))
    assert newest([first, ahead], NOON) == Choice(first.name, (ahead.name,))
    assert newest([first, Seen(_at(-1)), ahead], NOON + timedelta(days=4)) == Choice(ahead.name)


def test_where_this_clock_may_be_the_wrong_one_a_person_has_to_name_one() -> None:
    first, second, third = Seen(_at(-2), 1), Seen(_at(2), 2), Seen(_at(3), 3)
    assert newest([first, second, third], NOON) == Choice("", (second.name, third.name))
    assert newest([second], NOON) == Choice("", (second.name,))


def test_one_of_a_held_copy_is_taken_only_where_there_is_no_other() -> None:
    real, trial = Seen(_at(-2), 1), Seen(_at(-1), 2, is_held=True)
    assert newest([real, trial], NOON) == Choice(real.name, (trial.name,))
    assert newest([trial], NOON) == Choice(trial.name)
    assert newest([real, Seen(_at(3), 2, is_held=True)], NOON).name == real.name


def test_a_damaged_one_that_is_named_last_is_heard_of() -> None:
    good, broken = Seen(_at(-2), 1), Seen(_at(-1), is_whole=False)
    assert newest([good, broken], NOON) == Choice(broken.name)
    assert newest([broken], NOON) == Choice(broken.name)
    assert newest([broken, Seen(_at(-0.5), 1)], NOON).name == _at(-0.5)
    assert newest([good, Seen(_at(3), is_whole=False)], NOON) == Choice(good.name, (_at(3),))


def _ours(*days: float) -> list[Seen]:
    return [Seen(_at(day), number) for number, day in enumerate(days, 1)]


def test_the_newest_that_was_proved_stays_whatever_its_age() -> None:
    ours = _ours(-4, -3, -2, -1)
    assert to_delete(ours, Kept(2), _at(-1), "") == [_at(-4), _at(-3)]
    assert to_delete(ours, Kept(2), _at(-1), _at(-4)) == [_at(-3)]


def test_one_of_a_clock_that_was_ahead_goes_once_enough_were_made_after_it() -> None:
    ours = _ours(-4, 300, -3, -2)
    assert to_delete(ours, Kept(3), _at(-2), "") == []
    assert to_delete([*ours, Seen(_at(-1), 5)], Kept(3), _at(-1), "") == [_at(-4), _at(300)]
    assert to_delete([*ours, Seen(_at(-1), 5)], Kept(3), _at(-1), _at(300)) == [_at(-4)]


def test_a_clock_that_is_behind_costs_none_of_the_newest() -> None:
    nights = [Seen(_at(day - 40), day + 1) for day in range(41)]
    late = Seen(_at(-3.1), 42)  # by a clock that is three days behind
    gone = to_delete([*nights, late], Kept(30, weeks=8), late.name, "")
    assert gone
    assert max(gone) < _at(-30)


def test_those_of_a_held_copy_take_nobodys_room_and_go_in_the_end() -> None:
    trials = [Seen(_at(-3.5), 9, is_held=True), Seen(_at(-1.5), 10, is_held=True)]
    assert to_delete([*_ours(-4, -3), *trials], Kept(3), _at(-3), "") == []
    assert to_delete([*_ours(-4, -3, -2, -1), *trials], Kept(3), _at(-1), "") == [_at(-4), _at(-3.5)]


def test_whoever_hears_of_a_damaged_one_hears_of_those_that_are_passed_over() -> None:
    ours = [Seen(_at(-2), 1), Seen(_at(-1), is_whole=False), Seen(_at(3), 2)]
    assert newest(ours, NOON) == Choice(_at(-1), (_at(3),))
    assert newest([], NOON) == Choice("")


def test_one_of_a_clock_that_was_ahead_goes_once_as_many_as_are_kept_were_made_after_it() -> None:
    last, ahead = Seen(_at(-1), 5), Seen(_at(3), 4)
    assert to_delete([last, ahead], Kept(1), last.name, "") == [ahead.name]
    assert to_delete([Seen(_at(-2), 3), last, ahead], Kept(1), last.name, "") == [_at(-2), ahead.name]
    assert to_delete([last, ahead], Kept(2), last.name, "") == []
    assert to_delete([Seen(_at(-1)), Seen(_at(3))], Kept(1), _at(-1), "") == [], "nobody knows which was made first"
    assert to_delete([], Kept(1), last.name, "") == []


def test_where_a_number_is_there_twice_the_clock_tells() -> None:
    usual = [Seen(_at(day - 9), day, signed_by="a") for day in (1, 2, 3)]
    anew = [Seen(_at(day - 5), day, signed_by="a") for day in (1, 2)]
    assert newest([*usual, *anew], NOON) == Choice(anew[-1].name)
    assert [one.number for one in in_order([*usual, *anew])] == [0] * 5
    ahead = Seen(_at(3), 1, signed_by="a")
    assert newest([*usual, ahead], NOON) == Choice("", (ahead.name,)), "nobody knows whether it was made later"
    others = [Seen(_at(day - 5), day, signed_by="b") for day in (1, 2)]
    assert in_order([*usual, *others]) == [*usual, *others], "another installation counts for itself"
    assert in_order([Seen(_at(-2), signed_by="a"), *usual, Seen(_at(-1), signed_by="a")])[1] == usual[0]


def _sealed(day: int, *to: str) -> Seen:
    return Seen(_at(day), day + 9, sealed_to=to)


def test_the_newest_of_earlier_keys_stays_until_one_is_proved() -> None:
    ours = [_sealed(-4, "a"), _sealed(-3, "a"), _sealed(-2, "b"), _sealed(-1, "b")]
    assert to_delete(ours, Kept(1), _at(-1), "") == [_at(-4), _at(-2)]
    assert to_delete(ours, Kept(1), _at(-1), _at(-2)) == [_at(-4), _at(-3)]
    assert to_delete([_sealed(-2, "a"), _sealed(-1)], Kept(1), _at(-1), "") == [_at(-2)]
    assert to_delete([_sealed(-2), _sealed(-1, "a")], Kept(1), _at(-1), "") == [_at(-2)], "nobody knows to which it is"
    late = [Seen(_at(-4), 7, sealed_to=("a",)), Seen(_at(-3), 6, sealed_to=("a",)), _sealed(-1, "b")]
    assert to_delete(late, Kept(1), _at(-1), "") == [_at(-3)], "by its number"
    same = [Seen(_at(day), sealed_to=("a",)) for day in (-4, -3)]
    assert to_delete([*same, _sealed(-1, "b")], Kept(1), _at(-1), "") == [_at(-4)]
    assert to_delete([*reversed(same), _sealed(-1, "b")], Kept(1), _at(-1), "") == [_at(-4)]


def test_one_is_sealed_anew_where_the_last_is_sealed_to_others() -> None:
    assert not is_sealed_anew([], ["a"])
    assert not is_sealed_anew([_sealed(-2, "b"), _sealed(-1, "a")], ["a"])
    assert is_sealed_anew([_sealed(-1, "a"), _sealed(-2, "b")], ["b"])
    assert is_sealed_anew([_sealed(-1)], ["a"])
    assert is_sealed_anew([_sealed(-1, "a", "b")], ["a"])
    same = [Seen(_at(-2), sealed_to=("a",)), Seen(_at(-1), sealed_to=("b",))]
    assert is_sealed_anew(same, ["a"])
    assert is_sealed_anew([Seen(_at(-1), 1, sealed_to=("b",)), Seen(_at(-2), 2, sealed_to=("a",))], ["b"])
