"""Whoever reports much pushes nobody else's words out of the letter to the police."""

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest

from leeward.casework.acting.rules.shares import REST, Line, fair_share

NOON = datetime(2026, 11, 24, 12, tzinfo=UTC)
CHILD, TONIGHT = "He has pictures of me.", "He is coming tonight at nine."


def lines_of(number: int, count: int, *, text: str = "more") -> list[Line]:
    """What one report says, and what was added to it each minute."""
    begins = NOON + timedelta(hours=number)
    return [Line(begins + timedelta(minutes=minute), number, "", f"{text} {minute}") for minute in range(count)]


def childs(*, facts: int = 5, text: str = CHILD) -> list[Line]:
    """What a child reported, with what we know of it, and added since."""
    known = [Line(NOON, 1, f"Fact {number}") for number in range(facts)]
    return [Line(NOON, 1, "“", text, "”"), *known, Line(NOON + timedelta(minutes=5), 1, "“", TONIGHT, "”")]


def flood_of(reports: int, additions: int, *, text: str = "x" * 20_000) -> list[Line]:
    return [line for number in range(2, 2 + reports) for line in lines_of(number, additions, text=text)]


def texts(found: list[Line], number: int = 1) -> list[str]:
    return [line.whole for line in found if line.report == number]


def test_of_many_additions_each_report_has_its_share() -> None:
    found = fair_share([*lines_of(1, 2), *lines_of(2, 50)], most=20, most_bytes=None)
    assert texts(found) == ["more 0", "more 1"]
    assert texts(found, 2) == ["more 0", *(f"more {n}" for n in range(33, 50))]
    assert found == sorted(found, key=lambda line: line.at)


def test_of_many_reports_the_newest_have_their_own_words() -> None:
    found = fair_share([line for number in range(30) for line in lines_of(number, 3)], most=20, most_bytes=None)
    assert [(line.report, line.whole) for line in found] == [(number, "more 0") for number in range(10, 30)]


def test_what_fits_is_whole() -> None:
    every = [line for number in range(5) for line in lines_of(number, 4, text="x" * 1000)]
    assert fair_share(every, most=20, most_bytes=25_000) == every


@pytest.mark.parametrize(("reports", "additions"), [(2, 90), (6, 4), (14, 4), (50, 45), (300, 3)])
def test_a_flood_pushes_nothing_of_a_child_out(reports: int, additions: int) -> None:
    mine = childs(facts=5)
    found = fair_share([*mine, *flood_of(reports, additions)], most=2000, most_bytes=1_000_000)
    assert [line for line in found if line.report == 1] == mine
    assert sum(line.size for line in found) <= 1_000_000
    assert sum(line.size for line in found) > min(900_000, reports * additions * 20_000)


def test_short_lines_without_number_push_nothing_newest_out() -> None:
    found = fair_share([*childs(facts=40), *flood_of(50, 50, text="x")], most=2000, most_bytes=1_000_000)
    assert TONIGHT in " ".join(texts(found))


@pytest.mark.parametrize("reports", [400, 667])
def test_words_longer_than_a_share_are_shortened(reports: int) -> None:
    text = "ह" * 4000
    found = fair_share([*childs(text=text), *flood_of(reports, 3)], most=2000, most_bytes=1_000_000)
    first, *_facts, last = texts(found)
    assert first.startswith("“" + "ह" * 80)
    assert first.endswith(REST + "”")
    assert TONIGHT in last
    assert sum(line.size for line in found) <= 1_000_000


def test_they_are_whole_where_others_leave_room() -> None:
    mine = childs(text="w" * 400_000)
    others = [*flood_of(3, 1, text="short"), *flood_of(1, 60, text="x" * 20_000)]
    assert mine[0] in fair_share([*mine, *others], most=2000, most_bytes=1_000_000)


def test_a_line_that_is_shortened_counts_once() -> None:
    found = fair_share([*childs(text="w" * 600_000), *flood_of(1, 60)], most=10, most_bytes=1_000_000)
    assert len(found) == 10
    assert sum(line.at == NOON and bool(line.text) for line in found) == 1


@pytest.mark.parametrize("most", [0, 7, 8, 11, 100, 1000])
def test_a_shortened_line_fits(most: int) -> None:
    line = Line(NOON, 1, "“", "हa" * 60, "”").shortened(most)
    assert line.size <= max(most, len(("“" + REST + "”").encode()))
    assert line.whole.endswith("”")


def test_what_has_no_words_or_fits_is_not_shortened() -> None:
    fact, short = Line(NOON, 1, "x" * 100), Line(NOON, 1, "“", CHILD, "”")
    assert fact.shortened(10) is fact
    assert short.shortened(short.size) is short
    assert short.shortened(short.size - 1).text.endswith(REST)
    assert short.shortened(0).text == REST
    assert Line(NOON, 1, "", "two words and more of it").shortened(len(("two " + REST).encode())).text == "two" + REST


def fact(number: int, size: int) -> Line:
    return Line(NOON + timedelta(hours=number), number, str(number) * size)


def test_what_is_just_a_share_is_not_over_it() -> None:
    assert fair_share([fact(1, 10), fact(2, 12)], most=9, most_bytes=20) == [fact(1, 10)]
    assert fair_share([fact(1, 10), fact(2, 10), fact(3, 100)], most=9, most_bytes=30) == [fact(1, 10), fact(2, 10)]
    longer = Line(NOON + timedelta(hours=3), 2, "x" * 90)
    assert fair_share([fact(1, 10), fact(2, 10), longer], most=9, most_bytes=20) == [fact(1, 10), fact(2, 10)]


def test_where_all_just_fits_nobody_has_a_share() -> None:
    assert fair_share([fact(1, 5), fact(2, 15)], most=1, most_bytes=20) == [fact(2, 15)]


def test_two_lines_that_say_the_same_are_two() -> None:
    twice = [Line(NOON, 1, CHILD), Line(NOON, 1, CHILD), Line(NOON, 2, "another")]
    assert Counter(fair_share(twice, most=20, most_bytes=None)) == Counter(twice)


def test_bytes_count_and_not_letters() -> None:
    every = [Line(NOON, 1, f"{number}" + "ह" * 100) for number in range(10)]
    assert len(fair_share(every, most=20, most_bytes=1000)) == 3
