"""A picture has room for all that stands on it, in lines, and says the same in words."""

from leeward.indicators.rules.drawn import Chart, chart_of
from leeward.indicators.rules.picture import in_words, picture_of


def test_everything_stands_below_what_is_before_it() -> None:
    chart = chart_of([("One", 3), ("Two", None)])
    assert isinstance(chart, Chart)
    picture = picture_of("A title that is too long for a single line of it", chart, ["A note.", "word " * 20])
    assert picture.title == ((38, "A title that is too long for a single"), (60, "line of it"))
    assert (picture.chart, picture.chart_y) == (chart, 76)
    assert picture.notes[0] == (76 + chart.height + 15, "A note.")
    assert [y for y, _ in picture.notes] == [219, 234, 249]
    assert all(len(line) <= 62 for _, line in picture.notes)
    assert picture.height == 265


def test_it_says_the_same_in_words() -> None:
    rows = [("One", 3), ("Half", 0.5), ("Two", None)]
    assert in_words("T", rows, "not shown", "S.") == "T. One: 3; Half: 0.5; Two: not shown. S."
    assert in_words("T", [("Many", 1_234_567)], "", "S.") == "T. Many: 1234567. S."
