"""Parse ICMEC's review of laws on grooming from CSV: a separate edition, not a sixth criterion. All rows or none. Pure."""

import csv
import io
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from leeward.laws.rules.edition import MOST_ROWS, VALUES, BadEdition, Change

KEY = "grooming-1"
NEEDED = ("iso2", "edition", "grooming", "source")
ALLOWED = (*NEEDED, "reasons")


@dataclass(frozen=True, slots=True)
class GroomingRow:
    """One country in the review of grooming."""

    line: int
    iso2: str
    value: str
    source: str
    reasons: str | None


def is_grooming_review(text: str) -> bool:
    """Return whether a CSV text is of this review: it has a column `grooming`."""
    return "grooming" in text.removeprefix("\ufeff").partition("\n")[0].replace('"', "").strip().split(",")


def read_grooming_review(text: str, *, name: str, countries: Collection[str]) -> list[GroomingRow]:
    """Return the rows of a CSV text; raises BadEdition with every problem and its line."""
    table = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    rows: dict[str, GroomingRow] = {}
    problems: list[str] = []
    try:
        given_names = list(table.fieldnames or ())
        problems = [f"line 1: column {column} is missing" for column in NEEDED if column not in given_names]
        problems += [
            f"line 1: there is no column {str(column)[:30]}" for column in given_names if column not in ALLOWED
        ]
        for given in table if not problems else ():
            found = list(_problems(given, countries, rows))
            problems += [f"line {table.line_num}: {why}" for why in found]
            if not found:
                row = _row(given, table.line_num)
                rows[row.iso2] = row
            if table.line_num > MOST_ROWS:
                problems.append(f"line {table.line_num}: more than {MOST_ROWS} rows")
                break
    except csv.Error as error:
        problems.append(f"line {table.line_num}: it is not CSV ({error})")
    if not rows and not problems:
        problems.append("line 1: there is no row in it")
    if problems:
        raise BadEdition(name=name, problems=tuple(problems))
    return list(rows.values())


def _problems(
    given: Mapping[str | None, Any], countries: Collection[str], rows: Mapping[str, GroomingRow]
) -> Iterator[str]:
    if None in given or None in given.values():
        yield "it has more or fewer fields than the header"
        return
    code = given["iso2"].strip().upper()
    if code not in countries:
        yield f"iso2 is {code[:10]!r}, which is no country"
    if code in rows:
        yield f"{code} stands already on line {rows[code].line}"
    if given["edition"].strip() != KEY:
        yield f"edition is {given['edition'].strip()[:20]!r} and must be {KEY}"
    if given["grooming"].strip().lower() not in VALUES:
        yield f"grooming is {given['grooming'].strip()[:20]!r} and must be one of {', '.join(VALUES)}"
    if not given["source"].strip():
        yield "source is empty: a value without a source can't be kept"


def _row(given: Mapping[str, str], line: int) -> GroomingRow:
    return GroomingRow(
        line=line,
        iso2=given["iso2"].strip().upper(),
        value=given["grooming"].strip().lower(),
        source=given["source"].strip(),
        reasons=(given.get("reasons") or "").strip() or None,
    )


def with_grooming(file: Mapping[str, Any], row: GroomingRow, *, on: date) -> tuple[dict[str, Any], list[Change]]:
    """Return the country's file with the review's row, and what that changes."""
    before = next((one["value"] for one in file["grooming"].get("reviews", ())), None)
    if before == row.value:
        return dict(file), []
    review = {
        "edition": KEY, "value": row.value, "reasons": row.reasons, "source": row.source, "date": on.isoformat(),
    }  # fmt: skip
    grooming = {**file["grooming"], "reviews": [review]}
    return {**file, "grooming": grooming}, [Change(row.iso2, KEY, "grooming", before, row.value)]
