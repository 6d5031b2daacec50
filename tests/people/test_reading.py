"""A mark of what waits for a second person: it shows whether they read this, and nothing else."""

from leeward.people.rules.reading import mark_of


def test_the_same_has_the_same_mark_and_everything_else_another() -> None:
    marks = {mark_of(*parts) for parts in ((1, "one"), (1, "two"), (2, "one"), ("1", "one"), (1, "one", None), ())}
    assert len(marks) == 6
    assert mark_of(1, "one") == mark_of(1, "one")


def test_a_mark_is_short_enough_for_a_form_and_a_command_line() -> None:
    assert len(mark_of("x" * 100_000)) == 32
