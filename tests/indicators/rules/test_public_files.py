"""Bars, files and editions: what readers get, to the letter."""

import csv
import io
import json

from leeward.indicators.rules.drawn import MOST_BARS, Bar, Chart, chart_of
from leeward.indicators.rules.open_data import LICENCE, SDMX_COLUMNS, as_package, as_sdmx, citation


def test_bars_are_to_scale_and_a_hidden_one_says_nothing_of_its_size() -> None:
    chart = chart_of([("page", 200), ("me", 50), ("danger", None), ("else", 0)])
    assert chart == Chart(
        (
            Bar("page", 200, 0, "270.0"),
            Bar("me", 50, 64, "67.5"),
            Bar("danger", None, 128, "40.0"),
            Bar("else", 0, 192, "0.0"),
        ),
        256,
    )
    second = chart.bars[1]
    assert (second.text_y, second.bar_y, second.number_y, second.number_x) == (81, 97, 109, "73.5")
    assert chart_of([("a", None), ("b", None)]) == Chart((Bar("a", None, 0, "40.0"), Bar("b", None, 64, "40.0")), 128)
    with_reach = chart_of([("after a day", 50.0), ("after a week", 0.0)], {"after a day": (40.0, 60.0)})
    assert with_reach is not None
    assert with_reach.has_reach
    bar, last = with_reach.bars
    assert bar == Bar("after a day", 50.0, 0, "225.0", ("180.0", "270.0"))
    assert (bar.number_x, bar.reach_y, last.reach, last.number_x) == ("276.0", 40, None, "6.0")
    assert chart_of([("one", 1)]) == Chart((Bar("one", 1, 0, "270.0"),), 64)
    with_sign = chart_of([("one", 5), ("two", 8)], signs={"one": "≈"})
    assert with_sign == Chart((Bar("one", 5, 0, "168.8", sign="≈"), Bar("two", 8, 64, "270.0")), 128)


def test_there_is_no_chart_of_nothing_or_of_very_much() -> None:
    assert not chart_of([("one", 1)]).has_reach  # type: ignore[union-attr]
    assert chart_of([]) is None
    assert chart_of([("a", 0), ("b", 0)]) is None
    assert chart_of([(str(at), 1) for at in range(MOST_BARS)]) is not None
    assert chart_of([(str(at), 1) for at in range(MOST_BARS + 1)]) is None
    assert MOST_BARS == 15
    beside = chart_of([("a", None), ("b", 0)])
    assert beside is not None
    assert [bar.width for bar in beside.bars] == ["40.0", "0.0"]


def test_sdmx_has_one_observation_a_row_and_says_why_one_has_no_value() -> None:
    row = {"year": 2025, "indicator": "reports", "unit": "reports", "of": "", "why": ""}
    rows = [
        row | {"number": 200},
        row | {"indicator": "reports_by_kind", "of": "me", "number": 0},
        row | {"indicator": "reports_by_kind", "of": "danger", "number": None, "why": "hidden"},
        row | {"indicator": "arrests", "number": None, "why": "no_data", "unit": "people"},
    ]
    found = list(csv.reader(io.StringIO(as_sdmx(rows, country="JM"))))
    flow = ["dataflow", "LEEWARD:FIGURES(1.0)", "I", "JM", "2025"]
    assert found == [
        list(SDMX_COLUMNS),
        [*flow, "reports", "_T", "200", "reports", "A"],
        [*flow, "reports_by_kind", "me", "0", "reports", "A"],
        [*flow, "reports_by_kind", "danger", "", "reports", "Q"],
        [*flow, "arrests", "_T", "", "people", "O"],
    ]
    assert SDMX_COLUMNS == (
        "STRUCTURE", "STRUCTURE_ID", "ACTION", "REF_AREA", "TIME_PERIOD", "INDICATOR", "BREAKDOWN", "OBS_VALUE",
        "UNIT_MEASURE", "OBS_STATUS",
    )  # fmt: skip
    assert as_sdmx([], country="JM") == ",".join(SDMX_COLUMNS) + "\n"


def test_the_package_describes_its_file() -> None:
    cite = citation("Hotline of Jamaica", 2025, 2, "2026-11-03")
    assert cite == "Hotline of Jamaica: figures of 2025, edition 2, 2026-11-03."
    text = as_package(
        ("portal", "year", "number"), title="É", name="figures-jm-2025", cite=cite, edition=2, notes=["Moved."]
    )
    assert "É" in text
    assert text.startswith('{\n "profile"')
    assert json.loads(text) == {
        "profile": "tabular-data-package",
        "name": "figures-jm-2025",
        "title": "É",
        "description": f"{cite} Numbers from 1 to 4 are hidden, and others so that none can be worked out. Moved.",
        "version": "2",
        "licenses": [LICENCE],
        "resources": [
            {
                "name": "figures",
                "path": "data.csv",
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": {
                    "fields": [
                        {"name": "portal", "type": "string"},
                        {"name": "year", "type": "integer"},
                        {"name": "number", "type": "number"},
                    ],
                    "missingValues": [""],
                },
            }
        ],
    }
    assert (LICENCE["name"], LICENCE["title"]) == ("CC-BY-4.0", "Creative Commons Attribution 4.0")
    assert LICENCE["path"].endswith("/licenses/by/4.0/")
