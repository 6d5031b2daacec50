"""Figures as a file: CSV and JSON, the same rows in both. Pure."""

import csv
import json
from collections.abc import Iterable, Mapping
from io import StringIO

from leeward.casework.queue.rules.cells import cell


def as_csv(columns: Iterable[str], rows: Iterable[Mapping[str, object]]) -> str:
    """Return rows under their names; a figure without a number has an empty cell, and says why in its last."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    names = list(columns)
    writer.writerow(names)
    for row in rows:
        writer.writerow([cell(row[name]) for name in names])
    return out.getvalue()


def as_json(rows: Iterable[Mapping[str, object]]) -> str:
    """Return rows as a list of objects, one a line."""
    lines = ",\n".join(json.dumps(dict(row), ensure_ascii=False) for row in rows)
    return f"[\n{lines}\n]\n"
