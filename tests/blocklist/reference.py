"""Published vectors, read from the folder that LEEWARD_REFERENCE_DATA names; they are not ours to ship."""

import json
import os
from pathlib import Path
from typing import Any

import pytest


def vectors(name: str) -> list[Any]:
    """Return the vectors of a file in the folder `blocking`, or skip the test."""
    folder = os.environ.get("LEEWARD_REFERENCE_DATA")
    if not folder:
        pytest.skip("LEEWARD_REFERENCE_DATA is not set: the published vectors are not ours to ship")
    found: list[Any] = json.loads((Path(folder) / "blocking" / name).read_text(encoding="utf-8"))["vectors"]
    return found
