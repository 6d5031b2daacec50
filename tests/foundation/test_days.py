"""Days as people write them: what can be read in one way only is a day."""

import unicodedata
from datetime import date

import pytest

from leeward.foundation.days import read_day

MONTHS = {"Dec.": 12, "December": 12, "May": 5, "février": 2, "फ़रवरी": 2}
THE_LAST = date(2026, 12, 31)


@pytest.mark.parametrize(
    "text",
    [
        *("2026-12-31", "2026/12/31", "2026. 12. 31.", "31.12.2026", "31/12/2026", "12/31/2026", "31-12-2026"),
        *("31 Dec 2026", "31. december 2026", "Dec. 31, 2026", "2026 DEC 31", "31-Dec-2026", " 31\u00a012\u00a02026 "),
        *("٣١/١٢/٢٠٢٦", "৩১/১২/২০২৬"),
    ],
)
def test_one_way_to_read_it(text: str) -> None:
    assert read_day(text, MONTHS) == THE_LAST


@pytest.mark.parametrize(
    "text",
    [
        *("", "tomorrow", "31", "12/2026", "03/04/2026", "3.4.2026", "04-03-2026", "31.12.26", "26-12-31", "20261231"),
        *(
            "31 Foo 2026",
            "2026-02-30",
            "30/02/2026",
            "2026-31-12",
            "31 2026 12",
            "2026-12-31T10",
            "0000-12-31",
            "Dec May 2026",
        ),
        *("2026-12-31 2026-12-31", "031/12/2026", "1/012/2026", "²/12/2026"),
    ],
)
def test_none_or_two(text: str) -> None:
    assert read_day(text, MONTHS) is None


def test_where_day_and_month_are_the_same_number_it_is_one_day() -> None:
    assert read_day("4/4/2026", {}) == date(2026, 4, 4)


@pytest.mark.parametrize("form", ["NFC", "NFD"])
@pytest.mark.parametrize("name", ["février", "FÉVRIER", "फ़रवरी"])
def test_a_name_is_the_same_however_its_letters_are_put_together(form: str, name: str) -> None:
    assert read_day(unicodedata.normalize(form, f"5 {name} 2026"), MONTHS) == date(2026, 2, 5)
