"""A provider's reports as CSV: each row becomes the line that a program would send. Pure."""

import csv
import io
from collections.abc import Iterator
from typing import Any

COLUMNS = (
    "reference", "kind", "of", "known_at", "priority", "danger", "addresses", "service", "account", "happened_at", "ip", "port",
    "md5", "sha1", "sha256", "pdq", "viewed", "classification", "words", "cybertip", "kept",
    "privileged",
)  # fmt: skip
"""The columns, all optional but `known_at`; several addresses in one cell are parted by spaces."""
_HASHES = ("md5", "sha1", "sha256", "pdq")
_MARKS = frozenset(f"sep={mark}" for mark in (",", ";", ""))
_YES, _NO = frozenset({"yes", "true", "1"}), frozenset({"no", "false", "0"})


def rows_of(text: str) -> Iterator[tuple[int, Any]]:
    """Yield each row with its number from 1 as a line to be read (`rules/line.py`); a row with too many cells is no object. Cells
    are parted by commas, semicolons or tabs, as spreadsheets write them in different countries. Raises ValueError where the heading
    has a column that isn't ours or one twice."""
    text = text.removeprefix("\ufeff")
    first, _end, rest = text.partition("\n")
    if first.strip().lower() in _MARKS:  # a line that spreadsheets write for each other
        first, text = rest.partition("\n")[0], rest
    reader = csv.reader(io.StringIO(text), delimiter=max(",;\t", key=first.count), strict=True)
    try:
        heading = [name.strip().lower() for name in next(reader, [])]
        if not heading or set(heading) - set(COLUMNS) or len(set(heading)) != len(heading):
            raise ValueError(", ".join(sorted(set(heading) - set(COLUMNS)))[:100])
        for number, cells in enumerate((row for row in reader if any(cell.strip() for cell in row)), 1):
            yield number, line_of(dict(zip(heading, cells, strict=True))) if len(cells) == len(heading) else None
    except csv.Error as error:
        raise ValueError(str(error)) from None


def line_of(cells: dict[str, str]) -> dict[str, Any]:
    """Return the line that the cells of a row, or the fields of the plain form, state; empty ones are left out."""
    given = {name: text.strip() for name, text in cells.items() if text.strip()}
    made: dict[str, Any] = {
        name: given[name]
        for name in ("reference", "kind", "of", "known_at", "priority", "words", "cybertip")
        if name in given
    }
    made |= {name: _yes(given[name]) for name in ("danger", "kept", "privileged") if name in given}
    if "addresses" in given:
        made["addresses"] = given["addresses"].split()
    account = {field: given[name] for name, field in (("service", "service"), ("account", "name")) if name in given}
    if "account" in given:
        made["accounts"] = [account]
    event = {field: given[name] for name, field in (("happened_at", "at"), ("ip", "ip")) if name in given}
    if event:
        made["events"] = [event | ({"port": _number(given["port"])} if "port" in given else {})]
    hashes = {name: given[name] for name in _HASHES if name in given}
    if hashes:
        one: dict[str, Any] = {"hashes": hashes}
        if "viewed" in given:
            one["viewed"] = _yes(given["viewed"])
        if "classification" in given:
            one["classification"] = given["classification"]
        made["files"] = [one]
    return made


def _yes(text: str) -> bool | str:
    low = text.lower()
    return True if low in _YES else False if low in _NO else text


def _number(text: str) -> int | str:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 10 else text
