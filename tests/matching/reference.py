"""Reference material, read from the folder that LEEWARD_REFERENCE_DATA names."""

import csv
import os
from pathlib import Path

import pytest

FOLDER = os.environ.get("LEEWARD_REFERENCE_DATA", "")
needs_reference = pytest.mark.skipif(
    not FOLDER or not (Path(FOLDER) / "matching").is_dir(),
    reason="LEEWARD_REFERENCE_DATA does not name the folder of reference data",
)


def path_of(name: str) -> Path:
    """Return the path of a file of the matching reference."""
    return Path(FOLDER) / "matching" / name


def pdq_rows() -> list[dict[str, str]]:
    """Return the rows of the PDQ reference; none without the folder."""
    if not FOLDER or not path_of("pdq/expected.csv").is_file():
        return []
    with path_of("pdq/expected.csv").open() as source:
        return list(csv.DictReader(source))
