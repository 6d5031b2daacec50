"""The league says nothing about a single notice."""

from leeward.notices.rules.league import LEAST, Measured, Row, league


def one(name: str, due: int, answered: int = 0, removed: int = 0, minutes: int | None = None) -> Measured:
    return Measured(name, "host", due, answered, removed, minutes, removed)


def test_who_removed_more_stands_first_then_who_answers_sooner_then_the_name() -> None:
    found = league(
        [
            one("b", 10, 10, 10, 600),
            one("a", 10, 10, 10, 600),
            one("Quick", 10, 10, 10, 60),
            one("half", 20, 10, 10, 6),
            one("silent", 20),
        ]
    )
    assert [row.name for row in found.rows] == ["Quick", "a", "b", "half", "silent"]
    assert found.rows[0] == Row("Quick", "host", 10, 100, 100, 0, 1.0)
    assert found.rows[3].removed_percent == 50
    assert found.rows[4] == Row("silent", "host", 20, 0, 0, 0, None)


def test_small_cells_are_not_shown() -> None:
    found = league(
        [
            one("few", LEAST - 1, 4, 4, 60),
            one("least", LEAST, 5, 5, 60),
            one("four", 10, 4, 4, 60),
            one("all but one", 10, 9, 9, 60),
        ],
        left_out=2,
    )
    assert found.left_out == 3
    assert found.rows[0] == Row("least", "host", 5, 100, 100, 0, 1.0)
    assert {row.name: (row.answered_percent, row.removed_percent, row.median_hours) for row in found.rows[1:]} == {
        "four": (None, None, None), "all but one": (None, None, 1.0),
    }  # fmt: skip


def test_the_order_and_the_figures_to_the_letter() -> None:
    assert league([]).left_out == 0
    assert league([one("x", 10, 10, 5, 367)]).rows[0] == Row("x", "host", 10, 100, 50, 0, 6.1)
    assert league([one("x", 20, 20, 1)]).rows[0].removed_percent is None
    unsaid = one("quick, of few", 10, 10, 4, 6)
    assert [row.name for row in league([unsaid, one("slow", 1000, 1000, 10, 600)]).rows] == ["slow", "quick, of few"]
    assert [row.name for row in league([one("silent", 10), one("slow", 10, 10, 0, 6000)]).rows] == ["slow", "silent"]
    assert [row.name for row in league([one("later", 10, 10, 0, 30), one("now", 10, 10, 0, 0)]).rows] == [
        "now",
        "later",
    ]
    assert [row.name for row in league([one("ax", 10), one("_x", 10)]).rows] == ["_x", "ax"]


def test_only_what_was_seen_counts_as_removed_and_what_is_only_said_stands_beside_it() -> None:
    says, did = Measured("Says", "registrar", 20, 20, 20, 6, 5), Measured("Did", "registrar", 20, 20, 10, 6000, 10)
    found = league([says, did]).rows
    assert [(row.name, row.removed_percent, row.unverified_percent) for row in found] == [
        ("Did", 50, 0),
        ("Says", 25, 75),
    ]
    few = league([Measured("Few", "registrar", 20, 20, 10, 6, 7), Measured("More", "host", 9, 9, 0, 6, 9)]).rows
    assert [(row.removed_percent, row.unverified_percent) for row in few] == [(100, 0), (35, None)]
