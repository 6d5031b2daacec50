"""What hangs together is drawn in columns by distance, the same each time, however much there is."""

import time

from leeward.casework.money.rules.layout import COLUMN, MARGIN, MOST_IN_COLUMN, ROW, drawn

START = ("payee", 1)


def test_one_alone_is_drawn() -> None:
    found = drawn(START, [], 10)
    (spot,) = found.spots
    assert (spot.node, spot.x, found.lines, found.left_out) == (START, MARGIN, (), 0)
    assert (spot.y, found.height, found.width) == (33, 66, COLUMN + MARGIN)


def test_each_distance_is_a_column_and_no_two_marks_share_a_place() -> None:
    edges = [(START, ("case", 1)), (START, ("case", 2)), (("payee", 2), ("case", 2)), (("payee", 3), ("case", 2))]
    edges += [(("payee", 9), ("case", 9))]
    found = drawn(START, edges, 10)
    assert found == drawn(START, reversed(edges), 10)
    at = {spot.node: (spot.x, spot.y) for spot in found.spots}
    assert {node: x for node, (x, _y) in at.items()} == {
        START: MARGIN,
        ("case", 1): MARGIN + COLUMN,
        ("case", 2): MARGIN + COLUMN,
        ("payee", 2): MARGIN + 2 * COLUMN,
        ("payee", 3): MARGIN + 2 * COLUMN,
    }
    assert len(set(at.values())) == 5
    assert (at["case", 2][1], at[START][1], at["case", 1][1], found.height) == (33, 48, 63, 96)
    assert len(found.lines) == 4
    assert (*at[START], *at["case", 1]) in found.lines
    assert found.left_out == 2
    assert found.width == 3 * COLUMN + MARGIN
    assert all(0 < y < found.height for _x, y in at.values())


def test_rows_keep_their_distance_however_many_there_are() -> None:
    found = drawn(START, [(START, ("case", number)) for number in range(4)], 10)
    assert [spot.y for spot in found.spots if spot.node != START] == [33, 33 + ROW, 33 + 2 * ROW, 33 + 3 * ROW]


def test_of_too_many_the_nearest_are_drawn_and_those_with_most_links_first() -> None:
    edges = [(START, ("case", number)) for number in range(50)] + [
        (("payee", 2), ("case", 49)),
        (("payee", 2), ("case", 48)),
    ]
    found = drawn(START, edges, 100)
    cases = [spot.node for spot in found.spots if spot.node[0] == "case"]
    assert len(cases) == MOST_IN_COLUMN
    assert {("case", 48), ("case", 49)} < set(cases)
    assert found.left_out == 10
    assert len(drawn(START, edges, 3).spots) == 3


def test_ten_thousand_are_laid_out_in_a_moment() -> None:
    edges = [(("payee", number), ("case", (number - 1) // 3)) for number in range(1, 7500)]
    edges += [(("payee", number), ("case", number)) for number in range(2, 2500)]
    began = time.process_time()
    found = drawn(START, edges, 120)
    assert time.process_time() - began < 5
    assert 0 < len(found.spots) <= 120
    assert found.left_out > 9_000
