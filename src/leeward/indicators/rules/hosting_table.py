"""A yearly series of where material was hosted, as others publish it: a table of year, country and number. Pure."""

import csv
from collections.abc import Collection, Mapping
from io import StringIO

from leeward.foundation.lazy_text import LazyText
from leeward.foundation.lazy_text import LazyText as _
from leeward.indicators.rules.typed import FIRST_YEAR, MOST_NUMBER

COLUMNS = ("year", "country", "number")
MOST_BYTES, MOST_ROWS, MOST_FAULTS = 2_000_000, 20_000, 20
ELSEWHERE = "unknown"

TOO_LARGE = _("the file is larger than 2 MB")
NOT_UTF8 = _("it is not in UTF-8; save it as “CSV UTF-8”")
NOT_CSV = _("it can’t be read as CSV")
NO_COLUMNS = _("its first line does not name the columns year, country and number")
NO_ROWS = _("there is no row in it")
TOO_MANY = _("there are too many rows or faults; nothing after this was read")
TWICE = _("this year and country stand there twice")
CELLS = _("it has more or fewer cells than the first line")
YEAR = _("the year must be from 1990 to this one")
COUNTRY = _("the country must be a code of two letters, like JM, or unknown")
NUMBER = _("the number must be from 0 to 10,000,000,000")

type Fault = tuple[int, LazyText]
type Numbers = dict[tuple[int, str], int]


def read_table(content: bytes, *, countries: Collection[str], this_year: int) -> tuple[Numbers, list[Fault]]:
    """Return the numbers of a table by year and country, and what is wrong with it by line; with a fault nothing is taken."""
    if len(content) > MOST_BYTES:
        return {}, [(1, TOO_LARGE)]
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return {}, [(1, NOT_UTF8)]
    table = csv.DictReader(StringIO(text), strict=True)
    try:
        names = [name.strip().lower() for name in table.fieldnames or ()]
        if sorted(names) != sorted(COLUMNS):
            return {}, [(1, NO_COLUMNS)]
        table.fieldnames = names
        found, faults = _rows(table, countries, this_year)
    except csv.Error:
        return {}, [(table.line_num + 1, NOT_CSV)]
    if not found and not faults:
        return {}, [(1, NO_ROWS)]
    return ({}, faults) if faults else (found, [])


def _rows(table: "csv.DictReader[str]", countries: Collection[str], this_year: int) -> tuple[Numbers, list[Fault]]:
    found: Numbers = {}
    faults: list[Fault] = []
    for count, row in enumerate(table, 1):
        if count > MOST_ROWS or len(faults) >= MOST_FAULTS:
            faults.append((table.line_num, TOO_MANY))
            break
        fault = fault_of(row, countries, this_year)
        key = _key(row) if fault is None else (0, "")
        if key in found:
            fault = TWICE
        if fault is None:
            found[key] = int(row["number"])
        else:
            faults.append((table.line_num, fault))
    return found, faults


def fault_of(row: Mapping[str, str], countries: Collection[str], this_year: int) -> LazyText | None:
    """Return what is wrong with a row, or None."""
    if None in row or None in row.values():
        return CELLS
    year, number = row["year"].strip(), row["number"].strip()
    if not _is_number(year) or not FIRST_YEAR <= int(year) <= this_year:
        return YEAR
    if _place(row) not in {ELSEWHERE, *countries}:
        return COUNTRY
    if not _is_number(number) or int(number) > MOST_NUMBER:
        return NUMBER
    return None


def _key(row: Mapping[str, str]) -> tuple[int, str]:
    return int(row["year"]), _place(row)


def _place(row: Mapping[str, str]) -> str:
    place = row["country"].strip()
    return ELSEWHERE if place.lower() == ELSEWHERE else place.upper()


def _is_number(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) <= 11
