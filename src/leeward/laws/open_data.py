"""The register as open data: CSV and JSON, each with its citation."""

import csv
import io
import json
from collections.abc import Iterable
from datetime import date
from typing import Any

from leeward.laws.register import Register
from leeward.laws.rules.gaps import CRITERIA
from leeward.laws.rules.provisions import COLUMNS as PROVISIONS
from leeward.laws.rules.provisions import SEARCHED, TOPICS, readings_of
from leeward.laws.rules.sheet import shown

COLUMNS = ("iso2", "name", "edition", "year", "band", *CRITERIA, "grooming", "review", "source")
_YES, _NO = "yes", "no"  # as in a country's spreadsheet
NOTICE = "A review to help, not a scorecard. Unknown is unknown, never no. Nothing here is legal advice."


def citation(laws: Register) -> str:
    """Return the line to cite this version of the register by."""
    return f"Leeward law register, version {laws.version}."


def as_csv(laws: Register) -> str:
    """Return one row a country, edition and source; the citation and the notice stand first, after #."""
    out = io.StringIO()
    out.write(f"# {citation(laws)}\n# {NOTICE}\n")
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    for file in laws.written.values():
        bands = {row["edition"]: row["band"] for row in file["bands"]}
        for row in file["criteria"]:
            writer.writerow(
                [
                    file["code"],
                    shown(file["name"]),
                    row["edition"],
                    row["year"] or "",
                    bands.get(row["edition"], ""),
                    *(row[name] for name in CRITERIA),
                    "listed" if file["grooming"]["listed"] else "unknown",
                    file["review"],
                    shown(row["source"] or ""),
                ]
            )
    return out.getvalue()


def as_json(laws: Register, codes: Iterable[str] | None = None) -> str:
    """Return the files of all jurisdictions, or of some, as they are written in the register."""
    wanted = laws.written if codes is None else {code: laws.written[code] for code in codes}
    content = {
        "citation": citation(laws),
        "notice": NOTICE,
        "version": laws.version,
        "jurisdictions": list(wanted.values()),
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def as_provisions_csv(laws: Register, on: date) -> str:
    """Return one row a reading, as `leeward law provisions` gives it, after the citation and the notice."""
    out = io.StringIO()
    out.write(f"# {citation(laws)}\n# {NOTICE}\n")
    writer = csv.DictWriter(out, PROVISIONS, lineterminator="\n")
    writer.writeheader()
    for file in laws.files.values():
        for row in readings_of(file, on):
            cells = {name: shown(value) for name, value in row.row().items() if isinstance(value, str)}
            writer.writerow({**cells, "reviewed": _YES if row.reviewed else _NO})
    return out.getvalue()


def as_data_package(laws: Register) -> str:
    """Return the descriptor of both CSV files after the Frictionless specification; its paths stand beside its own address."""
    content = {
        "profile": "tabular-data-package",
        "name": "leeward-law",
        "title": "The law on child sexual abuse material, country by country",
        "description": NOTICE,
        "version": laws.version,
        "licenses": [
            {"name": "Apache-2.0", "title": "Apache License 2.0", "path": "https://www.apache.org/licenses/LICENSE-2.0"}
        ],
        "resources": [
            _resource("criteria", "data.csv", [_criteria_field(name) for name in COLUMNS]),
            _resource("provisions", "provisions.csv", [_provision_field(name) for name in PROVISIONS]),
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1)


def _resource(name: str, path: str, fields: list[dict[str, Any]]) -> dict[str, Any]:
    return {
        "name": name,
        "path": path,
        "profile": "tabular-data-resource",
        "format": "csv",
        "mediatype": "text/csv",
        "encoding": "utf-8",
        "dialect": {"commentChar": "#"},
        "schema": {"fields": fields, "missingValues": [""]},
    }


def _criteria_field(name: str) -> dict[str, Any]:
    field: dict[str, Any] = {"name": name, "type": "integer" if name == "year" else "string"}
    if name in CRITERIA:
        field["constraints"] = {"required": True, "enum": ["yes", "partial", "no", "unknown"]}
    return field


def _provision_field(name: str) -> dict[str, Any]:
    field: dict[str, Any] = {"name": name, "type": "string"}
    if name == "reviewed":
        field |= {"type": "boolean", "trueValues": [_YES], "falseValues": [_NO]}
    if name == "topic":
        field["constraints"] = {"required": True, "enum": [*TOPICS, SEARCHED]}
    return field
