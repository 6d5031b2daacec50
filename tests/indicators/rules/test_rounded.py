"""What would be hidden, as a multiple of 5: no closer than the rule, whatever is known of how it is done but the key."""

from collections import Counter

from leeward.indicators.rules.cells import FEWEST
from leeward.indicators.rules.editions import Beside, Edition, Together, changed_by_few, raised, roundings_of, together
from leeward.indicators.rules.rounded import (
    Range,
    both,
    offsets_by,
    offsets_left,
    raised_of,
    range_of,
    rounded,
)

SECRET = b"a secret of this test, long enough"


def of(number: int, secret: bytes) -> int:
    return rounded(number, offsets_by(secret, portal_id=1, year=2025)("kind:me"))


def test_a_number_goes_to_a_multiple_beside_it_and_small_ones_always_up() -> None:
    keys = [bytes([one]) * 32 for one in range(100)]
    for number in range(1, 60):
        found = {of(number, key) for key in keys}
        assert found == {max(5, number // 5 * 5), max(5, -(-number // 5) * 5)}, number
        assert all(range_of(one).low <= number <= range_of(one).high for one in found)
    nine = Counter(of(9, key) for key in keys)
    assert 65 < nine[10] < 95, "the nearer one four times of five, so that sums are right on average"
    assert of(4, SECRET) == of(1, SECRET) == 5


def test_each_multiple_can_be_every_number_of_its_range_and_that_is_wide_enough() -> None:
    keys = [bytes([one]) * 32 for one in range(100)]
    for shown in (5, 10, 15, 50):
        could_be = {number for number in range(1, 80) for key in keys if of(number, key) == shown}
        reach = range_of(shown)
        assert could_be == set(range(reach.low, reach.high + 1))
        assert reach.high - reach.low >= FEWEST
    assert range_of(5) == Range(1, 9)
    assert range_of(10) == Range(6, 14)


def test_whoever_lacks_the_key_can_not_tell_the_offset_of_a_cell_from_another() -> None:
    cells = [f"kind:{one}" for one in range(200)]
    first, again = (offsets_by(SECRET, portal_id=1, year=2025) for _ in range(2))
    assert [first(cell) for cell in cells] == [again(cell) for cell in cells], "byte for byte"
    for other in (
        offsets_by(SECRET, portal_id=2, year=2025),
        offsets_by(SECRET, portal_id=1, year=2024),
        offsets_by(SECRET + b".", portal_id=1, year=2025),
    ):
        assert [first(cell) for cell in cells] != [other(cell) for cell in cells]
    assert all(20 < number < 60 for number in Counter(map(first, cells)).values()), "each as often"
    assert {first(cell) for cell in cells} == set(range(5))
    numbers = [rounded(number, first("kind:me")) for number in range(1, 40)]
    assert numbers == sorted(numbers), "one offset for a cell: a larger number is never shown as a smaller one"


def test_what_is_known_of_an_offset_is_all_that_a_multiple_tells_of_it() -> None:
    for number in range(1, 30):
        for shown in {rounded(number, offset) for offset in range(5)}:
            could_be = [offset for offset in range(5) if rounded(number, offset) == shown]
            left = offsets_left(number, shown)
            assert could_be == list(range(left.low, left.high + 1)), (number, shown)
    for shown in (5, 10, 25):
        both_ways = {
            (number, offset) for number in range(1, 40) for offset in range(5) if rounded(number, offset) == shown
        }
        raise_ = raised_of(shown)
        assert both_ways == {
            (number, offset)
            for number in range(1, 40)
            for offset in range(5)
            if raise_.low <= number + offset <= raise_.high
        }


def test_ranges_are_put_together() -> None:
    assert Range(1, 9).within(Range(6, 14)) == Range(6, 9)
    assert Range(1, 9).covers(Range(1, 9))
    assert Range(0, 10).covers(Range(1, 9))
    assert not Range(2, 9).covers(Range(1, 9))
    assert not Range(1, 8).covers(Range(1, 9))
    assert both({"a": Range(3, 30), "c": Range(2, 4)}, {"a": range_of(5), "b": range_of(10)}) == {
        "a": Range(3, 9), "b": Range(6, 14), "c": Range(2, 4),
    }  # fmt: skip


def up(cell: str) -> int:
    return 4


def test_what_an_edition_has_shown_is_not_rounded_and_what_it_rounded_is_rounded_as_then() -> None:
    counted = {"a": 3, "b": 12, "c": 7, "d": 9}
    first = Edition({"a": None, "b": 20, "c": None}, {"a": 3, "b": 20, "c": 6}, rounded={"a": 5, "c": 10})
    assert roundings_of({"a", "b", "c"}, counted, [], up) == {"a": 5, "b": 15, "c": 10}
    assert roundings_of({"b", "c"}, counted, [], lambda cell: 4 if cell == "b" else 0) == {"b": 15, "c": 5}
    assert roundings_of({"a", "b", "c", "d"}, counted, [first], up) == {"a": 5, "c": 10, "d": 10}
    other_key = Edition({"c": None}, {"c": 7}, rounded={"c": 5})
    assert roundings_of({"c"}, counted, [other_key], up) == {"c": 5}, "7 was 5 then: both would tell 6 to 9"
    assert roundings_of({"c"}, {"c": 8}, [other_key], up) == {"c": 10}, "its offset was 2 at most"
    assert roundings_of({"c"}, {"c": 11}, [Edition({"c": None}, {"c": 7}, rounded={"c": 10})], lambda _: 0) == {
        "c": 10
    }, "3 or 4"
    assert roundings_of({"c"}, {"c": 12}, [Edition({"c": None}, {"c": 7}, rounded={"c": 10})], lambda _: 0) == {
        "c": 15
    }, "3 or 4"


def test_editions_together_know_every_range() -> None:
    first = {"kind:me": 4, "kind:page": 20, "reports": 24}
    shown = {"kind:me": None, "kind:page": None, "reports": 24}
    now = first | {"kind:page": 30, "reports": 34}
    every = together(now, [Edition(shown, first, rounded={"kind:me": 5, "kind:page": 20})])
    assert every.within.items() >= {"kind:me": Range(1, 9), "kind:page 20": Range(16, 24)}.items()
    again = Edition(shown, first, rounded={"kind:me": 10})
    assert together(first, [Edition(shown, first, rounded={"kind:me": 5}), again]).within == {"kind:me": Range(6, 9)}

    assert "kind:me raised" not in every.cells, "a number that is the same tells nothing of its offset"


def test_whoever_has_two_editions_knows_that_the_offset_was_the_same() -> None:
    first = {"kind:me": 9, "kind:page": 20, "reports": 29}
    edition = Edition(dict.fromkeys(first), first, rounded={"kind:me": 10})
    every = together(first | {"kind:me": 11}, [edition])
    assert {"kind:me offset", "kind:me raised", "kind:me 9 raised"} <= every.free
    assert every.cells["kind:me offset"] == 1, "it can be 1 to 4"
    assert {
        ("kind:me raised", ("kind:me", "kind:me offset")),
        ("kind:me 9 raised", ("kind:me 9", "kind:me offset")),
    } <= {*every.sums_before}
    assert every.within == {"kind:me offset": Range(0, 4), "kind:me 9": Range(6, 14), "kind:me 9 raised": Range(10, 14)}
    assert (every.cells[raised("kind:me")], every.cells[raised("kind:me 9")]) == (12, 10)
    third = together(
        first | {"kind:me": 11},
        [edition, Edition(dict.fromkeys(first), first | {"kind:me": 14}, rounded={"kind:me": 15})],
    )
    assert third.within["kind:me 14 raised"] == Range(15, 19)
    odd = Edition(dict.fromkeys(first), first | {"kind:me": 10}, rounded={"kind:me": 5})
    assert "kind:me offset" not in together(first, [edition, odd]).cells, "not of the same offset"
    only = Edition(dict.fromkeys(first), first | {"kind:me": 8}, rounded={"kind:page": 20, "kind:me": 5})
    one_left = together(first | {"kind:me": 7}, [only, Edition(dict.fromkeys(first), first, rounded={"kind:me": 10})])
    assert one_left.cells["kind:me offset"] == 1, "8 was shown as 5 and 9 as 10: it is 1, and kind:page was always 20"
    assert one_left.within["kind:me offset"] == Range(0, 4), "as whoever reads them begins"
    gone = together({"reports": 20, "kind:page": 20}, [edition])
    assert "kind:me offset" not in gone.cells, "it is 0 now"


def test_what_moved_by_few_is_attacked_and_not_shown_beside_the_range_that_it_had() -> None:
    before = {"kind:me": 14, "kind:page": 40, "kind:else": 20, "kind:danger": 6}
    now = before | {"kind:me": 16, "kind:else": 18, "kind:danger": 7, "kind:page": 45}

    def of(changed: dict[str, int], **rounded: int) -> Together:
        multiples = {f"kind:{name}": number for name, number in rounded.items()}
        return together(changed, [Edition(dict.fromkeys(before), before, rounded=multiples)])

    every = of(now, me=15, page=40)
    assert every.moves == {
        "kind:me since 1": ("kind:me", "kind:me 14"),
        "kind:else since 1": ("kind:else 20", "kind:else"),
        "kind:danger since 1": ("kind:danger", "kind:danger 6"),
    }
    assert not every.hidden & now.keys(), "16 can be shown as it is beside 11 to 19, 45 is five more"
    assert of({"kind:page": 40}, me=15).moves == {}, "a zero is shown"
    assert changed_by_few(now, [Edition(dict.fromkeys(before), before, rounded={"kind:me": 15})]) is None
    assert of(before | {"kind:me": 15}, me=10).hidden & now.keys() == {"kind:me"}, "15 beside 6 to 14"
    assert of(before | {"kind:me": 18}, me=15).hidden & now.keys() == set()
    assert of(before | {"kind:me": 13}, me=10).hidden & now.keys() == set()
    assert of(before | {"kind:danger": 9}, danger=5).hidden & now.keys() == set(), "1 to 9"
    assert of(before | {"kind:me": 19}, me=10).hidden & now.keys() == set(), "five more"
    assert of(before | {"kind:else": 16}, **{"else": 20}).hidden & now.keys() == set(), "16 to 24"
    assert of(before | {"kind:else": 19}, **{"else": 20}).hidden & now.keys() == set()
    assert of(before | {"kind:danger": 5}, danger=10).hidden & now.keys() == {"kind:danger"}, "5 beside 6 to 14"


def test_rounded_totals_of_other_years_and_portals_are_in_their_range() -> None:
    numbers = {"reports": 30, "cases": 27, "again": 3}
    names = dict.fromkeys(numbers)
    others = {
        "jm 2024": Edition({**names, "reports": 30}, numbers, rounded={"cases": 30, "again": 5}),
        "gy 2025": Edition({**names, "reports": 30}, numbers, rounded={"cases": 25}),
    }
    before = Edition({**names, "reports": 40}, {"reports": 40, "cases": 38, "again": 2}, rounded={"again": 5})
    every = together({"reports": 40, "cases": 38, "again": 2}, [before], beside=[Beside("hotline", others)])
    assert every.within == {
        "again": Range(1, 9), "jm 2024 cases": Range(26, 34), "jm 2024 again": Range(1, 9), "gy 2025 cases": Range(21, 29),
    }  # fmt: skip
