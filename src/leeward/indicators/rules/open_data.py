"""Published figures as open data: SDMX-CSV 2.0, and the description of the CSV as a Frictionless data package. Pure."""

import csv
import json
from collections.abc import Iterable, Mapping, Sequence
from io import StringIO

LICENCE = {
    "name": "CC-BY-4.0",
    "title": "Creative Commons Attribution 4.0",
    "path": "https://creativecommons.org/licenses/by/4.0/",
}
SDMX_COLUMNS = (
    *("STRUCTURE", "STRUCTURE_ID", "ACTION", "REF_AREA", "TIME_PERIOD", "INDICATOR", "BREAKDOWN"),
    *("OBS_VALUE", "UNIT_MEASURE", "OBS_STATUS"),
)
_FLOW = ("dataflow", "LEEWARD:FIGURES(1.0)", "I")
# The codes of CL_OBS_STATUS; it has none for a rounded number, and “estimated” is the nearest.
_NORMAL, _MISSING, _SUPPRESSED, _ESTIMATED = "A", "O", "Q", "E"
HIDDEN_NOTE = "Numbers from 1 to 4 are hidden, and others so that none can be worked out."
ROUNDED_NOTE = "Where why is rounded (OBS_STATUS E in SDMX-CSV), the number is a multiple of 5, rounded up or down: the true one is at most 4 away."
_STATUS = {"hidden": _SUPPRESSED, "rounded": _ESTIMATED}
_TYPES = {"year": "integer", "number": "number"}


def as_sdmx(rows: Iterable[Mapping[str, object]], *, country: str) -> str:
    """Return rows as SDMX-CSV 2.0, one observation a row; what is hidden is there, without a value, and says so; so does what is
    rounded."""
    out = StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(SDMX_COLUMNS)
    for row in rows:
        number, why = row["number"], row["why"]
        status = _STATUS.get(str(why), _NORMAL if number is not None else _MISSING)
        of = str(row["of"] or "_T")
        writer.writerow((*_FLOW, country, row["year"], row["indicator"], of, number, row["unit"], status))
    return out.getvalue()


def citation(hotline: str, year: int, edition: int, day: str) -> str:
    """Return the line to cite an edition by."""
    return f"{hotline}: figures of {year}, edition {edition}, {day}."


def as_package(columns: Sequence[str], *, title: str, name: str, cite: str, edition: int, notes: Sequence[str]) -> str:
    """Return the descriptor of the CSV after the Frictionless specification; the path stands beside its own address."""
    fields = [{"name": one, "type": _TYPES.get(one, "string")} for one in columns]
    content = {
        "profile": "tabular-data-package",
        "name": name,
        "title": title,
        "description": " ".join((cite, HIDDEN_NOTE, *notes)),
        "version": str(edition),
        "licenses": [LICENCE],
        "resources": [
            {
                "name": "figures",
                "path": "data.csv",
                "profile": "tabular-data-resource",
                "format": "csv",
                "mediatype": "text/csv",
                "encoding": "utf-8",
                "schema": {"fields": fields, "missingValues": [""]},
            }
        ],
    }
    return json.dumps(content, ensure_ascii=False, indent=1)
