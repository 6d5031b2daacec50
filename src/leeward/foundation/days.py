"""Days as people write them."""

import unicodedata
from collections.abc import Mapping
from datetime import date
from itertools import groupby


def read_day(text: str, months: Mapping[str, int]) -> date | None:
    """Return the day that a text names if it can be read in one way only, else None: a year of four digits first or last, and a day and a
    month in any order, the month as a number or as one of the names in `months`. So 2026-12-31, 31.12.2026, 12/31/2026 and
    31 Dec 2026 are days, and 03/04/2026 is none."""
    parts = _parts(text)
    if len(parts) != 3:
        return None
    if _is_year(parts[0]):
        year, orders = parts[0], [(parts[2], parts[1])]  # nobody writes the day in the middle after the year
    elif _is_year(parts[2]):
        year, orders = parts[2], [(parts[0], parts[1]), (parts[1], parts[0])]
    else:
        return None
    numbers = {_folded(name): number for name, number in months.items()}
    found = {_day_of(year, month, day, numbers) for day, month in orders} - {None}
    return found.pop() if len(found) == 1 else None


def _folded(name: str) -> str:
    return unicodedata.normalize("NFC", name.strip(".")).casefold()


def _parts(text: str) -> list[str]:
    """Return the numbers and words of a text."""
    kinds = groupby(text[:100], _kind_of)
    return ["".join(letters) for kind, letters in kinds if kind]


def _kind_of(letter: str) -> str:
    if letter.isdecimal():
        return "number"
    return "word" if unicodedata.category(letter)[0] in "LM" else ""


def _is_year(part: str) -> bool:
    return part.isdecimal() and len(part) == 4


def _day_of(year: str, month: str, day: str, months: Mapping[str, int]) -> date | None:
    if not day.isdecimal() or len(day) > 2 or (month.isdecimal() and len(month) > 2):
        return None
    try:
        return date(int(year), int(month) if month.isdecimal() else months.get(_folded(month), 0), int(day))
    except ValueError:
        return None
