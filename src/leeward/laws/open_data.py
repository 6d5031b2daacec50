"""The register as open data: CSV and JSON, each with the line to cite it by."""

import csv
import io
import json
from collections.abc import Iterable

from leeward.laws.register import Register
from leeward.laws.rules.gaps import CRITERIA

COLUMNS = ("iso2", "name", "edition", "year", "band", *CRITERIA, "grooming", "review", "source")
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
                    file["name"],
                    row["edition"],
                    row["year"] or "",
                    bands.get(row["edition"], ""),
                    *(row[name] for name in CRITERIA),
                    "listed" if file["grooming"]["listed"] else "unknown",
                    file["review"],
                    row["source"] or "",
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
