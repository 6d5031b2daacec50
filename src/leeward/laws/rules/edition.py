"""Parse an edition of ICMEC's review from CSV and report what it would change; all rows or none."""

import csv
import io
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from leeward.foundation.errors import LeewardError
from leeward.foundation.patterns import Pattern
from leeward.laws.rules.gaps import CRITERIA, edition_order

VALUES = ("yes", "partial", "no", "unknown")
NEEDED = ("iso2", "edition", *CRITERIA, "source")
ALLOWED = (*NEEDED, "year", "reasons")
MOST_ROWS = 2000
_NUMBER = Pattern(r"[0-9]{1,3}")
_YEAR = Pattern(r"(?:19|20)[0-9]{2}")


@dataclass(frozen=True, slots=True)
class EditionRow:
    """One country in one edition, from one source."""

    line: int
    iso2: str
    edition: str
    year: int | None
    criteria: Mapping[str, str]
    reasons: str | None
    source: str


@dataclass(frozen=True, slots=True)
class Change:
    """One value that an import changes; `before` is None if the country had no row of this edition and source."""

    iso2: str
    edition: str
    criterion: str
    before: str | None
    after: str


class BadEdition(LeewardError):
    """The file has invalid rows; `problems` holds a sentence for each, with its line."""

    code = "bad_edition"
    sentence = "{name} has {count} wrong rows: {first}."
    hint = "Nothing was imported. Correct the file and try again."

    def __init__(self, *, name: str, problems: tuple[str, ...]) -> None:
        super().__init__(name=name, count=len(problems), first=problems[0])
        self.problems = problems


def read_edition(text: str, *, name: str, countries: Collection[str]) -> list[EditionRow]:
    """Return the rows of a CSV text; raises BadEdition with every problem and its line."""
    table = csv.DictReader(io.StringIO(text.removeprefix("\ufeff"), newline=""), strict=True)
    rows: list[EditionRow] = []
    problems: list[str] = []
    seen: dict[tuple[str, str, str], int] = {}
    try:
        _check_header(table.fieldnames or [], name)
        for given in table:
            found = list(_problems(given, countries))
            if not found:
                row = _row(given, table.line_num)
                first = seen.setdefault((row.iso2, row.edition, row.source), row.line)
                found = [f"{row.iso2} stands already on line {first}"] if first != row.line else []
                rows.append(row)
            problems += [f"line {table.line_num}: {why}" for why in found]
            if len(rows) > MOST_ROWS:
                problems.append(f"line {table.line_num}: more than {MOST_ROWS} rows")
                break
    except csv.Error as error:
        problems.append(f"line {table.line_num}: it is not CSV ({error})")
    if not rows and not problems:
        problems.append("line 1: there is no row in it")
    if problems:
        raise BadEdition(name=name, problems=tuple(problems))
    return rows


def _check_header(names: Iterable[str], name: str) -> None:
    given = list(names)
    missing = [column for column in NEEDED if column not in given]
    extra = [str(column)[:30] for column in given if column not in ALLOWED]
    problems = [f"line 1: column {column} is missing" for column in missing]
    problems += [f"line 1: there is no column {column}" for column in extra]
    if problems:
        raise BadEdition(name=name, problems=tuple(problems))


def _problems(given: Mapping[str | None, Any], countries: Collection[str]) -> Iterator[str]:
    if None in given:
        yield "it has more fields than the header"
        return
    if any(value is None for value in given.values()):
        yield "it has fewer fields than the header"
        return
    code = given["iso2"].strip().upper()
    if code not in countries:
        yield f"iso2 is {code[:10]!r}, which is no country"
    if not _NUMBER.fullmatch(given["edition"].strip()):
        yield f"edition is {given['edition'].strip()[:10]!r} and must be a number"
    for name in CRITERIA:
        if given[name].strip().lower() not in (*VALUES, ""):
            yield f"{name} is {given[name].strip()[:20]!r} and must be one of {', '.join(VALUES)}"
    if not given["source"].strip():
        yield "source is empty: a value without a source can't be kept"
    if given.get("year") and not _YEAR.fullmatch(given["year"].strip()):
        yield f"year is {given['year'].strip()[:10]!r} and must be a year"


def _row(given: Mapping[str, str], line: int) -> EditionRow:
    year = (given.get("year") or "").strip()
    return EditionRow(
        line=line,
        iso2=given["iso2"].strip().upper(),
        edition=given["edition"].strip(),
        year=int(year) if year else None,
        criteria={name: given[name].strip().lower() or "unknown" for name in CRITERIA},
        reasons=(given.get("reasons") or "").strip() or None,
        source=given["source"].strip(),
    )


def with_row(file: Mapping[str, Any], row: EditionRow, *, on: date) -> tuple[dict[str, Any], list[Change]]:
    """Return the country's file with the row added, and the changes; rows of other sources stay."""
    entries = [dict(entry) for entry in file["criteria"]]
    same = [entry for entry in entries if (entry["edition"], entry["source"]) == (row.edition, row.source)]
    before = same[0] if same else None
    changes = [
        Change(row.iso2, row.edition, name, before[name] if before else None, row.criteria[name])
        for name in CRITERIA
        if before is None or before[name] != row.criteria[name]
    ]
    if not changes:
        return dict(file), []
    if before is not None:
        before.update(row.criteria, date=on.isoformat(), reviewer=None)
    else:
        head: dict[str, Any] = {"edition": row.edition, "year": row.year, **row.criteria}
        tail: dict[str, Any] = {
            "reasons": row.reasons,
            "provisions": [],
            "source": row.source,
            "date": on.isoformat(),
            "reviewer": None,
        }
        entries.append({**head, **tail})
        entries.sort(key=lambda one: edition_order(one["edition"]))
    return {**file, "criteria": entries}, changes
