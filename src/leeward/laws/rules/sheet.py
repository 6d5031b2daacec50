"""A country's readings as a spreadsheet for a ministry that corrects its own country, and what is wrong in one. Pure.

Every row names the version of the readings from which the sheet was taken; `sheet_taken.py` applies a sheet to a file.
"""

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from hashlib import sha256
from typing import Any

from leeward.foundation.lazy_text import LazyText as _
from leeward.foundation.patterns import Pattern
from leeward.laws.rules.jurisdiction import day_of
from leeward.laws.rules.provisions import COLUMNS, SEARCHED, TOPICS

MORE = ("says", "penalty", "note")
SHEET = (*COLUMNS, *MORE)
VERSION = "taken_from"  # on every row, so that it survives sorting and deleting
MOST_CHARACTERS = 2_000_000
MOST_ROWS = 3_000
MOST_LETTERS = 2_000
MOST_PROBLEMS = 50
WORDS: Mapping[str, tuple[str, ...]] = {
    "topic": (*TOPICS, SEARCHED),
    "status": ("in_force", "not_commenced", "bill", "lapsed", "repealed", "unknown"),
    "seen": ("yes", "heading", "no"),
    "confidence": ("high", "medium", "low"),
    "reviewed": ("yes", "no"),
}
_COVERED = ("yes", "partial", "no", "unknown")
_AGES = ("16", "17", "18", "unknown")
_DAY = Pattern(r"(?:18|19|20)[0-9]{2}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12][0-9]|3[01]))?)?")
_YEAR = Pattern(r"(?:18|19|20)[0-9]{2}")
_ID_LETTERS = Pattern(r"[^a-z0-9]+")
_COMMA_IS_DECIMAL = ("fr", "pt")
_SEPARATORS = (",", ";", "\t")
_FORMULA = ("=", "+", "-", "@", "\t")
_TOO_LARGE = _("the sheet is larger than two million characters")
Problem = tuple[int, object]


class BadSheet(ValueError):
    """The sheet has invalid rows; `problems` holds line and reason of each, fifty at most."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__("; ".join(f"line {line}: {why}" for line, why in problems))
        self.problems = tuple(problems)


def write_sheet(file: Mapping[str, Any], language: str = "en") -> str:
    """Return a file's readings as CSV, with a byte order mark for spreadsheets and between the cells what they expect
    in a language; no cell is read as a formula, and no day as one that a spreadsheet writes in its own way.
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";" if language in _COMMA_IS_DECIMAL else ",", lineterminator="\r\n")
    writer.writerow([*SHEET, VERSION])
    version = version_of(file)
    for row in _rows(file):
        row["commenced"] = f"'{row['commenced']}" if "-" in row["commenced"] else row["commenced"]
        writer.writerow([*(shown(row[name]) for name in SHEET), version])
    return "\ufeff" + out.getvalue()


def version_of(file: Mapping[str, Any]) -> str:
    """Return the name of a version of a country's readings: the same as long as no reading and no title changes."""
    whole = [rows_of(file), list(file.get("readings", ()))]
    return f"{file['code']}-{sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()[:12]}"


def _rows(file: Mapping[str, Any]) -> Iterator[dict[str, str]]:
    titles = {work["id"]: work["title"] for work in file.get("works", ())}
    for row in file.get("readings", ()):
        is_reviewed = file["review"] == "reviewed" or row.get("reviewed", False)
        yield {
            "jurisdiction": file["code"],
            "instrument": titles.get(row["work"], ""),
            "section": row["at"],
            "reviewed": "yes" if is_reviewed else "no",
            **{name: row[name] or "" for name in ("topic", "value", "status", "commenced", "source", "source_url")},
            **{name: row[name] or "" for name in ("seen", "confidence", *MORE)},
        }


def shown(value: str) -> str:
    """Return a value as cell text, even if it begins like a formula."""
    return f"'{value}" if value.startswith(_FORMULA) else value


def typed(value: str) -> str:
    """Return the value of a cell, as `shown` wrote it, with single spaces."""
    text = " ".join(value.split())
    return text[1:] if text[:1] == "'" and text[1:].startswith(_FORMULA) else text


def rows_in(text: str, file: Mapping[str, Any]) -> list[tuple[int, dict[str, str]]]:
    """Return the rows of a sheet for a country's file, each with its line; raises BadSheet with the invalid lines.
    Nothing is guessed.
    """
    rows, problems = [], []
    for line, given in _given(text):
        found = [(line, why) for why in _problems(given, file)]
        problems += found
        if not found:
            rows.append((line, given))
        if len(problems) >= MOST_PROBLEMS:
            break
    if problems:
        raise BadSheet(problems[:MOST_PROBLEMS])
    return rows


def sheet_text(content: bytes) -> str:
    """Decode an uploaded file; raises BadSheet if it is not UTF-8. No other encoding is guessed."""
    if len(content) > 4 * MOST_CHARACTERS:  # no letter of UTF-8 has more bytes
        raise BadSheet([(1, _TOO_LARGE)])
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        raise BadSheet([(line, _("it has a letter that is not UTF-8; save the sheet as “CSV UTF-8”"))]) from None


def _given(text: str) -> Iterator[tuple[int, dict[str, str]]]:
    if len(text) > MOST_CHARACTERS:
        raise BadSheet([(1, _TOO_LARGE)])
    plain = text.removeprefix("\ufeff")
    is_named = plain.startswith("sep=")  # a line for Excel; the names of the columns are in the next one
    head = plain.split("\n", maxsplit=2)[1 if is_named and "\n" in plain else 0]
    table = csv.reader(io.StringIO(plain, newline=""), delimiter=max(_SEPARATORS, key=head.count))
    try:
        if is_named:
            next(table)
        names = _without_blank_end([name.strip() for name in next(table, [])])
        wrong = [_("column %(name)s is missing", name=name) for name in COLUMNS if name not in names]
        wrong += [_("there is no column %(name)s", name=name[:30]) for name in names if name not in (*SHEET, VERSION)]
        if wrong or len(set(names)) != len(names):
            raise BadSheet([(1, why) for why in wrong or [_("a column appears twice")]])
        for cells in table:
            if table.line_num > MOST_ROWS:
                raise BadSheet([(table.line_num, _("the sheet has more than %(most)s lines", most=MOST_ROWS))])
            if not _without_blank_end(cells):
                continue
            if len(cells) < len(names) or any(cell.strip() for cell in cells[len(names) :]):
                raise BadSheet([(table.line_num, _("it has more or fewer cells than the first line"))])
            row = {name: typed(cell) for name, cell in zip(names, cells, strict=False)}
            yield table.line_num, {**row, "commenced": row["commenced"].removeprefix("'")}
    except csv.Error as error:
        raise BadSheet([(table.line_num, _("it is not CSV (%(why)s)", why=str(error)))]) from None


def _without_blank_end(cells: Sequence[str]) -> Sequence[str]:
    """Drop empty cells at the end: spreadsheets save columns and lines that were once formatted."""
    end = len(cells)
    while end and not cells[end - 1].strip():
        end -= 1
    return cells[:end]


def _problems(row: Mapping[str, str], file: Mapping[str, Any]) -> Iterator[object]:
    if row["jurisdiction"] != file["code"]:
        yield _("jurisdiction must be %(code)s", code=file["code"])
    values = _AGES if row["topic"] == "age_of_child" else _COVERED
    for name, words in {**WORDS, "value": values}.items():
        if row[name] not in words:
            yield _("%(name)s must be one of %(words)s", name=name, words=", ".join(words))
    if row["commenced"] and not _is_day(row["commenced"]):
        yield _(
            "commenced must be a day, YYYY-MM-DD, or empty; in a spreadsheet put an apostrophe before it: '2014-06-01"
        )
    if (row["topic"] == SEARCHED) == bool(row["instrument"]):
        yield _("a row must name its instrument, unless it says that nothing was found")
    if not row["source"] and row["topic"] != SEARCHED:
        yield _("source is empty: a value without a source can’t be saved")
    if row["source_url"] and not row["source_url"].startswith(("https://", "http://")):
        yield _("source_url must be a web address, or empty")
    if any(len(value) > MOST_LETTERS for value in row.values()):
        yield _("a cell is longer than %(most)s characters", most=MOST_LETTERS)


def _is_day(text: str) -> bool:
    try:
        return bool(_DAY.fullmatch(text)) and day_of(text) is not None
    except ValueError:  # 30 February
        return False


def with_reading(
    file: Mapping[str, Any], at: int | None, row: Mapping[str, str] | None, *, reports: bool, on: date
) -> dict[str, Any]:
    """Return a file with one reading changed, added (`at` None) or removed (`row` None)."""
    works = [dict(work) for work in file.get("works", ())]
    readings = [dict(reading) for reading in file.get("readings", ())]
    if row is None:
        del readings[-1 if at is None else at]
        return {**file, "readings": readings}
    ids = {work["title"]: work["id"] for work in works}
    title = row["instrument"]
    if title and title not in ids:
        works.append(new_work(title, row["status"], {work["id"] for work in works}))
        ids[title] = works[-1]["id"]
    made = new_reading(row, ids.get(title), on) | ({"reports": True} if reports else {})
    if at is None:
        readings.append(made)
    else:
        kept = {name: readings[at][name] for name in ("defines", "rewording") if name in readings[at]}
        readings[at] = made | kept
    return {**file, **({"works": works} if works else {}), "readings": readings}


def digest_of(file: Mapping[str, Any], at: int) -> str:
    """Return a digest of one reading, including its instrument's title; empty if there is none."""
    if at >= len(file.get("readings", ())):
        return ""
    whole = [rows_of(file)[at], file["readings"][at]]
    return sha256(json.dumps(whole, sort_keys=True).encode()).hexdigest()


def problems_of(row: Mapping[str, str], file: Mapping[str, Any]) -> list[object]:
    """Return what is wrong with one row from a form."""
    return list(_problems(row, file))


def rows_of(file: Mapping[str, Any]) -> list[dict[str, str]]:
    """Return a file's readings as rows of SHEET."""
    return list(_rows(file))


def new_work(title: str, status: str, taken: set[str]) -> dict[str, Any]:
    """Return an instrument that is new to a file; its year is the one in its title, if there is one."""
    stem = _ID_LETTERS.sub("-", title.lower()).strip("-")[:40].strip("-") or "work"
    number = next(n for n in range(1, len(taken) + 2) if (stem if n == 1 else f"{stem}-{n}") not in taken)
    years = _YEAR.findall(title)
    return {
        "id": stem if number == 1 else f"{stem}-{number}",
        "title": title,
        "short": title,
        "kind": "bill" if status in ("bill", "lapsed") else "act",
        "made": years[-1] if years else None,
        "expressions": [],
    }


def new_reading(row: Mapping[str, str], work: str | None, on: date) -> dict[str, Any]:
    """Return a reading for a file, read on a given day."""
    return {
        "work": work,
        "at": row["section"],
        "topic": row["topic"],
        "value": row["value"],
        "says": row.get("says") or f"{row['topic'].replace('_', ' ')}: {row['value']}",
        "penalty": row.get("penalty") or None,
        "status": row["status"],
        "commenced": row["commenced"] or None,
        "source": row["source"] or None,
        "source_url": row["source_url"] or None,
        "source_kind": row.get("source_kind") or ("statute_text" if row["seen"] == "yes" else "secondary"),
        "seen": row["seen"],
        "confidence": row["confidence"],
        "read_on": on.isoformat(),
        "note": row.get("note") or None,
        **({"reviewed": True} if row["reviewed"] == "yes" else {}),
    }
