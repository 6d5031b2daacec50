"""How soon pages were answered."""

from leeward.oncall.rules.figures import AnsweredIn, answered_in


def test_half_and_the_slowest() -> None:
    assert answered_in([]) is None
    assert answered_in([4]) == AnsweredIn(1, 4, 4)
    assert answered_in([1, 30, 2, 5]) == AnsweredIn(4, 4, 30)
